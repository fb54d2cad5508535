"""When which NPU did what, as a Chrome trace for Perfetto and chrome://tracing.

Each NPU is a process. Each activity is a track of it, or several where nodes overlap: a viewer
nests what overlaps in one track.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from simastra.units import NpuId, Ns, micros_to_ns

_Event: TypeAlias = dict[str, Any]  # one JSON object; its keys are the format's

_NS_PER_MICROSECOND = micros_to_ns(1)


class Timed(Protocol):
    """What has a start, and an end unless it never ended."""

    @property
    def start(self) -> Ns:
        """When it began."""

    @property
    def end(self) -> Ns | None:
        """When it was over."""


_Timed = TypeVar("_Timed", bound=Timed)


@dataclass(frozen=True, slots=True)
class Span:
    """A node under way.

    Attributes:
        npu: the NPU.
        node: id of the ET node.
        name: its name.
        activity: what the NPU spent the time on; the name of the track.
        start: when it was issued.
        end: when it had finished; None if it never did.
    """

    npu: NpuId
    node: int
    name: str
    activity: str
    start: Ns
    end: Ns | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What an NPU-by-NPU picture shows.

    Attributes:
        spans: in any order.
        finishes: when each NPU finished, as far as is known.
    """

    spans: tuple[Span, ...]
    finishes: Mapping[NpuId, Ns]


def timeline_events(timeline: Timeline) -> list[dict[str, Any]]:
    """Return the events of a Chrome trace; times are in microseconds, as the format has them.

    Beside the nodes' bars there are the names of processes and tracks, and a mark where each NPU
    finished. A node that never finished lasts to the end of the timeline.
    """
    times = [time for span in timeline.spans for time in (span.start, span.end or 0)]
    end = max((*times, *timeline.finishes.values()), default=0)
    by_npu: dict[NpuId, list[Span]] = {npu: [] for npu in timeline.finishes}
    for span in timeline.spans:
        by_npu.setdefault(span.npu, []).append(span)
    events: list[_Event] = []
    for npu in sorted(by_npu):
        events.append(named("process_name", npu, 0, f"NPU {npu}"))
        events += _npu_events(by_npu[npu], npu, end)
        if npu in timeline.finishes:
            events.append(
                {"name": "finished", "ph": "i", "s": "p", "pid": npu, "tid": 0}
                | {"ts": micros(timeline.finishes[npu])}
            )
    return events


def _npu_events(spans: Sequence[Span], npu: NpuId, end: Ns) -> Iterator[_Event]:
    activities = sorted({span.activity for span in spans})
    track = 0
    for activity in activities:
        ordered = sorted(
            (span for span in spans if span.activity == activity),
            key=lambda span: (span.start, span.node),
        )
        for number, lane in enumerate(spread(ordered, end)):
            track += 1
            name = activity if not number else f"{activity} {number + 1}"
            yield named("thread_name", npu, track, name)
            for span in lane:
                yield _bar(span, track, end)


def spread(spans: Iterable[_Timed], end: Ns) -> list[list[_Timed]]:
    """Spread spans, ascending in start, over as few lanes as keep them from overlapping.

    Args:
        spans: in that order.
        end: when those end that never did.
    """
    lanes: list[list[_Timed]] = []
    free_from: list[Ns] = []
    for span in spans:
        until = end if span.end is None else span.end
        lane = next((index for index, time in enumerate(free_from) if time <= span.start), None)
        if lane is None:
            lane = len(lanes)
            lanes.append([])
            free_from.append(until)
        lanes[lane].append(span)
        free_from[lane] = until
    return lanes


def _bar(span: Span, track: int, end: Ns) -> _Event:
    details: dict[str, Any] = {"node": span.node}
    if span.end is None:
        details["finished"] = False
    until = end if span.end is None else span.end
    return {
        "name": span.name or f"node {span.node}",
        "cat": span.activity,
        "ph": "X",
        "pid": span.npu,
        "tid": track,
        "ts": micros(span.start),
        "dur": micros(until - span.start),
        "args": details,
    }


def named(what: str, process: int, track: int, name: str) -> _Event:
    """Name a process or a track; `what` is process_name or thread_name."""
    return {"name": what, "ph": "M", "pid": process, "tid": track, "args": {"name": name}}


def micros(time: Ns) -> float:
    """A time as the format has it."""
    return time / _NS_PER_MICROSECOND
