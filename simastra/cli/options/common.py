"""Options that many verbs have, also those that simulate nothing."""

import argparse

from .parser import Parser, add_help_option


def add_common_options(parser: Parser) -> None:
    """Declare ``--quiet``, ``--strict`` and ``--help``."""
    group = _messages(parser)
    add_strict_option(group)
    add_help_option(group)


def add_quiet_options(parser: Parser) -> None:
    """Declare ``--quiet`` and ``--help``: of verbs whose inputs no notice warns of."""
    add_help_option(_messages(parser))


def _messages(parser: Parser) -> argparse._ArgumentGroup:
    group = parser.add_argument_group("messages")
    group.add_argument("--quiet", action="store_true", help="nothing on stderr but errors")
    return group


def add_strict_option(container: argparse._ActionsContainer) -> None:
    """Declare ``--strict``, which `refuse_warnings` heeds."""
    container.add_argument(
        "--strict", action="store_true", help="refuse inputs that a notice warns of"
    )
