"""Tables: aligned text, or rich ones for a terminal. Rich is imported only where one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.view.table import Table

from .output import say, stdout_is_terminal, writing_to_stdout

if TYPE_CHECKING:
    from simastra.view import terminal
else:
    terminal = deferred("simastra.view.terminal")


def show_tables(tables: Sequence[Table]) -> None:
    """Print tables to stdout, those without rows left out.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    filled = [table for table in tables if table.rows]
    if stdout_is_terminal():
        with writing_to_stdout():
            terminal.print_tables(filled)
    else:
        say("\n\n".join(map(str, filled)))
