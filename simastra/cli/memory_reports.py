"""What the local memory tracker found: its files, and a line an NPU on stderr (behaviour 5.3)."""

from collections.abc import Iterable
from pathlib import Path

from simastra.cli.options.outputs import Output
from simastra.errors import InputError
from simastra.notices import Notice, Severity
from simastra.report import memory_notices, memory_timelines, write_memory_traces
from simastra.report.memory_files import memory_trace_error, memory_trace_paths
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import MiB
from simastra.writing import check_replaceable, check_writable

from .notices import tell_notices
from .output import tell

_KEY = "local-mem-trace-filename"


class MemoryTraces(Output):
    """The files that the system configuration names for the memory tracker.

    Args:
        simulation: that is about to run.
    """

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(_KEY, simulation.system.local_mem_trace_filename)
        self._simulation = simulation

    @property
    def label(self) -> str:
        """What names it, for a message."""
        return f"{self._simulation.system.source}: {_KEY}"

    def files(self) -> Iterable[Path]:
        """A file for each NPU."""
        return memory_trace_paths(self._simulation)

    def check(self) -> None:
        """Refuse files that can't be written, and folders that can't be made."""
        first, *others = self.files()
        with self.writing():
            check_writable(first, makes_folders=True)
            for path in others if first.parent.is_dir() else ():
                check_replaceable(path)

    def refusal(self, problem: str) -> InputError:
        """Make (not raise) an error about it."""
        return memory_trace_error(self._simulation, problem)

    def notices(self) -> tuple[Notice, ...]:
        """What is doubtful."""
        folder = Path(self.name).parent
        if folder.is_dir():
            return ()
        return (
            Notice(
                code="folder-made",
                where=self.label,
                message=f"there is no folder {folder}; 'simastra run' makes it",
                fix="name one that is there, if this is a mistake",
                severity=Severity.INFO,
            ),
        )


def write_memory_reports(simulation: Simulation, result: Result, *, quiet: bool) -> None:
    """Write a Chrome trace for each NPU; tell each NPU's peak.

    Raises:
        ConfigError: if a file can't be written.
    """
    timelines = memory_timelines(simulation, result)
    write_memory_traces(simulation, timelines)
    if quiet:
        return
    tell_notices(memory_notices(simulation, timelines), with_infos=True)
    for npu, timeline in enumerate(timelines):
        tell(f"sys[{npu}] peak memory usage: {timeline.peak.size / MiB:.2f} MB")
