"""An explanation as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from simastra.engine import Category
from simastra.units import NpuId, Ns
from simastra.view.alike import alike
from simastra.view.phrases import listed_npus, part_words, ranges
from simastra.view.table import Column, Table, left, right

from .attribution import Attribution
from .path_groups import PathGroup, together
from .path_segments import PathSegment

_SHOWN_NPUS = 4


def attribution_table(attributions: Sequence[Attribution]) -> Table:
    """What each NPU's time went to, in ns: a row an NPU; categories that none has are left out."""
    used = _used(attributions)
    rows = tuple(
        (str(row.npu), *(str(row.times[category]) for category in used), str(row.total))
        for row in attributions
    )
    return Table(right("NPU", *used, "total"), rows)


def faults_table(attributions: Sequence[Attribution]) -> Table | None:
    """What each event of a scenario has cost, in ns: a row an event; None if none has anything."""
    costs = {row.npu: row.faults for row in attributions}
    return _costs_table(costs, (*left("event", "NPUs"), *right("most for one", "together")))


def other_jobs_table(attributions: Sequence[Attribution]) -> Table | None:
    """What each job has cost the NPUs of others, in ns: a row a job; None if none has any."""
    costs = {row.npu: row.other_jobs for row in attributions}
    return _costs_table(costs, (*left("job", "NPUs"), *right("most for one", "together")))


def slower_table(attributions: Sequence[Attribution]) -> Table | None:
    """Who waited for NPUs that are slower than usual, in ns: a row for each; None for none."""
    columns = *right("slower NPU"), *left("waited for by"), *right("most by one", "together")
    return _costs_table({row.npu: row.slower for row in attributions}, columns)


_To = TypeVar("_To", str, NpuId)


def _costs_table(
    of_npus: Mapping[NpuId, Mapping[_To, Ns]], columns: Sequence[Column]
) -> Table | None:
    """What NPUs have lost to each event, job or NPU; None if nothing."""
    costs: dict[_To, dict[NpuId, Ns]] = {}
    for npu, times in of_npus.items():
        for lost_to, time in times.items():
            costs.setdefault(lost_to, {})[npu] = time
    if not costs:
        return None
    rows = tuple(
        (str(lost_to), ranges(list(by_npu)), str(max(by_npu.values())), str(sum(by_npu.values())))
        for lost_to, by_npu in sorted(costs.items())
    )
    return Table(tuple(columns), rows)


def segments_table(path: Iterable[PathSegment]) -> Table:
    """A critical path: a row a segment, times in ns."""
    rows = tuple(
        (
            str(segment.start),
            str(segment.end),
            segment.name,
            listed_npus(segment.npus, _SHOWN_NPUS),
            _spent(segment),
        )
        for segment in path
    )
    return Table((*right("from", "to"), *left("node", "NPUs", "spent on")), rows)


def _used(attributions: Sequence[Attribution]) -> list[Category]:
    """The categories on which any of them spends time."""
    return [each for each in Category if any(row.times[each] for row in attributions)]


def like_npus_table(attributions: Sequence[Attribution], top: int | None = None) -> Table:
    """What the time went to, in ns: a row for all NPUs that are alike, which have these times each.

    Args:
        attributions: of all NPUs, in their order.
        top: how many rows there are at most; what the NPUs of all others spent together is a row
            of its own behind them. None for all.
    """
    used = _used(attributions)
    groups = alike(tuple(row.times[each] for each in used) for row in attributions)
    rows = [_time_row(ranges(npus), times) for times, npus in groups.items()]
    rest = list(groups.items())[top:] if top is not None else []
    if rest:
        sums = [sum(times[at] * len(npus) for times, npus in rest) for at in range(len(used))]
        others = sum(len(npus) for _, npus in rest)
        rows = [*rows[:top], _time_row(f"{others:,} others, together", sums)]
    return Table((*left("NPUs"), *right(*used, "total")), tuple(rows))


def groups_table(groups: Sequence[PathGroup], top: int | None = None) -> Table:
    """A critical path by names: a row a group, those that took most first; times in ns.

    Args:
        groups: all of the path.
        top: how many rows there are at most; all others together are a row of their own behind
            them. None for all.
    """
    shown = list(groups)
    rest = shown[top:] if top is not None else []
    if rest:
        shown = [*shown[:top], together(rest, f"and {len(rest):,} others")]
    whole = together(groups, "all")
    rows = tuple(
        (it.duration, part_words(it.duration, whole.duration), it.segments, it.name, _spent(it))
        for it in (*shown, whole)
    )
    return Table((*right("ns", "share", "times"), *left("node", "spent on")), rows)


def _time_row(npus: str, times: Sequence[Ns]) -> tuple[str, ...]:
    return (npus, *map(str, times), str(sum(times)))


def _spent(part: PathSegment | PathGroup) -> str:
    told = {Category.SHARING: _with_whom(part), Category.FAULT: _by(part.faults)}
    told[Category.OTHER_JOB] = _by(part.other_jobs)
    return ", ".join(
        f"{category.value} {time}{told.get(category, '')}" for category, time in part.times.items()
    )


def _by(names: Sequence[str]) -> str:
    """By which events, or jobs."""
    return f" ({'; '.join(names)})" if names else ""


def _with_whom(part: PathSegment | PathGroup) -> str:
    """With whom links are shared; with oneself alone, where an NPU's own messages do."""
    return f" (with NPU {listed_npus(part.sharers, _SHOWN_NPUS)})" if part.sharers else ""
