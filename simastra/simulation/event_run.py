"""The plain path: every NPU a process, every event of ASTRA-sim's in its place."""

from __future__ import annotations

from functools import cached_property

from simastra.engine import Environment, ProbeFan
from simastra.errors import TimeRangeError
from simastra.notices import Notice
from simastra.workload import NpuProcess

from .checks.end import end_notices
from .machine import Machine, plain_mailbox
from .memberships import Memberships
from .scenario import Scenario


class EventRun:
    """One run of a scenario, event by event. It is the oracle of every shortcut.

    Args:
        scenario: what is simulated.
        probe: is told what happens.
        env: the environment; a new one by default.

    Attributes:
        scenario: what is simulated.
        env: the environment.
        mailbox: the network, with matching.
        processes: the NPUs' processes, by NPU.
    """

    def __init__(self, scenario: Scenario, probe: ProbeFan, env: Environment | None = None) -> None:
        self.scenario = scenario
        self.env = Environment() if env is None else env
        self.mailbox = plain_mailbox(scenario.platform, self.env, probe)
        machine = Machine(self.env, scenario.platform, self.mailbox)
        dialect = scenario.platform.options.dialect
        self.processes = tuple(
            NpuProcess(machine.npu(npu), program, dialect, probe)
            for npu, program in enumerate(scenario.programs)
        )
        for process in self.processes:
            self.env.process(process.walk())

    def run(self) -> None:
        """Run to the end, from wherever it stands.

        Raises:
            DeadlockError: if nothing can happen any more while some NPUs have not finished.
            TimeRangeError: if something would happen later than time goes.
        """
        try:
            self.env.run()
        except TimeRangeError as error:
            # Loaded here because hardly any simulation comes to that.
            from .time_range import with_reason  # noqa: PLC0415

            raise with_reason(error, self.processes) from None
        if not self.has_finished:
            # Loaded here because most simulations end.
            from .wait_for_graph import deadlock, situation  # noqa: PLC0415

            memberships = Memberships(self.scenario.platform)
            raise deadlock(situation(self.processes, self.mailbox, self.env, memberships))

    @cached_property
    def end_notices(self) -> tuple[Notice, ...]:
        """What is in doubt once all NPUs have finished; ask no sooner."""
        return end_notices(self.scenario, self.processes, self.mailbox)

    @property
    def has_finished(self) -> bool:
        """Whether all NPUs have."""
        return all(process.finish_time is not None for process in self.processes)
