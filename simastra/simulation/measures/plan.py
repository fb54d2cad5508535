"""What a member of a collective sends, told without a clock."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from simastra.collectives import (
    Algorithm,
    Exchange,
    LogicalRing,
    Packet,
    Phase,
    RingSymmetry,
    split,
)
from simastra.simulation.platform import Platform
from simastra.simulation.promised import ring_symmetry
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId
from simastra.workload import Collective

Sent: TypeAlias = tuple[NpuId, Bytes]
"""The receiver of a message, and its size."""

Round: TypeAlias = tuple[Sent, ...]
"""Messages that don't wait for each other."""


@dataclass(frozen=True, slots=True)
class PhaseSends:
    """What one member sends in one phase.

    Attributes:
        messages: how many of each (receiver, size).
        rounds: what it sends before it has to wait for others, from one time to the next: of one
            round nothing waits for anything else of it.
    """

    messages: Counter[Sent]
    rounds: tuple[Round, ...]

    @property
    def count(self) -> int:
        """Number of messages."""
        return self.messages.total()

    @property
    def size(self) -> Bytes:
        """Bytes of all of them."""
        return sum(size * count for (_, size), count in self.messages.items())


@dataclass(frozen=True, slots=True)
class Planned:
    """What a member of a collective sends, as its algorithm has it.

    Attributes:
        chunks: into how many the collective is cut.
        phases: of a chunk, with what is sent in each.
    """

    chunks: int
    phases: tuple[tuple[Phase, PhaseSends], ...]

    @property
    def size(self) -> Bytes:
        """Bytes."""
        return self.chunks * sum(sends.size for _, sends in self.phases)

    @property
    def messages(self) -> int:
        """How many."""
        return self.chunks * sum(sends.count for _, sends in self.phases)


def plan(
    platform: Platform, npu: NpuId, operation: Collective, *, of_last_chunk: bool = False
) -> Planned:
    """What an NPU sends for a collective other than a barrier, of its first turn at the queues."""
    chunks = chunk_count(platform, operation)
    planned = platform.phases(npu, operation, of_last_chunk=of_last_chunk)
    phases = tuple((it, phase_sends(it)) for it in planned)
    return Planned(chunks, phases)


def chunk_count(platform: Platform, operation: Collective) -> int:
    """Into how many chunks a collective is cut."""
    splits = platform.system.preferred_dataset_splits
    return split(operation.kind, operation.size, splits, platform.npus).count


def phase_sends(phase: Phase) -> PhaseSends:
    """Play a member's part in a phase; whatever it waits for is there in the round after.

    What a machine sends doesn't depend on the order of what it hears (tests/conformance).
    """
    if ring_symmetry(phase.algorithm) is not RingSymmetry.SHIFTS:
        return _Played(phase).sends
    sends, peer = _played_by_first(*_but_for_members(phase)), phase.ring.peer
    rounds = {each: tuple([(peer(away), size) for away, size in each]) for each in {*sends.rounds}}
    return PhaseSends(phase_messages(phase), tuple(map(rounds.__getitem__, sends.rounds)))


def phase_messages(phase: Phase) -> Counter[Sent]:
    """How many messages of each (receiver, size) a member sends in a phase."""
    if ring_symmetry(phase.algorithm) is not RingSymmetry.SHIFTS:
        return _Played(phase).sends.messages
    sends, peer = _played_by_first(*_but_for_members(phase)), phase.ring.peer
    return Counter({(peer(away), size): count for (away, size), count in sends.messages.items()})


_Facts: TypeAlias = tuple[Algorithm, CollectiveType, Bytes, int, bool, bool, int]


def _but_for_members(phase: Phase) -> _Facts:
    """All that says what is sent, but for who the members are."""
    ring = phase.ring
    facts = (len(ring), ring.is_group, ring.clockwise, phase.turn)
    return (phase.algorithm, phase.collective, phase.size, *facts)


@lru_cache(maxsize=256)
def _played_by_first(  # noqa: PLR0913, PLR0917  # a key
    algorithm: Algorithm,
    collective: CollectiveType,
    size: Bytes,
    members: int,
    is_group: bool,  # noqa: FBT001
    clockwise: bool,  # noqa: FBT001
    turn: int,
) -> PhaseSends:
    """What the first member sends; receivers are told by how many places they are away.

    Kept, since simulations of a sweep have many phases in common, and members are alike.
    """
    ring = LogicalRing(range(members), 0, is_group, clockwise)
    return _Played(Phase(collective, algorithm, ring, size, 0, turn)).sends


class _Played(Exchange):
    """Has done whatever a machine asks for, round after round."""

    def __init__(self, phase: Phase) -> None:
        self._machine = phase.machine()
        self._now: deque[Callable[[Exchange], None]] = deque([self._machine.start])
        self._next: deque[Callable[[Exchange], None]] = deque()
        self._round: list[Sent] = []
        rounds: list[Round] = []
        while self._now:
            while self._now:
                self._now.popleft()(self)
            if self._round:
                rounds.append(tuple(self._round))
                self._round.clear()
            self._now, self._next = self._next, self._now
        messages = Counter(sent for sent_at_once in rounds for sent in sent_at_once)
        self.sends = PhaseSends(messages, tuple(rounds))

    def admit(self, packet: Packet) -> None:
        self._now.append(self._machine.admitted)

    def send(self, to: NpuId, size: Bytes) -> None:
        self._round.append((to, size))

    def receive(self, source: NpuId, size: Bytes) -> None:
        self._next.append(self._machine.received)

    def finish(self) -> None:
        """Nothing follows of itself."""
