"""Which collectives a workload asks for whose algorithms have yet to be decided."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from simastra.collectives import Algorithm, CollectiveCall, LogicalDimension
from simastra.collectives.part_sizes import PartSizes
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId
from simastra.workload import Collective, Program, distinct_programs


@dataclass(frozen=True, slots=True)
class Question:
    """Which algorithm runs a collective along each dimension.

    Attributes:
        collective: which kind.
        size: bytes, as the ET node gives them.
        members: of the process group, in order of positions; None for all NPUs, or for lines.
        npus: how many take part.
        dimensions: the logical topology, as the first NPU that asks sees it.
        active: indices of those that take part.
        parts: the sizes of its parts; None where they are equal.
    """

    collective: CollectiveType
    size: Bytes
    members: tuple[NpuId, ...] | None
    npus: int
    dimensions: Sequence[LogicalDimension]
    active: tuple[int, ...]
    parts: PartSizes | None = None

    @property
    def key(self) -> Hashable:
        """As of `CollectiveCall`, of which there is one for each dimension."""
        first = self.dimensions[self.active[0]]
        is_uneven = self.parts is not None
        return CollectiveCall(self.collective, self.size, first.ring, self.active, is_uneven).key

    @property
    def open(self) -> tuple[int, ...]:
        """The dimensions that have to be decided."""
        return tuple(it for it in self.active if self.dimensions[it].algorithm.contenders)

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """What is listed for each dimension."""
        return tuple(it.algorithm for it in self.dimensions)


def questions(experiment: Experiment) -> tuple[Question, ...]:
    """All of them, each once, in the order in which NPUs and their nodes come to them."""
    platform = experiment.platform
    wanted: dict[int, tuple[Collective, ...]] = {
        id(program): tuple(_wanted(program, platform))
        for program in distinct_programs(experiment.programs)
    }
    found: dict[Hashable, Question] = {}
    seen: set[Hashable] = set()
    for npu, program in enumerate(experiment.programs):
        for operation in wanted[id(program)]:
            group = platform.group_seen(npu, operation)
            asked = id(operation), group
            if group is not None and asked in seen:
                continue
            seen.add(asked)
            question = _question(platform, npu, operation)
            if question.open:
                found.setdefault(question.key, question)
    return tuple(found.values())


def _wanted(program: Program, platform: Platform) -> Iterator[Collective]:
    """One of each kind of collectives that may have to be decided."""
    seen: set[Hashable] = set()
    for index in program.external_operations:
        operation = program.operations[index]
        if not isinstance(operation, Collective) or not _may_be_open(operation, platform):
            continue
        kind = platform.kind(operation), operation.size
        if kind not in seen:
            seen.add(kind)
            yield operation


def _may_be_open(operation: Collective, platform: Platform) -> bool:
    listed = platform.choices.get(operation.kind, ())
    is_played = platform.custom.prefix(operation) is not None
    return not is_played and any(it.algorithm.contenders for it in listed)


def _question(platform: Platform, npu: NpuId, operation: Collective) -> Question:
    along = platform.participants(npu, operation)
    of_group = any(it.ring.is_group for it in along.dimensions)
    members = tuple(along.communicator.members) if of_group else None
    npus = len(along.members)
    what = operation.kind, operation.size
    return Question(*what, members, npus, along.dimensions, along.active, operation.parts)
