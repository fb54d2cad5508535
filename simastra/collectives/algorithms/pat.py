"""PAT: all-gather and reduce-scatter on one binomial tree for each member, all at once.

Jeaugey, "PAT: a new algorithm for all-gather and reduce-scatter operations at scale", 2025, as in
NCCL from 2.23 on: far steps first in an all-gather, so that the largest messages go to neighbours.
All that goes the same way is in one message here, however long the buffers that NCCL would need.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.steps import LazyBlocks, Step, shift
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType


@final
@dataclass(frozen=True, slots=True)
class Pat(StepwiseAlgorithm):
    """A member x places after a root is reached from the one x less its lowest bit after it."""

    symmetry = RingSymmetry.SHIFTS
    alternates = False
    has_scores = True
    runs_uneven = True
    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for all-gather and reduce-scatter."""
        if collective in {CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER}:
            return None
        return f"pat can't run {collective.name}; it is for ALL_GATHER and REDUCE_SCATTER"

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """Down the trees, the far steps first; up them the other way round."""
        distances = [1 << bit for bit in range((npus - 1).bit_length())]
        if collective is CollectiveType.ALL_GATHER:
            for distance in reversed(distances):
                places = range(0, npus - distance, 2 * distance)
                ours, theirs = (_before(npus, it, places) for it in (position, position - distance))
                yield shift(position, distance, ours, theirs)
        else:
            for distance in distances:
                places = range(distance, npus, 2 * distance)
                ours, theirs = (_before(npus, it, places) for it in (position, position + distance))
                yield shift(position, -distance, ours, theirs, reduces=True)


def _before(npus: int, position: int, places: range) -> LazyBlocks:
    """The blocks of the members so many places before a position."""
    return LazyBlocks(len(places), lambda: ((position - place) % npus for place in places))


ENTRY = AlgorithmEntry(Pat())
