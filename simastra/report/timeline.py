"""When which NPU did what, as a Chrome trace for Perfetto and chrome://tracing.

Each NPU is a process. Each activity is a track of it, or several where nodes overlap: a viewer
nests what overlaps in one track.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from simastra.units import NpuId, Ns, ns_to_micros
from simastra.view.bars import Bar, Row, Timed, rows_of

ChromeEvent: TypeAlias = dict[str, Any]
"""One JSON object; its keys are the format's."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What an NPU-by-NPU picture shows.

    Attributes:
        bars: in any order.
        finishes: when each NPU finished, as far as is known.
    """

    bars: tuple[Bar, ...]
    finishes: Mapping[NpuId, Ns]


def timeline_events(timeline: Timeline) -> list[ChromeEvent]:
    """Return the events of a Chrome trace; times are in microseconds, as the format has them.

    Beside the nodes' bars there are the names of processes and tracks, and a mark where each NPU
    finished. A node that never finished lasts to the end of the timeline.
    """
    times = [time for bar in timeline.bars for time in (bar.start, bar.end or 0)]
    end = max((*times, *timeline.finishes.values()), default=0)
    rows: dict[NpuId, list[Row]] = {npu: [] for npu in timeline.finishes}
    for row in rows_of(timeline.bars, end):
        rows.setdefault(row.npu, []).append(row)
    events: list[ChromeEvent] = []
    for npu in sorted(rows):
        events.append(named("process_name", npu, 0, f"NPU {npu}"))
        for track, row in enumerate(rows[npu], 1):
            events.append(named("thread_name", npu, track, row.name))
            place = {"pid": npu, "tid": track}
            events += (bar_event(bar, place, end) for bar in row.bars)
        if npu in timeline.finishes:
            events.append(finish_event(npu, timeline.finishes[npu]))
    return events


def bar_event(bar: Bar, place: ChromeEvent, end: Ns) -> ChromeEvent:
    """The event of a node.

    Args:
        bar: what it did.
        place: the numbers of its process and track.
        end: when it ended, if it never did.
    """
    never_finished = {"finished": False} if bar.end is None else {}
    return {
        "name": bar.name or f"node {bar.id}",
        "cat": bar.kind,
        **lasting(bar, place, end),
        "args": {"node": bar.id, **never_finished},
    }


def lasting(timed: Timed, place: ChromeEvent, end: Ns) -> ChromeEvent:
    """The part of an event that says where and when something was."""
    until = end if timed.end is None else timed.end
    start, duration = ns_to_micros(timed.start), ns_to_micros(until - timed.start)
    return {"ph": "X", **place, "ts": start, "dur": duration}


def finish_event(npu: NpuId, time: Ns) -> ChromeEvent:
    """The mark where an NPU finished."""
    mark = {"name": "finished", "ph": "i", "s": "p", "pid": npu, "tid": 0}
    return {**mark, "ts": ns_to_micros(time)}


def named(what: str, process: int, track: int, name: str) -> ChromeEvent:
    """Name a process or a track; `what` is process_name or thread_name."""
    return {"name": what, "ph": "M", "pid": process, "tid": track, "args": {"name": name}}
