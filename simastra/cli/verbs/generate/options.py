"""Options that all generators have."""

import argparse

from simastra.cli.options.amount import add_force
from simastra.cli.options.arguments import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.outputs import OutputTraces
from simastra.cli.options.parser import Parser, whole_number
from simastra.errors import OptionError

_MOST_NPUS = 1_000_000


def add_npus_and_files(parser: Parser) -> None:
    """Add --npus, --output and what all verbs have."""
    add_npus(parser, None)
    group = parser.add_argument_group("files")
    add_output(group, "PREFIX", "PREFIX.<npu>.et are written (required)", OutputTraces)
    add_force(group)
    add_common_options(parser)


def add_npus(parser: Parser, default: int | None) -> None:
    """Add --npus, which must be given if it has no default."""
    group = parser.add_argument_group("machine")
    group.add_argument(
        "--npus",
        "--num-npus",
        dest="npus",
        metavar="N",
        type=whole_number,
        default=default,
        help="number of NPUs" + (" (required)" if default is None else " (default: %(default)s)"),
    )


def number_of_npus(arguments: argparse.Namespace) -> int:
    """What --npus says.

    Raises:
        OptionError: if it is missing, or too large.
    """
    npus: int | None = arguments.npus
    if npus is None:
        raise OptionError("npus", "is required; see --help")
    if not 1 <= npus <= _MOST_NPUS:
        raise OptionError("npus", f"must be from 1 to {_MOST_NPUS}, not {npus}")
    return npus
