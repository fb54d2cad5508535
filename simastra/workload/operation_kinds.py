"""What nodes do, as numbers: for what asks a million of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from simastra.system import Collective

from .operation import (
    MemoryOperation,
    Operation,
    ReceiveOperation,
    ReplayOperation,
    RooflineOperation,
    SendOperation,
    SkipOperation,
)


class OperationKind(IntEnum):
    """What a node does, as a number; from COLLECTIVE on it concerns more than its NPU."""

    SKIP = 0
    REPLAY = 1
    ROOFLINE = 2
    COLLECTIVE = 3
    SEND = 4
    RECEIVE = 5
    MEMORY = 6


KIND_OF: Mapping[type[Operation], OperationKind] = {
    SkipOperation: OperationKind.SKIP,
    ReplayOperation: OperationKind.REPLAY,
    RooflineOperation: OperationKind.ROOFLINE,
    Collective: OperationKind.COLLECTIVE,
    SendOperation: OperationKind.SEND,
    ReceiveOperation: OperationKind.RECEIVE,
    MemoryOperation: OperationKind.MEMORY,
}
"""By class of operation."""

EXTERNAL = frozenset(it for it in OperationKind if it >= OperationKind.COLLECTIVE)
"""Kinds that concern more than the NPU itself."""

EXTERNAL_CLASSES = tuple(of for of, kind in KIND_OF.items() if kind in EXTERNAL)
"""The classes of such operations."""

MESSAGES = frozenset({OperationKind.SEND, OperationKind.RECEIVE})


def kind_of(operation: Operation) -> OperationKind:
    """Of which kind an operation is."""
    return _kind_of_type(type(operation))


def kinds_of(operations: Sequence[Operation]) -> bytes:
    """The OperationKind of each, a byte each."""
    types = list(map(type, operations))
    numbers = {it: _kind_of_type(it) for it in set(types)}
    return bytes(map(numbers.__getitem__, types))


def _kind_of_type(of: type[Operation]) -> OperationKind:
    return next(kind for known, kind in KIND_OF.items() if issubclass(of, known))
