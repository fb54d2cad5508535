"""What has come of a run: records, made of the arrays when somebody looks at them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, final

import numpy as np

from simastra.metrics import NodeTimes
from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.result.timed_records import TimedRecords
from simastra.simulation.experiment import Experiment
from simastra.simulation.measures.activities import activity_places
from simastra.simulation.shortcuts.outcome import LazyNodes
from simastra.units import NpuId
from simastra.workload import Program

from .arrays import MachineArrays
from .layout import Numbers
from .machine import Built


def finishes(machine: MachineArrays) -> tuple[NpuFinish, ...]:
    """As of a Result."""
    order = machine["finishes"]
    times = machine["npus"]["finished"][order]
    return tuple(map(NpuFinish, order.tolist(), times.tolist()))


def links(built: Built) -> tuple[LinkRecord, ...]:
    """As of a Result."""
    machine = built.machine
    used = machine["links_used"][: int(machine["state"][0]["links_used"])]
    carried = machine["links"][used]
    ends = built.routes.ends
    columns = (carried[name].tolist() for name in ("busy_time", "size", "messages"))
    return tuple(
        LinkRecord(*ends[link], *amounts)
        for link, *amounts in zip(used.tolist(), *columns, strict=True)
    )


@final
class Nodes(LazyNodes):
    """What each NPU did.

    Args:
        machine: after the run.
        experiment: what has been simulated.
    """

    def __init__(self, machine: MachineArrays, experiment: Experiment) -> None:
        super().__init__(len(experiment.programs))
        self._ends, self._times = machine["npus"], machine["nodes"]
        self._order: Any = machine["order"]
        self._experiment = experiment
        self._known: dict[NpuId, TimedRecords] = {}
        self._activities_of: dict[int, bytes] = {}  # by the identity of templates

    def _of(self, npu: NpuId) -> Sequence[NodeRecord]:
        known = self._known.get(npu)
        if known is None:
            known = self._known[npu] = self._records(npu)
        return known

    def _records(self, npu: NpuId) -> TimedRecords:
        program = self._experiment.programs[npu]
        nodes = program.graph.nodes
        first, count = (int(self._ends[npu][name]) for name in ("first", "done"))
        order: Numbers = self._order[first : first + count]
        times = self._times[first : first + len(nodes)][order]
        issued, finished = (array("q", times[name].tobytes()) for name in ("issued", "finished"))
        activities = np.frombuffer(self._activities(program), np.uint8)[order].tobytes()
        places = array("i", order.astype(np.int32).tobytes())
        return TimedRecords(nodes, places, NodeTimes(issued, finished, activities))

    def _activities(self, program: Program) -> bytes:
        """Of each node, by its place; those of one template do the same."""
        key = id(program.template)
        if key not in self._activities_of:
            rules = self._experiment.rules
            self._activities_of[key] = activity_places(rules, program.graph.nodes)
        return self._activities_of[key]
