"""Computes metrics and bound of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property

from simastra.metrics import Bound, Metrics, npu_statistics
from simastra.result import NodeRecord, Result
from simastra.simulation.scenario import Scenario
from simastra.trace import NodeType
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import distinct_programs

from . import bounds
from .alike import Likeness, likenesses
from .traffic import Traffic

UNSTATED = "unstated"
"""The purpose of communication whose nodes don't name any."""


class Computing:
    """Computes what the result of a scenario is worth.

    Args:
        scenario: what has been simulated.
        result: what came of it.
        representative: as of `likenesses`.
    """

    def __init__(
        self,
        scenario: Scenario,
        result: Result,
        representative: Callable[[NpuId], NpuId] | None = None,
    ) -> None:
        self._scenario = scenario
        self._result = result
        self._representative = representative

    def metrics(self) -> Metrics:
        """What the run is worth."""
        result, system = self._result, self._scenario.platform.system
        return Metrics(
            npus=self._scenario.platform.npus,
            step_time=result.makespan,
            executed_flops=self._executed_flops(),
            peak_tflops=system.peak_perf or None,
            exposed_communication=self._exposed_communication(),
            slowest=_slowest(result),
            bytes_by_purpose=self._bytes_by_purpose(),
        )

    def bound(self) -> Bound:
        """What it can't be faster than."""
        return bounds.bound(self._scenario, self._first_of_each, self._result.makespan)

    @cached_property
    def _likenesses(self) -> list[Likeness]:
        return likenesses(self._scenario, self._result.nodes, self._representative)

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
            likenesses[npu]: npu_statistics(
                records, cycles.get(npu, max((it.finished for it in records), default=0))
            ).exposed_communication
            for npu, records in self._first_of_each.items()
        }
        return tuple(map(exposed.__getitem__, likenesses))

    def _executed_flops(self) -> int | None:
        uses = Counter(map(id, self._scenario.programs))
        total = 0
        for program in distinct_programs(self._scenario.programs):
            nodes = program.graph.nodes
            each = sum(node.num_ops or 0 for node in nodes if node.type is NodeType.COMP)
            total += uses[id(program)] * each
        return total or None

    def _bytes_by_purpose(self) -> Mapping[str, Bytes]:
        traffic, programs = Traffic(self._scenario), self._scenario.programs
        uses = Counter(map(self._traffic_key, range(len(programs))))
        sums: dict[str, float] = {}
        for npu, program in enumerate(programs):
            count = uses.pop(self._traffic_key(npu), 0)
            for it in traffic.of(npu, program) if count else ():
                sums[UNSTATED] = sums.get(UNSTATED, 0) + count * it.sent
        return {purpose: round(size) for purpose, size in sums.items() if size}

    def _traffic_key(self, npu: NpuId) -> Hashable:
        """Equal for NPUs that have to send the same."""
        if self._representative is not None:
            return self._representative(npu)
        platform = self._scenario.platform
        return id(self._scenario.programs[npu]), platform.group_sizes(npu)


def _slowest(result: Result) -> NpuId:
    last = result.makespan
    return next((finish.npu for finish in result.finishes if finish.cycles == last), 0)
