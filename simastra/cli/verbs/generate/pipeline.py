"""``simastra generate pipeline``: stages that send microbatches to each other."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import micros, size
from simastra.convert.generate.requests.pipeline import PipelineRequest

from .options import add_npus_and_files, asked, default, number_of_npus
from .writing import write_npus


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("pipeline")
    group.add_argument(
        "--microbatches",
        metavar="N",
        type=whole_number,
        default=default(PipelineRequest, "microbatches"),
        help="default: %(default)s",
    )
    group.add_argument(
        "--size",
        metavar="SIZE",
        type=size,
        default=default(PipelineRequest, "size"),
        help="passed on for each (default: 1MiB)",
    )
    group.add_argument(
        "--forward-micros",
        metavar="N",
        type=micros,
        default=default(PipelineRequest, "forward_micros"),
        help="of a stage for each, in microseconds (default: %(default)s)",
    )
    group.add_argument(
        "--backward-micros",
        metavar="N",
        type=micros,
        help="likewise on the way back; there is none, if left out",
    )
    add_npus_and_files(parser)


def _generate(arguments: argparse.Namespace) -> ExitCode:
    request = asked(PipelineRequest, arguments)
    check_amount(arguments, "microbatches", number_of_npus(arguments), request.nodes)
    return write_npus(arguments, request.generated().trace)


GENERATE_PIPELINE = Command(
    summary="stages that send microbatches to each other",
    usage="--npus N --output PREFIX [options]",
    description="""\
Each NPU is a stage, which receives, computes and sends; all forward passes come first.

  simastra generate pipeline --npus 4 --microbatches 8 --backward-micros 200 --output pipe""",
    add_options=_add_options,
    run=_generate,
)
"""The verb."""
