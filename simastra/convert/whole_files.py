"""Writing files all or none: a converter that fails leaves nothing half done behind."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from simastra.errors import TraceError
from simastra.trace.files import write_file

_UNFINISHED = ".part"
"""What the name of a file ends with that isn't complete yet."""


def write_whole(files: Iterable[tuple[Path, bytes]]) -> list[Path]:
    """Write files, each beside its place first, and put them there when all are complete.

    Args:
        files: names and contents; may raise while it is read, and nothing is written then.

    Returns:
        the names.

    Raises:
        TraceError: a file can't be written.
    """
    written: list[Path] = []
    try:
        for path, content in files:
            written.append(path)
            _write_unfinished(path, content)
        for path in written:
            _put_in_place(path)
    finally:
        for path in written:
            with suppress(OSError, ValueError):
                _unfinished(path).unlink(missing_ok=True)
    return written


def _unfinished(path: Path) -> Path:
    return Path(f"{path}{_UNFINISHED}")


def _write_unfinished(path: Path, content: bytes) -> None:
    try:
        write_file(_unfinished(path), content)
    except TraceError as error:
        # The name that the user knows, in place of the one that it has for a while.
        raise TraceError(error.problem, source=path) from None


def _put_in_place(path: Path) -> None:
    try:
        _unfinished(path).replace(path)
    except OSError as error:
        raise TraceError(
            f"the file can't be put in place: {error.strerror or error}", source=path
        ) from None
