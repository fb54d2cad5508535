"""A table: as aligned text, as CSV, and as dicts; `html` and `terminal` draw it otherwise."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = int | float | str | None
"""A value; None for one that there isn't."""

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column, and whether its values are numbers, which end at its right."""

    name: str
    is_number: bool = False


def left(*names: str) -> tuple[Column, ...]:
    """Columns of words, which begin at the left."""
    return tuple(Column(name) for name in names)


def right(*names: str) -> tuple[Column, ...]:
    """Columns of numbers, which end at the right."""
    return tuple(Column(name, is_number=True) for name in names)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of plain values; as a string, with aligned columns.

    Attributes:
        columns: from left to right. Where none has a name, no headings are shown.
        rows: each as long as `columns`.
        title: what the rows are, such as "links".
        styles: of the rows on a terminal, as rich has them, one each; empty, if all are plain.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    styles: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the columns."""
        return tuple(column.name for column in self.columns)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """A line of headings, if there are any, and a line a row."""
        rows = (self.names, *(tuple(map(shown, row)) for row in self.rows))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows if any(self.names) else rows[1:]:
            cells = [
                cell.rjust(width) if column.is_number else cell.ljust(width)
                for cell, width, column in zip(row, widths, self.columns, strict=True)
            ]
            yield _GAP.join(cells).rstrip()

    def to_csv(self) -> str:
        """As CSV: a line of headings, then a line a row; lines end in a newline alone."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.names)
        writer.writerows(self.rows)
        return text.getvalue()

    def to_dicts(self) -> list[dict[str, Cell]]:
        """As dicts by column, ready for JSON."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def shown(cell: Cell) -> str:
    """A value as people read it: 12,345 or 1.234e-05, and a dash for one that there isn't."""
    match cell:
        case None:
            return "-"
        case float():
            return f"{cell:,.4g}"
        case int():
            return f"{cell:,}"
        case str():
            return cell
