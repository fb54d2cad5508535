"""Who takes part in a collective, and the logical topology that one NPU sees of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from simastra.collectives import (
    AlgorithmChoice,
    LogicalDimension,
    LogicalRing,
    choose,
    logical_dimensions,
)
from simastra.trace import CollectiveType
from simastra.units import NpuId

STREAMS_PER_GROUP = 1_000_000
"""Stream numbers set apart for each process group (behaviour 3.2)."""


class Communicator(ABC):
    """One NPU's view of the NPUs that take part in a collective.

    Args:
        first_stream: number of its first stream; members count alike, so that numbers agree.
    """

    def __init__(self, first_stream: int) -> None:
        self._next_stream = first_stream

    def take_stream_number(self) -> int:
        """Number of the next stream, which tags its messages."""
        number = self._next_stream
        self._next_stream += 1
        return number

    @abstractmethod
    def dimensions(self, collective: CollectiveType) -> Sequence[LogicalDimension]:
        """The logical topology for that collective."""

    @abstractmethod
    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """Indices of the dimensions that take part, ascending.

        Args:
            collective: what is to be done.
            involved: the ET node's ``involved_dim``; None where it has none, which means all.
        """


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
        self._dimensions: dict[CollectiveType, tuple[LogicalDimension, ...]] = {}

    def dimensions(self, collective: CollectiveType) -> Sequence[LogicalDimension]:
        """One dimension for each algorithm of the collective's list."""
        known = self._dimensions.get(collective)
        if known is None:
            known = logical_dimensions(self.choices[collective], self.npus_count, self.npu)
            self._dimensions[collective] = known
        return known

    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """Dimensions that the node involves; what its list doesn't mention takes no part."""
        indices = range(len(self.dimensions(collective)))
        if involved is None or self.group:
            return tuple(indices)
        return tuple(index for index in indices if index < len(involved) and involved[index])


class GroupCommunicator(Communicator):
    """A process group: one ring in the order of its members (behaviour 3.10).

    Args:
        npu: whose view this is.
        members: NPU ids in ring order.
        number: the group's number, from 1; its streams are numbered from a million times that.
        choice: algorithm that runs on it.
    """

    def __init__(
        self,
        npu: NpuId,
        members: tuple[NpuId, ...],
        number: int = 1,
        choice: AlgorithmChoice | None = None,
    ) -> None:
        super().__init__(first_stream=number * STREAMS_PER_GROUP)
        ring = LogicalRing(members, members.index(npu), is_group=True)
        algorithm = (choice or choose("ring")).algorithm
        self._dimensions = (LogicalDimension(algorithm, ring),)

    def dimensions(self, collective: CollectiveType) -> Sequence[LogicalDimension]:
        """The one ring."""
        return self._dimensions

    def active(
        self, collective: CollectiveType, involved: Sequence[bool] | None
    ) -> tuple[int, ...]:
        """The one ring, whatever the node involves; nothing for a group of one."""
        return (0,) if len(self._dimensions[0].ring) > 1 else ()
