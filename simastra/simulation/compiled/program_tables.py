"""Programs as tables: each node's operation, and who waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, starmap
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simastra.memory import RemoteMemory
from simastra.promises import states
from simastra.shortcut_use import Shortcut
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Collective
from simastra.system.tags import Tags
from simastra.units import NpuId
from simastra.workload import (
    MemoryOperation,
    Operation,
    Program,
    ReceiveOperation,
    ReplayOperation,
    Resource,
    RooflineOperation,
    SendOperation,
    SkipOperation,
    Unit,
    distinct_programs,
)

from .layout import (
    ACCESS,
    COLLECTIVE,
    DELAY,
    NONE,
    OPERATION,
    RECEIVE,
    RESOURCES,
    SEND,
    SKIP,
    Numbers,
    Records,
)

_NUMBER_OF: Mapping[Unit | None, int] = {
    None: 0,
    Resource.CPU: 1,
    Resource.GPU_COMPUTE: 2,
    Resource.GPU_COMMUNICATION: 3,
}

CollectiveOfKind: TypeAlias = tuple[Collective, str | None]
"""A collective, and the prefix of the ETs that it is played from."""

_COLUMNS = ("kind", "size", "other", "tag")

_Column: TypeAlias = int | NDArray[np.int64]
"""A number of each operation, or one of all."""


class ProgramTables:
    """The distinct programs of an experiment, one after the other.

    Args:
        experiment: what is simulated.
        memory: the remote memory, None where there is none.

    Attributes:
        collectives: for each program by identity, its collectives, each kind once.
    """

    def __init__(self, experiment: Experiment, memory: RemoteMemory | None) -> None:
        self._experiment = experiment
        self._memory = memory
        platform = experiment.platform
        self._tags = Tags(separate=platform.options.dialect.separate_tags)
        self._first: dict[int, int] = {}
        self._units_of: dict[int, NDArray[np.int8]] = {}
        """By identity of the programs' resources, which some share."""
        self._children: list[Numbers] = []
        self._child_starts: dict[int, int] = {}
        self._children_so_far = 0
        self.collectives: dict[int, dict[CollectiveOfKind, int]] = {}
        tables = []
        so_far = 0
        for program in distinct_programs(experiment.programs):
            self._first[id(program)] = so_far
            tables.append(self._table(program))
            so_far += len(program.operations)
        self.operations: Records = np.concatenate(tables) if tables else np.zeros(0, OPERATION)

    @property
    def children(self) -> Numbers:
        """The nodes that wait for each."""
        none = np.zeros(0, np.int32)
        return np.concatenate([none, *self._children])

    def first(self, program: Program) -> int:
        """Where a program's operations begin."""
        return self._first[id(program)]

    def _table(self, program: Program) -> Records:
        operations = program.operations
        table = np.zeros(len(operations), OPERATION)
        collectives = self.collectives[id(program)] = {}
        kinds = {kind: number for number, kind in enumerate(set(map(type, operations)))}
        numbers = np.fromiter(map(kinds.__getitem__, map(type, operations)), np.int8, len(table))
        for number in kinds.values():
            where = numbers == number
            alike = list(compress(operations, where.tobytes()))
            for name, column in zip(_COLUMNS, self._columns(alike, collectives), strict=True):
                table[name][where] = column
        table["resource"] = self._units(program)
        starts, _ = program.graph.children.flat
        limits = np.array(starts, np.int32) + self._child_offset(program)
        table["first_child"], table["end_child"] = limits[:-1], limits[1:]
        return table

    def _units(self, program: Program) -> NDArray[np.int8]:
        """The number of the unit that each node needs."""
        resources = program.resources
        known = self._units_of.get(id(resources))
        if known is None:
            numbers = map(_NUMBER_OF.__getitem__, resources)
            known = np.fromiter(numbers, np.int8, len(resources))
            self._units_of[id(resources)] = known
        return known

    def _child_offset(self, program: Program) -> int:
        children = program.graph.children
        known = self._child_starts.get(id(children))
        if known is None:
            known = self._child_starts[id(children)] = self._children_so_far
            _, all_children = children.flat
            self._children.append(np.array(all_children, np.int32))
            self._children_so_far += len(all_children)
        return known

    def _columns(  # noqa: PLR0911  # columns for each kind of operation
        self, alike: Sequence[Operation], collectives: dict[CollectiveOfKind, int]
    ) -> tuple[int, _Column, _Column, _Column]:
        """Of operations of one kind: which; bytes or ns; the other NPU or the collective; tag."""
        match alike[0]:
            case SkipOperation():
                return SKIP, 0, NONE, 0
            case ReplayOperation():
                return DELAY, _own(alike, "duration"), NONE, 0
            case RooflineOperation():
                work = map(attrgetter("num_ops", "tensor_size"), alike)
                times = starmap(self._experiment.platform.roofline_duration, work)
                return DELAY, _column(times, alike), NONE, 0
            case Collective():
                numbers = self._of_kinds(alike, collectives)
                return COLLECTIVE, _own(alike, "size"), numbers, 0
            case SendOperation():
                return SEND, _own(alike, "size"), _own(alike, "dst"), self._tags_of(alike)
            case ReceiveOperation():
                return RECEIVE, _own(alike, "size"), _own(alike, "src"), self._tags_of(alike)
            case MemoryOperation():
                return self._accesses(alike)

    def _of_kinds(
        self, alike: Sequence[Operation], collectives: dict[CollectiveOfKind, int]
    ) -> NDArray[np.int64]:
        """The number of each collective's kind."""
        prefix = self._experiment.platform.custom.prefix
        numbers = (
            collectives.setdefault((it, prefix(it)), len(collectives))
            for it in alike
            if isinstance(it, Collective)
        )
        return _column(numbers, alike)

    def _tags_of(self, alike: Sequence[Operation]) -> NDArray[np.int64]:
        """The tag of each message."""
        return _column(map(self._tags.of_send, map(attrgetter("tag"), alike)), alike)

    def _accesses(self, alike: Sequence[Operation]) -> tuple[int, _Column, _Column, _Column]:
        memory = self._memory
        if memory is None or not states(memory, "serves_in_turn") or not memory.serves_in_turn:
            raise Refused("nothing is known about the remote memory", Shortcut.COMPILED)
        durations = _column(map(memory.duration, map(attrgetter("size"), alike)), alike)
        return (DELAY if memory.server(0) is None else ACCESS), durations, NONE, 0

    def server(self, npu: NpuId) -> int:
        """Where the accesses of an NPU wait; NONE for nowhere, or where nobody accesses memory."""
        memory = self._memory
        if memory is None or not states(memory, "serves_in_turn"):
            return NONE
        server = memory.server(npu)
        return NONE if server is None else server

    def collective_count(self, program: Program) -> int:
        """How many of a program's operations are collectives."""
        first = self.first(program)
        kinds = self.operations["kind"][first : first + len(program.operations)]
        return int(np.count_nonzero(kinds == COLLECTIVE))

    def needed(self, program: Program) -> Sequence[int]:
        """How many nodes need each unit."""
        return tuple(map(int, np.bincount(self._units(program), minlength=RESOURCES)))


def _own(alike: Sequence[Operation], name: str) -> NDArray[np.int64]:
    """A number that each of some operations has."""
    return _column(map(attrgetter(name), alike), alike)


def _column(numbers: Iterable[int], alike: Sequence[Operation]) -> NDArray[np.int64]:
    """A number for each; raises OverflowError where one doesn't fit, as `np.array` doesn't."""
    return np.fromiter(numbers, np.int64, len(alike))
