"""All commands of the prompt, and carrying out a line of them.

To add one: a `PromptCommand` in one of the files, in its tuple.
"""

from __future__ import annotations

from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name
from simastra.view.blocks import Text
from simastra.view.table import Table, left

from .arguments import Words
from .break_commands import BREAK_COMMANDS
from .command import PromptCommand
from .inspect_commands import INSPECT_COMMANDS
from .move_commands import MOVE_COMMANDS
from .session import Session

_SEPARATOR = ";;"


def carry_out(session: Session, line: str) -> None:
    """Carry out a line of commands, with ``;;`` between them; ``#`` begins a remark.

    Args:
        session: in which.
        line: what was typed.

    Raises:
        CommandError: if a command is unknown, or what follows it is wrong; those behind it are left
            out then.
    """
    if line.lstrip().startswith("#"):
        return
    for part in line.split(_SEPARATOR):
        name, _, rest = part.strip().partition(" ")
        if name and not session.quits:
            _command_named(name).run(session, rest.strip())


def _command_named(name: str) -> PromptCommand:
    if name not in BY_NAME:
        names = [command.name for command in COMMANDS]
        raise CommandError(unknown_name("command", name, names, spellings=_SPELLINGS))
    return BY_NAME[name]


def _help(session: Session, rest: str) -> None:
    words = Words(rest)
    if not words:
        rows = tuple((", ".join((each.name, *each.aliases)), each.summary) for each in COMMANDS)
        session.show(Table(left("", ""), rows, "commands"))
        session.show(Text("'help COMMAND' explains one; an empty line repeats the last command"))
        return
    name = words.take("a command")
    words.end()
    session.show(Text(_command_named(name).help))


def _quit(session: Session, rest: str) -> None:
    Words(rest).end()
    session.quits = True


COMMANDS: tuple[PromptCommand, ...] = (
    *MOVE_COMMANDS,
    *BREAK_COMMANDS,
    *INSPECT_COMMANDS,
    PromptCommand("help", ("h", "?"), "[COMMAND]", "list the commands, or explain one", _help),
    PromptCommand("quit", ("q", "exit"), "", "leave", _quit),
)
"""In the order in which the help lists them."""

BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
"""By each of their names."""

_SPELLINGS = tuple(name for name in BY_NAME if len(name) > 2)  # noqa: PLR2004
"""Names that are words, so that they may be what was meant by a mistyped one."""
