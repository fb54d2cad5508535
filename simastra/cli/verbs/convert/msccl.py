"""``simastra convert msccl``: schedules of collectives to ETs that play them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import heed
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, add_output, read_input
from simastra.cli.options.outputs import OutputTraces, required
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import size
from simastra.cli.output import say, stderr_is_terminal, tell
from simastra.cli.verbs.collective.schedules import METAVAR, add_claim, claimed
from simastra.collective_schedules import Playing, Schedule, prove, read_schedule, traces_of
from simastra.collective_schedules.like_chakra import chakra_traces
from simastra.errors import OptionError
from simastra.notices import Notice, Severity
from simastra.trace.files import other_form, trace_path
from simastra.trace.protobuf import encode_nodes
from simastra.writing import write_files


def _add_options(parser: Parser) -> None:
    files = parser.add_argument_group("files")
    add_input(parser, METAVAR)
    add_output(
        files, "PREFIX", "PREFIX.<rank>.et is written for each rank (required)", OutputTraces
    )
    _add_playing(parser)
    add_common_options(parser)


def _add_playing(parser: Parser) -> None:
    group = parser.add_argument_group("playing")
    group.add_argument(
        "--size",
        metavar="BYTES",
        type=size,
        help="what the collective is played for: bytes of a rank's input, such as 64MiB (required)",
    )
    group.add_argument(
        "--loops",
        metavar="N",
        type=whole_number,
        default=1,
        help="parts of each chunk, which go through the schedule one after the other (default: 1)",
    )
    group.add_argument(
        "--no-reductions", action="store_true", help="without nodes for reductions, of 1 ns each"
    )
    group.add_argument(
        "--like-chakra",
        action="store_true",
        help="of MSCCL's XML, the bytes of Chakra's converter, which leaves sizes to ASTRA-sim; "
        "simastra doesn't play these",
    )
    add_claim(group)
    group.add_argument(
        "--unproved",
        action="store_true",
        help="write a schedule too that doesn't compute what it claims",
    )


def _convert(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, METAVAR)
    required(arguments.output)
    if arguments.size is None and not arguments.like_chakra:
        raise OptionError("size", "is required: the bytes of a rank's input, such as 64MiB")
    schedule = read_schedule(name)
    if arguments.like_chakra and not schedule.text:
        raise OptionError("like-chakra", f"{name} isn't MSCCL's XML, all that Chakra converts")
    collective = claimed(arguments)
    verdict = prove(schedule, collective)
    if not verdict.is_right and (verdict.is_stuck or not arguments.unproved):
        tell(str(verdict))
        return ExitCode.WRONG_SCHEDULE
    contents, nodes = _contents(schedule, arguments, collective)
    output: OutputTraces = arguments.output
    notices = (*_notices(schedule), *output.left_over(schedule.ranks))
    heed(notices, arguments, with_infos=stderr_is_terminal())
    with output.writing():
        paths = write_files(
            ((trace_path(output.name, rank), content) for rank, content in enumerate(contents)),
            gone=other_form(output.name),
        )
    more = f" to {paths[-1].name}" if len(paths) > 1 else ""
    say(f"{paths[0]}{more}: {nodes}{verdict.collective} among {schedule.ranks} ranks")
    say(f'in a system file: "{verdict.collective}-implementation-custom": ["{output.name}"]')
    return ExitCode.OK


def _contents(
    schedule: Schedule, arguments: argparse.Namespace, collective: str | None
) -> tuple[list[bytes], str]:
    """The content of each rank's file, and how many nodes they have, for a message."""
    if arguments.like_chakra:
        return chakra_traces(schedule.text, schedule.source), ""
    playing = Playing(arguments.size, arguments.loops, reductions=not arguments.no_reductions)
    trace = traces_of(schedule, playing, collective)
    contents = [
        encode_nodes(nodes, trace_path(arguments.output.name, rank))
        for rank, nodes in enumerate(trace.npus)
    ]
    return contents, f"{sum(map(len, trace.npus))} nodes, "


def _notices(schedule: Schedule) -> Iterator[Notice]:
    if schedule.approximated:
        yield Notice(
            code="approximated-operations",
            where=schedule.source,
            message=f"{', '.join(sorted(schedule.approximated))} reduce or spread in a switch, and "
            "are played as messages between every two ranks, which carry more bytes",
            fix="take the times as an upper bound",
            severity=Severity.WARNING,
        )


CONVERT_MSCCL = Command(
    summary="a schedule of a collective (MSCCL, MSCCL++, timed transfers)",
    usage="FILE --output PREFIX --size BYTES [options]",
    description="""\
Writes the execution traces that play a schedule as a custom collective, PREFIX.<rank>.et, after
proving that it computes what it claims, as 'simastra collective check' does. FILE is MSCCL's XML,
a plan of MSCCL++, or timed transfers in JSON (docs/collectives.md).

  simastra convert msccl algo.xml --output algo --size 64MiB

Exit codes: 0 written, 2 the file or an option is wrong, 6 it doesn't compute what it claims.""",
    add_options=_add_options,
    run=_convert,
)
"""The verb."""
