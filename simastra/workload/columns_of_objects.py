"""The columns of operations that are there as objects."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import compress
from operator import attrgetter
from typing import Any

from simastra.number_column import NumberColumn, number_column
from simastra.trace import Node
from simastra.units import NpuId

from .choosing import chosen, places
from .operation import Operation
from .operation_columns import (
    ALIKE,
    NOT_NAMED,
    Accesses,
    Collectives,
    MessageColumns,
    Replays,
    Rooflines,
    first_places,
    numbered,
)
from .operation_kinds import MESSAGES, OperationKind, kinds_of

_SIZE, _TAG = attrgetter("size"), attrgetter("tag")


class ColumnsOfObjects:
    """The columns of operations that are there as objects.

    Args:
        nodes: in order of their ids.
        operations: what each does.
        kinds: of each, if they are known.
    """

    def __init__(
        self, nodes: Sequence[Node], operations: Sequence[Operation], kinds: bytes | None = None
    ) -> None:
        self._nodes = nodes
        self._operations = operations
        self.kinds = kinds_of(operations) if kinds is None else kinds

    @cached_property
    def messages(self) -> MessageColumns:
        """Sends and receives."""
        kinds = self.kinds
        wanted = chosen(kinds, MESSAGES)
        is_send = bytes(compress(chosen(kinds, {OperationKind.SEND}), wanted))
        operations: list[Any] = list(compress(self._operations, wanted))
        ends = zip(compress(self._nodes, wanted), is_send, strict=True)
        return MessageColumns(
            places(wanted),
            is_send,
            number_column(
                it.dst if sends else it.src for it, sends in zip(operations, is_send, strict=True)
            ),
            number_column(map(_SIZE, operations)),
            number_column(map(_TAG, operations)),
            number_column(map(_own_end, ends)),
        )

    @cached_property
    def collectives(self) -> Collectives:
        """Collectives."""
        wanted = chosen(self.kinds, {OperationKind.COLLECTIVE})
        operations: list[Any] = list(compress(self._operations, wanted))
        which, _ = numbered(map(ALIKE, operations))
        firsts = first_places(which)
        return Collectives(places(wanted), which, tuple(map(operations.__getitem__, firsts)))

    @cached_property
    def replays(self) -> Replays:
        """What takes as long as the trace says."""
        index, (duration,) = self._of(OperationKind.REPLAY, "duration")
        return Replays(index, duration)

    @cached_property
    def rooflines(self) -> Rooflines:
        """What the roofline estimates."""
        index, (num_ops, size) = self._of(OperationKind.ROOFLINE, "num_ops", "tensor_size")
        return Rooflines(index, num_ops, size)

    @cached_property
    def accesses(self) -> Accesses:
        """Loads and stores of remote memory."""
        index, (size,) = self._of(OperationKind.MEMORY, "size")
        return Accesses(index, size)

    def _of(self, kind: OperationKind, *names: str) -> tuple[array[int], Sequence[NumberColumn]]:
        """Where operations of a kind are, and some of their attributes."""
        wanted = chosen(self.kinds, {kind})
        operations = list(compress(self._operations, wanted))
        return places(wanted), [number_column(map(attrgetter(name), operations)) for name in names]


def _own_end(end: tuple[Node, int]) -> NpuId:
    node, sends = end
    own = node.comm_src if sends else node.comm_dst
    return NOT_NAMED if own is None else own
