"""``simastra machines``: the machines to start from, and where their numbers are from."""

import argparse
import textwrap
from collections.abc import Iterator
from fractions import Fraction

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.parser import OneOf, Parser, add_help_option
from simastra.cli.output import say
from simastra.machines import MachineConfig, Preset, machine, names, preset_named
from simastra.machines.files import network_file, system_file
from simastra.machines.shapes import example_shape, sizes_in_words
from simastra.quantities import BANDWIDTH, COMPUTE_RATE, SIZE
from simastra.view.table import Table, left

_WIDTH = 100


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "machine",
        metavar="NAME[:SHAPE]",
        nargs="?",
        type=OneOf(names()),
        help="shows one: its files, sources, and what they leave out",
    )
    add_help_option(parser)


def _machines(arguments: argparse.Namespace) -> ExitCode:
    if arguments.machine is None:
        for line in _list().lines():
            say(line)
        say("\nsimastra machines NAME shows one; --network @NAME:SHAPE --system @NAME takes it.")
        return ExitCode.OK
    for line in _described(_shown(arguments.machine)):
        say(line)
    return ExitCode.OK


def _list() -> Table:
    rows = ((name, *_facts(preset_named(name))) for name in names())
    return Table(
        left("name", "NPUs", "network, each way", "TFLOP/s", "memory", "from"), tuple(rows)
    )


def _facts(preset: Preset) -> tuple[str, ...]:
    links = dict.fromkeys(
        f"{it.topology} {_shown_in(BANDWIDTH.units['GB/s'], it.bandwidth)} GB/s"
        for it in preset.dimensions
    )
    return (sizes_in_words(preset), ", ".join(links), _peak(preset), _memory(preset), preset.origin)


def _peak(preset: Preset) -> str:
    return "" if preset.peak is None else _shown_in(COMPUTE_RATE.units["TFLOP/s"], preset.peak)


def _memory(preset: Preset) -> str:
    if preset.memory is None:
        return ""
    unit = "GB" if preset.memory % SIZE.units["GB"] == 0 else "GiB"
    return f"{_shown_in(SIZE.units[unit], preset.memory)} {unit}"


def _shown_in(unit: Fraction, value: Fraction) -> str:
    return f"{float(value / unit):g}"


def _shown(reference: str) -> MachineConfig:
    """The machine; one of an example's shape, if it needs a shape that isn't given."""
    name = reference.removeprefix("@")
    if name in names() and not preset_named(name).has_own_shape:
        return machine(f"{name}:{example_shape(preset_named(name))}")
    return machine(reference)


def _described(shown: MachineConfig) -> Iterator[str]:
    preset = shown.preset
    yield f"{shown.source}: {preset.title}"
    yield ""
    yield "network.yml"
    yield textwrap.indent(network_file(shown), "  ")
    yield "system.json"
    yield textwrap.indent(system_file(shown), "  ")
    if shown.memory_capacity is not None:
        yield f"memory of an NPU: {shown.memory_capacity:,} bytes\n"
    yield "where the numbers are from"
    yield from _points(preset.sources)
    yield ""
    yield "what they leave out"
    yield from _points((*preset.notes, "see docs/machines.md for what holds for all of them"))
    yield ""
    yield f"  simastra run --workload PREFIX --system {shown.source} --network {shown.source}"


def _points(texts: tuple[str, ...]) -> Iterator[str]:
    for it in texts:
        yield from textwrap.wrap(
            it, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False
        )


MACHINES = Command(
    summary="list machines to start from, with sources",
    usage="[NAME[:SHAPE]]",
    description="""\
A machine can stand wherever a network or a system file can: --network @hgx-h100:8x4 has 4 systems
of 8 GPUs, and --system @hgx-h100 what each of them does. The shape is the number of NPUs along each
dimension, innermost first. @FILE.yml:SHAPE is a machine's file of your own (docs/machines.md).

  simastra machines
  simastra machines hgx-h100:8x4""",
    add_options=_add_options,
    run=_machines,
)
"""The verb."""
