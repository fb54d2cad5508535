"""When each NPU did what, drawn with letters: a Gantt chart for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.palette.activities import look_of
from simastra.units import NpuId
from simastra.view.bars import Bar, TimeWindow, letters
from simastra.workload import Activity

from .state import State


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """What one NPU did of one kind: a bar for each node, which begins with the node's id."""

    npu: NpuId
    activity: Activity
    bars: str


def timeline(state: State, npus: Sequence[NpuId], window: TimeWindow) -> list[TimelineRow]:
    """Draw what NPUs have done so far; nodes under way last until now.

    Args:
        state: the simulation.
        npus: whom to draw, in this order.
        window: what part of the time.
    """
    return [row for npu in npus for row in _rows(state, npu, window)]


def _rows(state: State, npu: NpuId, window: TimeWindow) -> Iterator[TimelineRow]:
    bars = list(_bars(state, npu))
    for activity in Activity:
        mine = [bar for bar in bars if bar.kind == activity]
        if mine:
            yield TimelineRow(
                npu, activity, letters(mine, look_of(activity).letter, window, state.now)
            )


def _bars(state: State, npu: NpuId) -> Iterator[Bar]:
    for it in state.run.records(npu):
        yield Bar(npu, it.node, it.name, it.activity, it.issued, it.finished)
    for running in state.npu(npu).running:
        node, activity = running.node, state.run.experiment.rules.activity(running.node)
        yield Bar(npu, node.id, node.name, activity, running.since, None)
