"""An explanation as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simastra.engine import Category
from simastra.view.phrases import listed_npus
from simastra.view.table import Table, left, right

from .attribution import Attribution
from .path_segments import PathSegment

_SHOWN_NPUS = 4


def attribution_table(attributions: Sequence[Attribution]) -> Table:
    """What each NPU's time went to, in ns: a row an NPU; categories that none has are left out."""
    used = [each for each in Category if any(row.times[each] for row in attributions)]
    rows = tuple(
        (str(row.npu), *(str(row.times[category]) for category in used), str(row.total))
        for row in attributions
    )
    return Table(right("NPU", *used, "total"), rows)


def segments_table(path: Iterable[PathSegment]) -> Table:
    """A critical path: a row a segment, times in ns."""
    rows = tuple(
        (
            str(segment.start),
            str(segment.end),
            segment.name,
            listed_npus(segment.npus, _SHOWN_NPUS),
            ", ".join(f"{category.value} {time}" for category, time in segment.times.items()),
        )
        for segment in path
    )
    return Table((*right("from", "to"), *left("node", "NPUs", "spent on")), rows)
