"""When collectives were under way, from the first member's coming to the last one's end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from simastra.result import NodeRecord
from simastra.simulation.experiment import Experiment
from simastra.simulation.memberships import Memberships
from simastra.units import NpuId, Ns
from simastra.workload import Collective, Program

MOST_RECORDS = 500_000
"""Nodes of all NPUs together: of more nobody asks, since that takes half a second and longer."""

_Turns = Mapping[int, Sequence[tuple[Collective, NodeRecord]]]
"""An NPU's collectives in each process group, in their order there."""


@dataclass(frozen=True, slots=True)
class Window:
    """When something was under way; all that is sent for it, is on its way in that time.

    Attributes:
        begin: when the first member came, in ns.
        ready: when the last did.
        end: when the last one's part was over.
    """

    begin: Ns
    ready: Ns
    end: Ns


class CollectiveWindows:
    """Knows when collectives were under way.

    Args:
        experiment: what has been simulated.
        records: the nodes that an NPU has finished.
    """

    def __init__(
        self, experiment: Experiment, records: Callable[[NpuId], Sequence[NodeRecord]]
    ) -> None:
        self._experiment = experiment
        self._records = records
        self._memberships = Memberships(experiment.platform)
        self._turns: dict[NpuId, _Turns] = {}
        self._shared: dict[tuple[int, int], tuple[Sequence[NodeRecord], _Turns]] = {}
        """By the identities of programs and records, which NPUs of a folded run share."""
        self._known: dict[Hashable, Window | None] = {}

    def of(self, npu: NpuId) -> Mapping[int, Window]:
        """Those of an NPU's collectives that all members have finished, by the ids of its nodes."""
        found = {}
        for group, turns in self._turns_of(npu).items():
            for turn, (operation, record) in enumerate(turns):
                window = self._window(npu, group, turn, operation)
                if window is not None:
                    found[record.node] = window
        return found

    def _window(self, npu: NpuId, group: int, turn: int, operation: Collective) -> Window | None:
        asked = self._memberships.asked(npu, operation)
        if asked is None:
            return None
        key = group, turn, self._memberships.team(npu, asked[0])
        if key not in self._known:
            members = self._memberships.members(npu, asked[0])
            theirs = [self._turns_of(member).get(group, ()) for member in members]
            if not all(len(it) > turn and it[turn][0].matches(operation) for it in theirs):
                self._known[key] = None
            else:
                records = [each[turn][1] for each in theirs]
                issued = [it.issued for it in records]
                end = max(it.finished for it in records)
                self._known[key] = Window(min(issued), max(issued), end)
        return self._known[key]

    def _turns_of(self, npu: NpuId) -> _Turns:
        turns = self._turns.get(npu)
        if turns is None:
            program, records = self._experiment.programs[npu], self._records(npu)
            key = id(program), id(records)
            if key not in self._shared:
                self._shared[key] = records, self._find_turns(program, records)
            turns = self._turns[npu] = self._shared[key][1]
        return turns

    def _find_turns(self, program: Program, records: Sequence[NodeRecord]) -> _Turns:
        nodes, operations = program.graph.nodes, program.operations
        collectives = {
            nodes[index].id: operation
            for index in program.external_operations
            for operation in (operations[index],)
            if isinstance(operation, Collective)
        }
        turns: dict[int, list[tuple[Collective, NodeRecord]]] = {}
        for record in records:  # an NPU has one at a time
            asked = collectives.get(record.node)
            if asked is not None:
                turns.setdefault(asked.group, []).append((asked, record))
        return turns
