"""What nodes do that are columns (simastra.trace.columns): found for all of them at once.

What a node does is decided by `OperationRules`, here as everywhere: they are asked about one node
of each class, and a class is all that their answer may depend on. The numbers of the others are
the columns' own.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from simastra.on_demand import OnDemand
from simastra.trace import Node, NodeType
from simastra.trace.nodes import ATTRIBUTE_FIELDS

from .choosing import chosen
from .operation import NODE_KINDS, SHORTEST_REPLAY, Operation, OperationRules
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
from .operation_kinds import MESSAGES, OperationKind, kind_of
from .unit_classes import first_of_each

if TYPE_CHECKING:
    from simastra.trace.columnar import Int64s, NodeTable

_PRESENT = ("tensor_size", "comm_size", "comm_src", "comm_dst", "comm_type")
"""Attributes of which it matters whether a node has them, whatever they are."""

_OF_COLLECTIVES = (
    *("comm_type", "comm_size", "involved_dim", "comm_priority", "comm_src", "pg_name"),
    *("comm_uneven", "comm_sizes"),
)
"""Attributes that decide what a collective is."""

_KINDS_OF_COLLECTIVES = ("comm_type", "pg_name", "comm_sizes")
"""Attributes that decide whether a node is a sound collective."""


@final
class ColumnOperations(OnDemand[Operation]):
    """What each of an NPU's nodes does: kinds and numbers at once, objects on demand.

    Args:
        nodes: in order of their ids.
        columns: of the same nodes.
        rules: how they are read.

    Attributes:
        kinds: the OperationKind of each, a byte each.

    Raises:
        TraceError: as the rules do for the first node that is wrong.
    """

    def __init__(self, nodes: Sequence[Node], columns: NodeTable, rules: OperationRules) -> None:
        self._nodes = nodes
        self._columns = columns
        self._rules = rules
        self.kinds = self._found_kinds()

    def __len__(self) -> int:
        return len(self.kinds)

    def _make(self, index: int) -> Operation:
        return self._rules.operation(self._nodes[index])

    def _make_some(self, places: range) -> Sequence[Operation]:
        if places.step != 1:
            return super()._make_some(places)
        return list(map(self._rules.operation, self._nodes[places.start : places.stop]))

    @property
    def columns(self) -> ColumnOperations:
        """The operations by kind and as columns."""
        return self

    @cached_property
    def messages(self) -> MessageColumns:
        """Sends and receives."""
        index = self._places(*MESSAGES)
        rows = np.asarray(index)
        it = self._columns
        is_send = np.frombuffer(self.kinds, np.uint8)[rows] == OperationKind.SEND
        source, destination = (_where_given(it, name, rows) for name in ("comm_src", "comm_dst"))
        return MessageColumns(
            index,
            is_send.tobytes(),
            _column(np.where(is_send, destination, source)),
            _column(it.number("comm_size")[rows]),
            _column(it.number("comm_tag")[rows]),
            _column(np.where(is_send, source, destination)),
        )

    @cached_property
    def collectives(self) -> Collectives:
        """Collectives."""
        index = self._places(OperationKind.COLLECTIVE)
        rows = np.asarray(index)
        codes = _distinct(self._columns, rows, np.zeros(len(rows), np.int32), _OF_COLLECTIVES)
        first = first_of_each(codes)
        found: list[Any] = [self._make(row) for row in rows[first].tolist()]
        numbers, _ = numbered(map(ALIKE, found))  # some only are written in different ways
        firsts = first_places(numbers)
        number_of = np.zeros(len(first), np.int32)
        number_of[codes[first]] = numbers
        which = array("i", number_of[codes].tobytes())
        return Collectives(index, which, tuple(map(found.__getitem__, firsts)))

    @property
    def replays(self) -> Replays:
        """What takes as long as the trace says."""
        index = self._places(OperationKind.REPLAY)
        return Replays(index, _column(self.durations[index]))

    @property
    def rooflines(self) -> Rooflines:
        """What the roofline estimates."""
        index, it = self._places(OperationKind.ROOFLINE), self._columns
        num_ops, size = (_column(it.number(name)[index]) for name in ("num_ops", "tensor_size"))
        return Rooflines(index, num_ops, size)

    @property
    def accesses(self) -> Accesses:
        """Loads and stores of remote memory."""
        index = self._places(OperationKind.MEMORY)
        return Accesses(index, _column(self._columns.number("tensor_size")[index]))

    def does_the_same(self, other: ColumnOperations) -> bool:
        """Whether all operations are the same, but for those that concern more than the NPU."""
        if self.kinds != other.kinds:
            return False
        ours, theirs = self._columns, other._columns
        replayed, estimated = map(self._places, (OperationKind.REPLAY, OperationKind.ROOFLINE))
        return np.array_equal(self.durations[replayed], other.durations[replayed]) and all(
            np.array_equal(ours.number(name)[estimated], theirs.number(name)[estimated])
            for name in ("num_ops", "tensor_size")
        )

    @property
    def durations(self) -> Int64s:
        """How long each takes if it is replayed."""
        return np.maximum(_recorded(self._columns, self._rules), SHORTEST_REPLAY)

    def _places(self, *kinds: OperationKind) -> array[int]:
        """The indices of operations of some kinds, ascending."""
        is_one = np.frombuffer(chosen(self.kinds, frozenset(kinds)), np.bool_)
        return array("i", np.flatnonzero(is_one).astype(np.int32).tobytes())

    def _found_kinds(self) -> bytes:
        codes = _classes(self._columns, self._rules)
        kinds = np.zeros(int(codes.max(initial=0)) + 1, np.uint8)
        for row in first_of_each(codes).tolist():
            kinds[codes[row]] = kind_of(self._make(row))
        return kinds[codes].tobytes()


def are_told_by(columns: NodeTable) -> bool:
    """Whether columns say all that decides what nodes do."""
    kinds = (NODE_KINDS[NodeType(it)] for it in np.flatnonzero(np.bincount(columns.type)).tolist())
    return all(kind.is_told_by_columns for kind in kinds)


def _classes(columns: NodeTable, rules: OperationRules) -> NDArray[np.int32]:
    """A number for each node: those of equal ones do the same kind of thing."""
    codes = columns.type.astype(np.int32)
    facts = [columns.has("is_cpu_op"), columns.is_true("is_cpu_op")]
    facts += [_recorded(columns, rules) == 0]
    facts += [columns.number(name) == 0 for name in ("num_ops", "tensor_size")]
    facts += [columns.has(name) for name in _PRESENT]
    for fact in facts:
        codes = 2 * codes + fact
    rows = np.flatnonzero(columns.type == NodeType.COMM_COLL)
    codes[rows] = (
        codes.max(initial=0) + 1 + _distinct(columns, rows, codes[rows], _KINDS_OF_COLLECTIVES)
    )
    return codes


def _distinct(
    columns: NodeTable, rows: Int64s, codes: NDArray[np.int32], names: Sequence[str]
) -> Int64s:
    """A number from 0 for each of some nodes; those of the same one are alike.

    Args:
        columns: of all nodes.
        rows: which are asked about.
        codes: what tells them apart besides.
        names: the attributes that do: whether a node has them, and what they are.
    """
    bits = np.uint32(sum(1 << ATTRIBUTE_FIELDS.index(name) for name in names))
    facts: list[NDArray[Any]] = [columns.number(name)[rows] for name in names]
    facts += [columns.given[rows] & bits, columns.is_true("comm_uneven")[rows]]
    _, numbers = np.unique(codes, return_inverse=True)
    for fact in facts:
        if len(fact) and (fact != fact[0]).any():
            values, places = np.unique(fact, return_inverse=True)
            _, numbers = np.unique(numbers * len(values) + places, return_inverse=True)
    return numbers


def _recorded(columns: NodeTable, rules: OperationRules) -> Int64s:
    """The duration of each node, as its dialect reads it."""
    if not rules.dialect.exact_durations:
        return columns.duration
    exact = columns.number("duration_nanos")
    return np.where(columns.has("duration_nanos"), exact, columns.duration)


def _where_given(columns: NodeTable, name: str, rows: Int64s) -> Int64s:
    return np.where(columns.has(name)[rows], columns.number(name)[rows], NOT_NAMED)


def _column(numbers: Int64s) -> array[int]:
    return array("q", numbers.astype(np.int64, copy=False).tobytes())
