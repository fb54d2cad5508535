"""Options that name a schedule of a collective, and say what it is to compute."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simastra.cli.options.in_out import add_input
from simastra.cli.options.parser import Parser, text
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.suggestions import unknown_name

if TYPE_CHECKING:
    from simastra import collective_schedules
else:  # help and completion need none of it
    collective_schedules = deferred("simastra.collective_schedules")

METAVAR = "FILE"


def add_schedule(parser: Parser) -> None:
    """Declare the schedule, and what it is to compute."""
    add_input(parser, METAVAR)
    add_claim(parser)


def add_claim(group: argparse._ActionsContainer) -> None:
    """Declare what it is to compute."""
    group.add_argument(
        "--collective",
        metavar="NAME",
        type=text,
        help="what it is to compute, such as all-gather (default: what the file says)",
    )


def claimed(arguments: argparse.Namespace) -> str | None:
    """What it is to compute, if that is said.

    Raises:
        OptionError: if there is no such collective.
    """
    name: str | None = arguments.collective
    known = collective_schedules.COLLECTIVES
    if name is not None and name not in known:
        raise OptionError("collective", unknown_name("collective", name, known))
    return name
