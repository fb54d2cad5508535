"""Computes metrics and bound of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.metrics import (
    UNSTATED,
    Bound,
    Metrics,
    NpuMemory,
    StaticMemory,
    npu_memory,
    npu_statistics,
)
from simastra.result import NodeRecord, Result
from simastra.simulation.experiment import Experiment
from simastra.trace import NOT_ANNOTATED, NodeMark, computed_operations, marked
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Program, distinct_programs

from . import bounds
from .alike import Likeness, likenesses
from .communicating import ByKind
from .planned_memory import static_memory, tensor_users
from .traffic import LeastTraffic, TrafficBounds

if TYPE_CHECKING:
    from simastra.metrics import goodput as goodputs
    from simastra.metrics.goodput import Goodput
else:  # for scenarios of failures
    goodputs = deferred("simastra.metrics.goodput")


class Computing:
    """Computes what the result of an experiment is worth.

    Args:
        experiment: what has been simulated.
        result: what came of it.
    """

    def __init__(self, experiment: Experiment, result: Result) -> None:
        self._experiment = experiment
        self._result = result

    def metrics(self) -> Metrics:
        """What the run is worth."""
        return replace(
            step_worth(self._experiment, self._result.makespan),
            executed_flops=self._executed_flops(),
            exposed_communication=self._exposed_communication(),
            slowest=self._result.slowest,
            bytes_by_purpose=self._bytes_by_purpose(),
            memory=self._memory(),
        )

    def bound(self) -> Bound:
        """What it can't be faster than."""
        npus = self._first_of_each
        return bounds.bound(self._experiment, npus, self._result, self._traffic)

    @cached_property
    def _traffic(self) -> TrafficBounds:
        return TrafficBounds(self._experiment)

    @cached_property
    def _likenesses(self) -> list[Likeness]:
        return likenesses(self._experiment, self._result)

    @cached_property
    def _first_of_each(self) -> Mapping[NpuId, Sequence[NodeRecord]]:
        """Records of one NPU of each kind."""
        first: dict[Likeness, NpuId] = {}
        for npu, likeness in enumerate(self._likenesses):
            first.setdefault(likeness, npu)
        return {npu: self._result.nodes[npu] for npu in first.values()}

    def _exposed_communication(self) -> tuple[Ns, ...]:
        cycles, likenesses = self._result.cycles, self._likenesses
        exposed = {
            likenesses[npu]: npu_statistics(records, cycles.get(npu)).exposed_communication
            for npu, records in self._first_of_each.items()
        }
        return tuple(map(exposed.__getitem__, likenesses))

    def _memory(self) -> tuple[NpuMemory, ...]:
        trace = self._experiment.trace
        said = trace.annotations or (NOT_ANNOTATED,) * len(trace.npus)
        static = [static_memory(it) for it in said]
        users = tensor_users(trace)
        if not (any(static) or any(users)):
            return ()
        made: dict[Hashable, NpuMemory] = {}
        memory = []
        for npu, likeness in enumerate(self._likenesses):
            key = likeness, static[npu], tuple(map(id, users[npu]))
            if key not in made:
                known = static[npu] or StaticMemory()
                made[key] = npu_memory(users[npu], self._result.nodes[npu], known)
            memory.append(made[key])
        return tuple(memory)

    def _executed_flops(self) -> int | None:
        uses = Counter(map(id, self._experiment.programs))
        total = 0
        for program in distinct_programs(self._experiment.programs):
            total += uses[id(program)] * computed_operations(program.graph.nodes)
        return total or None

    def _bytes_by_purpose(self) -> Mapping[str, Bytes]:
        traffic, programs = self._traffic, self._experiment.programs
        uses = Counter(map(self._traffic_key, range(len(programs))))
        sums: dict[str, float] = {}
        for npu, program in enumerate(programs):
            count = uses.pop(self._traffic_key(npu), 0)
            if count:
                _add_by_purpose(sums, program, traffic.of(npu, program), count)
        return {purpose: round(size) for purpose, size in sums.items() if size}

    def _traffic_key(self, npu: NpuId) -> Hashable:
        """Equal for NPUs that have to send the same."""
        if self._result.representative is not None:
            return self._result.representative(npu)
        if self._experiment.is_uneven:  # members whose nodes are the same have parts of their own
            return npu
        platform = self._experiment.platform
        return id(self._experiment.programs[npu]), platform.group_sizes(npu)


def _add_by_purpose(
    sums: dict[str, float], program: Program, traffic: ByKind[LeastTraffic], count: int
) -> None:
    """Add what the nodes of so many NPUs have to send, one after the other, to that of others."""
    nodes, due = program.graph.nodes, [count * it.due for it in traffic.kinds]
    if 1 not in marked(nodes, NodeMark.PURPOSED):
        if traffic.which:
            so_far = sums.get(UNSTATED, 0)
            sums[UNSTATED] = sum(map(due.__getitem__, traffic.which), so_far)
        return
    for index, number in zip(traffic.index, traffic.which, strict=True):
        purpose = str(nodes[index].purpose or UNSTATED)
        sums[purpose] = sums.get(purpose, 0) + due[number]


def step_worth(experiment: Experiment, makespan: Ns) -> Metrics:
    """Return what a step is worth that takes so long: all of it that no record is needed for."""
    platform, prices = experiment.platform, experiment.platform.prices
    system, own = platform.system, platform.own_systems
    others = [it.peak_perf for it in own.values()]
    peak = (system.peak_perf * (platform.npus - len(own)) + sum(others)) / platform.npus
    calibrated_peak = prices.peak_tflops if prices else None
    return Metrics(
        npus=platform.npus,
        step_time=makespan,
        tokens=_said(experiment, "tokens"),
        model_flops=_said(experiment, "model_flops"),
        peak_tflops=(peak if own else system.peak_perf) or calibrated_peak,
        capacity=system.local_mem_capacity or None,
        goodput=_goodput(experiment, makespan),
    )


def _goodput(experiment: Experiment, makespan: Ns) -> Goodput | None:
    """What a training of such steps comes to, where the scenario says what fails."""
    scenario = experiment.scenario
    if scenario is None or scenario.config.restart is None:
        return None
    return goodputs.goodput(makespan, scenario.config.restart, scenario.stops)


def _said(experiment: Experiment, annotation: str) -> int | None:
    """What all traces say of the step that say anything; None if they disagree."""
    said = {getattr(it, annotation) for it in set(experiment.trace.annotations)} - {None}
    return said.pop() if len(said) == 1 else None
