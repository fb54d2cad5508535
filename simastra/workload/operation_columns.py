"""A program's operations by kind and as columns, for what asks all of them.

Whether a program has been made of nodes or of columns, these are the same: standard arrays, which
numpy takes without a copy (`numpy.asarray`).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import compress, count
from operator import attrgetter
from typing import Protocol, TypeVar

from simastra.number_column import NumberColumn
from simastra.quick_dataclass import dataclass
from simastra.system import Collective

NOT_NAMED = -(2**63)
"""In place of an NPU that a node doesn't name."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class MessageColumns:
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
    partner: NumberColumn
    size: NumberColumn
    tag: NumberColumn
    own: NumberColumn


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
    duration: NumberColumn


@dataclass(frozen=True, slots=True, eq=False)
class Rooflines:
    """The operations that the roofline estimates.

    Attributes:
        index: of each one's node in the graph, ascending.
        num_ops: operations.
        tensor_size: bytes.
    """

    index: array[int]
    num_ops: NumberColumn
    tensor_size: NumberColumn


@dataclass(frozen=True, slots=True, eq=False)
class Accesses:
    """The loads and stores of remote memory.

    Attributes:
        index: of each one's node in the graph, ascending.
        size: bytes.
    """

    index: array[int]
    size: NumberColumn


class OperationColumns(Protocol):
    """All operations of a program."""

    @property
    def collectives(self) -> Collectives:
        """Collectives."""

    @property
    def kinds(self) -> bytes:
        """The OperationKind of each, a byte each."""

    @property
    def messages(self) -> MessageColumns:
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
