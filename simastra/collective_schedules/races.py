"""Reads and writes of the same chunk of which either may come first.

Where none are, every order that the dependencies allow computes the same, so that one stands for
all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .claims import Cell, Claim
from .order import Order, PlacedStep, StepIndex
from .schedule import Buffer, ChunkRange, Schedule

MOST_STEPS = 60_000
"""Steps of a schedule of which every order is looked at: that takes their square, in bits."""


@dataclass(frozen=True, slots=True)
class Race:
    """Two steps that use a chunk, at least one of which writes it, in no order.

    Attributes:
        first: one of the steps.
        second: the other; None for the end of the rank's part, after which its memory is no longer
            the schedule's.
        span: the chunk, as the first one calls it.
        writes: whether the first one writes it.
    """

    first: StepIndex
    second: StepIndex | None
    span: ChunkRange
    writes: bool


@dataclass(slots=True)
class _Uses:
    """Of a chunk, so far: what may be in no order with the next use."""

    writes: list[tuple[StepIndex, ChunkRange]] = field(default_factory=list)
    reads: list[tuple[StepIndex, ChunkRange]] = field(default_factory=list)

    def unordered(
        self, earlier: int, *, writes_only: bool = False
    ) -> Iterator[tuple[StepIndex, ChunkRange, bool]]:
        """Those that aren't among the steps that are surely earlier, and whether they write."""
        for is_write, uses in ((True, self.writes), (False, self.reads)):
            if is_write or not writes_only:
                for index, span in uses:
                    if not earlier >> index & 1:
                        yield index, span, is_write


def races(schedule: Schedule, claim: Claim, order: Order) -> list[Race]:
    """Return the races, one a chunk at the most, in the order of the steps."""
    found: dict[Cell, Race] = {}
    uses: defaultdict[Cell, _Uses] = defaultdict(_Uses)
    ends = _Ends(schedule, order)
    for index, past in _pasts(order):
        step = order.steps[index].step
        earlier = past | 1 << index  # a step may write what it has read
        for span, cell in _cells(claim, step.sources):
            _note(found, cell, uses[cell].unordered(earlier, writes_only=True), index)
            uses[cell].reads.append((index, span))
        for span, cell in _cells(claim, step.targets):
            _note(found, cell, uses[cell].unordered(earlier), index)
            uses[cell] = _Uses([(index, span)])
        ends.passed(index, earlier)
    for cell, used in uses.items():
        if cell.buffer is not Buffer.SCRATCH:
            _note(found, cell, used.unordered(ends.before(cell.rank)), None)
    return sorted(found.values(), key=lambda race: race.first)


def _note(
    found: dict[Cell, Race],
    cell: Cell,
    unordered: Iterator[tuple[StepIndex, ChunkRange, bool]],
    second: StepIndex | None,
) -> None:
    for first, span, writes in unordered:
        found.setdefault(cell, Race(first, second, span, writes))


def _cells(claim: Claim, spans: Iterable[ChunkRange]) -> Iterator[tuple[ChunkRange, Cell]]:
    for span in spans:
        for offset in range(span.length):
            one = ChunkRange(span.rank, span.buffer, span.start + offset, 1)
            yield one, claim.cell(span, offset)


def _pasts(order: Order) -> Iterator[tuple[StepIndex, int]]:
    """Each step that can be carried out, with all that come before it, as bits."""
    followers = [0] * len(order.steps)
    for placed in order.steps:
        for before in placed.all_before:
            followers[before] += 1
    pasts: dict[StepIndex, int] = {}
    for index in order.sequence:
        past = 0
        for before in order.steps[index].all_before:
            past |= pasts[before] | 1 << before
            followers[before] -= 1
            if not followers[before]:
                del pasts[before]  # nobody asks for it again
        if followers[index]:
            pasts[index] = past
        yield index, past


class _Ends:
    """What comes before the end of each rank: all before the last steps of its thread blocks."""

    def __init__(self, schedule: Schedule, order: Order) -> None:
        self._steps: list[PlacedStep] = order.steps
        self._last = self._last_steps(order)
        self._before = [0] * schedule.ranks

    def passed(self, index: StepIndex, earlier: int) -> None:
        if index in self._last:
            self._before[self._steps[index].rank] |= earlier

    def before(self, rank: int) -> int:
        return self._before[rank]

    @staticmethod
    def _last_steps(order: Order) -> set[StepIndex]:
        by_block = {placed.block: index for index, placed in enumerate(order.steps)}
        return set(by_block.values())
