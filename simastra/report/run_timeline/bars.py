"""Bars of a Chrome trace: nodes, phases of collectives, and transmissions over links."""

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import groupby
from typing import TypeVar

from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.report.timeline import Span, Timed, micros, spread
from simastra.result import Result
from simastra.units import Ns
from simastra.view.phrases import device_name
from simastra.workload import Activity

from .tracks import Event, Track, TrackKind, Tracks

_Timed = TypeVar("_Timed", bound=Timed)

_FIRST_LANES = sorted(Activity)
"""Activities in the order of their tracks."""

MOST_NODES = 150_000
"""More bars than that are not even looked at: they would never fit."""


def node_spans(result: Result, records: RunRecords | None = None) -> list[Span]:
    """All nodes that took time; with `records`, those that never finished among them."""
    finished = [
        Span(npu, it.node, it.name, it.activity.value, it.issued, it.finished)
        for npu, nodes in enumerate(result.nodes)
        for it in nodes
    ]
    unfinished = [
        Span(it.npu, it.node, it.name, it.activity.value, it.start, None)
        for it in (records.unfinished if records else ())
    ]
    return finished + unfinished


def longest_first(spans: Sequence[Span], end: Ns) -> list[Span]:
    """The spans, those that can be seen best first; at most `MOST_NODES`."""

    def rank(span: Span) -> tuple[Ns, Ns, int, int]:
        until = end if span.end is None else span.end
        return span.start - until, span.start, span.npu, span.node

    return nsmallest(MOST_NODES, spans, key=rank)


def node_bars(spans: Sequence[Span], end: Ns, tracks: Tracks) -> Iterator[list[Event]]:
    """A bar for each span; the order is theirs.

    Args:
        spans: in any order.
        end: of the simulation, in ns.
        tracks: where the bars go; nodes of one activity that overlap go to several.
    """
    lane_of: dict[Span, Track] = {}
    ordered = sorted(spans, key=lambda it: (it.npu, it.activity, it.start, it.node))
    for (npu, activity), group in groupby(ordered, key=lambda it: (it.npu, it.activity)):
        for track, lane in _lanes(
            npu, TrackKind.NODES, activity, spread(group, end), _FIRST_LANES.index(activity) * 1000
        ):
            lane_of.update(dict.fromkeys(lane, track))
    for span in spans:
        details: Event = {"node": span.node}
        if span.end is None:
            details["finished"] = False
        name = span.name or f"node {span.node}"
        yield [
            {"name": name, "cat": span.activity}
            | _bar(span, end, lane_of[span], tracks)
            | {"args": details}
        ]


def phase_bars(records: RunRecords, end: Ns, tracks: Tracks) -> Iterator[list[Event]]:
    """A bar for each phase of a chunk, in the order in which they began."""
    lane_of: dict[PhaseRecord, Track] = {}
    ordered = sorted(records.phases.records, key=lambda it: (it.npu, it.start, it.stream))
    for npu, group in groupby(ordered, key=lambda it: it.npu):
        for track, lane in _lanes(npu, TrackKind.PHASES, "chunks", spread(group, end)):
            lane_of.update(dict.fromkeys(lane, track))
    for phase in records.phases.records:
        details = {
            "stream": phase.stream,
            "phase": phase.place,
            "algorithm": phase.algorithm,
            "bytes": phase.size,
            "queue": phase.queue,
        }
        yield [
            {"name": f"{phase.name}, chunk {phase.stream}", "cat": "phase"}
            | _bar(phase, end, lane_of[phase], tracks)
            | {"args": details}
        ]


def transmission_bars(records: RunRecords, tracks: Tracks) -> Iterator[list[Event]]:
    """A bar for each transmission, on the track of its link, in order."""
    for it in records.transmissions.records:
        name = f"link to {device_name(it.dst, records.npus)}"
        track = Track(it.src, TrackKind.LINK, name, it.dst)
        yield [{"name": f"{it.size} B", "cat": "link"} | _bar(it, it.end, track, tracks)]


def _lanes(
    npu: int, kind: TrackKind, name: str, lanes: Sequence[Sequence[_Timed]], first: int = 0
) -> Iterator[tuple[Track, Sequence[_Timed]]]:
    for number, lane in enumerate(lanes):
        yield Track(npu, kind, f"{name} {number + 1}" if number else name, first + number), lane


def _bar(timed: Timed, end: Ns, track: Track, tracks: Tracks) -> Event:
    until = end if timed.end is None else timed.end
    place = tracks.place(track)
    return {"ph": "X", **place, "ts": micros(timed.start), "dur": micros(until - timed.start)}
