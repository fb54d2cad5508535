"""Commands that read commands from a file, and write breakpoints to one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.debug.numbered_breakpoints import NumberedBreakpoint
from simastra.file_content import ContentError, whole_text
from simastra.view.blocks import Text, Tone
from simastra.writing import WriteError, write_file

from .breakpoint_commands import COMMANDS_END
from .breakpoint_syntax import as_typed
from .command import PromptCommand
from .grammar import Keyword, Words
from .reader import Parsed
from .session import Pending, parts_of
from .slots import FILE, LAST

if TYPE_CHECKING:
    from .session import Session

_HEADING = "# breakpoints of simastra debug"
_DEEPEST = 20  # files that read each other


def _source(session: Session, parsed: Parsed) -> None:
    name = parsed[FILE]
    if session.depth == _DEEPEST:
        raise CommandError(f"{name}: files that read each other end after {_DEEPEST}")
    session.put_first(
        Pending(part, f"{name}, line {place}", session.depth + 1)
        for place, line in enumerate(_lines(name), 1)
        for part in parts_of(line)
    )


def _lines(name: str) -> list[str]:
    try:
        return whole_text(name, None, "commands are wanted").splitlines()
    except ContentError as error:
        raise CommandError(f"{name}: {error}") from None


_BREAKPOINTS = Keyword("breakpoints", "as commands, for 'source'")


def _save(session: Session, parsed: Parsed) -> None:
    name = parsed[FILE]
    _refuse_other_file(name)
    lines, saved = [_HEADING], 0
    for point in session.stepper.breakpoints:
        command = as_typed(point, session)
        if command is None:
            words = f"breakpoint {point.number} can't be typed, and isn't saved: {point}"
            session.show(Text(words, Tone.ASIDE))
            continue
        saved += 1
        lines += [command, *_settings(point)]
    try:
        write_file(name, "\n".join([*lines, ""]).encode())
    except WriteError as error:
        raise CommandError(str(error)) from None
    session.show(
        Text(f"{saved:,} {'breakpoint is' if saved == 1 else 'breakpoints are'} in {name}")
    )


def _settings(point: NumberedBreakpoint) -> Iterator[str]:
    """The lines behind the one that sets it."""
    if point.condition is not None:
        yield f"condition {LAST} {point.condition.text}"
    if not point.enabled:
        yield f"disable {LAST}"
    if point.ignore:
        yield f"ignore {LAST} {point.ignore}"
    if point.commands:
        yield from (f"commands {LAST}", *(f"  {line}" for line in point.commands), COMMANDS_END)


def _refuse_other_file(name: str) -> None:
    """Replace no file but one of breakpoints.

    Raises:
        CommandError: if it is another file.
    """
    path = Path(name)
    if path.is_file() and _lines(name)[:1] != [_HEADING]:
        raise CommandError(f"{name} is there and holds no breakpoints: it isn't replaced")


FILE_COMMANDS = (
    PromptCommand(
        "source",
        ("so",),
        FILE,
        "carry out the commands in a file, line by line",
        _source,
        "The first that is wrong ends it.",
    ),
    PromptCommand(
        "save",
        (),
        Words((_BREAKPOINTS, FILE)),
        "write the breakpoints to a file, as commands for 'source'",
        _save,
    ),
)
"""The commands of this file."""
