"""``simastra generate memory``: layers that lie in remote memory."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import micros, size
from simastra.convert.generate import MemoryShape, memory_trace
from simastra.units import MiB

from .options import add_npus_and_files, number_of_npus
from .writing import write_npus


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("layers")
    group.add_argument(
        "--layers", metavar="N", type=whole_number, default=4, help="default: %(default)s"
    )
    group.add_argument(
        "--size", metavar="SIZE", type=size, default=MiB, help="loaded and stored (default: 1MiB)"
    )
    group.add_argument(
        "--micros",
        metavar="N",
        type=micros,
        default=100,
        help="computed, in microseconds (default: %(default)s)",
    )
    group.add_argument(
        "--prefetch", action="store_true", help="load without waiting for the layer before"
    )
    add_npus_and_files(parser)


def _generate(arguments: argparse.Namespace) -> ExitCode:
    shape = MemoryShape(arguments.layers, arguments.size, arguments.micros, arguments.prefetch)
    npus = number_of_npus(arguments)
    check_amount(arguments, "layers", npus, 3 * shape.layers)
    return write_npus(arguments, memory_trace(npus, shape), tells_next=False)  # needs a memory file


GENERATE_MEMORY = Command(
    summary="layers that lie in remote memory",
    usage="--npus N --output PREFIX [options]",
    description="""\
Each layer is loaded from remote memory, computed and stored.

  simastra generate memory --npus 8 --layers 2 --size 64MiB --output memory""",
    add_options=_add_options,
    run=_generate,
)
"""The verb."""
