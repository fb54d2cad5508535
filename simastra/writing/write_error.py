"""What comes out where a file can't be written; whoever knows the option makes a message of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_TROUBLE = (OSError, RuntimeError, ValueError)
"""What can go wrong with a path: RuntimeError for a loop of links, ValueError for a null character
in it."""


def reason(error: Exception) -> str:
    """What went wrong with a file, for a message."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


class WriteError(Exception):
    """A file can't be written; whatever was to be replaced is as it was.

    Attributes:
        path: the file, as the caller named it.
        reason: why, and what would be right.
        sentence: the same with the file in it, for a message that doesn't name the file.
    """

    def __init__(self, path: Path | str, reason: str, sentence: str | None = None) -> None:
        self.path = path
        self.reason = reason
        self.sentence = sentence or f"{path} can't be written: {reason}"
        super().__init__(path, reason, self.sentence)

    def __str__(self) -> str:
        return self.sentence


@contextmanager
def writing_to(path: Path | str) -> Iterator[None]:
    """Turn what goes wrong with a path into a `WriteError`."""
    try:
        yield
    except FILE_TROUBLE as error:
        raise WriteError(path, reason(error)) from None
