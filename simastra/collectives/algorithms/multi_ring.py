"""Several rings, which chunks take in turn: over disjoint links, as on the cube mesh of a DGX-1.

As NCCL's channels, each of which may be a ring of its own (Jeaugey, "NCCL 2.0", GTC 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, final

from simastra.collectives.algorithm import (
    RingSymmetry,
)
from simastra.collectives.kinds import FOUR_COLLECTIVES
from simastra.collectives.machine import PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.steps import LazyBlocks, Step, Transfer
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.trace import CollectiveType
from simastra.units import Bytes

if TYPE_CHECKING:
    from simastra.collectives.part_sizes import BlockSizes

Order: TypeAlias = tuple[int, ...]
"""Positions in the order in which a ring goes through them."""

_Carries: TypeAlias = Callable[[int, int], LazyBlocks]
"""What the member at a place in the order sends in a step."""


@final
@dataclass(frozen=True, slots=True)
class MultiRing(StepwiseAlgorithm):
    """Rings, of which each chunk takes the next.

    Attributes:
        rings: their orders; none for that of the positions.
        reverses: whether each is there the other way round as well.
    """

    rings: tuple[Order, ...] = ()
    reverses: bool = True

    alternates = True  # chunks take turns
    has_scores = True
    sends_evenly = True
    runs_uneven = True

    @property
    def symmetry(self) -> RingSymmetry:
        """That of a ring, where rings go through members in order of their positions."""
        return RingSymmetry.IDENTITY if self.rings else RingSymmetry.SHIFTS

    @property
    def period(self) -> int:
        """As many turns as there are rings."""
        return max(1, len(self.rings)) * (2 if self.reverses else 1)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the four collectives, among as many as its rings have."""
        if collective not in FOUR_COLLECTIVES:
            return f"multiRing can't run {collective.name}"
        wrong = next((ring for ring in self.rings if len(ring) != npus), None)
        if wrong is None:
            return None
        return f"multiRing has rings of {len(wrong)} NPUs, and the dimension has {npus}"

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """That of the turn's ring, through the same NPUs in whichever direction queues run."""
        return _Ring(self._seen(ring, turn)).machine(collective, size, ring)

    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """Likewise."""
        return _Ring(self._seen(ring, turn)).uneven_machine(collective, sizes, ring)

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """Those of the first ring."""
        return _Ring(self._order(npus, 0)).steps(collective, npus, position)

    def _seen(self, ring: LogicalRing, turn: int) -> Order:
        order = self._order(len(ring), turn)
        return order if ring.clockwise else tuple(len(ring) - 1 - place for place in order)

    def _order(self, npus: int, turn: int) -> Order:
        rings = self.rings or (tuple(range(npus)),)
        which = turn % self.period
        order = rings[which % len(rings)]
        return order if which < len(rings) else order[::-1]


@final
@dataclass(frozen=True, slots=True)
class _Ring(StepwiseAlgorithm):
    """One ring through all positions in some order."""

    order: Order

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """`MultiRing` has asked."""
        return None

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """To the next, from the previous; a reduce-scatter ends with the position's own block."""
        place = self.order.index(position)
        ahead, behind = self.order[(place + 1) % npus], self.order[place - 1]

        def step(carries: _Carries, at: int, *, reduces: bool = False) -> Step:
            ours, theirs = carries(place, at), carries(place - 1, at)
            return Step((Transfer(ahead, ours),), (Transfer(behind, theirs),), reduces)

        def back(place: int, distance: int) -> LazyBlocks:
            return LazyBlocks(1, lambda: (self.order[(place - distance) % npus],))

        def to_others(place: int, gone: int) -> LazyBlocks:
            origin = (place - gone) % npus
            return LazyBlocks(
                npus - 1 - gone,
                lambda: (
                    self.order[origin] * npus + self.order[(origin + distance) % npus]
                    for distance in range(gone + 1, npus)
                ),
            )

        if collective is CollectiveType.ALL_TO_ALL:
            yield from (step(to_others, gone) for gone in range(npus - 1))
            return
        if collective is not CollectiveType.ALL_GATHER:
            yield from (step(back, gone + 1, reduces=True) for gone in range(npus - 1))
        if collective is not CollectiveType.REDUCE_SCATTER:
            yield from (step(back, gone) for gone in range(npus - 1))
