"""Halving-doubling: exchanges with partners 1, 2, 4... places away (behaviour 3.7).

Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in MPICH",
2005.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import final

from simastra.collectives.algorithm import Algorithm, MessageSizes, RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.machine import Packet, PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.pipeline import PacketPipeline, rhythm
from simastra.trace import CollectiveType
from simastra.units import Bytes


@final
@dataclass(frozen=True, slots=True)
class HalvingDoubling(Algorithm):
    """Reduces by halves over growing distances, gathers by doubles over shrinking ones.

    Two quirks of ASTRA-sim cost cycles and are kept: a reduction is charged for all but one of the
    log2(N) steps, and each is charged for the size of the next message, half of what was received.
    """

    symmetry = RingSymmetry.EXCHANGES  # partners differ in one bit of their positions
    alternates = False
    has_scores = True
    sends_evenly = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A pipeline of one packet at a time, of changing size."""
        packets = _packets(collective, size, len(ring))
        members, own = ring.members, ring.position
        partners = tuple(members[own ^ distance] for distance in _distances(collective, len(ring)))
        return PacketPipeline(
            packets,
            partners,
            partners,
            exchanges=len(partners),
            window=1,
            blocks=partial(_blocks, collective, ring),
        )

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """Halved from message to message, and doubled; the last size is of a packet that stays."""
        *sent, _ = _sizes(collective, size, npus)
        return MessageSizes(min(sent), max(sent))

    def packet_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """As of messages; the packet after the last of them is halved or doubled once more."""
        sizes = tuple(_sizes(collective, size, npus))
        return MessageSizes(min(sizes), max(sizes))

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It needs a power of two, and has no all-to-all.

        Among other numbers of NPUs, ASTRA-sim's members wait for some that don't send to them; or,
        among 6, 12, 20, 24, 40 and 48, an all-gather ends after as many doublings as fit, and
        everybody has the shards of 2^floor(log2 N) members at most (behaviour 7.3 #7).
        """
        if collective is CollectiveType.ALL_TO_ALL:
            return "halvingDoubling can't run ALL_TO_ALL; use ring or direct"
        if npus & (npus - 1):
            most = 1 << (npus.bit_length() - 1)
            return (
                f"halvingDoubling needs a power of two of NPUs, the dimension has {npus}, of which "
                f"its doublings reach {most}; use ring or direct"
            )
        return None


def _distances(collective: CollectiveType, npus: int) -> Iterator[int]:
    """How far the partner of each step is."""
    if collective is not CollectiveType.ALL_GATHER:
        distance = 1
        while distance < npus:
            yield distance
            distance *= 2
    if collective is not CollectiveType.REDUCE_SCATTER:
        distance = npus // 2
        while distance:
            yield distance
            distance //= 2


@lru_cache(maxsize=64)  # pure, and the same for all members and chunks (see equal_packets)
def _packets(collective: CollectiveType, size: Bytes, npus: int) -> tuple[Packet, ...]:
    """The packets, and one more that isn't sent: it ends the phase."""
    costs = rhythm(
        size=size,
        window=1,
        batch=npus.bit_length() - 2,
        reduces=collective is not CollectiveType.ALL_GATHER,
        gathers_after=collective is CollectiveType.ALL_REDUCE,
    )
    sizes = _sizes(collective, size, npus)
    return tuple(replace(cost, size=message) for message, cost in zip(sizes, costs, strict=False))


def _sizes(collective: CollectiveType, size: Bytes, npus: int) -> Iterator[Bytes]:
    """Bytes of each packet.

    They are halved and doubled one from the other, as ASTRA-sim does, so that an odd size loses a
    byte at each halving and doesn't get it back.
    """
    doublings = npus.bit_length() - 1
    message = size
    if collective is not CollectiveType.ALL_GATHER:
        for _ in range(doublings):
            message //= 2
            yield message
    if collective is CollectiveType.REDUCE_SCATTER:
        yield message // 2
        return
    if collective is CollectiveType.ALL_REDUCE:
        message = message // 2 * 2
    for _ in range(doublings):
        yield message
        message *= 2
    yield message


def _blocks(collective: CollectiveType, ring: LogicalRing) -> Iterator[range]:
    """The blocks that each partner gets: its share of ours, then all that we have."""
    npus, own = len(ring), ring.position
    halving = collective is not CollectiveType.ALL_GATHER
    for distance in _distances(collective, npus):
        first = own ^ distance if halving else own
        yield range(first % (2 * distance), npus, 2 * distance)
        halving = halving and 2 * distance < npus


ENTRY = AlgorithmEntry(HalvingDoubling())
