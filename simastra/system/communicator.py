"""Who takes part in a collective, and the logical topology that one NPU sees of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

from simastra.collectives import (
    EXTENDED_COLLECTIVES,
    Algorithm,
    AlgorithmChoice,
    CollectiveCall,
    LogicalDimension,
    LogicalRing,
    choose,
    line_of,
    logical_dimensions,
)
from simastra.deferred import deferred
from simastra.engine import STREAMS_PER_GROUP, Appended
from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType, Node
from simastra.units import Bytes, NpuId

if TYPE_CHECKING:
    from simastra.collectives import RootedTree, uneven
    from simastra.collectives.algorithms import rooted
    from simastra.collectives.part_sizes import PartSizes
else:  # few collectives need them
    rooted = deferred("simastra.collectives.algorithms.rooted")
    uneven = deferred("simastra.collectives.uneven")


@dataclass(frozen=True, slots=True)
class Collective:
    """What a collective ET node asks for: the same record from the node to its streams.

    Attributes:
        node: the ET node; to what is equal it doesn't matter.
        kind: what is to be done.
        size: bytes; what they are, depends on the kind (behaviour 2.4).
        involved: which network dimensions take part; None for all.
        priority: larger first, under the policy EXPLICIT.
        group: number of the process group; 0 for the NPU's usual one.
        root: for collectives with a root, the NPU that is it; None for the first that takes part.
        parts: the sizes of its parts, the same object for all members; None where they are equal.
    """

    node: Node = field(compare=False)
    kind: CollectiveType
    size: Bytes
    involved: Sequence[bool] | None = None
    priority: int = 0
    group: int = 0
    root: NpuId | None = None
    parts: PartSizes | None = None

    @property
    def gathers_nothing(self) -> bool:
        """Whether it is an all-gather of no bytes, which is over at once (behaviour 2.4)."""
        return self.kind is CollectiveType.ALL_GATHER and not self.size

    def matches(self, other: Collective) -> bool:
        """Whether two members that ask for these take part in the same collective."""
        return (self.kind, self.size, self.parts) == (other.kind, other.size, other.parts)

    def __str__(self) -> str:
        return collective_words(self.kind, self.size, self.parts)


def collective_words(kind: CollectiveType, size: Bytes, parts: PartSizes | None) -> str:
    """A collective in words.

    >>> collective_words(CollectiveType.ALL_TO_ALL, 4096, None)
    'ALL_TO_ALL of 4,096 bytes'
    """
    if parts is None:
        return f"{kind.name} of {size:,} bytes"
    return f"uneven {kind.name} of {_SIZE_OF_UNEVEN.get(kind, '')}{size:,} bytes"


_SIZE_OF_UNEVEN = {CollectiveType.ALL_TO_ALL: "up to ", CollectiveType.ALL_GATHER: "about "}
"""How the size of an uneven collective is meant, where it isn't that of all members."""


class Communicator(ABC):
    """One NPU's view of the NPUs that take part in a collective.

    Args:
        first_stream: number of its first stream; members count alike, so that numbers agree.

    Attributes:
        trees: on which way rooted collectives go, where the system file says so.
        issued: the collectives that this NPU has begun in it, in order. Members must begin the same
            ones in the same order: that is how their streams come to have the same numbers.
    """

    trees: Mapping[CollectiveType, RootedTree] = MappingProxyType({})

    def __init__(self, first_stream: int) -> None:
        self.issued = Appended[Collective]()
        self._first_stream = first_stream
        self._next_stream = first_stream
        self._dimensions: dict[CollectiveType, tuple[LogicalDimension, ...]] = {}

    @property
    def streams(self) -> range:
        """Numbers of the streams that it has begun."""
        return range(self._first_stream, self._next_stream)

    def take_stream_number(self) -> int:
        """Number of the next stream, which tags its messages."""
        number = self._next_stream
        self._next_stream += 1
        return number

    @property
    @abstractmethod
    def members(self) -> Sequence[NpuId]:
        """All NPUs that may take part, in order of their positions."""

    def dimensions(self, collective: CollectiveType) -> Sequence[LogicalDimension]:
        """The logical topology for that collective, made when it is first asked for."""
        known = self._dimensions.get(collective)
        if known is None:
            known = self._dimensions[collective] = self._logical_topology(collective)
        return known

    @abstractmethod
    def _logical_topology(self, collective: CollectiveType) -> tuple[LogicalDimension, ...]:
        """Make it."""

    def participants(self, collective: Collective) -> Participants:
        """Who takes part in a collective with this NPU, and along what."""
        if collective.kind in EXTENDED_COLLECTIVES:
            ring = self.ring(collective.involved)
            root = ring.members[0] if collective.root is None else collective.root
            along = (LogicalDimension(rooted.Rooted(root, self.trees.get(collective.kind)), ring),)
            return Participants(self, along, (0,) if len(ring) > 1 else ())
        return Participants(
            self,
            self._dimensions_for(collective),
            self.active(collective.kind, collective.involved),
        )

    def _dimensions_for(self, collective: Collective) -> Sequence[LogicalDimension]:
        """The logical topology, with the algorithms that a collective of that size is run by."""
        dimensions = self.dimensions(collective.kind)
        if not any(it.algorithm.selects for it in dimensions):
            return dimensions
        kind, size, is_uneven = collective.kind, collective.size, collective.parts is not None
        active = self.active(kind, collective.involved)
        asked = [CollectiveCall(kind, size, it.ring, active, is_uneven) for it in dimensions]
        return tuple(
            replace(it, algorithm=it.algorithm.selected(each))
            for it, each in zip(dimensions, asked, strict=True)
        )

    @abstractmethod
    def ring(self, involved: Sequence[bool] | None) -> LogicalRing:
        """Everybody who takes part, as one ring."""

    @abstractmethod
    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """Indices of the dimensions that take part, ascending.

        Args:
            collective: what is to be done.
            involved: the ET node's ``involved_dim``; None where it has none, which means all.
        """


