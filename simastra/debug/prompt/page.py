"""What the debugger shows: texts and tables, drawn plainly or, for a terminal, in colour."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice, repeat
from typing import TypeAlias, assert_never

from simastra.text_table import TextTable


class Tone(Enum):
    """What a text is, by the style in which rich draws it."""

    PLAIN = "none"
    TITLE = "bold"
    STOP = "bold cyan"
    GOOD = "green"
    BAD = "bold red"
    ASIDE = "dim"
    COMPUTE = "blue"
    COMMUNICATION = "magenta"
    CPU = "cyan"
    MEMORY = "yellow"


@dataclass(frozen=True, slots=True)
class Text:
    """Some lines."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: stands above it.
        headings: of its columns; a column whose heading begins with "#" holds numbers.
        rows: each as long as `headings`; a table without rows isn't shown.
        tones: of the rows, one each; none, if all are plain.
    """

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    tones: Sequence[Tone] = ()


Block: TypeAlias = Text | Table
_INDENT = "  "


class Screen:
    """Where blocks are shown.

    Args:
        write: takes some lines, without the last newline.
        columns: how wide it is.
        colour: whether rich draws; otherwise the texts are plain.
    """

    def __init__(
        self, write: Callable[[str], None], columns: Callable[[], int], *, colour: bool
    ) -> None:
        self._write = write
        self._columns = columns
        self._colour = colour

    @property
    def columns(self) -> int:
        """How wide it is now."""
        return self._columns()

    def show(self, *blocks: Block) -> None:
        """Show blocks, one below the other."""
        filled = [block for block in blocks if isinstance(block, Text) or block.rows]
        if not filled:
            return
        if self._colour:
            self._write(_coloured(filled, self.columns))
        else:
            self._write("\n".join(line for block in filled for line in plain_lines(block)))


def plain_lines(block: Block) -> Iterator[str]:
    """Draw a block without colour."""
    match block:
        case Text(text):
            yield text
        case Table(title):
            yield f"{title}:"
            yield from _table_lines(block)
        case _:
            assert_never(block)


def _table_lines(table: Table) -> Iterator[str]:
    lines = TextTable(table.headings, tuple(table.rows)).lines()
    for line in lines if any(table.headings) else islice(lines, 1, None):
        yield (_INDENT + line).rstrip()


def _coloured(blocks: Sequence[Block], columns: int) -> str:
    # Loaded here because rich takes as long as all the rest, and a script does without.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text as RichText  # noqa: PLC0415

    page = io.StringIO()
    console = Console(
        file=page, force_terminal=True, width=columns, markup=False, highlight=False, emoji=False
    )
    for block in blocks:
        match block:
            case Text(text, tone):
                console.print(RichText(text, style=tone.value), soft_wrap=True)
            case Table(title, headings, rows, tones):
                console.print(RichText(title, style=Tone.TITLE.value))
                shown = RichTable(
                    box=None,
                    padding=(0, 1, 0, 1),
                    header_style=Tone.ASIDE.value,
                    show_header=any(headings),
                )
                for heading in headings:
                    justify = "right" if heading.startswith("#") else "left"
                    shown.add_column(heading.lstrip("#"), justify=justify, overflow="fold")  # type: ignore[arg-type]
                for row, tone in zip(rows, tones or repeat(Tone.PLAIN), strict=False):
                    shown.add_row(*row, style=tone.value)
                console.print(shown)
            case _:
                assert_never(block)
    return page.getvalue().rstrip("\n")
