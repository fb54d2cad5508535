"""Algorithms that go step by step: in each, a member sends, then waits for what it is to receive.

An algorithm lists its steps, and which blocks each message carries; the machine, the sizes of
messages and what the conformance suite follows are made of that list.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .algorithm import Algorithm, MessageSizes, RingSymmetry, message_size
from .holdings import Block
from .in_network import Aggregation, InNetworkPart, aggregations_of
from .machine import Exchange, Packet, PhaseMachine
from .members import LogicalRing
from .part_sizes import BlockSizes


@dataclass(frozen=True, slots=True)
class Transfer:
    """A message of a step, as one of its two ends sees it.

    Attributes:
        peer: the position of the other end; it may be given modulo the number of members.
        blocks: what it carries, by number as in `PhaseMachine.blocks`; where an algorithm doesn't
            promise `runs_uneven`, the receiver's need only be as many.
        part: if given, the other end is no member but the member's switch of this.
    """

    peer: int
    blocks: Sequence[Block]
    part: InNetworkPart | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one member does in one step; the next begins when all is received and has been let in.

    Attributes:
        sends: what it sends, in this order.
        receives: what it receives.
        reduces: whether it reduces what it receives with its own data.
    """

    sends: tuple[Transfer, ...] = ()
    receives: tuple[Transfer, ...] = ()
    reduces: bool = False


def exchange(
    peer: int, sent: Sequence[Block], received: Sequence[Block], *, reduces: bool = False
) -> Step:
    """A step in which a member sends to `peer` and receives from it."""
    return Step((Transfer(peer, sent),), (Transfer(peer, received),), reduces)


def shift(
    position: int,
    by: int,
    sent: Sequence[Block],
    received: Sequence[Block],
    *,
    reduces: bool = False,
) -> Step:
    """A step in which the member at `position`, like all, sends `by` places on.

    Args:
        position: of the member.
        by: how far; less than 0 for members before it.
        sent: blocks.
        received: blocks that come from `by` places before, as many.
        reduces: as of `Step`.
    """
    return Step((Transfer(position + by, sent),), (Transfer(position - by, received),), reduces)


class LazyBlocks(Sequence[Block]):
    """Blocks whose number is known, and which are made only for who looks at them.

    Args:
        count: how many.
        make: makes them.
    """

    def __init__(self, count: int, make: Callable[[], Iterable[Block]]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Block]:
        return iter(self._make())

    @overload
    def __getitem__(self, index: int) -> Block: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Block]: ...

    def __getitem__(self, index: int | slice) -> Block | Sequence[Block]:
        return tuple(self._make())[index]


