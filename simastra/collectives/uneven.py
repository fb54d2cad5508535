"""An algorithm that runs one chunk of an uneven collective along one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from simastra.promises import states
from simastra.trace import CollectiveType
from simastra.units import Bytes

from .algorithm import Algorithm, MessageSizes, RingSymmetry, UnevenRunner
from .holdings import Holdings
from .machine import PhaseMachine
from .members import LogicalRing
from .part_sizes import BlockSizes, LineSizes, PartSizes
from .plan import LogicalDimension


@final
@dataclass(frozen=True, slots=True)
class UnevenAlgorithm(Algorithm):
    """Another algorithm, with parts of their own sizes in place of equal ones.

    Attributes:
        base: the other one.
        line: the sizes.
        chunk: which chunk of the collective.
        chunks: how many there are; the bytes of each part are spread over them.
    """

    base: UnevenRunner
    line: LineSizes
    chunk: int
    chunks: int

    symmetry = RingSymmetry.IDENTITY  # each position has sizes of its own
    sends_evenly = False

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """The other one's for those sizes, whatever `size` is."""
        return self.base.uneven_machine(collective, self._sizes(ring), ring, turn)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """What the other one has, or that it needs equal parts."""
        return self.base.problem(collective, npus) or uneven_problem(self.base, collective)

    @property
    def name(self) -> str:
        """As of the other one."""
        return self.base.name

    @property
    def alternates(self) -> bool:
        """As of the other one."""
        return not states(self.base, "alternates") or self.base.alternates

    @property
    def period(self) -> int | None:
        """As of the other one."""
        return self.base.period if states(self.base, "period") else None

    @property
    def has_scores(self) -> bool:
        """As of the other one, where every part has bytes: one that has none comes at once, and so
        shifts which packet belongs to which message."""
        return (
            states(self.base, "has_scores")
            and self.base.has_scores
            and self.line.least >= self.chunks
        )

    def runs_as(self, collective: CollectiveType) -> CollectiveType:
        """As of the other one."""
        return self.base.runs_as(collective)

    def holdings(self, collective: CollectiveType, ring: LogicalRing) -> Holdings:
        """As of the other one."""
        return self.base.holdings(collective, ring)

    def result_size(self, collective: CollectiveType, size: Bytes, npus: int) -> Bytes:
        """As of the other one: of parts that are as large as these are on average."""
        return self.base.result_size(collective, size, npus)

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """From the smallest part that there is, to all that a member has."""
        sizes = self._sizes(LogicalRing(range(npus), 0))
        each = list(map(sizes, range(npus * len(self.line.rows))))
        most = max(sum(each[first : first + npus]) for first in range(0, len(each), npus))
        return MessageSizes(min(filter(None, each), default=0), most)

    def _sizes(self, ring: LogicalRing) -> BlockSizes:
        return BlockSizes(self.line, ring, self.chunk, self.chunks)


def uneven_problem(algorithm: Algorithm, collective: CollectiveType) -> str | None:
    """Why an algorithm can't run a collective whose parts differ in size, or None if it can."""
    if states(algorithm, "runs_uneven") and algorithm.runs_uneven:
        return None
    name = algorithm.name[:1].lower() + algorithm.name[1:]
    return (
        f"{name} can't run an uneven {collective.name}, as the trace has one "
        "(comm_sizes); use direct, pairwise or ring"
    )


def uneven_dimensions(
    dimensions: Sequence[LogicalDimension],
    active: Sequence[int],
    parts: PartSizes,
    chunk: int,
    chunks: int,
) -> tuple[LogicalDimension, ...]:
    """The logical topology of one chunk of an uneven collective, as one of its members sees it.

    Args:
        dimensions: that of the plain collective.
        active: indices of the dimensions that take part, ascending.
        parts: the sizes of its parts.
        chunk: which chunk.
        chunks: how many there are.
    """
    rings = [dimensions[index].ring for index in active]
    lengths = [len(ring) for ring in rings]
    position = 0
    for ring in reversed(rings):
        position = position * len(ring) + ring.position
    made = list(dimensions)
    for place, index in enumerate(active):
        line = parts.along(lengths, place, position)
        base = dimensions[index].algorithm
        assert isinstance(base, UnevenRunner)  # `uneven_problem` has refused others
        algorithm = UnevenAlgorithm(base, line, chunk, chunks)
        made[index] = replace(dimensions[index], algorithm=algorithm)
    return tuple(made)
