"""The first rows of a table, for who wants more asks for less."""

from collections.abc import Iterator, Sequence

from simastra.view.blocks import Block, Text, Tone
from simastra.view.phrases import left_out
from simastra.view.table import Cell, Column, Table

_ROWS = 20


def first_rows(
    title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]
) -> Iterator[Block]:
    """A table, and below it how many rows are left out; nothing without rows."""
    if rows:
        yield Table(columns, tuple(rows[:_ROWS]), title)
    if rest := left_out(len(rows) - _ROWS):
        yield Text(f"    {rest}", Tone.ASIDE)
