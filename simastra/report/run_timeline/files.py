"""The Chrome trace of a simulation as a file."""

import gzip
from pathlib import Path

from simastra.errors import OptionError
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.writing import WriteError, write_file

from .document import LARGEST_TIMELINE, run_timeline


def timeline_bytes(
    name: str, result: Result, records: RunRecords, limit: int = LARGEST_TIMELINE
) -> bytes:
    """Return what belongs into a file of that name, compressed if it ends in ``.gz``."""
    content = run_timeline(result, records, limit).encode("utf-8", "replace")
    # Without a time in it, so that the same simulation gives the same bytes.
    return gzip.compress(content, mtime=0) if name.endswith(".gz") else content


def write_run_timeline(
    path: Path | str, result: Result, records: RunRecords, limit: int = LARGEST_TIMELINE
) -> None:
    """Write the trace, whole or not at all; compressed if the name ends in ``.gz``.

    Args:
        path: of the file.
        result: of the simulation.
        records: what was recorded beside it.
        limit: bytes before compression.

    Raises:
        OptionError: the file can't be written.
    """
    content = timeline_bytes(Path(path).name, result, records, limit)
    try:
        write_file(path, content)
    except WriteError as error:
        raise OptionError("timeline", str(error)) from None
