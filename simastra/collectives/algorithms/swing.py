"""Swing: partners get farther while they change sides, so that messages on a ring stay near.

De Sensi, Bonato, Saam and Hoefler, "Swing: short-cutting rings for higher bandwidth allreduce",
NSDI 2024: distances 1, 1, 3, 5, 11... in place of recursive doubling's 1, 2, 4, 8, 16...
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.steps import Step, exchange
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType

_RUNS = (CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER)


@final
@dataclass(frozen=True, slots=True)
class Swing(StepwiseAlgorithm):
    """Reduce-scatter, and its steps the other way round for all-gather."""

    symmetry = RingSymmetry.IDENTITY
    alternates = False
    has_scores = True
    runs_uneven = True
    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It needs a power of two."""
        if collective not in _RUNS:
            return f"swing can't run {collective.name}; use direct, pairwise or bruck"
        if npus & (npus - 1):
            return (
                f"swing needs a power of two of NPUs, the dimension has {npus}; "
                "use bidirectionalRing or rabenseifner"
            )
        return None

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """In a step, what the partner and those that it is still to talk to need."""
        last = npus.bit_length() - 1
        if collective is not CollectiveType.ALL_GATHER:
            for step in range(last):
                peer = partner(npus, position, step)
                theirs, ours = (_reached(npus, it, step + 1) for it in (peer, position))
                yield exchange(peer, theirs, ours, reduces=True)
        if collective is not CollectiveType.REDUCE_SCATTER:
            for step in reversed(range(last)):
                peer = partner(npus, position, step)
                theirs, ours = (_reached(npus, it, step + 1) for it in (peer, position))
                yield exchange(peer, ours, theirs)


def partner(npus: int, position: int, step: int) -> int:
    """With whom a member exchanges in a step: so far on if its position is even, else back.

    >>> [partner(16, 0, step) for step in range(4)]
    [1, 15, 3, 11]
    """
    distance = sum(-(1 << k) if k % 2 else 1 << k for k in range(step + 1))
    return (position - distance if position % 2 else position + distance) % npus


@lru_cache(maxsize=4096)
def _reached(npus: int, position: int, step: int) -> tuple[int, ...]:
    """The owners of the blocks that a member hands on from a step on, its own included."""
    if 1 << step >= npus:
        return (position,)
    peer = partner(npus, position, step)
    return (*_reached(npus, position, step + 1), *_reached(npus, peer, step + 1))


ENTRY = AlgorithmEntry(Swing())
