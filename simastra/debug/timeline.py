"""When each NPU did what, drawn with letters: a Gantt chart for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.units import NpuId, Ns
from simastra.workload import Activity

from .state import State

FILLS = {
    Activity.CPU: "-",
    Activity.COMPUTE: "#",
    Activity.COMMUNICATION: "=",
    Activity.REMOTE_MEMORY: "%",
}
"""What the bars of each activity are made of."""
_EMPTY = "."


@dataclass(frozen=True, slots=True)
class Window:
    """What part of the simulated time is drawn, in ns, and on how many columns."""

    start: Ns
    end: Ns
    columns: int

    @property
    def span(self) -> Ns:
        """How long it is, at least 1 ns."""
        return max(1, self.end - self.start)

    def cells(self, start: Ns, end: Ns) -> range:
        """The columns that an interval touches: one at least, if it touches the window at all."""
        if end < self.start or start > self.end:
            return range(0)
        first = max(0, (start - self.start) * self.columns // self.span)
        last = min(self.columns, -((self.start - end) * self.columns // self.span))
        first = min(first, self.columns - 1)
        return range(first, max(last, first + 1))


@dataclass(frozen=True, slots=True)
class Row:
    """What one NPU did of one kind: a bar for each node, which begins with the node's id."""

    npu: NpuId
    activity: Activity
    bars: str


@dataclass(frozen=True, slots=True)
class _Interval:
    node: int
    start: Ns
    end: Ns


def timeline(state: State, npus: Sequence[NpuId], window: Window) -> list[Row]:
    """Draw what NPUs have done so far; nodes under way last until now.

    Args:
        state: the simulation.
        npus: whom to draw, in this order.
        window: what part of the time.
    """
    return [row for npu in npus for row in _rows(state, npu, window)]


def _rows(state: State, npu: NpuId, window: Window) -> Iterator[Row]:
    done: dict[Activity, list[_Interval]] = {activity: [] for activity in FILLS}
    for record in state.run.records(npu):
        done[record.activity].append(_Interval(record.node, record.issued, record.finished))
    for running in state.npu(npu).running:
        activity = state.run.scenario.rules.activity(running.node)
        done[activity].append(_Interval(running.node.id, running.since, state.now))
    for activity, intervals in done.items():
        if intervals:
            yield Row(npu, activity, _bars(intervals, FILLS[activity], window))


def _bars(intervals: Sequence[_Interval], fill: str, window: Window) -> str:
    cells = [_EMPTY] * window.columns
    for interval in sorted(intervals, key=lambda it: it.start):
        touched = window.cells(interval.start, interval.end)
        name = str(interval.node)
        for place, cell in enumerate(touched):
            fits = len(name) < len(touched)
            cells[cell] = name[place] if fits and place < len(name) else fill
    return "".join(cells)
