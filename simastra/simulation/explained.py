"""Explains a scenario: runs it, on the plain path, in an environment that remembers why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simastra.engine import Probe
from simastra.explain import CausalEnvironment, CauseRecorder, Explanation
from simastra.network import Queueing
from simastra.result import Result
from simastra.units import Bytes, NpuId, Ns

from .platform import Platform
from .run import Run
from .scenario import Scenario


def explained(scenario: Scenario, probes: Sequence[Probe] = ()) -> Explanation:
    """Run a scenario from its start, and explain the run; `probes` hear it.

    Raises:
        DeadlockError: if it doesn't end.
    """
    run = ExplainedRun(scenario, probes)
    run.live.run()
    return run.explanation()


def explained_result(scenario: Scenario, probes: Sequence[Probe]) -> Result:
    """Run a scenario from its start; the result has the explanation as data.

    Raises:
        DeadlockError: if it doesn't end.
    """
    run = ExplainedRun(scenario, probes)
    result = run.live.run()
    return replace(result, explanation=run.explanation().record())


class ExplainedRun:
    """A run that can be explained once it has ended.

    Args:
        scenario: what is simulated, from its start.
        probes: listeners to what happens.

    Attributes:
        live: the run; it has still to be run.
    """

    def __init__(self, scenario: Scenario, probes: Sequence[Probe] = ()) -> None:
        env = CausalEnvironment()
        self._causes = CauseRecorder(env)
        self.live = Run(scenario, (self._causes, *probes), env)

    def explanation(self) -> Explanation:
        """Why it took as long as it did; ask when all NPUs have finished."""
        live, scenario = self.live, self.live.scenario
        times = [
            {record.node: (record.issued, record.finished) for record in live.records(npu)}
            for npu in range(scenario.platform.npus)
        ]

        def on_wire(src: NpuId, dst: NpuId, size: Bytes, tag: int) -> Ns | None:
            return _serialisation(scenario.platform, src, dst, size, tag)

        names = scenario.platform.given_names
        return Explanation(self._causes.ends, scenario.programs, times, on_wire, names)


def _serialisation(platform: Platform, src: NpuId, dst: NpuId, size: Bytes, tag: int) -> Ns | None:
    """How long a message is on the wire where there are no links; None where that is unknown."""
    backend = platform.backend
    if not backend.is_exact or backend.queueing is not Queueing.NOWHERE:
        return None
    topology = platform.topology
    path = topology.path(src, dst, tag) if topology.multipath else topology.path(src, dst)
    on_wire, _ = path[size]
    return on_wire
