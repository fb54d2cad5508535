"""Collectives with a root, and the barrier: what ASTRA-sim accepts in a trace and never runs.

Unless the system file says otherwise, broadcast and reduce take a binomial tree, and gather and
scatter go straight to and from the root; a barrier is a dissemination barrier. (Hensgen, Finkel and
Manber, "Two algorithms for barrier synchronization", 1988.)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import NamedTuple, final

from simastra.collectives.algorithm import Algorithm, RingSymmetry
from simastra.collectives.holdings import Block, Holdings, initial_holdings
from simastra.collectives.kinds import EXTENDED_COLLECTIVES
from simastra.collectives.machine import Exchange, Packet, PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.pipeline import PacketPipeline
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .rooted_tree import BINOMIAL, LINEAR, RootedTree

USUAL_TREES = {
    CollectiveType.BROADCAST: BINOMIAL,
    CollectiveType.REDUCE: BINOMIAL,
    CollectiveType.GATHER: LINEAR,
    CollectiveType.SCATTER: LINEAR,
}
"""What they take where nothing is said."""

BARRIER_MESSAGE: Bytes = 1


def extended_symmetry(collective: CollectiveType) -> RingSymmetry:
    """How the members' positions of an extended collective may be renumbered.

    Where there is a root, not at all; but only positions count, and the root's.
    """
    is_barrier = collective is CollectiveType.BARRIER
    return RingSymmetry.SHIFTS if is_barrier else RingSymmetry.IDENTITY


@final
@dataclass(frozen=True, slots=True)
class Rooted(Algorithm):
    """Runs the extended collectives.

    Attributes:
        root: the NPU that everything comes from or goes to; no matter to a barrier.
        tree: on which way; None for the usual one of each collective.
    """

    root: NpuId
    tree: RootedTree | None = None

    alternates = False
    has_scores = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """One member's part. `size` is the root's buffer for scatter, each member's otherwise."""
        if collective is CollectiveType.BARRIER:
            return _barrier(ring)
        place = _Place(self.tree or USUAL_TREES[collective], ring, ring.members.index(self.root))
        match collective:
            case CollectiveType.BROADCAST:
                return _broadcast(place, size)
            case CollectiveType.REDUCE:
                return _reduce(place, size)
            case CollectiveType.GATHER:
                return _gather(place, size)
            case _:
                return _scatter(place, size // len(ring))

    def holdings(self, collective: CollectiveType, ring: LogicalRing) -> Holdings:
        """Of a root it depends on where the root is."""
        root = ring.members.index(self.root)
        return initial_holdings(collective, len(ring), ring.position, root)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the extended collectives among any number."""
        return None if collective in EXTENDED_COLLECTIVES else f"can't run {collective.name}"


class _Message(NamedTuple):
    """What goes along a branch: its other end, its bytes, and the blocks that it carries."""

    peer: NpuId
    size: Bytes
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a member stands in the tree.

    Attributes:
        tree: whose ranks count from the root on.
        ring: the members, as it sees them.
        root: the position of the root.
    """

    tree: RootedTree
    ring: LogicalRing
    root: int

    def up(self, size: Bytes, *, each: bool) -> tuple[_Message, ...]:
        """The message to the parent, or from it; none of the root.

        Args:
            size: its bytes, or those for each member of the branch.
            each: whether they are for each.
        """
        npus = len(self.ring)
        parent = self.tree.parent(npus, self._rank)
        if parent is None:
            return ()
        return (self._message(parent, self.tree.below(npus, self._rank), size, each=each),)

    def down(self, size: Bytes, *, each: bool) -> tuple[_Message, ...]:
        """Those to the children, or from them; of a round, in order of positions."""
        levels = self.tree.levels(len(self.ring), self._rank)
        return tuple(
            self._message(branch.rank, branch.below, size, each=each)
            for level in levels
            for branch in sorted(level, key=lambda it: self._position(it.rank))
        )

    def _message(self, peer: int, branch: range, size: Bytes, *, each: bool) -> _Message:
        member = self.ring.members[self._position(peer)]
        if not each:
            return _Message(member, size, range(1))
        return _Message(member, size * len(branch), tuple(map(self._position, branch)))

    @property
    def _rank(self) -> int:
        return (self.ring.position - self.root) % len(self.ring)

    def _position(self, rank: int) -> int:
        return (self.root + rank) % len(self.ring)


def _broadcast(place: _Place, size: Bytes) -> PhaseMachine:
    up, down = place.up(size, each=False), place.down(size, each=False)
    return _Relay(up, () if up else (size,), _at_the_end(up, down))


def _reduce(place: _Place, size: Bytes) -> PhaseMachine:
    up, down = place.up(size, each=False), place.down(size, each=False)
    return _Relay(down, () if down else (size,), _at_the_end(down, up), reduces=True)


def _gather(place: _Place, size: Bytes) -> PhaseMachine:
    up, down = place.up(size, each=True), place.down(size, each=True)
    return _Relay(down, () if down else (size,), _at_the_end(down, up))


def _scatter(place: _Place, share: Bytes) -> PhaseMachine:
    """What the root has for a branch goes out as soon as it has passed the endpoint."""
    up, down = place.up(share, each=True), place.down(share, each=True)
    if up:
        return _Relay(up, (), _at_the_end(up, down))
    return _Relay((), tuple(it.size for it in down), tuple((it,) for it in down))


def _at_the_end(
    received: Sequence[_Message], sent: Sequence[_Message]
) -> tuple[Sequence[_Message], ...]:
    """Everything is sent when the last of what is received has passed, or one's own data."""
    return (*((),) * (len(received) - 1), sent)


class _Relay(PhaseMachine):
    """Sends when what it receives has passed the endpoint, or what it has.

    Args:
        receives: what comes.
        own: packets of its own that pass at the start.
        sends: what is sent after each of the packets has passed.
        reduces: whether it reduces what comes with its own data.
    """

    def __init__(
        self,
        receives: Sequence[_Message],
        own: Sequence[Bytes],
        sends: Sequence[Sequence[_Message]],
        *,
        reduces: bool = False,
    ) -> None:
        self._receives, self._own, self._sends = receives, own, sends
        self._reduces = reduces
        self._received = self._passed = 0

    def start(self, exchange: Exchange) -> None:
        for awaited in self._receives:
            exchange.receive(awaited.peer, awaited.size)
        for size in self._own:
            exchange.admit(Packet(size, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        size = self._receives[self._received].size
        self._received += 1
        exchange.admit(Packet(size, self._reduces, toward_memory=False))

    def admitted(self, exchange: Exchange) -> None:
        for message in self._sends[self._passed]:
            exchange.send(message.peer, message.size)
        self._passed += 1
        if self._passed == len(self._sends):
            exchange.finish()

    def blocks(self) -> Iterable[Sequence[Block]]:
        return [message.blocks for sends in self._sends for message in sends]


def _barrier(ring: LogicalRing) -> PhaseMachine:
    """In round k, tell the member 2**k places on, and hear from the one as many back."""
    rounds = (len(ring) - 1).bit_length()
    return PacketPipeline(
        (Packet(BARRIER_MESSAGE, reduces=False, toward_memory=True),),
        [ring.peer(1 << step) for step in range(rounds)],
        [ring.peer(-(1 << step)) for step in range(rounds)],
        exchanges=rounds,
        window=1,
        blocks=partial(repeat, range(0)),
    )
