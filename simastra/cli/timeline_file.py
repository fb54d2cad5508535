"""``--timeline``: what happened during a run, as a Chrome trace. Imports what records it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from simastra.errors import DeadlockError
from simastra.report.run_records import record_run
from simastra.report.run_timeline import timeline_bytes
from simastra.simulation import Simulation

from .output_file import OutputFile


class TimelineFile:
    """A file that will hold a run's timeline; compressed if its name ends in ``.gz``.

    Args:
        name: its path.
        inputs: paths of files that it may not replace.

    Raises:
        OptionError: if it can't be written.
    """

    def __init__(self, name: str, inputs: Sequence[str]) -> None:
        self._file = OutputFile("timeline", name, inputs)

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
