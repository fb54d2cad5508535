"""Files are written whole or not at all: beside their place first, then put there in one move."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there takes the place of `path` at the end.

    If an exception ends the block, `path` is as it was. A link stays a link: what it leads to is
    replaced.

    Raises:
        OSError: if that can't be done.
        RuntimeError: if `path` is a loop of links.
        ValueError: if it holds a null character.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


FILE_TROUBLE = (OSError, RuntimeError, ValueError)
"""What can go wrong with a file that is replaced."""


def reason(error: Exception) -> str:
    """What went wrong with a file, for a message."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
