"""A live run: every NPU a process, every event of ASTRA-sim's in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, final

from simastra.deferred import deferred
from simastra.engine import Environment, Probe, ProbeFan
from simastra.errors import OptionError, TimeRangeError
from simastra.notices import Notice, warn_of
from simastra.result import NodeRecord, Result, ResultRecorder
from simastra.units import NpuId

from .checks.end import after_end_notices, end_notices, late_notices, leftovers_matter
from .checks.forwarding import forwarding_notices
from .checks.link_rates import rate_notices
from .experiment import Experiment
from .machine import have_finished, plain_mailbox, start_processes
from .measures.measured import measured
from .memberships import Memberships

if TYPE_CHECKING:
    from simastra.shortcut_use import ShortcutUse

    from . import time_range, wait_for_graph
else:  # for the few runs that are asked why, or that don't come to their end
    time_range = deferred("simastra.simulation.time_range")
    wait_for_graph = deferred("simastra.simulation.wait_for_graph")


@final
class Run:
    """A simulation under way, from its start, event by event. It is the oracle of every shortcut.

    Make one with `Simulation.start`. Move it on with `step` or `run`, or as in SimPy:
    ``run.env.run(until=300)``.

    Args:
        experiment: what is simulated.
        probes: listeners to what happens.
        env: the environment in which it happens; a new one by default.
        refused: shortcuts that have been refused, for the result.

    Attributes:
        experiment: what is simulated.
        env: the SimPy environment, its time in ns; ``env.now``, ``env.peek()``, ``env.step()``.
        mailbox: sends and receives in progress; ``mailbox.network.links`` are the network's links.
        processes: the NPUs' processes, by NPU.
    """

    def __init__(
        self,
        experiment: Experiment,
        probes: Sequence[Probe] = (),
        env: Environment | None = None,
        refused: tuple[ShortcutUse, ...] = (),
    ) -> None:
        platform = experiment.platform
        self.experiment = experiment
        self.env = Environment() if env is None else env
        self._refused = refused
        self._recorder = ResultRecorder(platform.npus, experiment.rules, platform.given_names)
        self._probe = ProbeFan((self._recorder, *probes))
        self.mailbox = plain_mailbox(platform, self.env, self._probe, experiment.link_events)
        self.processes = start_processes(experiment, self.env, self.mailbox, self._probe)

    def add_probe(self, probe: Probe) -> None:
        """Let `probe` hear what happens from now on."""
        self._probe.add(probe)

    def step(self) -> None:
        """Execute the next event.

        Raises:
            simpy.core.EmptySchedule: if there is none.
        """
        self.env.step()

    def run(self) -> Result:
        """Run to the end, from wherever it stands.

        Raises:
            DeadlockError: if nothing can happen any more while some NPUs have not finished. What
                is known then, `result` says.
            TimeRangeError: if something would happen later than 2^63 - 1 ns.
        """
        try:
            self.env.run()
        except TimeRangeError as error:
            raise time_range.with_reason(error, self.processes) from None
        if not self.has_finished:
            memberships = Memberships(self.experiment.platform)
            standstill = wait_for_graph.situation(
                self.processes,
                self.mailbox,
                self.env,
                memberships,
                names=self.experiment.platform.given_names,
            )
            raise wait_for_graph.deadlock(standstill)
        result = self.result()
        warn_of(result.notices[len(self.experiment.notices) :])
        return result

    @property
    def has_finished(self) -> bool:
        """Whether all NPUs have."""
        return have_finished(self.processes)

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes that an NPU has finished so far, in that order."""
        return self._recorder.records(npu)

    @property
    def representative(self) -> Callable[[NpuId], NpuId] | None:
        """As of a Result: it isn't known who does the same."""
        return None

    def result(self) -> Result:
        """What is known so far: the whole outcome, once all NPUs have finished."""
        known = self._recorder.result()
        late = late_notices(known.makespan, self.experiment.trace.sources[0])
        notices = (*self.experiment.notices, *self.end_notices, *late)
        known = replace(known, notices=notices, shortcuts=self._refused)
        return measured(self.experiment, known)

    @property
    def end_notices(self) -> tuple[Notice, ...]:
        """What is in doubt though all NPUs have finished; nothing before, and mostly nothing then.

        These are among the notices of the result.
        """
        return self._end_notices if self.has_finished else ()

    @cached_property
    def _end_notices(self) -> tuple[Notice, ...]:
        left: tuple[Notice, ...] = ()
        if leftovers_matter(self.experiment.notices):
            left = end_notices(self.experiment, self.processes, self.mailbox)
        return (
            *left,
            *after_end_notices(self.experiment, self._recorder.finishes[-1].cycles),
            *rate_notices(self.experiment, self.records, self._recorder.finishes),
            *forwarding_notices(self.experiment, self.records, self._recorder.finishes),
        )

    def why(self, npu: NpuId) -> wait_for_graph.Why:
        """What holds an NPU now: the chain of waits.

        Raises:
            OptionError: if there is no such NPU.
        """
        npus = len(self.processes)
        if not 0 <= npu < npus:
            raise OptionError("npu", f"must be from 0 to {npus - 1}, not {npu}")
        times = [self._recorder.issue_times(each) for each in range(npus)]
        memberships = Memberships(self.experiment.platform)
        names = self.experiment.platform.given_names
        now = wait_for_graph.situation(
            self.processes, self.mailbox, self.env, memberships, times, names
        )
        return wait_for_graph.why(npu, now)
