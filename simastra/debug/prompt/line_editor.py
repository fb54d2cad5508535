"""How a line is typed: with prompt_toolkit on a terminal, with readline, or as it comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred

from .session import Session

if TYPE_CHECKING:
    from . import readline_editing, toolkit
else:
    # prompt_toolkit is an extra, and takes longer than all the rest.
    toolkit = deferred("simastra.debug.prompt.toolkit")
    # Python may have been built without readline.
    readline_editing = deferred("simastra.debug.prompt.readline_editing")

Ask: TypeAlias = Callable[[str], str]
"""Gives a prompt and returns what was typed; raises EOFError at the end of the input."""


@contextmanager
def line_editing(session: Session) -> Iterator[Ask]:
    """Let lines be edited and completed, with the history of former sessions."""
    if _has_menus():
        yield toolkit.asker(session)
    elif _is_there("readline"):
        with readline_editing.readline_asker(session) as ask:
            yield ask
    else:
        yield input


def _has_menus() -> bool:
    """Whether lines are typed on a terminal that draws menus, and prompt_toolkit is there."""
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return on_terminal and os.environ.get("TERM") != "dumb" and _is_there("prompt_toolkit")


def _is_there(package: str) -> bool:
    with suppress(ImportError, ValueError):
        return find_spec(package) is not None
    return False
