"""Machines that go through a member's steps: one, in switches too, and with parts of own sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from simastra.units import Bytes, NpuId
from simastra.view.ends import SwitchId

from .holdings import Block
from .machine import Exchange, Packet, PhaseMachine
from .members import LogicalRing
from .steps import Step, Transfer

if TYPE_CHECKING:
    from .part_sizes import BlockSizes


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


class InNetworkMachine(StepwiseMachine):
    """The same of a member that sends to switches, too."""

    __slots__ = ("_turn",)

    def __init__(self, ring: LogicalRing, block: Bytes, steps: tuple[Step, ...], turn: int) -> None:
        super().__init__(ring, block, steps)
        self._turn = turn

    def _end(self, transfer: Transfer) -> NpuId:
        if transfer.part is None:
            return super()._end(transfer)
        tree = transfer.part.tree(self._ring, self._turn)
        above = tree.parent[self._ring.members[self._ring.position]]
        return SwitchId(above, above.name, transfer.part.number)


class UnevenStepwiseMachine(StepwiseMachine):
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


class IdleMachine(PhaseMachine):
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
