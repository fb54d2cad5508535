"""Which file a path means: two paths of one file have the same place, however they are spelled."""

import os
from dataclasses import field
from pathlib import Path

from simastra.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file or folder that exists, or one that doesn't yet, by where it would be.

    Two are equal if they are one file: links are followed, and hard links are one.

    Attributes:
        anchor: device and inode of it, or of the nearest folder above it that exists.
        rest: names from there; none if it exists.
        folder: the anchor's path.
    """

    anchor: tuple[int, int]
    rest: tuple[str, ...]
    folder: Path = field(compare=False)

    @property
    def exists(self) -> bool:
        """Whether there is such a file or folder."""
        return not self.rest


def place(path: Path | str) -> FilePlace:
    """Return the place that a path means.

    Raises:
        OSError: it can't be looked at.
        RuntimeError: it is a loop of links.
        ValueError: it holds a null character.
    """
    identity = _identity(path)  # first, since it is much quicker than following links here
    if identity is not None:
        return FilePlace(identity, (), Path(path))
    target = Path(path).resolve()
    rest: list[str] = []
    while (identity := _identity(target)) is None:
        rest.insert(0, target.name)
        target = target.parent
    return FilePlace(identity, tuple(rest), target)


def _identity(path: Path | str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116  # for many paths
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino
