"""Rabenseifner's all-reduce: a reduce-scatter by halving, then an all-gather by doubling.

Rabenseifner, "Optimization of collective reduction operations", 2004: as few bytes as a ring in
logarithmic many steps, among any number of members.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.steps import Step, Transfer, exchange
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType

from .power_of_two import PowerOfTwo


@final
@dataclass(frozen=True, slots=True)
class Rabenseifner(StepwiseAlgorithm):
    """All-reduce. Among a power of two it sends what halvingDoubling sends."""

    symmetry = RingSymmetry.IDENTITY
    alternates = False
    has_scores = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for all-reduce only."""
        if collective is CollectiveType.ALL_REDUCE:
            return None
        return (
            f"rabenseifner can't run {collective.name}; it is for ALL_REDUCE, whose halves are "
            "halvingDoubling's REDUCE_SCATTER and ALL_GATHER"
        )

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """Blocks are told apart by their numbers' last bits, one more with each halving."""
        core, everything = PowerOfTwo(npus), range(npus)
        helper, helped = core.helper(position), core.helped(position)
        if helper is not None:
            yield Step(sends=(Transfer(helper, everything),))
            yield Step(receives=(Transfer(helper, everything),))
            return
        if helped is not None:
            yield Step(receives=(Transfer(helped, everything),), reduces=True)
        for distance in core.distances:
            peer, apart = position ^ distance, 2 * distance
            theirs, ours = (everything[it % apart :: apart] for it in (peer, position))
            yield exchange(peer, theirs, ours, reduces=True)
        for distance in reversed(core.distances):
            peer, apart = position ^ distance, 2 * distance
            theirs, ours = (everything[it % apart :: apart] for it in (peer, position))
            yield exchange(peer, ours, theirs)
        if helped is not None:
            yield Step(sends=(Transfer(helped, everything),))


ENTRY = AlgorithmEntry(Rabenseifner())
