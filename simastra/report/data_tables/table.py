"""A table of plain values."""

import csv
import io
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = int | float | str | None
"""A value; None for one that there isn't."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of plain values.

    Attributes:
        name: what its rows are, such as "links"; the name of its file.
        columns: their names, with the unit behind it where it isn't bytes or a number.
        rows: each as long as `columns`.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_csv(self) -> str:
        """As CSV: a line of headings, then a line a row; lines end in a newline alone."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()

    def to_dicts(self) -> list[dict[str, Cell]]:
        """As dicts by column, ready for JSON."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
