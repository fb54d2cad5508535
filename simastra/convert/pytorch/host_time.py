"""How long each operator of the host takes when the host does one thing at a time.

ASTRA-sim's NPU has one CPU that runs one node at a time (behaviour 2.2), and a recording has
several threads, most of which wait for each other. So time counts once: where several threads are
in an operator, for the one that began last (the others wait for it, as ``backward`` waits for the
autograd thread, or share the CPU with it); where none is, for the operator that comes next (Python
between operators). Waits for the device or for communication don't count at all: dependencies
stand in their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.units import Ns

from .threads import BusySpan, HostThread


@dataclass(frozen=True, slots=True)
class HostWait:
    """A stretch of a thread's time in which it waited.

    Attributes:
        tid: the thread.
        start: in ns.
        end: in ns.
    """

    tid: int
    start: Ns
    end: Ns


def host_durations(threads: Sequence[HostThread], waits: Sequence[HostWait]) -> dict[int, Ns]:
    """Return the time of each operator that has any, by id.

    Args:
        threads: the host's.
        waits: in any order; they may overlap.
    """
    by_thread: dict[int, list[tuple[Ns, Ns]]] = {}
    for wait in waits:
        if wait.end > wait.start:
            by_thread.setdefault(wait.tid, []).append((wait.start, wait.end))
    merged = {tid: _merged(stretches) for tid, stretches in by_thread.items()}
    events: list[tuple[Ns, int, int, BusySpan | None]] = []
    for number, thread in enumerate(threads):
        for span in _without(thread.spans, merged.get(thread.tid, [])):
            events.append((span.start, 1, number, span))
            events.append((span.end, 0, number, None))
    events.sort(key=lambda event: event[:3])
    return _swept(events)


def _swept(events: Sequence[tuple[Ns, int, int, BusySpan | None]]) -> dict[int, Ns]:
    durations: dict[int, Ns] = {}
    running: dict[int, BusySpan] = {}  # by thread
    previous = 0
    for moment, _, thread, span in events:
        if running and moment > previous:
            # A gap ranks below any operator, and of gaps the one that ends first is the host's.
            chosen = max(running.values(), key=_rank)
            key = chosen.operator.id
            durations[key] = durations.get(key, 0) + moment - previous
        previous = moment
        if span is None:
            running.pop(thread, None)
        else:
            running[thread] = span
    return durations


def _rank(span: BusySpan) -> tuple[bool, Ns]:
    return (False, -span.end) if span.gap else (True, span.start)


def _merged(stretches: list[tuple[Ns, Ns]]) -> list[tuple[Ns, Ns]]:
    merged: list[tuple[Ns, Ns]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(spans: Sequence[BusySpan], waits: Sequence[tuple[Ns, Ns]]) -> list[BusySpan]:
    """Cut the waits, which are in order and apart, out of a thread's spans."""
    kept: list[BusySpan] = []
    first = 0
    for span in spans:
        while first < len(waits) and waits[first][1] <= span.start:
            first += 1
        start = span.start
        position = first
        while position < len(waits) and waits[position][0] < span.end:
            if waits[position][0] > start:
                kept.append(BusySpan(start, waits[position][0], span.operator, span.gap))
            start = max(start, waits[position][1])
            position += 1
        if start < span.end:
            kept.append(BusySpan(start, span.end, span.operator, span.gap))
    return kept