class StepwiseAlgorithm(Algorithm):
    """An algorithm that lists each member's steps.

    The first step's messages pass the endpoint as local data; later ones go out as soon as what the
    step before received has passed it, as in ring (behaviour 3.6). The machine only counts, and
    knows members by their positions alone: what follows from that, each algorithm promises itself.
    """

    @abstractmethod
    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterable[Step]:
        """What the member at `position` does in `collective` among `npus`, step by step."""

    def in_network(
        self, collective: CollectiveType, npus: int, position: int
    ) -> Sequence[InNetworkPart]:
        """What switches do of what the member at `position` takes part in, step by step."""
        return ()

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A machine that goes through the member's steps."""
        block = message_size(self.runs_as(collective), size, len(ring))
        steps = tuple(self.steps(collective, len(ring), ring.position))
        if self.uses_switches:
            return _InNetworkMachine(ring, block, steps, turn)
        return StepwiseMachine(ring, block, steps)

    def aggregations(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> Iterable[Aggregation]:
        """Those of its parts in switches."""
        block = message_size(self.runs_as(collective), size, len(ring))
        parts = self.in_network(collective, len(ring), ring.position)
        return aggregations_of(parts, block, ring, turn)

    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A machine that goes through the member's steps, as far as there is something in them."""
        steps = self.steps(collective, len(ring), ring.position)
        left = tuple(
            Step(
                tuple(it for it in step.sends if sizes.of(it.blocks)),
                tuple(it for it in step.receives if sizes.of(it.blocks)),
                step.reduces,
            )
            for step in steps
        )
        some = tuple(step for step in left if step.sends or step.receives)
        return _UnevenStepwiseMachine(ring, sizes, some) if some else _Idle()

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """From the steps: of one member where all do the same, else of all."""
        alike = self.symmetry in {RingSymmetry.SHIFTS, RingSymmetry.EXCHANGES}
        counts = {
            len(carried.blocks)
            for position in range(1 if alike else npus)
            for step in self.steps(collective, npus, position)
            for carried in (*step.sends, *step.receives)
        }
        block = message_size(self.runs_as(collective), size, npus)
        return MessageSizes(min(counts) * block, max(counts) * block)


class StepwiseMachine(PhaseMachine):
    """Goes through the steps of one member."""

    __slots__ = ("_at", "_block", "_left", "_received", "_ring", "_steps")

    def __init__(self, ring: LogicalRing, block: Bytes, steps: tuple[Step, ...]) -> None:
        self._ring, self._block, self._steps = ring, block, steps
        self._at = -1
        """The step under way; -1 while the first one's local data pass the endpoint."""
        self._left = 0
        """Packets that have yet to pass the endpoint before the next step."""
        self._received = 0

    def start(self, exchange: Exchange) -> None:
        """Let the first step's data in."""
        first = self._steps[0].sends
        self._left = len(first)
        for sent in first:
            exchange.admit(Packet(self._size(sent), reduces=False, toward_memory=True))
        if not first:
            self._go_on(exchange)

    def received(self, exchange: Exchange) -> None:
        """Let it in."""
        step = self._steps[self._at]
        size = self._size(step.receives[self._received])
        self._received += 1
        exchange.admit(Packet(size, step.reduces, toward_memory=False))

    def admitted(self, exchange: Exchange) -> None:
        """Go on when all of the step has passed."""
        self._left -= 1
        if not self._left:
            self._go_on(exchange)

    def _go_on(self, exchange: Exchange) -> None:
        """Begin the next step, and those after it up to one that has to receive something."""
        while not self._left:
            self._at += 1
            if self._at == len(self._steps):
                exchange.finish()
                return
            step = self._steps[self._at]
            self._received, self._left = 0, len(step.receives)
            for sent in step.sends:
                exchange.send(self._end(sent), self._size(sent))
            for awaited in step.receives:
                exchange.receive(self._end(awaited), self._size(awaited))

    def _end(self, transfer: Transfer) -> NpuId:
        """The other end of a message."""
        return self._ring.members[transfer.peer % len(self._ring)]

    def _size(self, transfer: Transfer) -> Bytes:
        return self._block * len(transfer.blocks)

    def blocks(self) -> Iterable[Sequence[Block]]:
        """Those of what is sent."""
        return (sent.blocks for step in self._steps for sent in step.sends)


class _InNetworkMachine(StepwiseMachine):
    """The same of a member that sends to switches, too."""

    __slots__ = ("_turn",)

    def __init__(self, ring: LogicalRing, block: Bytes, steps: tuple[Step, ...], turn: int) -> None:
        super().__init__(ring, block, steps)
        self._turn = turn

    def _end(self, transfer: Transfer) -> NpuId:
        if transfer.part is None:
            return super()._end(transfer)
        tree = transfer.part.tree(self._ring, self._turn)
        return tree.parent[self._ring.members[self._ring.position]]


class _UnevenStepwiseMachine(StepwiseMachine):
    """Goes through steps whose messages have the sizes of what they carry."""

    __slots__ = ("_sizes",)

    def __init__(self, ring: LogicalRing, sizes: BlockSizes, steps: tuple[Step, ...]) -> None:
        super().__init__(ring, 0, steps)
        self._sizes = sizes

    def _size(self, transfer: Transfer) -> Bytes:
        return self._sizes.of(transfer.blocks)

    def blocks(self) -> Iterable[Sequence[Block]]:
        """Those of what is sent that have bytes: who lacks one of none lacks nothing."""
        return (tuple(filter(self._sizes, carried)) for carried in super().blocks())


class _Idle(PhaseMachine):
    """Has nothing to send, and nothing comes: an empty packet passes, and that is all."""

    __slots__ = ()

    def start(self, exchange: Exchange) -> None:
        """Let the packet in: no phase ends in the call that begins it."""
        exchange.admit(Packet(0, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        """Nothing is."""
        raise AssertionError("nothing has been asked for")

    def admitted(self, exchange: Exchange) -> None:
        """The end."""
        exchange.finish()

    def blocks(self) -> Iterable[Sequence[Block]]:
        """None."""
        return ()
