"""Bidirectional ring: every block goes both ways round, half of the ring each.

Jain and Sabharwal, "Optimal bucket algorithms for large MPI collectives on torus interconnects",
2010, where links carry both directions at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.kinds import FOUR_COLLECTIVES
from simastra.collectives.steps import LazyBlocks, Step, Transfer
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType


@final
@dataclass(frozen=True, slots=True)
class BidirectionalRing(StepwiseAlgorithm):
    """Half as many steps as a ring, with a message to either neighbour in each."""

    symmetry = RingSymmetry.SHIFTS
    alternates = False
    has_scores = True
    runs_uneven = True
    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the four collectives among any number."""
        if collective in FOUR_COLLECTIVES:
            return None
        return f"bidirectionalRing can't run {collective.name}"

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """A message each way, as far as somebody there lacks it."""
        way = partial(_Way, npus, position)
        ways = (way(1, npus // 2), way(-1, (npus - 1) // 2))
        if collective is CollectiveType.ALL_TO_ALL:
            yield from _steps(ways, _Way.to_others)
            return
        if collective is not CollectiveType.ALL_GATHER:
            yield from _steps(ways, _Way.partial_sum, reduces=True)
        if collective is not CollectiveType.REDUCE_SCATTER:
            yield from _steps(ways, _Way.gathered)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way round the ring from a member.

    Attributes:
        npus: members.
        position: of the member.
        sign: 1 towards higher positions, -1 towards lower ones.
        reach: how many members further on data go this way.
    """

    npus: int
    position: int
    sign: int
    reach: int

    @property
    def from_before(self) -> "_Way":
        """The same way from the member that sends to this one."""
        return replace(self, position=(self.position - self.sign) % self.npus)

    def partial_sum(self, step: int) -> Sequence[int]:
        """The block that is still to go `reach - step` members on, to its owner."""
        return ((self.position + self.sign * (self.reach - step)) % self.npus,)

    def gathered(self, step: int) -> Sequence[int]:
        """The block that has come `step` members on."""
        return ((self.position - self.sign * step) % self.npus,)

    def to_others(self, step: int) -> Sequence[int]:
        """What the member `step` before has for members further on."""

        def blocks() -> Iterator[int]:
            origin = (self.position - self.sign * step) % self.npus
            for distance in range(step + 1, self.reach + 1):
                yield origin * self.npus + (origin + self.sign * distance) % self.npus

        return LazyBlocks(self.reach - step, blocks)


def _steps(
    ways: Sequence[_Way], blocks: Callable[[_Way, int], Sequence[int]], *, reduces: bool = False
) -> Iterator[Step]:
    """A step for each member that the further of the ways reaches."""
    for step in range(max(way.reach for way in ways)):
        under_way = [way for way in ways if step < way.reach]
        yield Step(
            tuple(Transfer(it.position + it.sign, blocks(it, step)) for it in under_way),
            tuple(
                Transfer(it.position - it.sign, blocks(it.from_before, step)) for it in under_way
            ),
            reduces,
        )


ENTRY = AlgorithmEntry(BidirectionalRing())
