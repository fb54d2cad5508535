"""An explanation as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.units import NpuId

from .attribution import Attribution
from .category import Category
from .legs import Leg

_GAP = "  "
_SHOWN_NPUS = 4


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
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        rows = (tuple(heading.lstrip("#") for heading in self.headings), *self.rows)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        numbers = [heading.startswith("#") for heading in self.headings]
        for row in rows:
            cells = [
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, numbers, strict=True)
            ]
            yield _GAP.join(cells).rstrip()


def attribution_table(attributions: Sequence[Attribution]) -> TextTable:
    """What each NPU's time went to, in ns: a row an NPU; categories that none has are left out."""
    used = [each for each in Category if any(row.times[each] for row in attributions)]
    rows = [
        (str(row.npu), *(str(row.times[category]) for category in used), str(row.total))
        for row in attributions
    ]
    headings = ("#NPU", *(f"#{category.value}" for category in used), "#total")
    return TextTable(headings, tuple(rows))


def legs_table(path: Iterable[Leg]) -> TextTable:
    """A critical path: a row a leg, times in ns."""
    rows = [
        (
            str(leg.start),
            str(leg.end),
            leg.name,
            _npus(leg.npus),
            ", ".join(f"{category.value} {time}" for category, time in leg.times.items()),
        )
        for leg in path
    ]
    return TextTable(("#from", "#to", "node", "NPUs", "spent on"), tuple(rows))


def _npus(npus: Sequence[NpuId]) -> str:
    shown = ", ".join(map(str, npus[:_SHOWN_NPUS]))
    return shown if len(npus) <= _SHOWN_NPUS else f"{shown}, ... ({len(npus)} in all)"
