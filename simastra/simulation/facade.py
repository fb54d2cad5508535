"""The facade: from a workload, a system and a network to a Result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, final

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.deferred import deferred
from simastra.engine import Environment, Probe
from simastra.notices import Notice, warn_of
from simastra.result import Result
from simastra.suggestions import moved
from simastra.trace import Trace
from simastra.workload import OperationRules

from .checked import checked, varied
from .experiment import Experiment
from .given import GivenInputs
from .inputs import Workload, checked_options
from .options import Options
from .outcomes import outcome
from .platform import Platform
from .run import Run
from .shortest import shortest_run

if TYPE_CHECKING:
    from simastra.calibration.prices import PricedTimes
    from simastra.errors import DeadlockError
    from simastra.explain import Explanation
    from simastra.metrics import LowerBound
    from simastra.scenario import Scenario, ScenarioConfig
    from simastra.view import html

    from . import explained, untimed
    from .measures import bounds
else:  # for the few simulations that are explained, and for notebooks
    explained = deferred("simastra.simulation.explained")
    untimed = deferred("simastra.simulation.untimed")
    bounds = deferred("simastra.simulation.measures.bounds")
    html = deferred("simastra.view.html")


@final
class Simulation:
    """What is to be simulated, read and checked. It never changes: run it as often as you like.

    It can be shared, and pickled, for other processes for instance.

    Args:
        workload: what each NPU does; None where a scenario has jobs and there is nothing else.
        system: the system configuration, its JSON file, or a machine such as ``"@hgx-h100"``;
            needed unless there is a calibration.
        network: the network configuration, its YAML file, or a machine such as ``"@hgx-h100:8x4"``.
        memory: the remote-memory configuration, or its JSON file; none by default.
        comm_groups: process groups, or their JSON file; none by default.
        options: the rest.
        calibration: times as measured, of a file, or by the name of a ready one such as ``"h100"``;
            all is played as ASTRA-sim does by default. With one, the system may be left out.
        scenario: what is different from what the rest says, such as a slow NPU, or its file;
            nothing by default.

    Raises:
        InputError: if an input can't be read or is wrong.

    Warns:
        SimastraWarning: for each notice that is a warning, here and, of those that only a run
            can tell, in `run`.
    """

    __slots__ = ("_checked",)

    def __init__(  # noqa: PLR0913  # the parts of what is simulated
        self,
        workload: Workload | None,
        system: SystemConfig | str | Path | None = None,
        network: NetworkConfig | str | Path | None = None,
        memory: MemoryConfig | str | Path | None = None,
        *,
        comm_groups: CommGroups | str | Path | None = None,
        options: Options | None = None,
        calibration: PricedTimes | str | Path | None = None,
        scenario: ScenarioConfig | str | Path | None = None,
    ) -> None:
        told = checked_options(options)
        machine = system, network, memory, comm_groups
        given = GivenInputs(workload, *machine, told, calibration, scenario)
        self._checked = checked(given)
        warn_of(self.notices)

    def with_(
        self,
        *,
        system: SystemConfig | str | Path | None = None,
        network: NetworkConfig | str | Path | None = None,
        options: Options | None = None,
        calibration: PricedTimes | str | Path | None = None,
        scenario: ScenarioConfig | str | Path | None = None,
    ) -> Simulation:
        """The same simulation with another system, network and so on, as if made anew.

        It shares the traces, and all that follows from them, with this one, and takes a fraction of
        the time. Only a network of another number of NPUs has the traces read again.

        Args:
            system: instead of this one's; the same if it is left out, like the others.
            network: instead of this one's.
            options: instead of this one's, all of them.
            calibration: instead of this one's.
            scenario: instead of this one's.

        Raises:
            InputError: if one can't be read or is wrong, or doesn't fit to the rest.

        Warns:
            SimastraWarning: as a new one does.
        """
        told = None if options is None else checked_options(options)
        varied_one = object.__new__(Simulation)
        varied_one._checked = varied(self._checked, system, network, told, calibration, scenario)
        warn_of(varied_one.notices)
        return varied_one

    @property
    def _experiment(self) -> Experiment:
        return self._checked.experiment

    def run(
        self,
        *,
        probes: Sequence[Probe] = (),
        shortcuts: str | None = None,
        explain: bool = False,
    ) -> Result:
        """Simulate, from the start to the end.

        An exact shortcut is taken where `shortcuts` lets it and no probe needs to hear of every
        event.

        Args:
            probes: listeners to what happens.
            shortcuts: as of `Options`, whose setting it is by default.
            explain: whether the result is to have an explanation, for `Result.diff`. It is then
                simulated event by event, whatever `shortcuts` lets, which takes longer.

        Raises:
            DeadlockError: if nothing can happen any more while some NPUs have not finished. A run
                that was begun by `start` knows what had happened until then.
            TimeRangeError: if something would happen later than 2^63 - 1 ns.
            OptionError: if there is no such setting of `shortcuts`.
        """
        if explain:
            result = explained.explained_result(self._experiment, probes)
        else:
            result = shortest_run(self._experiment, probes, shortcuts).run()
        return outcome(self._experiment, result)

    def start(self, *, probes: Sequence[Probe] = (), env: Environment | None = None) -> Run:
        """Start a run to look into, or to step through: event by event, without any shortcut.

        Args:
            probes: listeners to what happens.
            env: the environment in which it happens; a new one by default.
        """
        return Run(self._experiment, probes, env)

    def explain(self) -> Explanation:
        """What each NPU's time goes to, and the chain of events that sets the end.

        It simulates event by event, and remembers what follows from what.

        Raises:
            DeadlockError: if the simulation doesn't end.
        """
        return explained.explained(self._experiment)

    def lower_bound(self) -> LowerBound:
        """What no run of it can be faster than, whatever the order of things; it isn't run.

        It counts what can be told of NPUs, ports, links and chains of nodes where the network's
        backend promises that no link carries more than its bandwidth; elsewhere only what each NPU
        does by itself.
        """
        return bounds.lower_bound(self._experiment)

    def certain_deadlock(self) -> DeadlockError | None:
        """Who waits for whom, where no run can finish, whatever anything takes; None where one may.

        It doesn't simulate: it finds what the order of nodes alone decides, such as a receive that
        no send fits, or collectives that members come to in different order. It returns what `run`
        would raise, but for the time.
        """
        return untimed.certain_deadlock(self._experiment)

    @property
    def experiment(self) -> Experiment:
        """All of it as one record, which runs share."""
        return self._experiment

    @property
    def platform(self) -> Platform:
        """The machine as data: its topology, algorithms and process groups."""
        return self._experiment.platform

    @property
    def system(self) -> SystemConfig:
        """The system configuration."""
        return self.platform.system

    @property
    def network(self) -> NetworkConfig:
        """The network configuration."""
        return self.platform.network

    @property
    def memory(self) -> MemoryConfig:
        """The remote-memory configuration."""
        return self.platform.memory

    @property
    def comm_groups(self) -> CommGroups | None:
        """The process groups of the file, None if there is none."""
        return self.platform.comm_groups

    @property
    def options(self) -> Options:
        """The rest."""
        return self.platform.options

    @property
    def scenario(self) -> Scenario | None:
        """What is different from what the rest says; None where there is no scenario."""
        return self._experiment.scenario

    @property
    def rules(self) -> OperationRules:
        """How ET nodes are read."""
        return self._experiment.rules

    @property
    def trace(self) -> Trace:
        """What each NPU does."""
        return self._experiment.trace

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is doubtful in the inputs, each doubt once."""
        return self._experiment.notices

    @property
    def files(self) -> tuple[str | Path, ...]:
        """Names of all files that were read, those too that files name."""
        return self._experiment.files

    def _repr_html_(self) -> str:
        parts = (self.network, self.trace, self.system, self.memory, self.comm_groups)
        shown = (html.Markup(part._repr_html_()) for part in parts if part is not None)
        notices = (html.line(f"{notice.severity}: {notice}") for notice in self.notices)
        return html.joined(html.title("Simulation"), *shown, *notices)

    if not TYPE_CHECKING:  # which would let any name pass otherwise

        def __getattr__(self, name: str) -> object:
            """Say where a name of earlier versions has gone."""
            raise moved(self, name, _MOVED)


_LIVE = "start a run first: run = simulation.start(); then "
_MOVED = {
    "again": "a simulation can be run as often as you like: run(shortcuts=...), start(env=...)",
    "result": f"simulation.run() returns it; for what is known on the way, {_LIVE}run.result()",
    **{
        name: f"{_LIVE}run.{name}"
        for name in ("env", "processes", "mailbox", "why", "records", "add_probe", "end_notices")
    },
}
"""What was there before simulations, runs and results were apart, and where it is now."""
