"""``simastra timeline``: when which NPU did what, for Perfetto or chrome://tracing."""

import argparse
import json

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import tell_notices
from simastra.cli.options.in_out import add_input, add_output, read_input, read_output
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.without_effect import CHAKRAS_LOG, add_without_effect, idle, notices_of
from simastra.errors import OptionError
from simastra.report.timeline import timeline_events
from simastra.report.timeline_input import read_timeline

_METAVAR = "FILE"
_CYCLES_ARE_NS = 1000  # MHz
_WITHOUT_EFFECT = (CHAKRAS_LOG, idle("num-npus", "the input says how many there are"))


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR)
    group = parser.add_argument_group("output")
    add_output(parser, _METAVAR, "the Chrome trace (required)")
    group = parser.add_argument_group("accepted, as Chakra's visualizer does")
    group.add_argument(
        "--npu-frequency",
        metavar="MHZ",
        type=whole_number,
        default=_CYCLES_ARE_NS,
        help="must be %(default)s: a cycle is 1 ns",
    )
    add_without_effect(parser, "Chakra's visualizer", _WITHOUT_EFFECT)


def _timeline(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    output = read_output(arguments)
    if arguments.npu_frequency != _CYCLES_ARE_NS:
        raise OptionError(
            "npu-frequency",
            f"is {arguments.npu_frequency} MHz, but a cycle of ASTRA-sim is 1 ns, whatever the "
            f"NPU's clock; give {_CYCLES_ARE_NS} or leave it out",
        )
    document = {"displayTimeUnit": "ns", "traceEvents": timeline_events(read_timeline(name))}
    output.write(json.dumps(document, ensure_ascii=False) + "\n")
    tell_notices(notices_of(arguments, _WITHOUT_EFFECT), with_infos=False)
    return ExitCode.OK


TIMELINE = Command(
    summary="turn a result into a timeline for Perfetto",
    usage="FILE --output FILE",
    description="""\
FILE is what 'simastra run --json' wrote, or what ASTRA-sim printed with trace-enabled in its system
file. The output is for https://ui.perfetto.dev or chrome://tracing: a process for each NPU, a track
for each of its activities.

  simastra timeline result.json --output timeline.json

Exit codes: 0 it is written, 2 the input is wrong or the output can't be written.""",
    add_options=_add_options,
    run=_timeline,
)
"""The verb."""
