"""Programs as tables: each node's operation, and who waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simastra.memory import RemoteMemory
from simastra.promises import states
from simastra.shortcut_use import Shortcut
from simastra.simulation.collectives_of import collectives_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.refusal import Refused
from simastra.system import Collective
from simastra.system.tags import Tags
from simastra.units import NpuId
from simastra.workload import (
    Coded,
    MessageColumns,
    OperationColumns,
    OperationKind,
    Program,
    Resource,
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

_DOES = np.zeros(len(OperationKind), np.int32)
_DOES[OperationKind.SKIP] = SKIP
_DOES[[OperationKind.REPLAY, OperationKind.ROOFLINE, OperationKind.MEMORY]] = DELAY
_DOES[OperationKind.COLLECTIVE] = COLLECTIVE
_DOES[OperationKind.SEND], _DOES[OperationKind.RECEIVE] = SEND, RECEIVE
"""What the loop does, by OperationKind."""


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
        """Of each operation which it is; bytes or ns; the other NPU or the collective; the tag."""
        columns = program.columns
        table = np.zeros(len(columns.kinds), OPERATION)
        table["kind"] = _DOES[np.frombuffer(columns.kinds, np.uint8)]
        table["other"] = NONE
        self._fill_in_delays(table, columns)
        self._fill_in_messages(table, columns.messages)
        self._fill_in_collectives(table, program)
        table["resource"] = self._units(program)
        starts, _ = program.graph.children.flat
        limits = np.array(starts, np.int32) + self._child_offset(program)
        table["first_child"], table["end_child"] = limits[:-1], limits[1:]
        return table

    def _fill_in_delays(self, table: Records, columns: OperationColumns) -> None:
        """What takes a time that is known before the run."""
        replays, rooflines, accesses = columns.replays, columns.rooflines, columns.accesses
        table["size"][replays.index] = _numbers(replays.duration)
        work = zip(rooflines.num_ops, rooflines.tensor_size, strict=True)
        table["size"][rooflines.index] = _answers(self._experiment.platform.roofline_duration, work)
        if accesses.index:
            memory = self._stated_memory()
            table["size"][accesses.index] = _answers(memory.duration, zip(accesses.size))
            table["kind"][accesses.index] = DELAY if memory.server(0) is None else ACCESS

    def _stated_memory(self) -> RemoteMemory:
        memory = self._memory
        if memory is None or not states(memory, "serves_in_turn") or not memory.serves_in_turn:
            raise Refused("nothing is known about the remote memory", Shortcut.COMPILED)
        return memory

    def _fill_in_messages(self, table: Records, messages: MessageColumns) -> None:
        index = messages.index
        table["size"][index] = _numbers(messages.size)
        table["other"][index] = _numbers(messages.partner)
        of_send: Callable[[Any], Any] = self._tags.of_send  # counts with arrays as with numbers
        if isinstance(messages.tag, list):
            table["tag"][index] = _numbers(list(map(of_send, messages.tag)))
        else:
            table["tag"][index] = of_send(_numbers(messages.tag))

    def _fill_in_collectives(self, table: Records, program: Program) -> None:
        """Collectives, by the number of their kind."""
        custom = self._experiment.platform.custom
        found = collectives_of(program, custom)
        kinds = self.collectives[id(program)] = {}
        numbers = [kinds.setdefault((it, custom.prefix(it)), len(kinds)) for it in found.distinct]
        sizes = np.fromiter((it.size for it in found.distinct), np.int64, len(numbers))
        which = np.asarray(found.which)
        table["other"][found.index] = np.array(numbers, np.int32)[which]
        table["size"][found.index] = sizes[which]

    def _units(self, program: Program) -> NDArray[np.int8]:
        """The number of the unit that each node needs."""
        resources = program.resources
        known = self._units_of.get(id(resources))
        if known is None:
            codes = Coded.of(resources)
            numbers = np.array([_NUMBER_OF[unit] for unit in codes.values], np.int8)
            known = numbers[np.frombuffer(codes.codes, np.uint8)]
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


def _numbers(column: Sequence[int]) -> NDArray[np.int64]:
    """A column as an array; raises OverflowError where a number takes more than 63 bits."""
    if isinstance(column, list):
        return np.fromiter(column, np.int64, len(column))
    return np.asarray(column)


def _answers(ask: Callable[..., int], each: Iterable[tuple[int, ...]]) -> NDArray[np.int64]:
    """What something says to each of some arguments; it is asked once for equal ones."""
    listed = list(each)
    answers = {it: ask(*it) for it in dict.fromkeys(listed)}
    return np.fromiter(map(answers.__getitem__, listed), np.int64, len(listed))
