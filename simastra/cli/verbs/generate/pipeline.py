"""``simastra generate pipeline``: stages that send microbatches to each other."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import micros, size
from simastra.convert.generate import PipelineShape, pipeline_trace
from simastra.units import MiB

from .options import add_npus_and_files, number_of_npus
from .writing import write_npus


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("pipeline")
    group.add_argument(
        "--microbatches", metavar="N", type=whole_number, default=4, help="default: %(default)s"
    )
    group.add_argument(
        "--size", metavar="SIZE", type=size, default=MiB, help="passed on for each (default: 1MiB)"
    )
    group.add_argument(
        "--forward-micros",
        metavar="N",
        type=micros,
        default=100,
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
    shape = PipelineShape(
        arguments.microbatches,
        arguments.size,
        arguments.forward_micros,
        arguments.backward_micros,
    )
    npus = number_of_npus(arguments)
    passes = 1 if shape.backward_micros is None else 2
    check_amount(arguments, "microbatches", npus, 3 * passes * shape.microbatches)
    return write_npus(arguments, pipeline_trace(npus, shape))


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
