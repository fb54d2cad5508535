"""How long nodes take: what needs nobody else, as its program has it; the rest, as it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from simastra.result import NodeRecord
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId, Ns
from simastra.workload import (
    Activity,
    MemoryOperation,
    Operation,
    Program,
    ReplayOperation,
    RooflineOperation,
)


@dataclass(frozen=True, slots=True)
class _Own:
    """What nodes of a program take at the least whatever others do.

    Attributes:
        times: of each, in ns, by its id: all of a computation, an access to memory once served.
        computing: the sum of its computations, in ns.
    """

    times: Mapping[int, Ns]
    computing: Ns


class Durations:
    """Knows how long nodes take.

    Args:
        experiment: what is simulated.
        records: the nodes that an NPU has finished, of a run; None where nothing has run.
    """

    def __init__(
        self,
        experiment: Experiment,
        records: Callable[[NpuId], Sequence[NodeRecord]] | None = None,
    ) -> None:
        self._experiment = experiment
        self._records = records
        self._known: dict[int, _Own] = {}
        """By the identity of the template: programs that share one compute the same."""

    @property
    def are_of_run(self) -> bool:
        """Whether something has run."""
        return self._records is not None

    def own(self, npu: NpuId) -> Mapping[int, Ns]:
        """Of an NPU's nodes, in ns, by their ids, whatever others do; those that communicate have
        none."""
        return self._of(npu).times

    def computing(self, npu: NpuId) -> Ns:
        """For how long an NPU computes."""
        return self._of(npu).computing

    def taken(self, npu: NpuId, nodes: Set[int]) -> Mapping[int, Ns]:
        """What some of an NPU's nodes have taken, by their ids; nothing where nothing has run."""
        if self._records is None or not nodes:
            return {}
        return {it.node: it.duration for it in self._records(npu) if it.node in nodes}

    def _of(self, npu: NpuId) -> _Own:
        template = self._experiment.programs[npu].template
        known = self._known.get(id(template))
        if known is None:
            known = self._known[id(template)] = self._own(template)
        return known

    def _own(self, program: Program) -> _Own:
        times, computing = {}, 0
        activities = self._experiment.rules.activities(program.graph.nodes)
        for (node, operation), activity in zip(program, activities, strict=True):
            time = self._duration(operation)
            if time:
                times[node.id] = time
                computing += time if activity is Activity.COMPUTE else 0
        return _Own(times, computing)

    def _duration(self, operation: Operation) -> Ns:
        match operation:
            case ReplayOperation(duration):
                return duration
            case RooflineOperation(num_ops, tensor_size):
                return self._experiment.platform.roofline_duration(num_ops, tensor_size)
            case MemoryOperation(size):
                return self._experiment.platform.least_access(size)
            case _:
                return 0
