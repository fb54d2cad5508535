"""A table of the page: its script draws, sorts, filters, copies it and writes it as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simastra.view.table import Cell

MOST_ROWS = 500
"""Of a table; beyond that it says which part it shows."""


class Unit(StrEnum):
    """In what a column counts; CSV has the exact value, the page a human scale."""

    TEXT = ""
    COUNT = "count"
    NUMBER = "number"
    """Of a unit that isn't known."""
    NS = "ns"
    BYTES = "B"
    GB_PER_S = "GB/s"
    PART = "%"
    """A part of a whole, between 0 and 1 as data."""


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column: its heading in words, in what it counts, and what it means."""

    name: str
    unit: Unit = Unit.TEXT
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table.

    Attributes:
        id: of its place on the page; its file is called so, too.
        title: what its rows are.
        columns: from left to right.
        rows: each as long as `columns`.
        note: what to know before reading it.
        sort: the column by which it is sorted at first; None for the order of `rows`.
        ascending: whether the smallest comes first then.
    """

    id: str
    title: str
    columns: tuple[PageColumn, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    sort: int | None = None
    ascending: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON values, column by column; texts stand in the file but once."""
        return {
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "sort": self.sort,
            "ascending": self.ascending,
            "rows": len(self.rows),
            "columns": [
                {
                    "name": column.name,
                    "unit": column.unit,
                    "meaning": column.meaning,
                    **_values([row[place] for row in self.rows], column.unit),
                }
                for place, column in enumerate(self.columns)
            ],
        }


def _values(cells: Sequence[Cell], unit: Unit) -> dict[str, Any]:
    if unit is not Unit.TEXT:
        rounded = [round(it, 6) if isinstance(it, float) else it for it in cells]
        return {"values": rounded}
    numbers: dict[str, int] = {}
    places = [numbers.setdefault("" if it is None else str(it), len(numbers)) for it in cells]
    return {"texts": list(numbers), "places": places}


def text(*names: str) -> tuple[PageColumn, ...]:
    """Columns of words."""
    return tuple(map(PageColumn, names))


def times(*names: str) -> tuple[PageColumn, ...]:
    """Columns of times."""
    return tuple(PageColumn(name, Unit.NS) for name in names)


def counts(*names: str) -> tuple[PageColumn, ...]:
    """Columns of numbers of things."""
    return tuple(PageColumn(name, Unit.COUNT) for name in names)
