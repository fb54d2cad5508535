"""Which points are on the page, and their columns as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simastra.explain import Category
from simastra.palette.categories import CAUSES
from simastra.palette.kinds import KINDS
from simastra.report.page_frame.page_table import PageColumn, PageTable
from simastra.sweep.columns import PARTS
from simastra.sweep.results import SweepResults
from simastra.view.colours import SERIES, Shades
from simastra.view.phrases import part_shown
from simastra.view.table import Cell, shown
from simastra.workload.kind_of_work import KindOfWork

MOST_POINTS = 20_000
"""On a page: some MB, which a browser still filters at once."""

_SHADES: Mapping[str, Shades] = {
    "compute": CAUSES[Category.COMPUTE],
    "exposed communication": KINDS[KindOfWork.ALL_REDUCE],
    "remote memory": KINDS[KindOfWork.MEMORY],
    "idle": CAUSES[Category.IDLE],
}
"""Of the parts of the makespan."""

_FIRST, _LAST = ("number",), ("error", "shortcut", "wall_s", "version", "point")


def shown_places(results: SweepResults, most: int = MOST_POINTS) -> Sequence[int]:
    """The rows on the page, ascending: all, or the front, the best ones and every n-th.

    A front of more than half of `most` is thinned, too: of ties, one is enough to be seen.
    """
    if len(results) <= most:
        return range(len(results))
    best = [it for name in results.objectives for it in results.best_of_each_places(name)]
    chosen = {*best[: most // 4], *_some(results.front_places, most // 2)}
    return sorted(chosen.union(_some(range(len(results)), most - len(chosen))))


def _some(places: Sequence[int], most: int) -> Sequence[int]:
    """Every n-th, so that they are no more than `most`."""
    return places[:: max(1, -(-len(places) // max(most, 1)))]


def page_data(results: SweepResults, places: Sequence[int]) -> dict[str, Any]:
    """What the scripts draw."""
    part = results.at(places)
    varying = list(_ordered(part))
    front = set(results.front_places)
    shared = dict(_shared(part, varying))
    return {
        "table": _table(part, varying, len(results)).to_dict(),
        "axes": [name for name in part.axes if name in varying],
        "goals": dict(part.objectives),
        "forEach": [name for name in part.for_each if name in varying],
        "front": [place for place, at in enumerate(places) if at in front],
        "parts": {name: [part, list(_SHADES[part])] for name, part in PARTS.items()},
        "shared": shared,
        "same": {name: shown(it) for name, it in shared.items()},
        "series": [[it, it] for it in SERIES],
        "replay": part.replay,
    }


def _ordered(part: SweepResults) -> Iterator[str]:
    """The columns of the table: those that tell points apart, the axes and what is asked first."""
    wanted = [*_FIRST, *part.axes, "status", *part.objectives]
    names = dict.fromkeys(name for name in wanted if name in part.columns)
    names.update(dict.fromkeys(name for name in part.columns if name not in _LAST))
    names.update(dict.fromkeys(part.columns))
    kept = {*_FIRST, "status", "point", *part.objectives}
    for name in names:
        if name in kept or _varies(part.columns[name]):
            yield name


def _varies(values: Sequence[object]) -> bool:
    return any(it != values[0] for it in values)


def _shared(part: SweepResults, varying: Sequence[str]) -> Iterator[tuple[str, Cell]]:
    """What all points have in common."""
    for name, values in part.columns.items():
        if name not in varying and values and values[0] is not None:
            yield name, part.cells(name)[0]


def _table(part: SweepResults, names: Sequence[str], total: int) -> PageTable:
    columns = tuple(PageColumn(name, part.unit(name), part.fact(name).meaning) for name in names)
    rows: list[tuple[Cell, ...]] = list(zip(*map(part.cells, names), strict=True))
    which = "those on the front, the best, and a sample: every n-th"
    note = part_shown(len(part), total, "points", which)
    return PageTable("point-table", "Points", columns, rows, note)
