"""Fills docs/accuracy.md: a table for each place that the page has."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.places import filled, markdown_table
from benchmarks.record import Row
from simastra.writing import write_file

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


def write_page(rows: Sequence[Row], page: Path = PAGE) -> Path:
    """Write the tables of some rows into the page, and return its path.

    Args:
        rows: each says in its column "table" which place it goes to.
        page: what to fill.

    Raises:
        PageError: a table has no place.
    """
    text = page.read_text(encoding="utf-8")
    for name in dict.fromkeys(str(row["table"]) for row in rows):
        of_table = [row for row in rows if row["table"] == name]
        text = filled(text, name, _table(of_table), page.name)
    write_file(page, text.encode())
    return page


def _table(rows: Sequence[Row]) -> str:
    columns = [it for it in dict.fromkeys(key for row in rows for key in row) if it != "table"]
    return markdown_table(columns, [[_cell(row.get(it, "")) for it in columns] for row in rows])


def _cell(value: float | str) -> str:
    """Numbers of errors with one digit; nothing as a dash, which reads as a gap on purpose."""
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value) or "-"
