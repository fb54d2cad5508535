"""Tables and blocks as rich draws them on a terminal; import this only where one is looked at."""

import io
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, assert_never

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from .blocks import Block, Text, Tone
from .table import Table, shown


def rich_table(table: Table, **look: Any) -> RichTable:
    """Return what a console of rich prints; without headings, if no column has a name.

    Args:
        table: it; its title is left out.
        look: further arguments of rich's table.
    """
    drawn = RichTable(show_header=any(table.names), **look)
    for column in table.columns:
        justify: Any = "right" if column.is_number else "left"
        drawn.add_column(column.name, justify=justify, overflow="fold")
    styles: Iterable[str | None] = table.styles or repeat(None)
    for row, style in zip(table.rows, styles, strict=False):
        drawn.add_row(*map(shown, row), style=style)
    return drawn


def print_tables(tables: Iterable[Table]) -> None:
    """Print tables to stdout, one below the other."""
    console = Console(markup=False, highlight=False, emoji=False)
    for table in tables:
        console.print(rich_table(table, box=box.SIMPLE_HEAD))


def coloured(blocks: Sequence[Block], columns: int) -> str:
    """Return blocks as text with control characters for a terminal so wide."""
    page = io.StringIO()
    console = Console(
        file=page, force_terminal=True, width=columns, markup=False, highlight=False, emoji=False
    )
    for block in blocks:
        match block:
            case Text(text, tone):
                console.print(RichText(text, style=tone.value), soft_wrap=True)
            case Table():
                if block.title:
                    console.print(RichText(block.title, style=Tone.TITLE.value))
                look: dict[str, Any] = {"box": None, "padding": (0, 1, 0, 1)}
                console.print(rich_table(block, header_style=Tone.ASIDE.value, **look))
            case _:
                assert_never(block)
    return page.getvalue().rstrip("\n")
