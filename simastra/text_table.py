"""A table of texts, with aligned columns."""

from collections.abc import Iterator
from dataclasses import dataclass

_GAP = "  "


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts; as a string, with aligned columns.

    Attributes:
        headings: of its columns; a column whose heading begins with "#" holds numbers.
        rows: each as long as `headings`.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The headings, and a line for each row."""
        rows = (tuple(heading.lstrip("#") for heading in self.headings), *self.rows)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        numbers = [heading.startswith("#") for heading in self.headings]
        for row in rows:
            cells = [
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, numbers, strict=True)
            ]
            yield _GAP.join(cells).rstrip()
