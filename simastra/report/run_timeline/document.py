"""A simulation as a Chrome trace: all of it, or what fits within a limit of bytes."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, starmap

from simastra.metrics import node_times
from simastra.report.run_records import Excerpt, RunRecords
from simastra.report.timeline import ChromeEvent, finish_event, named
from simastra.result import Result
from simastra.units import Bytes, MiB, Ns
from simastra.view.bars import Timed

from .bars import mark_events, node_events, phase_events, transmission_events
from .counters import fitting, link_counters, memory_counters
from .event_text import json_line
from .messages import message_arrows
from .timed_nodes import TimedNodes
from .tracks import Tracks

LARGEST_TIMELINE: Bytes = 512 * MiB
"""Before compression; Perfetto's viewer opens as much in a browser."""

_BYTES_OF_NOTES = 2000  # at most, with the brackets around everything
_LEAST_BYTES_OF_A_NODE = 150
_AT_ONCE = 256  # lines: to pass each on by itself takes longer


class TimelineTooLargeError(Exception):
    """All of it doesn't fit within the limit."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One kind of what is shown.

    Attributes:
        what: its name.
        share: what part of the limit it may fill, beside what those before it have left.
        groups: of events that make sense only together, as JSON, the most visible first.
        total: how many groups there would be, if none were left out.
        rule: in a note, which of them are shown, if it is so many.
    """

    what: str
    share: float
    groups: Iterable[str]
    total: int
    rule: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class TimelineDrawing:
    """What is drawn, and of how many bytes.

    Attributes:
        result: of the simulation, or what is known of one that stands still.
        records: what was recorded beside it.
        limit: bytes; some 300 for each NPU are needed for its name and its finish.
        whole: whether it is all or nothing; otherwise what doesn't fit is left out.
    """

    result: Result
    records: RunRecords
    limit: Bytes
    whole: bool

    def pieces(self, notes: list[str]) -> Iterator[str]:
        """The trace as JSON, piece by piece.

        Args:
            notes: what isn't shown is added to these, in words.

        Raises:
            TooLargeError: if it is to be whole, and is too large.
        """
        yield '{"displayTimeUnit":"ns","traceEvents":[\n'
        separator = ""
        for line in self._lines(notes):
            yield separator + line
            separator = ",\n"
        yield "\n]}\n"

    def _lines(self, notes: list[str]) -> Iterator[str]:
        tracks = Tracks(self.records.device_names)
        for npu in range(self.records.npus):
            tracks.process(npu)
        finishes = starmap(finish_event, self.result.cycles.items())
        lines = list(map(json_line, (*tracks.fresh, *finishes)))
        tracks.fresh.clear()
        yield from lines
        room = max(self.limit - _BYTES_OF_NOTES - sum(map(_bytes, lines)), 0)
        left = float(room) if self.whole else 0.0
        for part in self._parts(tracks, room):
            share = 0.0 if self.whole else room * part.share
            kept, left = yield from _fill(part, share + left, tracks)
            if self.whole and left < 0:
                raise TimelineTooLargeError
            left = max(left, 0)
            if kept < part.total:
                notes.append(
                    f"{part.what}: {kept:,} of {part.total:,} are shown, {part.rule(kept)}"
                )
        yield from map(json_line, _noted(notes, _first_free_process(self.records)))

    def _parts(self, tracks: Tracks, room: int) -> Iterator[_Part]:
        records, end = self.records, end_of(self.result, self.records)
        marks = mark_events(records, end, tracks)
        total = sum(it.start <= end for it in records.marks)
        of_marks = 0.05 if records.marks else 0.0
        yield _Part("scenario's events", of_marks, _texts(marks), total, _the_earliest)
        nodes = TimedNodes(self.result, records, end)
        most = len(nodes) if self.whole else int(room * 0.35) // _LEAST_BYTES_OF_A_NODE + 1
        shown = node_events(nodes, most, tracks, records)
        yield _Part("nodes", 0.35 - of_marks, shown, len(nodes), _the_longest)
        phases = phase_events(records, end, tracks)
        yield _of_first("phases", 0.15, phases, records.phases)
        load = records.load if self.whole else fitting(records.load, int(room * 0.15))
        counters = link_counters(load, records.device_names, tracks)
        yield _Part("links' counters", 0.15, _texts(counters), len(load.links), _the_busiest)
        sent = transmission_events(records, tracks)
        yield _of_first("transmissions", 0.15, sent, records.transmissions)
        memory = () if self.result.measures is None else self.result.metrics.memory
        held = memory_counters(memory, tracks)
        yield _Part("memory", 0.05, _texts(held), len(memory), _the_first)
        arrows = message_arrows(records, tracks)
        yield _of_first("messages", 0.15, arrows, records.messages)


