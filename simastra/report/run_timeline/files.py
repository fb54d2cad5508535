"""The Chrome trace of a simulation as a file."""

import gzip
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from simastra.errors import OptionError
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.units import Bytes
from simastra.writing import WriteError, replacing

from .document import LARGEST_TIMELINE, TimelineDrawing, TimelineTooLargeError


def write_timeline(
    file: BinaryIO,
    name: str,
    result: Result,
    records: RunRecords,
    limit: Bytes = LARGEST_TIMELINE,
) -> tuple[str, ...]:
    """Write the trace to an empty file, line by line: all of it if it fits, otherwise a part.

    Args:
        file: it; one in which a position can be sought.
        name: what it is or will be called; compressed if that ends in ``.gz``.
        result: of the simulation.
        records: what was recorded beside it.
        limit: bytes before compression.

    Returns:
        what isn't shown, in words: how many of what, and which are.

    Raises:
        OSError: the file can't be written.
    """
    compressed = name.endswith(".gz")
    notes: list[str] = []
    try:
        _write(
            file, TimelineDrawing(result, records, limit, whole=True), notes, compressed=compressed
        )
    except TimelineTooLargeError:
        file.seek(0)
        file.truncate()
        notes.clear()
        _write(
            file, TimelineDrawing(result, records, limit, whole=False), notes, compressed=compressed
        )
    return tuple(notes)


def _write(file: BinaryIO, drawing: TimelineDrawing, notes: list[str], *, compressed: bool) -> None:
    # Without a time or a name in it, so that the same simulation gives the same bytes.
    packed = gzip.GzipFile("", "wb", 6, file, mtime=0) if compressed else nullcontext(file)
    with packed as out:
        pieces = drawing.pieces(notes)
        for piece in pieces:
            out.write(piece.encode("utf-8", "replace"))


def write_run_timeline(
    path: Path | str, result: Result, records: RunRecords, limit: Bytes = LARGEST_TIMELINE
) -> tuple[str, ...]:
    """Write the trace, whole or not at all; compressed if the name ends in ``.gz``.

    Args:
        path: of the file.
        result: of the simulation.
        records: what was recorded beside it.
        limit: bytes before compression.

    Returns:
        what isn't shown for want of room, in words; nothing, if all is.

    Raises:
        OptionError: the file can't be written.
    """
    try:
        with replacing(path) as file:
            return write_timeline(file, Path(path).name, result, records, limit)
    except WriteError as error:
        raise OptionError("timeline", str(error)) from None
