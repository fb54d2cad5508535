"""Jobs: traces of their own NPUs, each of which has a place among those of a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from simastra.errors import TraceError
from simastra.trace.edit.groups import Groups
from simastra.trace.trace import Trace
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Job:
    """A trace, and where its NPUs are.

    Attributes:
        name: what messages and results call it.
        trace: what each of its NPUs does; they are numbered from 0 in it.
        placement: for each of its NPUs, the machine's that it is.
        groups: its process groups, in its own numbers of NPUs.
        shape: NPUs along each dimension of the network that it was made for, innermost first;
            needed where collectives name no group and don't involve all dimensions.

    Raises:
        TraceError: the placement isn't one different NPU of the machine for each of its NPUs.
    """

    name: str
    trace: Trace
    placement: tuple[NpuId, ...]
    groups: Groups = field(default_factory=lambda: MappingProxyType({}))
    shape: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        npus, placed = len(self.trace.npus), len(self.placement)
        if npus != placed:
            raise self.error(f"its trace has {npus} NPUs, and its placement {placed} places")
        places: set[NpuId] = set()
        for place in self.placement:
            if place < 0 or place in places:
                problem = " twice; a place each" if place in places else "; NPUs count from 0"
                raise self.error(f"its placement has NPU {place}{problem} is wanted")
            places.add(place)

    def error(self, problem: str) -> TraceError:
        """Make (not raise) an error about it."""
        return TraceError(problem, source=f"job {self.name!r}")


@dataclass(frozen=True, slots=True)
class PlacedJob:
    """Where a job is in a merged trace.

    Attributes:
        name: the job's.
        placement: for each of its NPUs, the machine's that it is.
        first_id: what was added to the ids of its nodes.
        after_id: what all of its ids are below; ids of jobs that share an NPU lie apart.
        group_numbers: numbers of its process groups in the merged trace; 0 where its collectives
            are among all NPUs and name none.
    """

    name: str
    placement: tuple[NpuId, ...]
    first_id: int
    after_id: int
    group_numbers: frozenset[int]

    def has(self, npu: NpuId, node_id: int) -> bool:
        """Whether that node of that NPU is the job's."""
        return npu in self.placement and self.first_id <= node_id < self.after_id


@dataclass(frozen=True, slots=True)
class Merged:
    """Several jobs as one trace.

    Attributes:
        trace: of all NPUs of the machine; those of no job have no nodes.
        groups: the process groups of all jobs, in the machine's numbers.
        jobs: where each is, in their order.
    """

    trace: Trace
    groups: Mapping[int, tuple[NpuId, ...]]
    jobs: tuple[PlacedJob, ...]
