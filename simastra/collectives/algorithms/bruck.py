"""Bruck: all-gather and all-to-all in as few steps as can be, for small messages.

Bruck et al., "Efficient algorithms for all-to-all communications in multiport message-passing
systems", 1997.
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
class Bruck(StepwiseAlgorithm):
    """In step k data move 2^k members on, or back in an all-gather, among any number of members."""

    symmetry = RingSymmetry.SHIFTS
    alternates = False
    has_scores = True
    runs_uneven = True
    sends_evenly = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for all-gather and all-to-all."""
        if collective in {CollectiveType.ALL_GATHER, CollectiveType.ALL_TO_ALL}:
            return None
        return f"bruck can't run {collective.name}; it is for ALL_GATHER and ALL_TO_ALL"

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """One for each bit of a distance between members."""
        for distance in (1 << bit for bit in range((npus - 1).bit_length())):
            if collective is CollectiveType.ALL_GATHER:
                count = min(distance, npus - distance)
                ours, theirs = (_held(npus, it, count) for it in (position, position + distance))
                yield shift(position, -distance, ours, theirs)
            else:
                ours, theirs = (
                    _on_their_way(npus, it, distance) for it in (position, position - distance)
                )
                yield shift(position, distance, ours, theirs)


def _held(npus: int, position: int, count: int) -> LazyBlocks:
    """The shards of so many members, from a position on."""
    return LazyBlocks(count, lambda: ((position + ahead) % npus for ahead in range(count)))


def _on_their_way(npus: int, position: int, distance: int) -> LazyBlocks:
    """What a member has in the step of `distance` that has to go so far, whosever it was first."""

    def blocks() -> Iterator[int]:
        for whole in range(npus):
            if whole & distance:
                origin = (position - whole % distance) % npus
                yield origin * npus + (origin + whole) % npus

    # Of 2 * distance numbers in a row, the latter half have that bit.
    runs, rest = divmod(npus, 2 * distance)
    return LazyBlocks(runs * distance + max(0, rest - distance), blocks)


ENTRY = AlgorithmEntry(Bruck())
