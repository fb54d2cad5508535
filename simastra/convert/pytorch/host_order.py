"""Dependencies between operators of the host: within a thread, and from thread to thread."""

from collections.abc import Sequence
from itertools import pairwise

from simastra.units import Ns

from .edges import EdgeReason, Edges
from .host_time import HostWait
from .operators import THREAD_ROOTS, Operator
from .threads import BusySpan, HostThread

_SHORTEST_WAIT: Ns = 100_000
"""A thread that is idle, or in one operator, for less isn't said to wait for another thread."""


def order_host(threads: Sequence[HostThread], edges: Edges) -> list[HostWait]:
    """Order the host's operators; return when threads waited for each other.

    Within a thread, each operator follows the one that began before it. A thread that has done
    nothing for a while depends on what another thread began last; so does one that stayed in one
    operator, as ``backward`` does, while others worked for most of the time.
    """
    waits: list[HostWait] = []
    for thread in threads:
        for earlier, later in pairwise(thread.operators):
            edges.add(later.id, earlier.id, EdgeReason.THREAD)
    for thread in threads:
        others = [other for other in threads if other is not thread]
        if not others or not thread.operators:
            continue
        if thread.spans:
            waits += _order_timed(thread, others, edges)
        else:
            _order_untimed(thread, others, edges)
    return waits


def _order_timed(thread: HostThread, others: Sequence[HostThread], edges: Edges) -> list[HostWait]:
    waits: list[HostWait] = []
    first = thread.spans[0]
    _after_latest(first.operator, first.start, others, edges)
    following = _following(thread)
    for span in thread.spans:
        if span.end - span.start < _SHORTEST_WAIT:
            continue
        busy = [other.busy_within(span.start, span.end) for other in others]
        if 2 * sum(busy) >= span.end - span.start:
            waits += _waited(thread, span, others, busy)
            target = span.operator if _precedes(span) else following.get(span.operator.id)
            if target is not None:
                for other, time in zip(others, busy, strict=True):
                    last = other.last_before(span.end) if time else None
                    if last is not None:
                        edges.add(target.id, last.id, EdgeReason.THREADS)
        elif span.gap:
            _after_latest(span.operator, span.end, others, edges)
    return waits


def _precedes(span: BusySpan) -> bool:
    """Whether the span ends where its operator begins."""
    return span.operator.start is not None and span.end <= span.operator.start


def _following(thread: HostThread) -> dict[int, Operator]:
    """For each operator, the next one of the thread."""
    return {earlier.id: later for earlier, later in pairwise(thread.operators)}


def _waited(
    thread: HostThread, span: BusySpan, others: Sequence[HostThread], busy: Sequence[Ns]
) -> list[HostWait]:
    """The stretch from the others' first work in the span to their last."""
    from_others = [
        stretch
        for other, time in zip(others, busy, strict=True)
        if time
        for stretch in other.stretches_within(span.start, span.end)
    ]
    if not from_others:
        return []
    return [
        HostWait(
            thread.tid, min(start for start, _ in from_others), max(end for _, end in from_others)
        )
    ]


def _after_latest(
    operator: Operator, moment: Ns, others: Sequence[HostThread], edges: Edges
) -> None:
    candidates = [
        (other.moment_before(moment), last.id)
        for other in others
        if (last := other.last_before(moment)) is not None
    ]
    if candidates:
        edges.add(operator.id, max(candidates)[1], EdgeReason.THREADS)


def _order_untimed(thread: HostThread, others: Sequence[HostThread], edges: Edges) -> None:
    """Without times, each operator that nothing called waits for what other threads did before."""
    own = {operator.id for operator in thread.operators if operator.name not in THREAD_ROOTS}
    seen: dict[int, int] = {}
    for operator in thread.operators:
        if operator.parent in own:
            continue
        for other in others:
            last = other.last_before(operator.id)
            if last is not None and seen.get(other.tid) != last.id:
                seen[other.tid] = last.id
                edges.add(operator.id, last.id, EdgeReason.THREADS)
