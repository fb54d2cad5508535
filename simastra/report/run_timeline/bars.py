"""Bars of a Chrome trace: nodes, phases of collectives, and transmissions over links."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from json.encoder import encode_basestring  # as `json_line` writes a text, in a tenth of its time

from simastra.on_demand import AT_ONCE
from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.report.timeline import ChromeEvent, lasting
from simastra.result import Result
from simastra.result.timed_records import Told
from simastra.units import NpuId, Ns
from simastra.view.bars import Bar, Row, rows_of
from simastra.view.ends import device_words
from simastra.view.human import human_size
from simastra.workload import Activity

from .event_text import json_line, micros
from .node_arguments import FACTS, NodeArguments
from .timed_nodes import TimedNodes
from .tracks import Track, TrackKind, Tracks

CHUNKS = "chunks"
"""What the rows of chunks' phases are called."""

_FIRST_LANES = {str(activity): 1000 * number for number, activity in enumerate(sorted(Activity))}
"""The order of the activities' tracks."""

MOST_NODES = 150_000
"""More bars than that no picture shows."""


def node_bars(result: Result, records: RunRecords | None = None) -> list[Bar]:
    """All nodes that took time; with `records`, those that never finished among them."""
    finished = [
        Bar(npu, it.node, it.name, it.activity.value, it.issued, it.finished)
        for npu, nodes in enumerate(result.nodes)
        for it in nodes
    ]
    unfinished = [
        Bar(it.npu, it.node, it.name, it.activity.value, it.start, None)
        for it in (records.unfinished if records else ())
    ]
    return finished + unfinished


def chunk_bars(phases: Sequence[PhaseRecord]) -> list[Bar]:
    """A bar for each phase of a chunk; its id is the chunk's."""
    return [Bar(it.npu, it.stream, it.name, CHUNKS, it.start, it.end) for it in phases]


def longest_first(bars: Sequence[Bar], end: Ns, most: int = MOST_NODES) -> list[Bar]:
    """The bars, those that can be seen best first; at most so many."""

    def rank(bar: Bar) -> tuple[Ns, Ns, int, int]:
        return bar.start - bar.until(end), bar.start, bar.npu, bar.id

    return nsmallest(most, bars, key=rank)


def node_events(nodes: TimedNodes, most: int, tracks: Tracks, records: RunRecords) -> Iterator[str]:
    """An event for each node as JSON, the longest first; written out at once, as there are many.

    Args:
        nodes: they.
        most: how many there are at most.
        tracks: where they go; nodes of one activity that overlap go to several.
        records: know the nodes' attributes, and the algorithms of collectives.
    """
    chosen = nodes.longest_first(most)
    rows = nodes.rows(chosen)
    arguments = NodeArguments(records)
    places: dict[tuple[NpuId, Activity, int], str] = {}
    for number, (name, facts) in zip(chosen, _told(nodes, chosen), strict=True):
        npu, node, activity = nodes.npus[number], nodes.ids[number], nodes.activity(number)
        place = places.get((npu, activity, rows[number]))
        if place is None:
            place = _placed(tracks, Row(npu, activity.value, rows[number], ()))
            places[npu, activity, rows[number]] = place
        start = nodes.starts[number]
        told = arguments.text(npu, node, activity, facts, finished=number < nodes.finished)
        yield (
            f'{{"name":{encode_basestring(name or f"node {node}")},{place},"ts":{micros(start)},'
            f'"dur":{micros(nodes.ends[number] - start)},{told}'
        )


def _told(nodes: TimedNodes, chosen: Sequence[int]) -> Iterator[Told]:
    """What the chosen nodes say of themselves, some thousand of them at a time."""
    for first in range(0, len(chosen), AT_ONCE):
        yield from nodes.told(chosen[first : first + AT_ONCE], FACTS)


def _placed(tracks: Tracks, row: Row) -> str:
    """The part of events that says what they are about, and on which track they are."""
    order = _FIRST_LANES.get(row.kind, 0) + row.number
    place = tracks.place(Track(row.npu, TrackKind.NODES, row.name, order))
    return json_line({"cat": row.kind, "ph": "X", **place})[1:-1]


def phase_events(records: RunRecords, end: Ns, tracks: Tracks) -> Iterator[list[ChromeEvent]]:
    """An event for each phase of a chunk, in the order in which they began."""
    phases = records.phases.records
    bars = chunk_bars(phases)
    track_of = _tracks(bars, end, TrackKind.PHASES)
    for bar, phase, chunk in zip(bars, phases, _chunks(phases), strict=True):
        details = {
            "node": phase.node,
            "stream": phase.stream,
            "phase": phase.place,
            "algorithm": phase.algorithm,
            "bytes": phase.size,
            "queue": phase.queue,
        }
        yield [
            {"name": f"{phase.name}, chunk {chunk}", "cat": "phase"}
            | lasting(bar, tracks.place(track_of[id(bar)]), end)
            | {"args": details}
        ]


def transmission_events(records: RunRecords, tracks: Tracks) -> Iterator[list[ChromeEvent]]:
    """An event for each transmission, on the track of its link, in order."""
    for it in records.transmissions.records:
        name = f"link to {records.device_names[it.dst]}"
        track = Track(it.src, TrackKind.LINK, name, it.dst)
        shown = {"name": human_size(it.size), "args": {"bytes": it.size}}
        if it.envelope is not None:
            src, dst, tag = it.envelope.src, it.envelope.dst, it.envelope.tag
            shown["name"] = f"{device_words(src)} to {device_words(dst)}"
            shown["args"] = {"bytes": it.size, "src": src, "dst": dst, "tag": tag}
        place = lasting(it, tracks.place(track), it.end)
        yield [{"name": shown["name"], "cat": "link", **place, "args": shown["args"]}]


def mark_events(records: RunRecords, end: Ns, tracks: Tracks) -> Iterator[list[ChromeEvent]]:
    """An event for each thing that a scenario lets happen, on a track of its NPU, or its link."""
    names = records.device_names
    for it in records.marks:
        if it.start <= end:
            name = "scenario" if it.other is None else f"scenario: link to {names[it.other]}"
            order = 0 if it.other is None else it.other + 1
            place = tracks.place(Track(it.device, TrackKind.SCENARIO, name, order))
            shown = {"name": f"{it.what} ({it.because})", "cat": "scenario"}
            is_over = it.end is not None and it.end <= end
            seen = it if is_over else it._replace(end=None)
            yield [shown | lasting(seen, place, end) | {"args": {"because": it.because}}]


def _chunks(phases: Iterable[PhaseRecord]) -> Iterator[int]:
    """Which chunk of its collective each phase is about; streams count through all collectives."""
    seen: dict[tuple[NpuId, int], dict[int, int]] = {}
    for it in phases:
        if it.node is None:
            yield it.stream
            continue
        streams = seen.setdefault((it.npu, it.node), {})
        yield streams.setdefault(it.stream, len(streams))


def _tracks(bars: Sequence[Bar], end: Ns, kind: TrackKind) -> dict[int, Track]:
    """The track of each bar, by its identity."""
    return {
        id(bar): track
        for row in rows_of(bars, end)
        for track in (Track(row.npu, kind, row.name, row.number),)
        for bar in row.bars
    }
