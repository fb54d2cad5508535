"""Commands about the prompt itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.names import unknown_name

from .command import PromptCommand
from .page import Table, Text
from .words import Words

if TYPE_CHECKING:
    from .session import Session


def _help(session: Session, rest: str) -> None:
    # Loaded here because the table lists these commands too.
    from .table import BY_NAME, COMMANDS, NAMES  # noqa: PLC0415

    words = Words(rest)
    if not words:
        rows = [(", ".join((each.name, *each.aliases)), each.summary) for each in COMMANDS]
        session.show(Table("commands", ("", ""), rows))
        session.show(Text("'help COMMAND' explains one; an empty line repeats the last command"))
        return
    name = words.take("a command")
    words.end()
    if name not in BY_NAME:
        raise CommandError(unknown_name("command", name, NAMES))
    session.show(Text(BY_NAME[name].help))


def _quit(session: Session, rest: str) -> None:
    Words(rest).end()
    session.quits = True


TALKING = (
    PromptCommand("help", ("h", "?"), "[COMMAND]", "list the commands, or explain one", _help),
    PromptCommand("quit", ("q", "exit"), "", "leave", _quit),
)
"""The commands of this file."""
