"""Options that all generators have, and how they make a request of what is given."""

import argparse
from typing import Any, TypeVar

from simastra.cli.options.amount import add_force
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.outputs import OutputTraces
from simastra.cli.options.parser import Parser, whole_number
from simastra.convert.generate.requests import GenerateRequest, checked_npus
from simastra.errors import OptionError

_Request = TypeVar("_Request", bound=GenerateRequest)


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


def default(kind: type[GenerateRequest], field: str) -> Any:
    """What a request has where an option is left out."""
    return kind.model_fields[field].default


def asked(kind: type[_Request], arguments: argparse.Namespace) -> _Request:
    """The request that options make: each is called as its field."""
    given = {name: getattr(arguments, name) for name in kind.model_fields}
    return kind(**{name: value for name, value in given.items() if value is not None})


def number_of_npus(arguments: argparse.Namespace) -> int:
    """What --npus says.

    Raises:
        OptionError: if it is missing, or too large.
    """
    npus: int | None = arguments.npus
    if npus is None:
        raise OptionError("npus", "is required; see --help")
    return checked_npus(npus)
