"""Programs as tables: each node's operation, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from simastra.memory import RemoteMemory
from simastra.promises import states
from simastra.shortcut_use import Shortcut
from simastra.simulation.scenario import Scenario
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Collective
from simastra.system.compute import roofline_duration
from simastra.system.tags import Tags
from simastra.units import Bytes, NpuId, Ns
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

_NUMBER_OF = {
    None: 0,
    Resource.CPU: 1,
    Resource.GPU_COMPUTE: 2,
    Resource.GPU_COMMUNICATION: 3,
}

CollectiveOfKind: TypeAlias = tuple[Collective, str | None]
"""A collective, and the prefix of the ETs that it is played from."""

_COLUMNS = ["kind", "size", "other", "tag"]
_ROW = np.dtype([(name, OPERATION[name]) for name in _COLUMNS])


class ProgramTables:
    """The distinct programs of a scenario, one after the other.

    Args:
        scenario: what is simulated.
        memory: the remote memory, None where there is none.

    Attributes:
        collectives: for each program by identity, its collectives, each kind once.
    """

    def __init__(self, scenario: Scenario, memory: RemoteMemory | None) -> None:
        self._scenario = scenario
        self._memory = memory
        platform = scenario.platform
        self._tags = Tags(separate=platform.options.dialect.separate_tags)
        self._first: dict[int, int] = {}
        self._children: list[Numbers] = []
        self._child_starts: dict[int, int] = {}
        self._children_so_far = 0
        self.collectives: dict[int, dict[CollectiveOfKind, int]] = {}
        tables = []
        so_far = 0
        for program in distinct_programs(scenario.programs):
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
        collectives = self.collectives[id(program)] = {}
        rows = (self._row(operation, collectives) for operation in program.operations)
        table = np.zeros(len(program.operations), OPERATION)
        table[_COLUMNS] = np.fromiter(rows, _ROW, len(table))
        table["resource"] = [_NUMBER_OF[it] for it in program.resources]
        starts, _ = program.graph.children.flat
        offset = self._child_offset(program)
        limits = np.array(starts, np.int32) + offset
        table["first_child"], table["end_child"] = limits[:-1], limits[1:]
        return table

    def _child_offset(self, program: Program) -> int:
        children = program.graph.children
        known = self._child_starts.get(id(children))
        if known is None:
            known = self._child_starts[id(children)] = self._children_so_far
            _, all_children = children.flat
            self._children.append(np.array(all_children, np.int32))
            self._children_so_far += len(all_children)
        return known

    def _row(  # noqa: PLR0911  # a row for each kind of operation
        self, operation: Operation, collectives: dict[CollectiveOfKind, int]
    ) -> tuple[int, int, int, int]:
        """Kind; bytes or ns; the other NPU or the collective; tag."""
        match operation:
            case SkipOperation():
                return SKIP, 0, NONE, 0
            case ReplayOperation(duration):
                return DELAY, duration, NONE, 0
            case RooflineOperation(num_ops, tensor_size):
                return DELAY, self._roofline(num_ops, tensor_size), NONE, 0
            case Collective():
                kind = operation, self._scenario.platform.custom.prefix(operation)
                number = collectives.setdefault(kind, len(collectives))
                return COLLECTIVE, operation.size, number, 0
            case SendOperation(dst, size, tag):
                return SEND, size, dst, self._tags.of_send(tag)
            case ReceiveOperation(src, size, tag):
                return RECEIVE, size, src, self._tags.of_send(tag)
            case MemoryOperation(size):
                return self._access(size)

    def _roofline(self, num_ops: int, tensor_size: Bytes) -> Ns:
        platform = self._scenario.platform
        si_rates = platform.options.dialect.si_rates
        return roofline_duration(platform.system, num_ops, tensor_size, si_rates=si_rates)

    def _access(self, size: int) -> tuple[int, int, int, int]:
        memory = self._memory
        if memory is None or not states(memory, "serves_in_turn") or not memory.serves_in_turn:
            raise Refused("nothing is known about the remote memory", Shortcut.COMPILED)
        waits = memory.server(0) is not None
        return (ACCESS if waits else DELAY), memory.duration(size), NONE, 0

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
        counts = np.bincount([_NUMBER_OF[it] for it in program.resources], minlength=RESOURCES)
        return tuple(map(int, counts))
