"""A program's operations by kind and as columns, for what asks all of them.

Whether a program has been made of nodes or of columns, these are the same: standard arrays, which
numpy takes without a copy (`numpy.asarray`).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields
from enum import IntEnum
from functools import cache, cached_property
from itertools import compress, count
from operator import attrgetter
from typing import Any, Protocol, TypeAlias, TypeVar

from simastra.quick_dataclass import dataclass
from simastra.system import Collective
from simastra.trace import Node
from simastra.units import NpuId

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

MESSAGES = frozenset({OperationKind.SEND, OperationKind.RECEIVE})

NOT_NAMED = -(2**63)
"""In place of an NPU that a node doesn't name."""

Key = TypeVar("Key", bound=Hashable)

Column: TypeAlias = Sequence[int]
"""An ``array`` of 8 bytes each; a list, if a number takes more."""


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """The sends and receives of a program, in order of their nodes.

    Attributes:
        index: of each one's node in the graph, ascending; 4 bytes each.
        is_send: a byte each: 1 for a send, 0 for a receive.
        partner: the NPU at the other end.
        size: bytes.
        tag: as its node says it.
        own: the NPU that its node names at this end; NOT_NAMED where it names none.
    """

    index: array[int]
    is_send: bytes
    partner: Column
    size: Column
    tag: Column
    own: Column


@dataclass(frozen=True, slots=True, eq=False)
class Collectives:
    """The collectives of a program: of a million, few differ.

    Attributes:
        index: of each one's node in the graph, ascending.
        which: for each the place in `distinct` of the one that is like it.
        distinct: one of each kind, in the order in which they first come. What is alike is equal
            (`Collective`), and its nodes name their process groups and parts in the same words.
    """

    index: Sequence[int]
    which: array[int]
    distinct: Sequence[Collective]

    def counted(self) -> Iterator[tuple[Collective, int]]:
        """One of each kind, and how many are like it."""
        counts = Counter(self.which)
        return ((it, counts[number]) for number, it in enumerate(self.distinct))

    def where(self, holds: Callable[[Collective], bool]) -> Sequence[int]:
        """Indices of those of which something holds that is the same for what is alike."""
        chosen = bytes(map(holds, self.distinct))
        if 1 not in chosen:
            return ()
        return tuple(compress(self.index, map(chosen.__getitem__, self.which)))

    def apart(self, alone: Mapping[int, Collective]) -> Collectives:
        """The same, of which some are like no others.

        Args:
            alone: which, by their places in `index`.
        """
        keys = (~place if place in alone else it for place, it in enumerate(self.which))
        which, _ = numbered(keys)
        firsts = first_places(which)
        kinds = (alone.get(place) or self.distinct[self.which[place]] for place in firsts)
        return Collectives(self.index, which, tuple(kinds))


@dataclass(frozen=True, slots=True, eq=False)
class Replays:
    """The operations that take as long as the trace says.

    Attributes:
        index: of each one's node in the graph, ascending.
        duration: ns.
    """

    index: array[int]
    duration: Column


@dataclass(frozen=True, slots=True, eq=False)
class Rooflines:
    """The operations that the roofline estimates.

    Attributes:
        index: of each one's node in the graph, ascending.
        num_ops: operations.
        tensor_size: bytes.
    """

    index: array[int]
    num_ops: Column
    tensor_size: Column


@dataclass(frozen=True, slots=True, eq=False)
class Accesses:
    """The loads and stores of remote memory.

    Attributes:
        index: of each one's node in the graph, ascending.
        size: bytes.
    """

    index: array[int]
    size: Column


