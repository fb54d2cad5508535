"""Direct: every member exchanges with every other itself, a window of them at a time (3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from simastra.trace import CollectiveType
from simastra.units import Bytes

if TYPE_CHECKING:
    from simastra.collectives.part_sizes import BlockSizes


@final
@dataclass(frozen=True, slots=True)
class Direct(UnevenRunner):
    """To the member 1, 2, 3... places on, from the member as many places back.

    Attributes:
        window: exchanges in flight at once; None for all of them.
    """

    window: int | None = None

    symmetry = RingSymmetry.SHIFTS  # every member does the same to members as far away
    alternates = False
    has_scores = True
    sends_evenly = True
    runs_uneven = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of `window` packets at a time."""
        peers = len(ring) - 1
        window = peers if self.window is None else min(self.window, peers)
        all_reduce = collective is CollectiveType.ALL_REDUCE
        exchanges = 2 * peers if all_reduce else peers
        packets = equal_packets(
            size=message_size(collective, size, len(ring)),
            window=window,
            # In a process group ASTRA-sim makes the batch longer, and so charges the second half
            # of an all-reduce for reductions too (behaviour 3.6, second quirk).
            batch=peers * window if ring.is_group else window,
            reduces=collective in (CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER),
            gathers_after=all_reduce,
            count=exchanges + window,
        )
        members, own = ring.members, ring.position
        others = (*members[own + 1 :], *members[:own])
        return PacketPipeline(
            packets,
            others,
            others[::-1],
            exchanges=exchanges,
            window=window,
            barrier=peers if all_reduce else 0,
            blocks=partial(_blocks, collective, ring),
        )

    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of `window` packets at a time."""
        peers = len(ring) - 1
        window = peers if self.window is None else min(self.window, peers)
        sent = list(map(sizes.of, islice(_blocks(collective, ring), peers)))
        expected = [sizes(it) for it in _expected_blocks(collective, ring)]
        costs = rhythm(
            size=0,
            window=window,
            batch=peers * window if ring.is_group else window,
            reduces=collective is CollectiveType.REDUCE_SCATTER,
            gathers_after=False,
        )
        members, own = ring.members, ring.position
        others = (*members[own + 1 :], *members[:own])
        return UnevenPipeline(
            costs,
            others,
            others[::-1],
            sent=sent,
            expected=expected,
            window=window,
            blocks=partial(_blocks, collective, ring),
        )

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the four collectives among any number."""
        return None if collective in FOUR_COLLECTIVES else f"direct can't run {collective.name}"


def _blocks(collective: CollectiveType, ring: LogicalRing) -> Iterator[range]:
    """The block that each packet carries."""
    npus, own = len(ring), ring.position
    gathering = collective is CollectiveType.ALL_GATHER
    while True:
        for displacement in range(1, npus):
            theirs = (own + displacement) % npus
            if collective is CollectiveType.ALL_TO_ALL:
                block = own * npus + theirs
            else:
                block = own if gathering else theirs
            yield range(block, block + 1)
        gathering = True  # the second half of an all-reduce hands round what was reduced


def _expected_blocks(collective: CollectiveType, ring: LogicalRing) -> Iterator[int]:
    """The block that comes from each of the members before, the nearest first."""
    npus, own = len(ring), ring.position
    for displacement in range(1, npus):
        origin = (own - displacement) % npus
        if collective is CollectiveType.ALL_TO_ALL:
            yield origin * npus + own
        else:
            yield origin if collective is CollectiveType.ALL_GATHER else own


ENTRY = AlgorithmEntry(Direct(), with_window=Direct)
