"""The nodes of a program that communicate, by kinds: of a million, few differ in what they ask for.

What one of a kind comes to is looked at once. Sums go through all of them all the same, in their
order, so that they come out alike to the last bit however many kinds there are.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from simastra.simulation.collectives_of import collectives_of
from simastra.system import CustomCollectives
from simastra.units import Bytes, NpuId
from simastra.workload import Collective, MessageColumns, Program, numbered

Kind = TypeVar("Kind")
Other = TypeVar("Other")


class MessageKind(NamedTuple):
    """Sends or receives of an NPU.

    Attributes:
        is_send: whether it sends.
        partner: the NPU at the other end.
        size: bytes.
    """

    is_send: bool
    partner: NpuId
    size: Bytes


@dataclass(frozen=True, slots=True)
class ByKind(Generic[Kind]):
    """Nodes of a program, each of a kind.

    Attributes:
        index: of each one in the graph, ascending.
        which: for each the place of its kind.
        kinds: of them; none without a node.
    """

    index: Sequence[int]
    which: Sequence[int]
    kinds: Sequence[Kind]

    def __iter__(self) -> Iterator[tuple[int, Kind]]:
        """The index of each node, with its kind."""
        return zip(self.index, map(self.kinds.__getitem__, self.which), strict=True)

    def __len__(self) -> int:
        return len(self.index)

    def counted(self) -> Iterator[tuple[Kind, int]]:
        """The kinds in the order in which they first come, and how many nodes each has."""
        return ((self.kinds[number], count) for number, count in Counter(self.which).items())

    def told(self, tell: Callable[[Kind], Other | None]) -> ByKind[Other]:
        """The same nodes with what is told of their kinds, but for those of which nothing is."""
        told = list(map(tell, self.kinds))
        known = bytes(it is not None for it in told)
        if 0 not in known:
            return ByKind(self.index, self.which, [it for it in told if it is not None])
        chosen = bytes(map(known.__getitem__, self.which))
        numbers = [sum(known[:number]) for number in range(len(known))]
        which = array("i", map(numbers.__getitem__, compress(self.which, chosen)))
        index = array("i", compress(self.index, chosen))
        return ByKind(index, which, [it for it in told if it is not None])


Communicating: TypeAlias = Collective | MessageKind


def communicating(program: Program, custom: CustomCollectives) -> ByKind[Communicating]:
    """Return the nodes of a program that communicate.

    Args:
        program: of an NPU.
        custom: what is played from ETs.
    """
    collectives, messages = collectives_of(program, custom), _by_kind(program.messages)
    if not messages.index:
        return ByKind(collectives.index, collectives.which, collectives.distinct)
    if not collectives.index:
        return messages
    so_far = len(collectives.distinct)
    behind = map(so_far.__add__, messages.which)
    both = [
        *zip(collectives.index, collectives.which, strict=True),
        *zip(messages.index, behind, strict=True),
    ]
    index, which = zip(*sorted(both), strict=True)
    return ByKind(index, which, [*collectives.distinct, *messages.kinds])


def _by_kind(messages: MessageColumns) -> ByKind[Communicating]:
    which, keys = numbered(zip(messages.is_send, messages.partner, messages.size, strict=True))
    kinds = [MessageKind(bool(sends), partner, size) for sends, partner, size in keys]
    return ByKind(messages.index, which, kinds)
