"""Halving-doubling: exchanges with partners 1, 2, 4... places away (behaviour 3.7).

Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in MPICH",
2005.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from simastra.trace import CollectiveType
from simastra.units import Bytes

from .algorithm import Algorithm, RingSymmetry
from .machine import PhaseMachine
from .members import LogicalRing
from .pipeline import Packet, PacketPipeline, admissions


@dataclass(frozen=True, slots=True)
class HalvingDoubling(Algorithm):
    """Reduces by halves over growing distances, gathers by doubles over shrinking ones.

    Two quirks of ASTRA-sim cost cycles and are kept: a reduction is charged for all but one of the
    log2(N) steps, and each is charged for the size of the next message, half of what was received.
    """

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of one packet at a time, of changing size."""
        doublings = len(ring).bit_length() - 1
        all_reduce = collective is CollectiveType.ALL_REDUCE
        exchanges = 2 * doublings if all_reduce else doublings
        costs = admissions(
            size=size,
            window=1,
            batch=doublings - 1,
            reduces=collective is not CollectiveType.ALL_GATHER,
            gathers_after=all_reduce,
        )
        packets = (
            Packet(
                cost._replace(size=message), ring.members[partner], ring.members[partner], blocks
            )
            for cost, (message, partner, blocks) in zip(
                costs, _exchanges(collective, size, ring), strict=False
            )
        )
        return PacketPipeline(islice(packets, exchanges + 1), exchanges=exchanges, window=1)

    @property
    def symmetry(self) -> RingSymmetry:
        """Partners differ in one bit of their positions."""
        return RingSymmetry.EXCHANGES

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It needs a power of two, and has no all-to-all."""
        if collective is CollectiveType.ALL_TO_ALL:
            return "halvingDoubling can't run ALL_TO_ALL; use ring or direct"
        if npus & (npus - 1):
            return (
                f"halvingDoubling needs a power of two of NPUs, the dimension has {npus}; "
                "use ring or direct"
            )
        return None


def _exchanges(
    collective: CollectiveType, size: Bytes, ring: LogicalRing
) -> Iterator[tuple[Bytes, int, range]]:
    """Size of each message, the partner's position, and the blocks that it gets.

    The sizes are halved and doubled one from the other, as ASTRA-sim does, so that an odd size
    loses a byte at each halving and doesn't get it back.
    """
    npus, own = len(ring), ring.position
    if collective is CollectiveType.ALL_GATHER:
        yield from _gather(size, npus // 2, npus, own)
        return
    message, distance = size // 2, 1
    while distance < npus:
        partner = own ^ distance
        yield message, partner, range(partner % (2 * distance), npus, 2 * distance)
        message //= 2
        distance *= 2
    if collective is CollectiveType.REDUCE_SCATTER:
        yield message, own, range(0)  # the packet that ends the phase: it isn't sent
    else:
        yield from _gather(2 * message, npus // 2, npus, own)


def _gather(
    message: Bytes, distance: int, npus: int, own: int
) -> Iterator[tuple[Bytes, int, range]]:
    while distance:
        yield message, own ^ distance, range(own % (2 * distance), npus, 2 * distance)
        message *= 2
        distance //= 2
    yield message, own, range(0)  # the packet that ends the phase: it isn't sent
