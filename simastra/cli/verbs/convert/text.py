"""``simastra convert text``: ASTRA-sim 1.0's text workloads to execution traces."""

from __future__ import annotations

import argparse
import re
from math import prod

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import refuse_warnings, tell_notices
from simastra.cli.options.amount import add_force, check_amount
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.input_paths import input_file
from simastra.cli.options.outputs import OutputTraces
from simastra.cli.options.parser import OneOf, Parser, text, whole_number
from simastra.cli.options.without_effect import CHAKRAS_LOG, add_without_effect, notices_of
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.text import (
    TEXT_DIALECTS,
    TextOptions,
    TimeUnit,
    convert_workload,
    read_workload,
    text_dialect_named,
)
from simastra.errors import InputError, OptionError
from simastra.suggestions import unknown_name
from simastra.trace.files import GROUPS_ENDING

_DEFAULT_DIALECT = "simastra"


def _add_options(parser: Parser) -> None:
    _add_files(parser)
    _add_machine(parser)
    _add_writing(parser)
    add_without_effect(parser, "Chakra's converter", (CHAKRAS_LOG,))
    add_common_options(parser)


def _add_files(parser: Parser) -> None:
    files = parser.add_argument_group("files")
    files.add_argument(
        "input", metavar="INPUT", nargs="?", type=input_file, help="the text workload"
    )
    files.add_argument(
        "--input",
        "--input-filename",
        dest="input_option",
        metavar="FILE",
        type=input_file,
        help="the same, as in Chakra",
    )
    explanation = "PREFIX.<npu>.et is written for each NPU (required)"
    add_output(files, "PREFIX", explanation, OutputTraces)


def _add_machine(parser: Parser) -> None:
    machine = parser.add_argument_group("machine")
    for name, what in (
        ("npus", "NPUs (required, unless --npus-count or the text says so, as SimAI's does)"),
        ("dims", "dimensions of the network (default: 1)"),
        ("passes", "training passes, one after the other (default: 1)"),
    ):
        machine.add_argument(
            f"--{name}",
            f"--num-{name}",
            dest=name,
            metavar="N",
            type=whole_number,
            help=what,
        )
    machine.add_argument(
        "--npus-count",
        metavar="N,N",
        type=_counts,
        help="NPUs of each dimension, innermost first: what HYBRID_TRANSFORMER is divided by",
    )


def _add_writing(parser: Parser) -> None:
    writing = parser.add_argument_group("writing")
    writing.add_argument(
        "--dialect",
        metavar="NAME",
        type=OneOf(TEXT_DIALECTS),
        default=_DEFAULT_DIALECT,
        help="simastra, what the text means; hoti2024 or v1, the bytes that Chakra's converter of "
        "that version writes (default: %(default)s)",
    )
    writing.add_argument(
        "--time-unit",
        metavar="us|ns",
        type=text,
        help="what a time in the text counts: us, as Chakra takes it, or ns, as ASTRA-sim 1.0 "
        "did, rounded to whole microseconds (default: us; ns in a text of SimAI)",
    )
    add_force(writing)


def _counts(word: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]{1,18}(,[0-9]{1,18})*", word):
        raise argparse.ArgumentTypeError(f"must be whole numbers such as 4,2, not {word!r}")
    return tuple(map(int, word.split(",")))


def _convert(arguments: argparse.Namespace) -> ExitCode:
    source = _input_of(arguments)
    if arguments.output is None:
        raise InputError("--output is required: files PREFIX.<npu>.et are written; see --help")
    workload = read_workload(source)
    spread = workload.header.parallelism
    conversion = convert_workload(
        workload, _options(arguments, None if spread is None else spread.npus)
    )
    nodes = len(conversion.steps)
    check_amount(arguments, "npus", conversion.options.npus, nodes)
    groups = f"{arguments.output.name}{GROUPS_ENDING}" if conversion.groups else None
    notices = (
        *notices_of(arguments, (CHAKRAS_LOG,)),
        *conversion.notices,
        *arguments.output.left_over(conversion.options.npus, [GROUPS_ENDING] if groups else []),
    )
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=stderr_is_terminal() or spread is not None)
    paths = conversion.write(arguments.output.name)
    more = f" to {paths[-1].name}" if len(paths) > 1 else ""
    say(f"{paths[0]}{more}: {nodes} {'node' if nodes == 1 else 'nodes'} each")
    if groups is not None:
        say(f"{groups}: {len(conversion.groups)} process groups")
    return ExitCode.OK


def _input_of(arguments: argparse.Namespace) -> str:
    given: list[str] = [
        word for word in (arguments.input, arguments.input_option) if word is not None
    ]
    if not given:
        raise InputError("the input is missing: name a text workload; see --help")
    if len(given) > 1:
        raise InputError(f"two inputs are given, {given[0]!r} and {given[1]!r}; give one")
    return given.pop()


def _options(arguments: argparse.Namespace, npus_said: int | None) -> TextOptions:
    units = [unit.value for unit in TimeUnit]
    unit: str | None = arguments.time_unit
    if unit is not None and unit not in units:
        raise OptionError("time-unit", unknown_name("unit", unit, units))
    counts: tuple[int, ...] | None = arguments.npus_count
    npus, dims = arguments.npus, arguments.dims
    npus = npus_said if npus is None and counts is None else npus
    if counts is not None:
        npus = prod(counts) if npus is None else npus
        dims = len(counts) if dims is None else dims
    if npus is None:
        raise InputError("--npus is required: how many NPUs there are; see --help")
    return TextOptions(
        npus=npus,
        dims=1 if dims is None else dims,
        npus_count=counts,
        passes=1 if arguments.passes is None else arguments.passes,
        dialect=text_dialect_named(arguments.dialect),
        time_unit=None if unit is None else TimeUnit(unit),
    )


CONVERT_TEXT = Command(
    summary="a text workload of ASTRA-sim 1.0 or SimAI",
    usage="INPUT --output PREFIX --npus N [options]",
    description="""\
Writes what each NPU does under the text's parallelisation strategy: PREFIX.<npu>.et, all files or
none. Chakra's names of the options are taken too, such as --num_npus. A text that AICB wrote for
SimAI, with ep: and all_gpus: in its first line, has process groups, in PREFIX.groups.json then:

  simastra convert text mlp.txt --output mlp --npus 8
  simastra convert text aicb.txt --output aicb
  simastra run --comm-groups aicb.groups.json --workload aicb ...

Exit codes: 0 written, 2 the text or an option is wrong.""",
    add_options=_add_options,
    run=_convert,
)
"""The verb."""
