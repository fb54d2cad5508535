"""``simastra bandwidth``: a collective's bandwidth, size after size, as nccl-tests shows it."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from simastra.calibration import Calibration
from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import tell_notices
from simastra.cli.options.command_files import check_files
from simastra.cli.options.configuration_files import add_configuration_file
from simastra.cli.options.input_paths import InputTraces, calibration_file
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import OneOf, Parser, add_help_option, names
from simastra.cli.options.settings import add_setting_options, read_options
from simastra.cli.output import say
from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import ConfigError, InputError
from simastra.network.named_files import files_named
from simastra.report.bandwidth import SweepRow, collective_named, collective_names, sweep, too_fast
from simastra.simulation.calibrated import usual_system
from simastra.simulation.inputs import read_platform
from simastra.system.custom_collectives import custom_prefixes
from simastra.view.table import Table

from . import compare as comparing
from .shown import average, heading, line, table
from .sizes import add_sizes, sizes_of

_MOST_NPUS = 2**20


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "collective",
        metavar="COLLECTIVE",
        nargs="?",
        type=OneOf(collective_names()),
        help="such as all-reduce",
    )
    group = parser.add_argument_group("machine")
    add_configuration_file(group, "system")
    add_configuration_file(group, "network")
    group.add_argument(
        "--calibration",
        metavar="FILE|NAME",
        type=calibration_file,
        help="times as measured, with their 90 %% bands: a file of 'simastra calibrate', or the "
        "name of a ready one such as h100",
    )
    add_sizes(parser)
    _add_algorithms(parser)
    add_setting_options(parser)
    group = parser.add_argument_group("output")
    add_output_option(group, "--csv", explanation="write the table there, too")
    add_output_option(group, "--json", explanation="likewise, as JSON")
    add_output_option(group, "--svg", explanation="draw the times by size there (with --compare)")
    add_help_option(group)


def _add_algorithms(parser: Parser) -> None:
    group = parser.add_argument_group("algorithms")
    group.add_argument(
        "--compare",
        action="store_true",
        help="time each algorithm that can run it, in all dimensions, and say which is fastest",
    )
    group.add_argument(
        "--algorithms",
        metavar="NAME,...",
        type=names,
        help="those that are compared (default: all, and what the system file lists)",
    )


def _bandwidth(arguments: argparse.Namespace) -> ExitCode:
    _require(arguments)
    comparing.refuse_idle_options(arguments)
    collective = collective_named(arguments.collective)
    sizes = sizes_of(arguments)
    options = read_options(arguments)
    given = arguments.calibration
    calibration = None if given is None else Calibration.load(str(given))
    system, network = _platform(arguments, is_calibrated=calibration is not None)
    if arguments.compare:
        comparing.compare(arguments, collective, sizes, system, network, options)
        return ExitCode.OK
    rows: list[SweepRow] = []
    for row in sweep(collective, sizes, system, network, options, calibration):
        if not rows:  # not before it is clear that the machine can run it
            say("\n".join(heading(collective, network.npus, calibration)))
        rows.append(row)
        say(line(row))
    say(average(rows))
    if rows[0].otherwise is not None:
        tell_notices([rows[0].otherwise], with_infos=False)
    if calibration is None:
        tell_notices(too_fast(rows, network, options), with_infos=False)
    _write(arguments, table(rows))
    return ExitCode.OK


def _require(arguments: argparse.Namespace) -> None:
    needed = ["collective", "system", "network"]
    if arguments.calibration is not None:
        needed.remove("system")
    missing = [it for it in needed if vars(arguments)[it] is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        named = ["COLLECTIVE" if it == "collective" else f"--{it}" for it in missing]
        raise InputError(f"{', '.join(named)} {verb} required; see --help")


def _platform(
    arguments: argparse.Namespace, *, is_calibrated: bool
) -> tuple[SystemConfig, NetworkConfig]:
    usual = usual_system() if is_calibrated else None
    system, network = read_platform(arguments.system, arguments.network, usual)
    check_files(arguments, inputs=_files_named(system, network))
    if network.npus > _MOST_NPUS:
        problem = f"multiplies to {network.npus} NPUs; at most {_MOST_NPUS} are simulated here"
        raise ConfigError(problem, source=arguments.network, key="npus_count")
    return system, network


def _write(arguments: argparse.Namespace, made: Table) -> None:
    if arguments.csv is not None:
        arguments.csv.write(made.to_csv())
    if arguments.json is not None:
        arguments.json.write(json.dumps(made.to_dicts(), indent=1) + "\n")


def _files_named(system: SystemConfig, network: NetworkConfig) -> Iterator[Path | str]:
    """Files that configurations name, for custom collectives or graphs, whether read or not."""
    yield from files_named(network)
    if system.per_node_custom_implementation is not None:
        yield system.per_node_custom_implementation
    for prefix in custom_prefixes(system).values():
        yield from InputTraces(prefix).files()


BANDWIDTH = Command(
    summary="a collective's bandwidth by size, as nccl-tests shows it",
    usage="COLLECTIVE --system FILE --network FILE [options]",
    description="""\
Simulates one collective among all NPUs, size after size, and prints what nccl-tests would: time,
algbw (size over time) and busbw (the same, comparable with a link's bandwidth). GB are 10^9 bytes.
Sizes are those of nccl-tests: for all-gather and gather what is gathered from all.

  simastra bandwidth all-reduce --system system.json --network network.yml -b 1M -e 64M -f 2

With a calibration, times are as measured, each with its 90 % band:

  simastra bandwidth all-reduce --calibration h100 --network @hgx-h100:8

All algorithms that can run it, which is fastest where, and a chart of that:

  simastra bandwidth all-reduce --system system.json --network network.yml --compare --svg ar.svg

Collectives: all-reduce, all-gather, reduce-scatter, all-to-all, broadcast, reduce, gather, scatter.
Exit codes: 0 done, 2 an input is wrong.""",
    add_options=_add_options,
    run=_bandwidth,
)
"""The verb."""
