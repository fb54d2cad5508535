"""Programs that are another's with other NPUs and process groups in them, and nothing else.

See `simastra.trace.renamed`: of a large training step's NPUs, most are such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from simastra.number_column import NumberColumn
from simastra.on_demand import OnDemand
from simastra.trace.renamed import RenamedNodes
from simastra.units import NpuId

from .operation import Operation, OperationRules
from .operation_columns import (
    NOT_NAMED,
    Accesses,
    Collectives,
    MessageColumns,
    OperationColumns,
    Replays,
    Rooflines,
)
from .operation_kinds import EXTERNAL

MadeOperations: TypeAlias = dict[tuple[object, ...], Operation]
"""Operations of all programs renamed from one, by index and by what they name."""


class NamesakeProgram(Protocol):
    """What is asked of the program that others are with other names in them."""

    @property
    def operations(self) -> Sequence[Operation]:
        """What each node does."""

    @property
    def kinds(self) -> bytes:
        """The OperationKind of each, a byte each."""

    @property
    def columns(self) -> OperationColumns:
        """The operations as columns."""


class RenamedOperations(OnDemand[Operation]):
    """What the nodes of such a program do.

    An operation is one object for all NPUs for which it is the same.

    Args:
        original: the program with the names of its own NPU.
        nodes: of this one, in order of their ids.
        rules: how nodes are read.
        made: of all that are renamed from the original.
    """

    def __init__(
        self,
        original: NamesakeProgram,
        nodes: RenamedNodes,
        rules: OperationRules,
        made: MadeOperations,
    ) -> None:
        self.original = original
        self.nodes = nodes
        self._rules = rules
        self._made_ones = made

    @cached_property
    def columns(self) -> RenamedColumns:
        """The same as columns."""
        return RenamedColumns(self.original.columns, self)

    def __len__(self) -> int:
        return len(self.nodes)

    def _make(self, index: int) -> Operation:
        if self.original.kinds[index] not in EXTERNAL:
            return self.original.operations[index]
        node = self.nodes[index]
        key = index, node.comm_src, node.comm_dst, node.pg_name
        operation = self._made_ones.get(key)
        if operation is None:
            operation = self._made_ones.setdefault(key, self._rules.operation(node))
        return operation

    def __reduce__(self) -> tuple[Any, ...]:
        return RenamedOperations, (self.original, self.nodes, self._rules, {})


class RenamedColumns:
    """The columns of such a program: the original's, but for the NPUs that messages name.

    Args:
        original: those of the original.
        operations: those of the program.
    """

    def __init__(self, original: OperationColumns, operations: RenamedOperations) -> None:
        self._original = original
        self._operations = operations
        self._names = operations.nodes

    @cached_property
    def collectives(self) -> Collectives:
        """Collectives."""
        known = self._original.collectives
        if not self._names.groups and not any(it.root is not None for it in known.distinct):
            return known
        firsts = (known.index[known.which.index(kind)] for kind in range(len(known.distinct)))
        distinct: Any = tuple(map(self._operations.__getitem__, firsts))
        return Collectives(known.index, known.which, distinct)

    @property
    def kinds(self) -> bytes:
        """The OperationKind of each, a byte each."""
        return self._original.kinds

    @property
    def messages(self) -> MessageColumns:
        """Sends and receives."""
        known, npus = self._original.messages, self._names.npu_names
        return MessageColumns(
            known.index,
            known.is_send,
            _Others(known.partner, npus),
            known.size,
            known.tag,
            _Others(known.own, {**npus, NOT_NAMED: NOT_NAMED}),
        )

    @property
    def replays(self) -> Replays:
        """What takes as long as the trace says."""
        return self._original.replays

    @property
    def rooflines(self) -> Rooflines:
        """What the roofline estimates."""
        return self._original.rooflines

    @property
    def accesses(self) -> Accesses:
        """Loads and stores of remote memory."""
        return self._original.accesses


class _Others(OnDemand[int]):
    """A column with other NPUs in it: of thousands of programs, arrays would be the most of it."""

    def __init__(self, npus: NumberColumn, names: Mapping[NpuId, NpuId]) -> None:
        self._npus = npus
        self._names = names

    def __len__(self) -> int:
        return len(self._npus)

    def _make(self, index: int) -> NpuId:
        return self._names[self._npus[index]]

    def __iter__(self) -> Iterator[NpuId]:
        return map(self._names.__getitem__, self._npus)
