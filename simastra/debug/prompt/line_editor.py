"""How a line is typed: with prompt_toolkit on a terminal, with readline, or as it comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred

from .completion import completions
from .history import HISTORY_LINES, history_path
from .session import Session

if TYPE_CHECKING:
    from . import toolkit
else:  # prompt_toolkit is an extra, and takes longer than all the rest
    toolkit = deferred("simastra.debug.prompt.toolkit")

Ask: TypeAlias = Callable[[str], str]
"""Gives a prompt and returns what was typed; raises EOFError at the end of the input."""


@contextmanager
def line_editing(session: Session) -> Iterator[Ask]:
    """Let lines be edited and completed, with the history of former sessions."""
    if _has_menus():
        yield toolkit.asker(session)
        return
    with _readline_editing(session):
        yield input


def _has_menus() -> bool:
    """Whether lines are typed on a terminal that draws menus, and prompt_toolkit is there."""
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return on_terminal and os.environ.get("TERM") != "dumb" and _is_there("prompt_toolkit")


def _is_there(package: str) -> bool:
    with suppress(ImportError, ValueError):
        return find_spec(package) is not None
    return False


@contextmanager
def _readline_editing(session: Session) -> Iterator[None]:
    try:
        import readline  # noqa: PLC0415  # Python may have been built without it
    except ImportError:
        yield
        return
    path = history_path()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)

    def complete(_word: str, place: int) -> str | None:
        end = readline.get_endidx()
        found = completions(readline.get_line_buffer()[:end], session)
        if place >= len(found.offers):
            return None
        before = readline.get_begidx() - found.start  # of a name with blanks in it
        return found.offers[place].completed[max(0, before) :]

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n;")
    libedit = "libedit" in (readline.__doc__ or "")  # as on macOS; it has commands of its own
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    if not libedit:
        readline.parse_and_bind("set completion-ignore-case on")
    try:
        yield
    finally:
        readline.set_completer(None)
        with suppress(OSError):  # a home that can't be written costs the history, nothing else
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)
