"""Who did what when: bars, and rows of bars in which none overlaps another.

A page's timeline, matplotlib's, Perfetto's and the one that a terminal draws with letters all begin
with these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import groupby
from typing import Protocol, TypeVar

_EMPTY = "."


class Timed(Protocol):
    """What has a start, and an end unless it never ended."""

    @property
    def start(self) -> int:
        """When it began, in ns."""

    @property
    def end(self) -> int | None:
        """When it was over."""


_Timed = TypeVar("_Timed", bound=Timed)


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that took an NPU's time.

    Attributes:
        npu: the NPU.
        id: of the ET node; of a chunk, the number of its stream.
        name: of the node, in words.
        kind: what it is; the name of its row.
        start: when it began, in ns.
        end: when it was over; None if it never was.
    """

    npu: int
    id: int
    name: str
    kind: str
    start: int
    end: int | None

    def until(self, end: int) -> int:
        """When it was over, if what never was lasts to `end`."""
        return end if self.end is None else self.end


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of one kind that don't overlap.

    Attributes:
        npu: their NPU.
        kind: their kind.
        number: of several rows of that kind, from 0.
        bars: in order of their start.
    """

    npu: int
    kind: str
    number: int
    bars: tuple[Bar, ...]

    @property
    def name(self) -> str:
        """The kind; of further rows, with the row's number behind it."""
        return f"{self.kind} {self.number + 1}" if self.number else self.kind


def rows_of(bars: Iterable[Bar], end: int) -> list[Row]:
    """Lay bars out in rows, by NPU and kind: as few as keep them from overlapping.

    Args:
        bars: in any order.
        end: when those end that never did.
    """
    ordered = sorted(bars, key=lambda it: (it.npu, it.kind, it.start, it.id))
    return [
        Row(npu, kind, number, tuple(lane))
        for (npu, kind), group in groupby(ordered, key=lambda it: (it.npu, it.kind))
        for number, lane in enumerate(spread(group, end))
    ]


def spread(bars: Iterable[_Timed], end: int) -> list[list[_Timed]]:
    """Spread what takes time, ascending in start, over as few lanes as keep it from overlapping.

    Args:
        bars: in that order.
        end: when those end that never did.
    """
    lanes: list[list[_Timed]] = []
    free = Lanes()
    for bar in bars:
        lane = free.take(bar.start, end if bar.end is None else bar.end)
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(bar)
    return lanes


class Lanes:
    """Lanes for what takes time, ascending in start: each goes to the first one that is free."""

    def __init__(self) -> None:
        self._count = 0
        self._free: list[int] = []  # a heap
        self._taken: list[tuple[int, int]] = []  # likewise, of ends and lanes
        self._latest = -1  # the last of these ends

    def take(self, start: int, end: int) -> int:
        """The number of the lane that is taken from `start` to `end`, from 0."""
        if start >= self._latest:  # all are free, as they are again and again
            self._count, self._free, self._taken, self._latest = 1, [], [(end, 0)], end
            return 0
        while self._taken and self._taken[0][0] <= start:
            heappush(self._free, heappop(self._taken)[1])
        if self._free:
            lane = heappop(self._free)
        else:
            lane = self._count
            self._count += 1
        heappush(self._taken, (end, lane))
        self._latest = max(self._latest, end)
        return lane


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """What part of the simulated time is drawn, in ns, and on how many columns."""

    start: int
    end: int
    columns: int

    @property
    def span(self) -> int:
        """How long it is, at least 1 ns."""
        return max(1, self.end - self.start)

    def cells(self, start: int, end: int) -> range:
        """The columns that an interval touches: one at least, if it touches the window at all."""
        if end < self.start or start > self.end:
            return range(0)
        first = max(0, (start - self.start) * self.columns // self.span)
        last = min(self.columns, -((self.start - end) * self.columns // self.span))
        first = min(first, self.columns - 1)
        return range(first, max(last, first + 1))


def letters(bars: Sequence[Bar], fill: str, window: TimeWindow, now: int) -> str:
    """Draw bars on one line, made of the letter `fill`; each begins with its id.

    Args:
        bars: whatever overlaps, the later ones above.
        fill: what they consist of.
        window: what part of the time.
        now: until when those last that aren't over.
    """
    cells = [_EMPTY] * window.columns
    for bar in sorted(bars, key=lambda it: it.start):
        touched = window.cells(bar.start, bar.until(now))
        name = str(bar.id)
        for place, cell in enumerate(touched):
            fits = len(name) < len(touched)
            cells[cell] = name[place] if fits and place < len(name) else fill
    return "".join(cells)