class OperationColumns(Protocol):
    """All operations of a program."""

    @property
    def collectives(self) -> Collectives:
        """Collectives."""

    @property
    def kinds(self) -> bytes:
        """The OperationKind of each, a byte each."""

    @property
    def messages(self) -> Messages:
        """Sends and receives."""

    @property
    def replays(self) -> Replays:
        """What takes as long as the trace says."""

    @property
    def rooflines(self) -> Rooflines:
        """What the roofline estimates."""

    @property
    def accesses(self) -> Accesses:
        """Loads and stores of remote memory."""


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
        self.kinds = _kinds_of(operations) if kinds is None else kinds

    @cached_property
    def messages(self) -> Messages:
        """Sends and receives."""
        kinds = self.kinds
        wanted = chosen(kinds, MESSAGES)
        is_send = bytes(compress(chosen(kinds, {OperationKind.SEND}), wanted))
        operations: list[Any] = list(compress(self._operations, wanted))
        ends = zip(compress(self._nodes, wanted), is_send, strict=True)
        return Messages(
            places(wanted),
            is_send,
            _column(
                it.dst if sends else it.src for it, sends in zip(operations, is_send, strict=True)
            ),
            _column(map(_SIZE, operations)),
            _column(map(_TAG, operations)),
            _column(map(_own_end, ends)),
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

    def _of(self, kind: OperationKind, *names: str) -> tuple[array[int], Sequence[Column]]:
        """Where operations of a kind are, and some of their attributes."""
        wanted = chosen(self.kinds, {kind})
        operations = list(compress(self._operations, wanted))
        return places(wanted), [_column(map(attrgetter(name), operations)) for name in names]


def kind_of(operation: Operation) -> OperationKind:
    """Of which kind an operation is."""
    return _kind_of_type(type(operation))


def chosen(kinds: bytes, wanted: Set[int]) -> bytes:
    """For each operation a byte: 1 where it is of one of some kinds, 0 elsewhere.

    So for other bytes, such as the types of nodes.
    """
    return kinds.translate(_telling(frozenset(wanted)))


@cache
def _telling(wanted: frozenset[int]) -> bytes:
    return bytes(kind in wanted for kind in range(_BYTES))


def places(chosen: bytes, *further: bytes) -> array[int]:
    """The indices of what is chosen, ascending.

    Args:
        chosen: a byte each, 1 or 0.
        further: the same of further choices: only what is chosen in all of them counts.
    """
    if any(1 not in each for each in (chosen, *further)):
        return array("i")
    for each in further:
        both = int.from_bytes(chosen) & int.from_bytes(each)  # thousands of bytes at once
        chosen = both.to_bytes(len(chosen))
    return array("i", compress(count(), chosen))


_BYTES = 256
_SIZE, _TAG = attrgetter("size"), attrgetter("tag")

ALIKE = attrgetter(
    *(it.name for it in fields(Collective) if it.compare),
    "node.pg_name",
    "node.comm_uneven",
    "node.comm_sizes",
)
"""What decides whether collectives are alike."""


def numbered(keys: Iterable[Key]) -> tuple[array[int], list[Key]]:
    """A number for each key, equal for equal ones; and these keys, in the order of their numbers,
    which is that in which they first come."""
    numbers: defaultdict[Key, int] = defaultdict(count().__next__)
    which = array("i", map(numbers.__getitem__, keys))
    return which, list(numbers)


def first_places(which: Sequence[int]) -> list[int]:
    """The place at which each number, from 0 on, first comes."""
    places = dict(zip(reversed(which), reversed(range(len(which))), strict=True))
    return [places[number] for number in range(len(places))]


def _kinds_of(operations: Sequence[Operation]) -> bytes:
    types = list(map(type, operations))
    numbers = {it: _kind_of_type(it) for it in set(types)}
    return bytes(map(numbers.__getitem__, types))


def _kind_of_type(of: type[Operation]) -> OperationKind:
    return next(kind for known, kind in KIND_OF.items() if issubclass(of, known))


def _own_end(end: tuple[Node, int]) -> NpuId:
    node, sends = end
    own = node.comm_src if sends else node.comm_dst
    return NOT_NAMED if own is None else own


def _column(numbers: Iterable[int]) -> Column:
    listed = list(numbers)
    try:
        return array("q", listed)
    except OverflowError:
        return listed
