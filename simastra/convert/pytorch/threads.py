"""The host's threads: their operators in order, and when each thread is busy.

An operator that was not linked has no time of its own; it stands at the time of the one before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.units import Ns

from .operators import Operator


@dataclass(frozen=True, slots=True)
class BusySpan:
    """A stretch of a thread's time, and the operator whose doing it is.

    Attributes:
        start: in ns.
        end: in ns, later.
        operator: the operator in which the thread is; in a gap, and in what is left of a caller
            after a call, the one that comes next.
        gap: whether the thread was in no operator.
    """

    start: Ns
    end: Ns
    operator: Operator
    gap: bool


def _start(span: BusySpan) -> Ns:
    return span.start


@dataclass(frozen=True, slots=True)
class HostThread:
    """One thread of the host.

    Attributes:
        tid: its number.
        operators: in the order in which they began; no two at once but callers and called.
        ids: theirs.
        moments: when each began, never earlier than the one before; where the trace has no times
            at all, its id.
        spans: what the thread's time is spent on, in order, without overlap.
        before: for an operator, by id, the span that ends where it begins.
        busy_starts: when the thread is in some operator: the beginnings of the stretches.
        busy_ends: and their ends.
    """

    tid: int
    operators: tuple[Operator, ...]
    ids: frozenset[int]
    moments: tuple[Ns, ...]
    spans: tuple[BusySpan, ...]
    before: dict[int, BusySpan]
    busy_starts: tuple[Ns, ...]
    busy_ends: tuple[Ns, ...]

    def has(self, operator: Operator) -> bool:
        """Whether an operator is one of this thread's."""
        return operator.id in self.ids

    def last_before(self, moment: Ns) -> Operator | None:
        """The last operator that began before a moment; None if none did."""
        position = bisect_left(self.moments, moment)
        return self.operators[position - 1] if position else None

    def moment_before(self, moment: Ns) -> Ns:
        """When the operator of `last_before` began; -1 if there is none."""
        position = bisect_left(self.moments, moment)
        return self.moments[position - 1] if position else -1

    def first_from(self, moment: Ns) -> Operator | None:
        """The first operator that began at a moment or later; None if none did."""
        position = bisect_left(self.moments, moment)
        return self.operators[position] if position < len(self.operators) else None

    def first_after(self, operator: Operator) -> Operator | None:
        """The first operator that began when another one of this thread had ended.

        Where the trace has no times, the next one that it doesn't call.
        """
        if self.spans:
            return self.first_from(operator.end or 0)
        called = {operator.id}
        for later in self.operators[bisect_right(self.moments, operator.id) :]:
            if later.parent not in called:
                return later
            called.add(later.id)
        return None

    def stretches_within(self, start: Ns, end: Ns) -> Iterator[tuple[Ns, Ns]]:
        """The stretches of time, within one, in which the thread was in some operator."""
        for position in range(bisect_right(self.busy_ends, start), len(self.busy_starts)):
            if self.busy_starts[position] >= end:
                break
            yield max(start, self.busy_starts[position]), min(end, self.busy_ends[position])

    def busy_within(self, start: Ns, end: Ns) -> Ns:
        """How long the thread was in operators within a stretch of time.

        One operator that began before and goes on after it doesn't count: a thread in it may
        itself be the one that waits.
        """
        position = bisect_right(self.spans, start, key=_start)
        if position and not self.spans[position - 1].gap and self.spans[position - 1].end >= end:
            return 0
        return sum(until - since for since, until in self.stretches_within(start, end))


def host_threads(operators: Iterable[Operator]) -> tuple[HostThread, ...]:
    """Sort operators of the host, given in order of id, into threads, in order of their numbers."""
    by_tid: dict[int, list[Operator]] = {}
    timed = False
    for operator in operators:
        by_tid.setdefault(operator.tid, []).append(operator)
        timed = timed or operator.start is not None
    return tuple(_thread(tid, by_tid[tid], timed=timed) for tid in sorted(by_tid))


def _thread(tid: int, operators: Sequence[Operator], *, timed: bool) -> HostThread:
    ids = tuple(op.id for op in operators)
    if not timed:
        return HostThread(tid, tuple(operators), frozenset(ids), ids, (), {}, (), ())
    first = next((op.start for op in operators if op.start is not None), 0)
    now = first
    placed: list[tuple[Ns, Operator]] = []
    for operator in operators:
        now = now if operator.start is None else operator.start
        placed.append((now, operator))
    # Ids follow time within a thread, as a rule; where two disagree, time counts.
    placed.sort(key=lambda pair: pair[0])
    told = _Spans(operator for _, operator in placed)
    starts, ends = _merged(told.spans)
    return HostThread(
        tid,
        tuple(operator for _, operator in placed),
        frozenset(ids),
        tuple(moment for moment, _ in placed),
        tuple(told.spans),
        told.before,
        starts,
        ends,
    )


class _Spans:
    """Goes through a thread's operators in order and tells what its time is spent on."""

    def __init__(self, operators: Iterable[Operator]) -> None:
        self.spans: list[BusySpan] = []
        self.before: dict[int, BusySpan] = {}
        self._callers: list[tuple[Ns, Operator]] = []  # with their ends; the innermost last
        self._pending: list[tuple[Ns, Ns, bool]] = []  # stretches that are the next operator's
        self._cursor: Ns | None = None
        self._fresh: Operator | None = None  # began last, and has called nothing that ended
        last: Operator | None = None
        for operator in operators:
            if operator.start is not None and operator.end is not None:
                self._begin(operator, operator.start, operator.end)
                last = operator
        self._return_until(None)
        if last is not None:
            self._give_pending(last)

    def _begin(self, operator: Operator, start: Ns, end: Ns) -> None:
        self._return_until(start)
        self._advance(start, gap=not self._callers)
        count = len(self.spans)
        self._give_pending(operator)
        if len(self.spans) > count:
            self.before[operator.id] = self.spans[-1]
        self._callers.append((end, operator))
        self._cursor, self._fresh = start, operator

    def _return_until(self, moment: Ns | None) -> None:
        """Go through the ends of operators up to a moment; of all, if it is None."""
        while self._callers and (moment is None or self._callers[-1][0] <= moment):
            self._advance(self._callers.pop()[0], gap=False)
            self._fresh = None

    def _advance(self, to: Ns, *, gap: bool) -> None:
        if self._cursor is None or to <= self._cursor:
            return
        if self._fresh is not None:
            self.spans.append(BusySpan(self._cursor, to, self._fresh, gap=False))
        else:
            self._pending.append((self._cursor, to, gap))
        self._cursor = to

    def _give_pending(self, operator: Operator) -> None:
        self.spans += [BusySpan(start, end, operator, gap) for start, end, gap in self._pending]
        self._pending.clear()


def _merged(spans: Iterable[BusySpan]) -> tuple[tuple[Ns, ...], tuple[Ns, ...]]:
    starts: list[Ns] = []
    ends: list[Ns] = []
    for span in spans:
        if span.gap:
            continue
        if ends and span.start <= ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        else:
            starts.append(span.start)
            ends.append(span.end)
    return tuple(starts), tuple(ends)