@dataclass(frozen=True, slots=True)
class Participants:
    """Who takes part in a collective, as one NPU sees it.

    Attributes:
        communicator: the NPU's view of the process group.
        dimensions: the logical topology.
        active: indices of the logical dimensions that take part, ascending; none where nobody else
            does.
    """

    communicator: Communicator
    dimensions: Sequence[LogicalDimension]
    active: tuple[int, ...]

    def for_chunk(
        self, collective: Collective, chunk: int, chunks: int
    ) -> Sequence[LogicalDimension]:
        """The logical topology with what runs one of a collective's chunks along it."""
        if collective.parts is None:
            return self.dimensions
        return uneven.uneven_dimensions(
            self.dimensions, self.active, collective.parts, chunk, chunks
        )

    @property
    def are_all(self) -> bool:
        """Whether some dimension is one ring of the whole group."""
        everybody = len(self.communicator.members)
        return any(len(self.dimensions[index].ring) == everybody for index in self.active)

    @property
    def members(self) -> Sequence[NpuId]:
        """The NPUs that take part, this one among them."""
        if self.are_all:
            return self.communicator.members
        if len(self.dimensions) == 1 and self.active:
            return self.dimensions[0].ring.members
        last = max(self.active, default=-1)
        return self.communicator.ring([index in self.active for index in range(last + 1)]).members


class WorldCommunicator(Communicator):
    """All NPUs of the system.

    Args:
        npu: whose view this is.
        npus_count: size of each network dimension.
        choices: algorithms a dimension, for each collective.
        group: number of the process group that lists everybody, 0 for none. Such a group has the
            whole logical topology, whatever dimensions a node involves (behaviour 3.10).
    """

    def __init__(
        self,
        npu: NpuId,
        npus_count: Sequence[int],
        choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]],
        group: int = 0,
    ) -> None:
        super().__init__(first_stream=group * STREAMS_PER_GROUP)
        self.npu = npu
        self.group = group
        self.npus_count = npus_count
        self.choices = choices

    @property
    def members(self) -> Sequence[NpuId]:
        """Every NPU, by its number."""
        return range(prod(self.npus_count))

    def _logical_topology(self, collective: CollectiveType) -> tuple[LogicalDimension, ...]:
        """One dimension for each algorithm of the collective's list."""
        return logical_dimensions(self.choices[collective], self.npus_count, self.npu)

    def ring(self, involved: Sequence[bool] | None) -> LogicalRing:
        """The NPUs that differ from this one along involved dimensions only, by their numbers."""
        dimensions = len(self.npus_count)
        if involved is None or self.group or sum(involved[:dimensions]) == dimensions:
            return LogicalRing(self.members, self.npu)
        members = [self.npu]
        for dimension, count in enumerate(self.npus_count):
            if dimension < len(involved) and involved[dimension]:
                stride = prod(self.npus_count[:dimension])
                members = [peer for npu in members for peer in line_of(npu, count, stride).members]
        members.sort()
        return LogicalRing(tuple(members), members.index(self.npu))

    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """Dimensions that the node involves; what its list doesn't mention takes no part.

        Nor does a dimension of one NPU, which ASTRA-sim refuses: there is nobody to talk to.
        """
        dimensions = enumerate(self.dimensions(collective))
        indices = [index for index, dimension in dimensions if len(dimension.ring) > 1]
        if involved is None or self.group:
            return tuple(indices)
        return tuple(index for index in indices if index < len(involved) and involved[index])


def group_algorithm(listed: Sequence[AlgorithmChoice]) -> Algorithm:
    """What a process group runs where those algorithms are configured, one a dimension.

    A group is of one dimension: it runs the algorithm of a list of one, and a ring in place of
    longer lists (behaviour 3.10). Where a simulation decides for each dimension, it decides for a
    group as well.
    """
    first = listed[0]
    if first.in_groups is not None:
        return first.in_groups
    contenders = first.algorithm.contenders
    decides = bool(contenders) and all(it.algorithm.contenders == contenders for it in listed)
    return first.algorithm if len(listed) == 1 or decides else choose("ring").algorithm


class GroupCommunicator(Communicator):
    """A process group: one ring in the order of its members (behaviour 3.10).

    Args:
        npu: whose view this is.
        members: NPU ids in ring order.
        number: the group's number, from 1; its streams are numbered from a million times that.
        choices: algorithms a dimension, for each collective (see `group_algorithm`).
    """

    def __init__(
        self,
        npu: NpuId,
        members: tuple[NpuId, ...],
        number: int,
        choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]],
    ) -> None:
        super().__init__(first_stream=number * STREAMS_PER_GROUP)
        self._choices = choices
        self._members = members
        self._ring = LogicalRing(members, members.index(npu), is_group=True)

    @property
    def members(self) -> Sequence[NpuId]:
        """The group's NPUs, in its file's order."""
        return self._members

    def _logical_topology(self, collective: CollectiveType) -> tuple[LogicalDimension, ...]:
        """The one ring; nothing if no algorithm is configured for the collective."""
        listed = self._choices[collective]
        return (LogicalDimension(group_algorithm(listed), self._ring),) if listed else ()

    def ring(self, involved: Sequence[bool] | None) -> LogicalRing:
        """The group."""
        return self._ring

    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """The one ring, whatever the node involves; nothing for a group of one."""
        return (0,) if len(self._members) > 1 else ()
