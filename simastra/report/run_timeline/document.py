"""A simulation as a Chrome trace, within a limit of bytes."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import starmap

from simastra.report.run_records import Excerpt, RunRecords
from simastra.report.timeline import ChromeEvent, finish_event, named
from simastra.result import Result
from simastra.units import Ns
from simastra.view.bars import Timed

from .bars import longest_first, node_bars, node_events, phase_events, transmission_events
from .counters import fitting, link_counters
from .messages import message_arrows
from .tracks import Tracks

LARGEST_TIMELINE = 19_500_000
"""Bytes; viewers open what is smaller without a thought."""

_BYTES_OF_NOTES = 2000  # at most, with the brackets around everything


@dataclass(frozen=True, slots=True)
class _Part:
    """One kind of what is shown.

    Attributes:
        what: its name.
        share: what part of the limit it may fill, beside what those before it have left.
        groups: of events that make sense only together, the most visible first.
        total: how many groups there would be, if none were left out.
        rule: in a note, which of them are shown, if it is so many.
    """

    what: str
    share: float
    groups: Iterable[list[ChromeEvent]]
    total: int
    rule: Callable[[int], str]


def run_timeline(result: Result, records: RunRecords, limit: int = LARGEST_TIMELINE) -> str:
    """Return the trace as JSON, of about `limit` bytes at most.

    Args:
        result: of the simulation, or what is known of one that stands still.
        records: what was recorded beside it.
        limit: bytes; some 300 for each NPU are needed for its name and its finish.
    """
    end = end_of(result, records)
    tracks = Tracks(records.npus)
    for npu in range(records.npus):
        tracks.process(npu)
    lines = list(map(_line, (*tracks.fresh, *starmap(finish_event, result.cycles.items()))))
    tracks.fresh.clear()
    room = max(limit - _BYTES_OF_NOTES - sum(map(_bytes, lines)), 0)
    notes: list[str] = []
    left = 0.0
    for part in _parts(result, records, end, tracks, room):
        kept, left = _fill(part, room * part.share + left, lines, tracks)
        if kept < part.total:
            notes.append(f"{part.what}: {kept:,} of {part.total:,} are shown, {part.rule(kept)}")
    lines += map(_line, _noted(notes, _first_free_process(records)))
    return '{"displayTimeUnit":"ns","traceEvents":[\n' + ",\n".join(lines) + "\n]}\n"


def end_of(result: Result, records: RunRecords) -> Ns:
    """When the last thing happened, in ns."""
    times = [record.finished for nodes in result.nodes for record in nodes]
    times += [it.end for it in records.phases.records if it.end is not None]
    times += [it.end for it in records.messages.records if it.end is not None]
    return max((result.makespan, *times))


def _parts(
    result: Result, records: RunRecords, end: Ns, tracks: Tracks, room: float
) -> Iterator[_Part]:
    bars = node_bars(result, records)
    nodes = node_events(longest_first(bars, end), end, tracks)
    yield _Part("nodes", 0.35, nodes, len(bars), _the_longest)
    phases = phase_events(records, end, tracks)
    yield _of_first("phases", 0.15, phases, records.phases)
    load = fitting(records.load, int(room * 0.15))
    counters = link_counters(load, records.npus, tracks)
    yield _Part("links' counters", 0.15, counters, len(load.links), _the_busiest)
    sent = transmission_events(records, tracks)
    yield _of_first("transmissions", 0.15, sent, records.transmissions)
    arrows = message_arrows(records, tracks)
    yield _of_first("messages", 0.20, arrows, records.messages)


def _of_first(
    what: str, share: float, groups: Iterable[list[ChromeEvent]], excerpt: Excerpt[Timed]
) -> _Part:
    def rule(kept: int) -> str:
        listed = excerpt.records
        until = listed[kept].start if kept < len(listed) else excerpt.complete_until
        return f"those that began before {until:,} ns"

    return _Part(what, share, groups, excerpt.total, rule)


def _the_longest(_kept: int) -> str:
    return "the longest"


def _the_busiest(_kept: int) -> str:
    return "those of the busiest links"


def _fill(part: _Part, room: float, lines: list[str], tracks: Tracks) -> tuple[int, float]:
    """Add groups while there is room; how many that was, and what room is left."""
    kept = 0
    for group in part.groups:
        written = [_line(event) for event in (*tracks.fresh, *group)]
        room -= sum(map(_bytes, written))
        if room < 0:
            return kept, 0
        lines += written
        tracks.fresh.clear()
        kept += 1
    return kept, room


def _first_free_process(records: RunRecords) -> int:
    devices = [device for link in records.load.links for device in (link.src, link.dst)]
    return max((records.npus - 1, *devices)) + 1


def _noted(notes: list[str], process: int) -> Iterator[ChromeEvent]:
    """Notes as processes without anything but a name, behind all others."""
    for number, note in enumerate(notes, process):
        yield named("process_name", number, 0, f"not all is shown: {note}")
        yield {"name": note, "ph": "i", "s": "p", "pid": number, "tid": 0, "ts": 0}


def _line(event: ChromeEvent) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def _bytes(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + len(",\n")
