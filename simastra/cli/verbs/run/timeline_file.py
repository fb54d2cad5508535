"""``--timeline``: what happened during a run, as a Chrome trace. Imports what records it."""

from simastra.cli.options.outputs import OutputFile
from simastra.errors import DeadlockError
from simastra.notices import Notice
from simastra.report.run_records import MOST_RECORDS, RunRecorder
from simastra.report.run_timeline import LARGEST_TIMELINE, write_timeline
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import Bytes

_BYTES_OF_A_MESSAGE = 512  # with its transmission; more than fit needn't be recorded


class TimelineFile:
    """A file that will hold a run's timeline; compressed if its name ends in ``.gz``.

    Args:
        file: which.
        simulation: what is run.
        limit: bytes before compression; the usual number, if None.

    Attributes:
        recorder: hears the run.
        recorders: that one.
        notices: once it is written, what of the run isn't in it.
    """

    def __init__(self, file: OutputFile, simulation: Simulation, limit: Bytes | None) -> None:
        self._file = file
        self._limit = LARGEST_TIMELINE if limit is None else limit
        most = max(MOST_RECORDS, self._limit // _BYTES_OF_A_MESSAGE)
        self.recorder = RunRecorder(simulation, most)
        self.recorders = (self.recorder,)
        self.notices: tuple[Notice, ...] = ()

    def write_result(self, result: Result) -> None:
        """Replace the file's content by a run that finished, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        name, records = self._file.path.name, self.recorder.records()
        with self._file.replaced() as file:
            notes = write_timeline(file, name, result, records, self._limit)
        self.notices = tuple(
            Notice(
                code="timeline-cut",
                where="--timeline",
                message=f"not all fits into {self._limit:,} bytes; {note}",
                fix="give a larger --limit",
            )
            for note in notes
        )

    def write_deadlock(self, known: Result, _deadlock: DeadlockError) -> None:
        """The same for a run that can't finish: up to there.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        self.write_result(known)
