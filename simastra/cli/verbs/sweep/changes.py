"""``--set KEY=VALUE``: what is to stand at some keys of a study instead."""

import argparse

from simastra.cli.options.parser import text
from simastra.errors import OptionError


def add_changes(group: argparse._ActionsContainer) -> None:
    """Add --set."""
    group.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        type=text,
        default=[],
        dest="changes",
        help="what stands at a key instead, as generate.model=llama3-70b; as often as you like",
    )


def changes_of(arguments: argparse.Namespace) -> dict[str, str]:
    """What --set says, by key.

    Raises:
        OptionError: one has no value.
    """
    changes = {}
    for word in arguments.changes:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise OptionError("set", f"must be KEY=VALUE, not {word!r}")
        changes[key] = value
    return changes
