"""Ring: everything goes to the next neighbour (behaviour 3.6).

Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", 2009.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, final

from simastra.collectives.algorithm import (
    RingSymmetry,
    UnevenRunner,
    message_size,
)
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.kinds import FOUR_COLLECTIVES
from simastra.collectives.machine import PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.pipeline import (
    PacketPipeline,
    UnevenPipeline,
    equal_packets,
    rhythm,
)
from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType
from simastra.units import Bytes

if TYPE_CHECKING:
    from simastra.collectives.part_sizes import BlockSizes


@final
@dataclass(frozen=True, slots=True)
class RingAlgorithm(UnevenRunner):
    """One message a step to the next member, one from the previous."""

    symmetry = RingSymmetry.SHIFTS  # every member does the same to its own neighbours
    alternates = False
    has_scores = True
    is_ring = True
    sends_evenly = True
    runs_uneven = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of one packet at a time."""
        npus = len(ring)
        exchanges = _exchanges(collective, npus)
        packets = equal_packets(
            size=message_size(collective, size, npus),
            window=1,
            batch=npus - 1,
            reduces=collective in (CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER),
            gathers_after=collective is CollectiveType.ALL_REDUCE,
            count=exchanges + 1,
        )
        return PacketPipeline(
            packets,
            (ring.peer(1),),
            (ring.peer(-1),),
            exchanges=exchanges,
            window=1,
            blocks=partial(_blocks, collective, ring),
        )

    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of one packet at a time: what the previous member sends is what comes."""
        npus = len(ring)
        exchanges = _exchanges(collective, npus)
        before = LogicalRing(ring.members, (ring.position - 1) % npus, ring.is_group)
        sent, expected = (
            list(map(sizes.of, islice(_uneven_blocks(collective, it), exchanges)))
            for it in (ring, before)
        )
        costs = rhythm(
            size=0,
            window=1,
            batch=npus - 1,
            reduces=collective is CollectiveType.REDUCE_SCATTER,
            gathers_after=False,
        )
        return UnevenPipeline(
            costs,
            (ring.peer(1),),
            (ring.peer(-1),),
            sent=sent,
            expected=expected,
            window=1,
            blocks=partial(_uneven_blocks, collective, ring),
        )

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the four collectives among any number."""
        return None if collective in FOUR_COLLECTIVES else f"ring can't run {collective.name}"


def _exchanges(collective: CollectiveType, npus: int) -> int:
    match collective:
        case CollectiveType.ALL_REDUCE:
            return 2 * (npus - 1)
        case CollectiveType.ALL_TO_ALL:  # a block for the d-th next member takes d hops
            return npus * (npus - 1) // 2
        case _:
            return npus - 1


def _blocks(collective: CollectiveType, ring: LogicalRing) -> Iterator[range]:
    """The block that each packet carries: one's own first, then always what came last."""
    npus, position = len(ring), ring.position
    if collective is CollectiveType.ALL_TO_ALL:
        for distance in range(1, npus + 1):
            for hop in range(distance):
                origin = (position - hop) % npus
                block = origin * npus + (origin + distance) % npus
                yield range(block, block + 1)
    else:
        for step in range(2 * npus):
            block = (position - step) % npus
            yield range(block, block + 1)


def _uneven_blocks(collective: CollectiveType, ring: LogicalRing) -> Iterator[range]:
    """The same, so that what a member of a reduce-scatter ends with is its own part.

    Of equal parts it is no matter which one it is, and an all-reduce begins with one's own.
    """
    if collective is CollectiveType.REDUCE_SCATTER:
        ring = LogicalRing(ring.members, (ring.position - 1) % len(ring), ring.is_group)
    return _blocks(collective, ring)


ENTRY = AlgorithmEntry(RingAlgorithm())
