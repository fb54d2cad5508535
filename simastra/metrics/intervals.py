"""Sets of simulated time as half-open intervals of whole ns: union, length, and the set algebra.

A *span set* is what `union` returns: intervals in ascending order, none empty, none touching the
next, so that equal sets of ns are equal tuples. The other functions take intervals in any order,
overlapping or empty, and return span sets.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import le
from typing import NamedTuple, TypeAlias

from simastra.units import Ns


class Interval(NamedTuple):
    """The ns from `start` up to, not including, `end`; empty unless `end` is larger."""

    start: Ns
    end: Ns


Span: TypeAlias = tuple[Ns, Ns]
"""An interval, or its two ends where there are a million of them."""


def union(intervals: Iterable[Span]) -> tuple[Interval, ...]:
    """All ns that lie in any of the intervals.

    >>> union([Interval(3, 5), Interval(0, 3), Interval(8, 9), Interval(7, 7)])
    (Interval(start=0, end=5), Interval(start=8, end=9))
    """
    return tuple(_merged(intervals))


def union_of(starts: Sequence[Ns], ends: Sequence[Ns]) -> tuple[Interval, ...]:
    """The same of the intervals between each start and the end beside it, of which many touch.

    It makes no object of each where the ends ascend, as those of an NPU's nodes do that finish.

    >>> union_of([0, 2, 4], [3, 4, 4])
    (Interval(start=0, end=4),)
    """
    if all(map(le, ends, islice(ends, 1, None))):
        return tuple(_merged_from_last(starts, ends))[::-1]
    return union(zip(starts, ends, strict=True))


def length(intervals: Iterable[Span]) -> Ns:
    """How many ns lie in the intervals; what lies in several counts once.

    >>> length([Interval(0, 10), Interval(5, 12)])
    12
    """
    return sum(end - start for start, end in _merged(intervals))


def intersection(first: Iterable[Span], second: Iterable[Span]) -> tuple[Interval, ...]:
    """All ns that lie both in the intervals of `first` and in those of `second`.

    >>> intersection([Interval(0, 10)], [Interval(8, 12), Interval(2, 3)])
    (Interval(start=2, end=3), Interval(start=8, end=10))
    """
    ours, theirs = union(first), union(second)
    common = []
    mine = other = 0
    while mine < len(ours) and other < len(theirs):
        start = max(ours[mine].start, theirs[other].start)
        end = min(ours[mine].end, theirs[other].end)
        if start < end:
            common.append(Interval(start, end))
        # Whatever ends first meets nothing further on the other side.
        if ours[mine].end <= theirs[other].end:
            mine += 1
        else:
            other += 1
    return tuple(common)


def difference(first: Iterable[Span], second: Iterable[Span]) -> tuple[Interval, ...]:
    """All ns that lie in the intervals of `first` and not in those of `second`.

    >>> difference([Interval(0, 10)], [Interval(8, 12), Interval(2, 3)])
    (Interval(start=0, end=2), Interval(start=3, end=8))
    """
    ours = union(first)
    if not ours:
        return ()
    return intersection(ours, _gaps(union(second), Interval(ours[0].start, ours[-1].end)))


def _merged(intervals: Iterable[Span]) -> Iterator[Interval]:
    begin = until = None
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if begin is None or until is None:
            begin, until = start, end
        elif start > until:
            yield Interval(begin, until)
            begin, until = start, end
        elif end > until:
            until = end
    if begin is not None and until is not None:
        yield Interval(begin, until)


def _merged_from_last(starts: Sequence[Ns], ends: Sequence[Ns]) -> Iterator[Interval]:
    """The merged intervals, the last one first; the ends ascend."""
    begin = until = None
    for start, end in zip(reversed(starts), reversed(ends), strict=True):
        if end <= start:
            continue
        if begin is None or until is None:
            begin, until = start, end
        elif end < begin:
            yield Interval(begin, until)
            begin, until = start, end
        elif start < begin:
            begin = start
    if begin is not None and until is not None:
        yield Interval(begin, until)


def _gaps(spans: tuple[Interval, ...], within: Interval) -> Iterator[Interval]:
    """What lies between the spans and at both ends, `within` these bounds; some may be empty."""
    start = within.start
    for span in spans:
        yield Interval(start, span.start)
        start = span.end
    yield Interval(start, within.end)
