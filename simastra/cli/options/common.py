"""Options that many verbs have, also those that simulate nothing."""

import argparse

from .parser import Parser, add_help_option


def add_common_options(parser: Parser) -> None:
    """Declare ``--quiet``, ``--strict`` and ``--help``."""
    group = parser.add_argument_group("messages")
    group.add_argument("--quiet", action="store_true", help="nothing on stderr but errors")
    add_strict_option(group)
    add_help_option(group)


def add_strict_option(container: argparse._ActionsContainer) -> None:
    """Declare ``--strict``, which `refuse_warnings` heeds."""
    container.add_argument(
        "--strict", action="store_true", help="refuse inputs that a notice warns of"
    )
