"""Of which sizes the parts of an uneven collective are: all-to-allv, all-gatherv, reduce-scatterv.

What MPI calls counts (MPI 4.1, 6.6 to 6.10): of an all-to-all how much each member has for each, of
an all-gather how much each puts in, of a reduce-scatter how much of the sum each gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

from simastra.units import Bytes

from .holdings import Block
from .members import LogicalRing

Rows: TypeAlias = tuple[tuple[Bytes, ...], ...]
"""Sizes as of `PartSizes`."""


@dataclass(frozen=True, slots=True, eq=False)
class PartSizes:
    """The sizes of all parts of one collective: one object for all of its members.

    Attributes:
        rows: of an all-to-all, what each member has for each, by their positions; of the others,
            one row: a size for each member.
    """

    rows: Rows
    _lines: dict[tuple[int, ...], LineSizes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def npus(self) -> int:
        """Number of members."""
        return len(self.rows[0])

    def sent(self, position: int) -> Bytes:
        """What a member of an all-to-all has for others."""
        row = self.rows[position]
        return sum(row) - row[position]

    def received(self, position: int) -> Bytes:
        """What others have for a member of an all-to-all."""
        return sum(row[position] for row in self.rows) - self.rows[position][position]

    @property
    def loads(self) -> Sequence[Bytes]:
        """By position, how much a member has for all or from all, or of a single row its part."""
        if len(self.rows) == 1:
            return self.rows[0]
        return [
            max(sum(row), sum(column))
            for row, column in zip(self.rows, zip(*self.rows, strict=True), strict=True)
        ]

    @property
    def most_loaded(self) -> tuple[int, Bytes]:
        """The position of the member that has most, and how much."""
        loads = self.loads
        most = max(loads)
        return loads.index(most), most

    @property
    def imbalance(self) -> float:
        """How much more the most loaded member has than the mean: 1 or more."""
        return max(self.loads) * self.npus / sum(map(sum, self.rows))

    def along(self, lengths: Sequence[int], dimension: int, position: int) -> LineSizes:
        """The sizes of what a member's line exchanges in the phase along a dimension.

        An all-to-all and a reduce-scatter go up the dimensions, an all-gather down.

        Args:
            lengths: members along each dimension that takes part, innermost first; members are
                numbered in that order.
            dimension: index in `lengths`.
            position: of the member.
        """
        below = prod(lengths[:dimension])
        beyond = below * lengths[dimension]
        key = (*lengths, dimension, position % below, position // beyond)
        known = self._lines.get(key)
        if known is None:
            line = _Line(below, lengths[dimension], self.npus, position % below, position // beyond)
            known = self._lines[key] = LineSizes(line.sizes(self.rows))
        return known


@dataclass(frozen=True, slots=True, eq=False)
class LineSizes:
    """The sizes of the parts along one line, in order of coordinates.

    Attributes:
        rows: as of `PartSizes`.
    """

    rows: Rows

    @property
    def least(self) -> Bytes:
        """The smallest part that is sent."""
        if len(self.rows) == 1:
            return min(self.rows[0])
        return min(
            size
            for origin, row in enumerate(self.rows)
            for target, size in enumerate(row)
            if origin != target
        )

    def divides_into(self, chunks: int) -> bool:
        """Whether so many chunks are all alike."""
        return not any(size % chunks for row in self.rows for size in row)


@dataclass(frozen=True, slots=True)
class BlockSizes:
    """The sizes of the blocks of one chunk of a phase.

    Attributes:
        line: of all chunks together.
        ring: the line's members, in the direction of the phase.
        chunk: which chunk.
        chunks: how many there are.
    """

    line: LineSizes
    ring: LogicalRing
    chunk: int
    chunks: int

    def __call__(self, block: Block) -> Bytes:
        """Bytes of a block, by number as in `PhaseMachine.blocks`."""
        origin, target = divmod(block, len(self.ring)) if len(self.line.rows) > 1 else (0, block)
        if not self.ring.clockwise:
            last = len(self.ring) - 1
            origin, target = last - origin if len(self.line.rows) > 1 else 0, last - target
        size = self.line.rows[origin][target]
        return size * (self.chunk + 1) // self.chunks - size * self.chunk // self.chunks

    def of(self, blocks: Sequence[Block]) -> Bytes:
        """Bytes of some together."""
        return sum(map(self, blocks))


@dataclass(frozen=True, slots=True)
class _Line:
    """Members that differ along one dimension alone.

    Attributes:
        below: how many there are along all lower dimensions.
        length: how many it has.
        npus: members in all.
        low: its members' place among those of the lower dimensions.
        high: likewise of the higher ones.
    """

    below: int
    length: int
    npus: int
    low: int
    high: int

    def sizes(self, rows: Rows) -> Rows:
        """What each of the line has for each, or puts in or gets."""
        if len(rows) == 1:
            return (tuple(sum(rows[0][it] for it in self._beyond(at)) for at in self._places),)
        return tuple(
            tuple(
                sum(rows[origin][it] for origin in self._before(at) for it in self._beyond(to))
                for to in self._places
            )
            for at in self._places
        )

    @property
    def _places(self) -> range:
        return range(self.length)

    def _beyond(self, place: int) -> range:
        """Those who are reached by way of one of the line, by the dimensions still to come."""
        return range(self.low + self.below * place, self.npus, self.below * self.length)

    def _before(self, place: int) -> range:
        """Those whose data have come to one of the line, by the dimensions before."""
        first = self.below * (place + self.length * self.high)
        return range(first, first + self.below)
