"""Recursive doubling: partners 1, 2, 4... places away exchange all that they have.

Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in MPICH",
2005: the fewest steps, for small buffers.
"""

from collections.abc import Iterator, Sequence
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
class RecursiveDoubling(StepwiseAlgorithm):
    """All-reduce of whole buffers; all-gather of twice as many shards in each step."""

    symmetry = RingSymmetry.IDENTITY
    alternates = False
    has_scores = True
    runs_uneven = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs all-reduce and all-gather among any number."""
        if collective in {CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER}:
            return None
        return f"recursiveDoubling can't run {collective.name}; it is for ALL_REDUCE and ALL_GATHER"

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """Those of a power of two of members; the others give what they have, and get the rest."""
        core = PowerOfTwo(npus)
        reduces = collective is CollectiveType.ALL_REDUCE
        everything = range(npus)
        helper, helped = core.helper(position), core.helped(position)
        whose = position if helped is None else helped
        given = everything if reduces else (whose,)
        rest = everything if reduces else [block for block in everything if block != whose]
        if helper is not None:
            yield Step(sends=(Transfer(helper, given),))
            yield Step(receives=(Transfer(helper, rest),))
            return
        if helped is not None:
            yield Step(receives=(Transfer(helped, given),), reduces=reduces)
        for distance in core.distances:
            peer = position ^ distance
            if reduces:
                yield exchange(peer, everything, everything, reduces=True)
            else:
                yield exchange(
                    peer, _of_group(core, position, distance), _of_group(core, peer, distance)
                )
        if helped is not None:
            yield Step(sends=(Transfer(helped, rest),))


def _of_group(core: PowerOfTwo, position: int, size: int) -> Sequence[int]:
    """The shards of `size` members next to each other that exchange, and of those they help."""
    first = position // size * size
    return [*range(first, first + size), *range(first + core.size, core.npus)[:size]]


ENTRY = AlgorithmEntry(RecursiveDoubling())
