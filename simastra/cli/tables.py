"""Tables: aligned text, or rich ones for a terminal. Rich is imported only where one is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .output import say, stdout_is_terminal, writing_to_stdout

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts.

    Attributes:
        headings: of its columns; a column whose heading begins with "#" holds numbers.
        rows: each as long as `headings`.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def show_tables(tables: Sequence[Table]) -> None:
    """Print tables to stdout, those without rows left out.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    filled = [table for table in tables if table.rows]
    if stdout_is_terminal():
        _show_rich(filled)
    else:
        say("\n\n".join("\n".join(_lines(table)) for table in filled))


def _lines(table: Table) -> Iterator[str]:
    rows = (tuple(heading.lstrip("#") for heading in table.headings), *table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numbers = [heading.startswith("#") for heading in table.headings]
    for row in rows:
        cells = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ]
        yield _GAP.join(cells).rstrip()


def _show_rich(tables: Sequence[Table]) -> None:
    # Loaded here because rich takes as long as all the rest, and a pipe does without.
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415

    console = Console(markup=False, highlight=False, emoji=False)
    with writing_to_stdout():
        for table in tables:
            shown = RichTable(box=box.SIMPLE_HEAD)
            for heading in table.headings:
                justify = "right" if heading.startswith("#") else "left"
                shown.add_column(heading.lstrip("#"), justify=justify, overflow="fold")  # type: ignore[arg-type]
            for row in table.rows:
                shown.add_row(*row)
            console.print(shown)
