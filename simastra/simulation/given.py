"""What a simulation was made of: so that another can be made that differs from it in little."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.quick_dataclass import dataclass
from simastra.trace import Trace, TraceBuilder, TraceFiles

from .inputs import UniformTrace, Workload
from .options import Options

if TYPE_CHECKING:
    from simastra.calibration.prices import PricedTimes
    from simastra.scenario import ScenarioConfig


@dataclass(frozen=True, slots=True)
class GivenInputs:
    """Inputs as they were given; all of it as of `Simulation`."""

    workload: Workload | UniformTrace | None
    system: SystemConfig | str | Path | None
    network: NetworkConfig | str | Path | None
    memory: MemoryConfig | str | Path | None
    comm_groups: CommGroups | str | Path | None
    options: Options
    calibration: PricedTimes | str | Path | None = None
    scenario: ScenarioConfig | str | Path | None = None

    @property
    def configurations(self) -> tuple[object, ...]:
        """Those that may be files."""
        machine = self.system, self.network, self.memory, self.comm_groups
        return *machine, self._calibration_file, self._scenario_file

    @property
    def _calibration_file(self) -> object:
        """The calibration, unless it is a ready one's name."""
        is_name = isinstance(self.calibration, str) and not Path(self.calibration).is_file()
        return None if is_name else self.calibration

    @property
    def _scenario_file(self) -> object:
        """The scenario, or the file that it was read from."""
        told = self.scenario
        return told if told is None or isinstance(told, str | Path) else told.file

    def changed(
        self,
        system: SystemConfig | str | Path | None,
        network: NetworkConfig | str | Path | None,
        options: Options | None,
        calibration: PricedTimes | str | Path | None,
        scenario: ScenarioConfig | str | Path | None,
    ) -> GivenInputs:
        """The same with some of it changed; None leaves one as it is."""
        return replace(
            self,
            system=self.system if system is None else system,
            network=self.network if network is None else network,
            options=self.options if options is None else options,
            calibration=self.calibration if calibration is None else calibration,
            scenario=self.scenario if scenario is None else scenario,
        )

    def kept(self, trace: Trace) -> GivenInputs:
        """The same, to be kept: without what goes on changing, and nobody who watches.

        Args:
            trace: the workload as it was read.
        """
        match self.workload:
            case TraceBuilder():
                return replace(self, workload=UniformTrace(trace))
            case TraceFiles(replicate=None):
                return replace(self, workload=self.workload.prefix)
            case TraceFiles():
                return replace(self, workload=replace(self.workload, watch=None))
            case _:
                return self
