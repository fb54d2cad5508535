"""``--timeline``: what happened during a run, as a Chrome trace. Imports what records it."""

from collections.abc import Iterator
from contextlib import contextmanager

from simastra.errors import DeadlockError
from simastra.report.run_records import record_run
from simastra.report.run_timeline import timeline_bytes
from simastra.simulation import Simulation

from .outputs import OutputFile


class TimelineFile:
    """A file that will hold a run's timeline; compressed if its name ends in ``.gz``.

    Args:
        file: which.
    """

    def __init__(self, file: OutputFile) -> None:
        self._file = file

    @contextmanager
    def recording(self, simulation: Simulation) -> Iterator[None]:
        """Record what runs meanwhile; write it then, also if it ended in a deadlock.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        recorder = record_run(simulation)
        known: DeadlockError | None = None
        try:
            yield
        except DeadlockError as deadlock:
            known = deadlock
        name = self._file.path.name
        self._file.write(timeline_bytes(name, simulation.result(), recorder.records()))
        if known is not None:
            raise known
