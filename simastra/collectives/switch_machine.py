"""A switch's part in a collective that switches carry out.

A machine as members have: it hears of messages, and sends. What comes passes no endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from simastra.trace import CollectiveType
from simastra.units import NpuId
from simastra.view.ends import SwitchId

from .holdings import Block
from .in_network import Aggregation
from .machine import PhaseMachine
from .members import LogicalRing
from .steps import Step, Transfer
from .stepwise_machine import StepwiseMachine

if TYPE_CHECKING:
    from simastra.network_graph import ReductionTree


def switch_machines(it: Aggregation) -> Iterator[tuple[SwitchId, PhaseMachine]]:
    """The switches of an aggregation, each with its part."""
    for switch in it.tree.children:
        seen = LogicalRing((switch,), 0)
        yield switch, _SwitchMachine(seen, it.block, tuple(_Switch(it, switch).steps()))


class _SwitchMachine(StepwiseMachine):
    """Goes through the steps of a switch, whose peers are devices."""

    __slots__ = ()

    def _end(self, transfer: Transfer) -> NpuId:
        return transfer.peer


class _Switch:
    """What a switch of an aggregation does.

    Args:
        aggregation: that it takes part in.
        switch: which it is.
    """

    def __init__(self, aggregation: Aggregation, switch: SwitchId) -> None:
        self._collective = aggregation.part.collective
        self._blocks = aggregation.part.blocks
        self._tree: ReductionTree = aggregation.tree
        self._children = self._tree.children[switch]
        self._parent = self._tree.parent.get(switch)
        self._switch = switch

    def steps(self) -> Iterator[Step]:
        """Its steps, one after the other."""
        if self._collective is CollectiveType.ALL_GATHER:
            return self._forwarding()
        return self._reducing()

    def _reducing(self) -> Iterator[Step]:
        """Everything from below; what is reduced further up and back; to each what it is to get."""
        everything = self._of(range(len(self._blocks)))
        yield Step(receives=tuple(Transfer(it, everything) for it in self._children))
        if self._parent is not None:
            sent = (Transfer(self._parent, everything),)
            yield Step(sent, (Transfer(self._parent, self._result(self._switch)),))
        yield Step(sends=tuple(Transfer(it, self._result(it)) for it in self._children))

    def _result(self, device: int) -> Sequence[Block]:
        """What goes down to a member or a switch."""
        if self._collective is CollectiveType.ALL_REDUCE:
            return self._of(range(len(self._blocks)))
        return self._of(self._tree.positions_below[device])

    def _forwarding(self) -> Iterator[Step]:
        """Shard by shard: up what is from below, down to all what has been at the root."""
        sends: tuple[Transfer, ...] = ()
        for source, position, targets in self._forwarded():
            shard = self._of((position,))
            yield Step(sends, (Transfer(source, shard),))
            sends = tuple(Transfer(it, shard) for it in targets)
        yield Step(sends)

    def _forwarded(self) -> Iterator[tuple[int, int, Sequence[int]]]:
        """From where each shard comes, whose it is, and to whom it goes."""
        below = self._tree.positions_below
        up = self._children if self._parent is None else (self._parent,)
        for child in self._children:
            yield from ((child, position, up) for position in below[child])
        if self._parent is not None:
            for position in below[self._tree.root]:
                yield self._parent, position, self._children

    def _of(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Blocks of the part as those of the phase."""
        return tuple(chain.from_iterable(self._blocks[block] for block in blocks))
