"""The inputs of a simulation as command-line options: ASTRA-sim's names, and short ones.

(Behaviour 1.1.)
"""

import argparse

from simastra.errors import InputError
from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.simulation import Options, Simulation
from simastra.trace import LoadingWatch, TraceFiles

from .configuration_files import CONFIGURATION_FILES, add_configuration_file
from .input_paths import calibration_file, input_traces, yaml_file
from .parser import Parser, whole_number
from .settings import add_setting_options, read_options
from .without_effect import ASTRA_SIMS, add_without_effect, notices_of

_NO_GROUPS = "empty"  # ASTRA-sim's default


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is to be simulated.

    Attributes:
        workload: prefix of the ET files; None where a scenario has jobs and nothing else runs.
        system: path of the system JSON; None where a calibration does without.
        network: path of the network YAML.
        memory: path of the remote-memory JSON, if any.
        comm_groups: path of the communicator-group JSON, if any.
        options: the rest.
        notices: what is doubtful in the command line itself.
        calibration: path of the calibration, or its name, if any.
        scenario: path of the scenario, if any.
        replicate: of how many NPUs one trace is every one's; None if each has its own.
    """

    workload: str | None
    system: str | None
    network: str
    memory: str | None
    comm_groups: str | None
    options: Options
    notices: tuple[Notice, ...]
    calibration: str | None = None
    scenario: str | None = None
    replicate: int | None = None

    def simulation(
        self, watch: LoadingWatch | None = None, *, by_events: bool = False
    ) -> Simulation:
        """Load and check everything.

        Args:
            watch: is told how far loading is.
            by_events: whether it is certain to be simulated event by event, and so walks all nodes.

        Raises:
            InputError: if an input can't be read or is wrong.
        """
        workload = None
        if self.workload is not None:
            workload = TraceFiles(self.workload, watch, self.replicate, not by_events)
        return Simulation(
            workload,
            self.system,
            self.network,
            self.memory,
            comm_groups=self.comm_groups,
            options=self.options,
            calibration=self.calibration,
            scenario=self.scenario,
        )

    def files(self) -> dict[str, str | None]:
        """The files, by the names of their options; None for those that aren't given.

        Of a replicated trace, the number of NPUs is among them: it says what the file stands for.
        """
        return {
            "workload": self.workload,
            "system": self.system,
            "network": self.network,
            "memory": self.memory,
            "comm-groups": self.comm_groups,
            **({} if self.calibration is None else {"calibration": self.calibration}),
            **({} if self.scenario is None else {"scenario": self.scenario}),
            **({} if self.replicate is None else {"replicate": str(self.replicate)}),
        }

    def given_files(self) -> dict[str, str]:
        """The files that are given, by the names of their options."""
        return {name: file for name, file in self.files().items() if file is not None}

    def all_notices(self, simulation: Simulation) -> tuple[Notice, ...]:
        """What is doubtful in the command line and in the files."""
        return (*self.notices, *simulation.notices)


def add_input_options(parser: Parser) -> None:
    """Declare the options that `read_inputs` reads."""
    add_file_options(parser)
    add_setting_options(parser)
    add_without_effect(parser, "ASTRA-sim", ASTRA_SIMS)


def read_inputs(arguments: argparse.Namespace) -> Inputs:
    """Decode what `add_input_options` declared.

    Raises:
        InputError: if a required option is missing, or a value is out of its range.
    """
    _require(arguments)
    groups: str | None = arguments.comm_groups
    return Inputs(
        workload=arguments.workload,
        system=arguments.system,
        network=arguments.network,
        memory=arguments.memory,
        comm_groups=None if groups == _NO_GROUPS else groups,
        options=read_options(arguments),
        notices=(*notices_of(arguments, ASTRA_SIMS), *_doubtful_groups(groups)),
        calibration=arguments.calibration,
        scenario=arguments.scenario,
        replicate=arguments.replicate,
    )


def _require(arguments: argparse.Namespace) -> None:
    needed = ["workload", "system", "network"]
    if arguments.scenario is not None:  # which may have jobs
        needed.remove("workload")
    if arguments.calibration is not None:
        needed.remove("system")
    missing = [f"--{option}" for option in needed if vars(arguments)[option] is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        hint = " (a run with --calibration needs no --system)" if "--system" in missing else ""
        raise InputError(f"{', '.join(missing)} {verb} required; see --help{hint}")


def add_file_options(parser: Parser) -> None:
    """Declare the options that name the files of a simulation."""
    group = parser.add_argument_group("inputs")
    group.add_argument(
        "--workload",
        "--workload-configuration",
        dest="workload",
        metavar="PREFIX",
        type=input_traces,
        help="trace: PREFIX.<npu>.et for each NPU (required)",
    )
    group.add_argument(
        "--replicate",
        metavar="N",
        type=whole_number,
        help="let each of N NPUs do what PREFIX.0.et says, or a file of that very name",
    )
    for name in CONFIGURATION_FILES:
        add_configuration_file(group, name)
    group.add_argument(
        "--calibration",
        metavar="FILE|NAME",
        type=calibration_file,
        help="times as measured, of 'simastra calibrate', or of a ready one such as h100; times "
        "have 90 %% bands then, and ASTRA-sim's are not reproduced",
    )
    group.add_argument(
        "--scenario",
        metavar="FILE",
        type=yaml_file,
        help="what if: slow NPUs, jitter, faults and the like, YAML; nothing if left out",
    )


def _doubtful_groups(path: str | None) -> tuple[Notice, ...]:
    if path is None or path == _NO_GROUPS or _NO_GROUPS not in path:
        return ()
    return (
        Notice(
            code="path-with-empty",
            where="--comm-group-configuration",
            message=f"{path} is read, but ASTRA-sim ignores a path with 'empty' in it",
            fix="rename the file, or write 'empty' alone for no groups",
        ),
    )
