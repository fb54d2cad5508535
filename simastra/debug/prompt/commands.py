"""All commands of the prompt, and carrying out a line of them.

To add one: a `PromptCommand` in one of the files, in its tuple.
"""

from __future__ import annotations

from collections.abc import Iterator

from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name
from simastra.view.blocks import Text
from simastra.view.table import Table, left

from .break_commands import BREAK_COMMANDS
from .breakpoint_commands import BREAKPOINT_COMMANDS, collect
from .combinations import Optional
from .command import PromptCommand
from .display_commands import DISPLAY_COMMANDS
from .file_commands import FILE_COMMANDS
from .grammar import NOTHING, Slot
from .inspect_commands import INSPECT_COMMANDS
from .list_commands import LIST_COMMANDS
from .move_commands import MOVE_COMMANDS
from .reader import Offer, Parsed, Reader, read
from .session import Pending, Session, parts_of


def carry_out(session: Session, line: str) -> None:
    """Carry out a line of commands, with ``;;`` between them; ``#`` begins a remark.

    What breakpoints and files have for commands follows at once.

    Args:
        session: in which.
        line: what was typed.

    Raises:
        CommandError: if a command is unknown, or what follows it is wrong; those behind it are left
            out then.
    """
    session.put_first(map(Pending, parts_of(line)))
    try:
        while session.pending and not session.quits:
            pending = session.pending.popleft()
            session.depth = pending.depth
            _carry_out(session, pending)
    finally:
        session.pending.clear()
        session.depth = 0


def _carry_out(session: Session, pending: Pending) -> None:
    try:
        if session.collected is not None:
            collect(session, pending.command)
            return
        name, _, rest = pending.command.partition(" ")
        command = command_named(name)
        command.run(session, read(command.grammar, rest.strip(), session))
    except CommandError as error:
        raise CommandError(f"{pending.where}: {error}" if pending.where else f"{error}") from None


def command_named(name: str) -> PromptCommand:
    """The command of that name, or of which it is another name.

    Raises:
        CommandError: if there is none.
    """
    if name not in BY_NAME:
        names = [command.name for command in COMMANDS]
        raise CommandError(unknown_name("command", name, names, spellings=_SPELLINGS))
    return BY_NAME[name]


def command_offers() -> Iterator[Offer]:
    """All commands, for completion."""
    for command in COMMANDS:
        yield Offer(command.name, command.summary)


def _named(reader: Reader) -> PromptCommand:
    return command_named(reader.take("a command"))


_COMMAND: Slot[PromptCommand] = Slot("COMMAND", "a command", _named, lambda _: command_offers())


def _help(session: Session, parsed: Parsed) -> None:
    command = parsed.get(_COMMAND)
    if command is not None:
        session.show(Text(command.help))
        return
    rows = tuple((", ".join((each.name, *each.aliases)), each.summary) for each in COMMANDS)
    session.show(Table(left("", ""), rows, "commands"))
    session.show(Text("'help COMMAND' explains one; an empty line repeats the last command"))


def _quit(session: Session, _parsed: Parsed) -> None:
    session.quits = True


COMMANDS: tuple[PromptCommand, ...] = (
    *MOVE_COMMANDS,
    *BREAK_COMMANDS,
    *BREAKPOINT_COMMANDS,
    *INSPECT_COMMANDS,
    *LIST_COMMANDS,
    *DISPLAY_COMMANDS,
    *FILE_COMMANDS,
    PromptCommand(
        "help", ("h", "?"), Optional(_COMMAND), "list the commands, or explain one", _help
    ),
    PromptCommand("quit", ("q", "exit"), NOTHING, "leave", _quit),
)
"""In the order in which the help lists them."""

BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
"""By each of their names."""

_SPELLINGS = tuple(name for name in BY_NAME if len(name) > 2)  # noqa: PLR2004
"""Names that are words, so that they may be what was meant by a mistyped one."""
