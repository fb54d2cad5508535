"""What has come of a run: records, made of the arrays when somebody looks at them."""

from __future__ import annotations

from typing import Any, final

from simastra.gc_policy import collector_paused
from simastra.result import LinkRecord, NodeRecord, NpuFinish, record_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.outcome import LazyNodes
from simastra.units import NpuId

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
        self._known: dict[NpuId, tuple[NodeRecord, ...]] = {}

    def _of(self, npu: NpuId) -> tuple[NodeRecord, ...]:
        known = self._known.get(npu)
        if known is None:
            known = self._known[npu] = self._records(npu)
        return known

    def _records(self, npu: NpuId) -> tuple[NodeRecord, ...]:
        nodes = self._experiment.programs[npu].graph.nodes
        first, count = (int(self._ends[npu][name]) for name in ("first", "done"))
        order: Numbers = self._order[first : first + count]
        times = self._times[first : first + len(nodes)][order]
        done = list(map(nodes.__getitem__, order.tolist()))
        activities = self._experiment.rules.activities(done)
        columns = (times[name].tolist() for name in ("issued", "finished"))
        with collector_paused():
            return tuple(map(record_of, done, activities, *columns))
