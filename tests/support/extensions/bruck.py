"""All-to-all in logarithmic many steps, for small messages.

Bruck et al., "Efficient algorithms for all-to-all communications in multiport message-passing
systems", 1997.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

from simastra.collectives import (
    Algorithm,
    LogicalRing,
    Packet,
    PhaseMachine,
    RingSymmetry,
)
from simastra.collectives.algorithm import MessageSizes
from simastra.collectives.pipeline import PacketPipeline
from simastra.trace import CollectiveType


@final
@dataclass(frozen=True, slots=True)
class Bruck(Algorithm):
    """In step k every block goes 2^k members on, if its distance has bit k."""

    symmetry = RingSymmetry.SHIFTS
    alternates = False

    def machine(
        self, collective: CollectiveType, size: int, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of one packet at a time."""
        sizes = _sizes(size, len(ring))
        packets = [Packet(it, reduces=False, toward_memory=True) for it in (*sizes, sizes[-1])]
        steps = range(len(sizes))
        return PacketPipeline(
            packets,
            [ring.peer(1 << step) for step in steps],
            [ring.peer(-(1 << step)) for step in steps],
            exchanges=len(sizes),
            window=1,
            blocks=partial(_blocks, ring),
        )

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for all-to-all only."""
        if collective is CollectiveType.ALL_TO_ALL:
            return None
        return f"bruck can't run {collective.name}; it is for ALL_TO_ALL"

    def message_sizes(self, collective: CollectiveType, size: int, npus: int) -> MessageSizes:
        """Steps carry different numbers of blocks."""
        sizes = _sizes(size, npus)
        return MessageSizes(min(sizes), max(sizes))


def _carried(step: int, npus: int) -> list[int]:
    """The distances of the blocks that move in a step."""
    return [distance for distance in range(1, npus) if distance >> step & 1]


def _sizes(size: int, npus: int) -> list[int]:
    steps = range((npus - 1).bit_length())
    return [size // npus * len(_carried(step, npus)) for step in steps]


def _blocks(ring: LogicalRing) -> Iterator[Sequence[int]]:
    """A block is written origin * members + destination."""
    npus = len(ring)
    for step in range((npus - 1).bit_length()):
        blocks = []
        for distance in _carried(step, npus):
            gone = distance & ((1 << step) - 1)
            origin = (ring.position - gone) % npus
            blocks.append(origin * npus + (origin + distance) % npus)
        yield blocks