def run_timeline(result: Result, records: RunRecords, limit: Bytes = LARGEST_TIMELINE) -> str:
    """Return the trace as JSON: all of it if it fits, otherwise about `limit` bytes of it.

    Args:
        result: of the simulation, or what is known of one that stands still.
        records: what was recorded beside it.
        limit: bytes; some 300 for each NPU are needed for its name and its finish.
    """
    try:
        return "".join(TimelineDrawing(result, records, limit, whole=True).pieces([]))
    except TimelineTooLargeError:
        return "".join(TimelineDrawing(result, records, limit, whole=False).pieces([]))


def end_of(result: Result, records: RunRecords) -> Ns:
    """When the last thing happened, in ns."""
    times = chain(
        (max(node_times(nodes).finished, default=0) for nodes in result.nodes),
        (it.end for it in records.phases.records if it.end is not None),
        (it.end for it in records.messages.records if it.end is not None),
    )
    return max(chain((result.makespan,), times))


def _of_first(
    what: str, share: float, groups: Iterable[list[ChromeEvent]], excerpt: Excerpt[Timed]
) -> _Part:
    def rule(kept: int) -> str:
        listed = excerpt.records
        until = listed[kept].start if kept < len(listed) else excerpt.complete_until
        return f"those that began before {until:,} ns"

    return _Part(what, share, _texts(groups), excerpt.total, rule)


def _texts(groups: Iterable[list[ChromeEvent]]) -> Iterator[str]:
    return (",\n".join(map(json_line, group)) for group in groups)


def _the_earliest(_kept: int) -> str:
    return "the first"


def _the_longest(_kept: int) -> str:
    return "the longest"


def _the_busiest(_kept: int) -> str:
    return "those of the busiest links"


def _the_first(_kept: int) -> str:
    return "that of the first NPUs"


def _fill(part: _Part, room: float, tracks: Tracks) -> Generator[str, None, tuple[int, float]]:
    """The lines of as many groups as there is room for.

    Returns:
        how many that was, and what room is left; less than 0 if some had no room.
    """
    kept = 0
    lines: list[str] = []
    for group in part.groups:
        written = group
        if tracks.fresh:
            written = ",\n".join((*map(json_line, tracks.fresh), group))
        room -= _bytes(written)
        if room < 0:
            break
        lines.append(written)
        if tracks.fresh:
            tracks.fresh.clear()
        kept += 1
        if len(lines) == _AT_ONCE:
            yield ",\n".join(lines)
            lines.clear()
    if lines:
        yield ",\n".join(lines)
    return kept, room


def _first_free_process(records: RunRecords) -> int:
    devices = [device for link in records.load.links for device in (link.src, link.dst)]
    return max((records.npus - 1, *devices)) + 1


def _noted(notes: list[str], process: int) -> Iterator[ChromeEvent]:
    """Notes as processes without anything but a name, behind all others."""
    for number, note in enumerate(notes, process):
        yield named("process_name", number, 0, f"not all is shown: {note}")
        yield {"name": note, "ph": "i", "s": "p", "pid": number, "tid": 0, "ts": 0}


def _bytes(line: str) -> int:
    length = len(line) if line.isascii() else len(line.encode("utf-8", "replace"))
    return length + len(",\n")
