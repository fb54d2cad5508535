"""An explanation as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simastra.text_table import TextTable
from simastra.units import NpuId

from .attribution import Attribution
from .category import Category
from .legs import Leg

_SHOWN_NPUS = 4


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
