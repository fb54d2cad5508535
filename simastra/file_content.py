"""What a file holds that is read as a whole; or why it can't be, in words for a message."""

from __future__ import annotations

from pathlib import Path

from simastra.reading import open_input
from simastra.suggestions import meant_path
from simastra.units import Bytes


class ContentError(Exception):
    """A file can't be read: says why, and what would be right; names no file."""


def whole_text(path: Path | str, largest: Bytes | None, hint: str) -> str:
    """Read a file of UTF-8 text.

    Args:
        path: of it.
        largest: how many bytes it may have; None for any number.
        hint: what to do, or what is wanted, if it has more or isn't such text.

    Raises:
        ContentError: it can't be read, is larger than that, or isn't such text.
    """
    try:
        return whole_content(path, largest, hint).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(f"is not UTF-8 text (at byte {error.start}); {hint}") from None


def whole_content(path: Path | str, largest: Bytes | None = None, hint: str = "") -> bytes:
    """Read a file.

    Args:
        path: of it.
        largest: how many bytes it may have; None for any number.
        hint: what to do, or what is wanted, if it has more.

    Raises:
        ContentError: it can't be read, or is larger than that.
    """
    try:
        with open_input(path) as file:
            content = file.read() if largest is None else file.read(largest + 1)
    except FileNotFoundError:
        raise ContentError(f"file not found{_meant(Path(path))}") from None
    except IsADirectoryError:
        raise ContentError("is a directory; give a file") from None
    except OSError as error:
        raise ContentError(f"can't be read: {error.strerror or error}") from None
    except ValueError as error:  # a null character in the path, or a limit that is none
        problem = "is not a path" if "\0" in str(path) else "can't be read"
        raise ContentError(f"{problem}: {error}") from None
    if largest is not None and len(content) > largest:
        raise ContentError(f"is larger than {largest} bytes; {hint}")
    return content


def _meant(path: Path) -> str:
    """What to add of a file that isn't there: a missing folder, or a file that was meant."""
    if not path.parent.is_dir():
        return f"; there is no folder {str(path.parent)!r}"
    try:
        names = [it.name for it in path.parent.iterdir() if it.is_file()]
    except OSError:
        return ""
    return meant_path(path, names)
