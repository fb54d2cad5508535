"""Which computations take longer in a scenario than as usual."""

from __future__ import annotations

from simastra.simulation.experiment import Experiment
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.workload import Operation, ReplayOperation, RooflineOperation


class LongerComputations:
    """Says what computations take as usual, and in a scenario.

    Args:
        experiment: under the scenario.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._known: dict[tuple[int, int], tuple[Ns, Ns] | None] = {}

    def __call__(self, npu: NpuId, node: Node) -> tuple[Ns, Ns] | None:
        """What a computation takes as usual and now, in ns; None where it takes no longer."""
        if not self._experiment.usual_programs:
            return None
        program, usual = self._experiment.programs[npu], self._experiment.usual_programs[npu]
        if program is usual:
            return None
        key = id(program), node.id
        if key not in self._known:
            index = program.graph.index_of(node)
            before, now = (self._time(it.operations[index]) for it in (usual, program))
            self._known[key] = (before, now) if before < now else None
        return self._known[key]

    def _time(self, operation: Operation) -> Ns:
        match operation:
            case ReplayOperation(duration):
                return duration
            case RooflineOperation(num_ops, tensor_size):
                return self._experiment.platform.roofline_duration(num_ops, tensor_size)
            case _:
                return 0
