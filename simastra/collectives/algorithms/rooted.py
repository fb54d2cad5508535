"""Collectives with a root, and the barrier: what ASTRA-sim accepts in a trace and never runs.

Broadcast and reduce take a binomial tree, gather and scatter go straight to and from the root, and
a barrier is a dissemination barrier. (Thakur, Rabenseifner and Gropp, "Optimization of collective
communication operations in MPICH", 2005; Hensgen, Finkel and Manber, "Two algorithms for barrier
synchronization", 1988.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import final

from simastra.collectives.algorithm import Algorithm, RingSymmetry
from simastra.collectives.holdings import Holdings, initial_holdings
from simastra.collectives.machine import Exchange, Packet, PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.pipeline import PacketPipeline
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

EXTENDED_COLLECTIVES = (
    CollectiveType.BROADCAST,
    CollectiveType.REDUCE,
    CollectiveType.GATHER,
    CollectiveType.SCATTER,
    CollectiveType.BARRIER,
)
"""The collectives that run without an algorithm in the system JSON."""

ROOTED_COLLECTIVES = tuple(it for it in EXTENDED_COLLECTIVES if it is not CollectiveType.BARRIER)
"""Those in which one member, the root, does otherwise than the others."""

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
    """Runs the extended collectives; each has one algorithm.

    Attributes:
        root: the NPU that everything comes from or goes to; no matter to a barrier.
    """

    root: NpuId

    alternates = False
    has_scores = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """One member's part. `size` is the root's buffer for scatter, each member's otherwise."""
        npus = len(ring)
        root = ring.members.index(self.root)
        if collective is CollectiveType.BARRIER:
            return _barrier(ring)
        if collective in {CollectiveType.BROADCAST, CollectiveType.REDUCE}:
            rank = (ring.position - root) % npus
            parent, children = binomial_place(npus, rank)
            up = None if parent is None else ring.members[(root + parent) % npus]
            down = tuple(ring.members[(root + child) % npus] for child in children)
            everything = range(1)
            if collective is CollectiveType.BROADCAST:
                return _Fan(size, (up,) if up is not None else (), down, everything)
            return _Fan(size, down, (up,) if up is not None else (), everything, reduces=True)
        others = tuple(member for member in ring.members if member != self.root)
        is_root = ring.position == root
        if collective is CollectiveType.GATHER:
            own = range(ring.position, ring.position + 1)
            return _Fan(size, others, (), own) if is_root else _Fan(size, (), (self.root,), own)
        share = size // npus
        if is_root:
            return _Scatter(share, others, tuple(map(ring.members.index, others)))
        return _Fan(share, (self.root,), (), range(0))

    def holdings(self, collective: CollectiveType, ring: LogicalRing) -> Holdings:
        """Of a root it depends on where the root is."""
        root = ring.members.index(self.root)
        return initial_holdings(collective, len(ring), ring.position, root)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It runs the extended collectives among any number."""
        return None if collective in EXTENDED_COLLECTIVES else f"can't run {collective.name}"


def binomial_place(npus: int, rank: int) -> tuple[int | None, tuple[int, ...]]:
    """Parent and children of a rank in the binomial tree whose root is rank 0.

    Rank r's parent is r without its highest bit, so that after k steps the first 2**k are reached.

    >>> binomial_place(8, 1)
    (0, (3, 5))
    """
    highest = 1 << (rank.bit_length() - 1) if rank else 0
    parent = rank - highest if rank else None
    children = []
    step = 1 << rank.bit_length()
    while rank + step < npus:
        children.append(rank + step)
        step *= 2
    return parent, tuple(children)


class _Fan(PhaseMachine):
    """Receives from all sources, then sends to all targets; each packet passes the endpoint."""

    def __init__(
        self,
        size: Bytes,
        sources: tuple[NpuId, ...],
        targets: tuple[NpuId, ...],
        blocks: range,
        *,
        reduces: bool = False,
    ) -> None:
        self._size, self._sources, self._targets = size, sources, targets
        self._blocks, self._reduces = blocks, reduces
        self._left = len(sources)

    def start(self, exchange: Exchange) -> None:
        for source in self._sources:
            exchange.receive(source, self._size)
        if not self._sources:
            exchange.admit(Packet(self._size, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        exchange.admit(Packet(self._size, self._reduces, toward_memory=False))

    def admitted(self, exchange: Exchange) -> None:
        self._left -= 1
        if self._left > 0:
            return
        for target in self._targets:
            exchange.send(target, self._size)
        exchange.finish()

    def blocks(self) -> Iterable[range]:
        return repeat(self._blocks)


class _Scatter(PhaseMachine):
    """The root's part in a scatter: one packet for each of the others."""

    def __init__(
        self, share: Bytes, targets: tuple[NpuId, ...], positions: tuple[int, ...]
    ) -> None:
        self._share, self._targets, self._positions = share, targets, positions
        self._sent = 0

    def start(self, exchange: Exchange) -> None:
        for _ in self._targets:
            exchange.admit(Packet(self._share, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        raise AssertionError("the root of a scatter receives nothing")

    def admitted(self, exchange: Exchange) -> None:
        exchange.send(self._targets[self._sent], self._share)
        self._sent += 1
        if self._sent == len(self._targets):
            exchange.finish()

    def blocks(self) -> Iterable[range]:
        return [range(position, position + 1) for position in self._positions]


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
