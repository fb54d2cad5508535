"""The facade: from a workload, a system and a network to a Result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.deferred import deferred
from simastra.engine import Environment, Probe, ProbeFan, needs_events
from simastra.errors import OptionError, TimeRangeError
from simastra.network import Mailbox
from simastra.notices import Notice
from simastra.result import NodeRecord, Result, ResultRecorder
from simastra.units import NpuId
from simastra.workload import (
    NpuProcess,
    OperationRules,
    check_workload,
    compile_trace,
    listed_groups,
)

from .checks.check import check
from .checks.end import EXPLAIN_LEFTOVERS, late_notices
from .checks.link_rates import rate_notices
from .event_run import EventRun
from .inputs import (
    Workload,
    expect_workload,
    files_given,
    read_comm_groups,
    read_memory,
    read_network,
    read_system,
    read_trace,
    surplus_notices,
)
from .memberships import Memberships
from .options import Options
from .platform import Platform
from .scenario import Scenario
from .shortcuts import LITTLE_WORK, MODERATE_WORK, Attempt, work
from .uneven import level_sizes

if TYPE_CHECKING:
    from simastra.explain import Explanation
    from simastra.view import html

    from .wait_for_graph import Why
else:  # only notebooks ask
    html = deferred("simastra.view.html")


class Simulation:
    """One simulation, built and checked; `run` it, or step through ``simulation.env``.

    Args:
        workload: what each NPU does.
        system: the system configuration, or its JSON file.
        network: the network configuration, or its YAML file.
        memory: the remote-memory configuration, or its JSON file; none by default.
        comm_groups: process groups, or their JSON file; none by default.
        options: the rest.
        probes: further listeners to what happens.

    Attributes:
        notices: what is doubtful in the inputs, each doubt once.
        files: names of all files that were read, those too that files name.

    Raises:
        InputError: if an input can't be read or is wrong.
    """

    def __init__(  # noqa: PLR0913  # a simulation's inputs are these
        self,
        workload: Workload,
        system: SystemConfig | str | Path,
        network: NetworkConfig | str | Path,
        memory: MemoryConfig | str | Path | None = None,
        *,
        comm_groups: CommGroups | str | Path | None = None,
        options: Options | None = None,
        probes: Sequence[Probe] = (),
    ) -> None:
        self.options = options or Options()
        self.system = read_system(system)
        self.network = read_network(network)
        self.memory = read_memory(memory)
        self.comm_groups = read_comm_groups(comm_groups)
        self.rules = OperationRules(self.options.dialect, self.system)
        expect_workload(workload, self.network.npus)
        platform = Platform(self.system, self.network, self.memory, self.comm_groups, self.options)
        trace = self.trace = read_trace(workload, self.network.npus)
        platform = self._with_listed_groups(platform)
        programs = compile_trace(trace, self.rules)
        levelled = level_sizes(trace, programs, platform.members)
        self.trace = levelled.trace
        if self.trace is not trace:
            programs = compile_trace(self.trace, self.rules)
        check_workload(programs, self.trace.sources, self.options.dialect, platform)
        given = (system, network, memory, comm_groups)
        self.files = (*files_given(workload, self.trace, given), *platform.custom_files)
        self._scenario = Scenario(platform, self.rules, self.trace, programs)
        self.notices: tuple[Notice, ...] = (
            *surplus_notices(workload, self.network.npus),
            *check(self._scenario),
            *levelled.notices,
        )
        self._start_over(probes, None)

    def _with_listed_groups(self, platform: Platform) -> Platform:
        """The platform with the process groups that traces list, where these are followed."""
        if not self.options.dialect.groups_by_node:
            return platform
        listed = listed_groups(self.trace)
        return platform.with_groups(listed) if listed else platform

    @property
    def platform(self) -> Platform:
        """The machine as data: what all runs of these inputs share."""
        return self._scenario.platform

    def again(
        self,
        *,
        probes: Sequence[Probe] = (),
        env: Environment | None = None,
        shortcuts: str | None = None,
    ) -> Simulation:
        """Build a simulation of the same inputs, in which nothing has happened yet.

        Nothing is read or checked again. It has `probes`, and not those of this one.

        Args:
            probes: further listeners to what happens.
            env: the environment in which it happens; a new one by default.
            shortcuts: as of `Options`; as in this simulation by default.
        """
        simulation = copy(self)
        if shortcuts is not None:
            simulation.options = replace(self.options, shortcuts=shortcuts)
        simulation._start_over(probes, env)
        return simulation

    def _start_over(self, probes: Sequence[Probe], env: Environment | None) -> None:
        self._recorder = ResultRecorder(self.network.npus, self.rules)
        self._probe = ProbeFan(probes)
        self._given_env = env
        self._event_run: EventRun | None = None
        self._attempt = Attempt(None, ())
        self._rate_notices: tuple[Notice, ...] | None = None

    @property
    def env(self) -> Environment:
        """The environment: ``env.step()``, ``env.peek()`` and ``env.run(until=...)`` as in SimPy.

        Who asks for it, or for `processes` or `mailbox`, gets the plain path, event by event. Where
        a shortcut has been taken, these show a run that hasn't begun.
        """
        return self._events.env

    @property
    def processes(self) -> tuple[NpuProcess, ...]:
        """The NPUs' processes, by NPU."""
        return self._events.processes

    @property
    def mailbox(self) -> Mailbox:
        """Sends and receives in progress; ``mailbox.network.links`` are the network's links."""
        return self._events.mailbox

    @property
    def _events(self) -> EventRun:
        if self._event_run is None:
            probe = ProbeFan((self._recorder, *self._probe.probes))
            self._probe = probe
            self._event_run = EventRun(self._scenario, probe, self._given_env)
        return self._event_run

    def run(self) -> Result:
        """Run to the end, from wherever the simulation stands.

        An exact shortcut is taken where `Options.shortcuts` lets it, nothing has happened yet, and
        no probe needs to hear of every event.

        Raises:
            DeadlockError: if nothing can happen any more while some NPUs have not finished.
            TimeRangeError: if something would happen later than 2^63 - 1 ns.
        """
        if self._attempt.outcome is None:
            self._take_shortcut()
            if self._attempt.outcome is None:
                self._events.run()
        return self.result()

    def _take_shortcut(self) -> None:
        """Try the shortcuts, if they may be taken and are worth it."""
        setting = self.options.shortcuts
        begun = self._event_run is not None or self._given_env is not None
        if setting == "off" or begun or any(map(needs_events, self._probe.probes)):
            return
        effort = MODERATE_WORK + 1 if setting == "always" else work(self._scenario)
        if effort > LITTLE_WORK:
            # Loaded here because small simulations take no shortcut.
            from .shortcuts.attempt import attempt  # noqa: PLC0415

            # Time that ends: the plain path comes to the same, and can say what made it.
            with suppress(TimeRangeError):
                self._attempt = attempt(
                    self._scenario,
                    needs_order=effort <= MODERATE_WORK,
                    end_matters=self._end_matters,
                )
        if self._attempt.outcome is not None:
            for finish in self._attempt.outcome.finishes:
                self._probe.npu_finished(finish.npu, finish.cycles)

    def why(self, npu: NpuId) -> Why:
        """What holds an NPU now: the chain of waits, at any point of a simulation being stepped.

        Raises:
            OptionError: if there is no such NPU.
        """
        # Loaded here because few simulations are asked.
        from .wait_for_graph import Why, situation, why  # noqa: PLC0415

        if not 0 <= npu < self.network.npus:
            raise OptionError("npu", f"must be from 0 to {self.network.npus - 1}, not {npu}")
        if self._attempt.outcome is not None:  # a shortcut was taken, to the end
            ends = {finish.npu: finish.cycles for finish in self._attempt.outcome.finishes}
            return Why(npu, max(ends.values()), ends[npu])
        times = [self._recorder.issue_times(each) for each in range(self.network.npus)]
        memberships = Memberships(self._scenario.platform)
        return why(npu, situation(self.processes, self.mailbox, self.env, memberships, times))

    def explain(self) -> Explanation:
        """What each NPU's time went to, and the chain of events that set the end.

        It simulates again from the start, event by event, and remembers what followed from what.

        Raises:
            DeadlockError: if the simulation doesn't end.
        """
        return _explained(self._scenario)

    def _repr_html_(self) -> str:
        parts = (self.network, self.trace, self.system, self.memory, self.comm_groups)
        shown = (html.Markup(part._repr_html_()) for part in parts if part is not None)
        notices = (html.line(f"{notice.severity}: {notice}") for notice in self.notices)
        return html.joined(html.title("Simulation"), *shown, *notices)

    @property
    def end_notices(self) -> tuple[Notice, ...]:
        """What is in doubt though all NPUs have finished; nothing before, and mostly nothing then.

        These are among the notices of the result.
        """
        run = self._event_run if self._event_run and self._event_run.has_finished else None
        if self._attempt.outcome is None and run is None:
            return ()
        if self._rate_notices is None:
            self._rate_notices = rate_notices(self._scenario, self.records)
        return (*(run.end_notices if run and self._end_matters else ()), *self._rate_notices)

    def add_probe(self, probe: Probe) -> None:
        """Let `probe` hear what happens from now on."""
        self._probe.add(probe)

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes that an NPU has finished so far, in that order."""
        outcome = self._attempt.outcome
        return self._recorder.records(npu) if outcome is None else outcome.nodes[npu]

    def result(self) -> Result:
        """What is known so far; the whole outcome once `run` has returned."""
        outcome, paths = self._attempt.outcome, self._attempt.paths
        explainer = partial(_explained, self._scenario)
        known = self._recorder.result(()) if outcome is None else outcome
        end = max((finish.cycles for finish in known.finishes), default=0)
        late = late_notices(end, self.trace.sources[0])
        notices = (*self.notices, *self.end_notices, *late)
        return Result(known.finishes, known.nodes, known.links, notices, paths, explainer)

    @property
    def _end_matters(self) -> bool:
        """Whether anything is left to be told at the end."""
        return not any(notice.code in EXPLAIN_LEFTOVERS for notice in self.notices)


def _explained(scenario: Scenario) -> Explanation:
    # Loaded here because few simulations are explained.
    from .explained import explained  # noqa: PLC0415

    return explained(scenario)
