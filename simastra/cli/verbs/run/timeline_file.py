"""``--timeline``: what happened during a run, as a Chrome trace. Imports what records it."""

from simastra.cli.options.outputs import OutputFile
from simastra.errors import DeadlockError
from simastra.report.run_records import RunRecorder
from simastra.report.run_timeline import timeline_bytes
from simastra.result import Result
from simastra.simulation import Simulation


class TimelineFile:
    """A file that will hold a run's timeline; compressed if its name ends in ``.gz``.

    Args:
        file: which.
        simulation: what is run.

    Attributes:
        recorder: hears the run.
        recorders: that one.
    """

    def __init__(self, file: OutputFile, simulation: Simulation) -> None:
        self._file = file
        self.recorder = RunRecorder(simulation)
        self.recorders = (self.recorder,)

    def write_result(self, result: Result) -> None:
        """Replace the file's content by a run that finished, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        name = self._file.path.name
        self._file.write(timeline_bytes(name, result, self.recorder.records()))

    def write_deadlock(self, known: Result, _deadlock: DeadlockError) -> None:
        """The same for a run that can't finish: up to there.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        self.write_result(known)
