"""Pairwise exchange: in each step everybody sends to one other member, each time to another.

Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in MPICH",
2005: for large messages, since nobody ever receives from two at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.steps import Step, shift
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType


@final
@dataclass(frozen=True, slots=True)
class Pairwise(StepwiseAlgorithm):
    """In step k to the k-th next member, once what the k-th before sent is here."""

    symmetry = RingSymmetry.SHIFTS
    alternates = False
    has_scores = True
    runs_uneven = True
    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for what goes straight from each to each."""
        if collective in _RUNS:
            return None
        return (
            f"pairwise can't run {collective.name}; it is for {', '.join(it.name for it in _RUNS)}"
        )

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """As many as there are others."""
        reduces = collective is CollectiveType.REDUCE_SCATTER
        for distance in range(1, npus):
            sent, received = (
                _block(collective, npus, it, (it + distance) % npus)
                for it in (position, (position - distance) % npus)
            )
            yield shift(position, distance, (sent,), (received,), reduces=reduces)


def _block(collective: CollectiveType, npus: int, origin: int, target: int) -> int:
    """What a member sends to another."""
    if collective is CollectiveType.ALL_TO_ALL:
        return origin * npus + target
    return target if collective is CollectiveType.REDUCE_SCATTER else origin


_RUNS = (CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_TO_ALL)


ENTRY = AlgorithmEntry(Pairwise())
