"""Explains an experiment: runs it, on the plain path, in an environment that remembers why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.engine import Probe
from simastra.explain import CausalEnvironment, CauseRecorder, Explanation, OtherJobs
from simastra.network import Queueing
from simastra.on_demand import OnDemand
from simastra.result import Result
from simastra.units import Bytes, NpuId, Ns

from .experiment import Experiment
from .platform import Platform
from .run import Run

if TYPE_CHECKING:
    from . import started_jobs
    from .what_if import longer as longers
else:  # for scenarios
    longers = deferred("simastra.simulation.what_if.longer")
    started_jobs = deferred("simastra.simulation.started_jobs")


def explained(experiment: Experiment, probes: Sequence[Probe] = ()) -> Explanation:
    """Run an experiment from its start, and explain the run; `probes` hear it.

    Raises:
        DeadlockError: if it doesn't end.
    """
    run = ExplainedRun(experiment, probes)
    run.live.run()
    return run.explanation()


def explained_result(experiment: Experiment, probes: Sequence[Probe]) -> Result:
    """Run an experiment from its start; the result has the explanation as data.

    Raises:
        DeadlockError: if it doesn't end.
    """
    run = ExplainedRun(experiment, probes)
    result = run.live.run()
    return replace(result, explanation=run.explanation().record())


class ExplainedRun:
    """A run that can be explained once it has ended.

    Args:
        experiment: what is simulated, from its start.
        probes: listeners to what happens.

    Attributes:
        live: the run; it has still to be run.
    """

    def __init__(self, experiment: Experiment, probes: Sequence[Probe] = ()) -> None:
        env = CausalEnvironment()
        self._causes = CauseRecorder(env)
        self._jobs = _other_jobs(experiment)
        others = () if self._jobs is None else (self._jobs,)
        self.live = Run(experiment, (self._causes, *others, *probes), env)

    def explanation(self) -> Explanation:
        """Why it took as long as it did; ask when all NPUs have finished."""
        live, experiment = self.live, self.live.experiment
        times = _NodeTimes(live)

        def on_wire(src: NpuId, dst: NpuId, size: Bytes, tag: int) -> Ns | None:
            return _serialisation(experiment.platform, src, dst, size, tag)

        names = experiment.platform.given_names
        longer = longers.LongerComputations(experiment) if experiment.scenario else None
        ends, programs = self._causes.ends, experiment.programs
        of_jobs = self._jobs
        return Explanation(ends, programs, times, on_wire, names, longer, other_jobs=of_jobs)


class _NodeTimes(OnDemand[Mapping[int, tuple[Ns, Ns]]]):
    """For each NPU, when each of its nodes was issued and when it finished, by id.

    Args:
        live: a run that has ended.
    """

    def __init__(self, live: Run) -> None:
        self._live = live

    def __len__(self) -> int:
        return self._live.experiment.platform.npus

    def _make(self, index: int) -> Mapping[int, tuple[Ns, Ns]]:
        return {it.node: (it.issued, it.finished) for it in self._live.records(index)}


def _other_jobs(experiment: Experiment) -> OtherJobs | None:
    """Who tells what other jobs cost; None where there is one alone."""
    jobs = experiment.jobs
    return OtherJobs(started_jobs.lone_jobs(jobs)) if len(jobs) > 1 else None


def _serialisation(platform: Platform, src: NpuId, dst: NpuId, size: Bytes, tag: int) -> Ns | None:
    """How long a message is on the wire where there are no links; None where that is unknown."""
    backend = platform.backend
    if not backend.is_exact or backend.queueing is not Queueing.NOWHERE:
        return None
    topology = platform.topology
    path = topology.path(src, dst, tag) if topology.multipath else topology.path(src, dst)
    on_wire, _ = path[size]
    return on_wire
