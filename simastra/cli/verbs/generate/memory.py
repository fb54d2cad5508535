"""``simastra generate memory``: layers that lie in remote memory."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import check_amount
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.options.quantities import micros, size
from simastra.convert.generate.requests.memory import MemoryRequest

from .options import add_npus_and_files, asked, default, number_of_npus
from .writing import write_npus


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("layers")
    group.add_argument(
        "--layers",
        metavar="N",
        type=whole_number,
        default=default(MemoryRequest, "layers"),
        help="default: %(default)s",
    )
    group.add_argument(
        "--size",
        metavar="SIZE",
        type=size,
        default=default(MemoryRequest, "size"),
        help="loaded and stored (default: 1MiB)",
    )
    group.add_argument(
        "--micros",
        metavar="N",
        type=micros,
        default=default(MemoryRequest, "micros"),
        help="computed, in microseconds (default: %(default)s)",
    )
    group.add_argument(
        "--prefetch", action="store_true", help="load without waiting for the layer before"
    )
    add_npus_and_files(parser)


def _generate(arguments: argparse.Namespace) -> ExitCode:
    request = asked(MemoryRequest, arguments)
    check_amount(arguments, "layers", number_of_npus(arguments), request.nodes)
    made = request.generated()
    return write_npus(arguments, made.trace, tells_next=False)  # needs a memory file


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
