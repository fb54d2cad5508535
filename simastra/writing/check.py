"""Whether a file could be written: asked before work is done for it, and when it is written."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from .folder import locked, make_staging_folder
from .new_file import NewFile
from .write_error import WriteError, writing_to


def check_writable(path: Path | str, *, makes_folders: bool = False) -> None:
    """Refuse a file that can't be written. It is left alone, and nothing is made.

    Args:
        path: of the file.
        makes_folders: whether folders that it needs are made when it is written.

    Raises:
        WriteError: why not.
    """
    with writing_to(path):
        if isinstance(path, str) and path.endswith(os.sep):
            raise WriteError(path, "that names a folder; name a file")
        target = Path(path).resolve()
        with suppress(FileNotFoundError, NotADirectoryError):
            target.stat()  # raises, if the name is too long for one
        if makes_folders:
            target = _first_made(path, target)
        refuse_target(path, target)
        _try_to_make_a_file(path, target)


def check_replaceable(path: Path | str) -> None:
    """Refuse what is there and can't be replaced by a file; `check_writable` looks closer.

    Raises:
        WriteError: why not.
    """
    with writing_to(path):
        refuse_target(path, Path(path))


def refuse_target(path: Path | str, target: Path) -> None:
    """Refuse what isn't a regular file, may not be written, or has no folder to be in.

    Args:
        path: of the file, for the message.
        target: the same, links followed.

    Raises:
        WriteError: if it is so.
        OSError: it can't be looked at.
    """
    if target.is_file():
        if not os.access(target, os.W_OK):
            raise WriteError(path, "it is write-protected; name another file")
    elif target.exists():
        why = os.strerror(errno.EISDIR) if target.is_dir() else "it isn't a regular file"
        raise WriteError(path, why, f"{path} isn't a regular file; name a file")
    elif not target.parent.is_dir():
        _first_made(path, target)  # raises, if a file is in the way of the folder
        raise WriteError(
            path,
            f"the folder {target.parent} does not exist; make it first",
            f"there is no folder {target.parent} to put {target.name} in; make it first",
        )


def _first_made(path: Path | str, target: Path) -> Path:
    """What would be made first: the file, or the outermost folder that isn't there."""
    made = target
    while not made.parent.exists():
        made = made.parent
    if not made.parent.is_dir():
        raise no_folder(path, target.parent, f"{made.parent} is a file")
    return made


def no_folder(path: Path | str, folder: Path, reason: str) -> WriteError:
    """Make (not raise) an error about a folder that can't be made for a file."""
    return WriteError(path, reason, f"{folder} can't be made a folder: {reason}")


def _try_to_make_a_file(path: Path | str, target: Path) -> None:
    """Nothing but trying tells whether a file can be made in a folder."""
    trial = NewFile.unnamed(path, target)
    if trial is not None:
        trial.close()
        return
    with locked(target.parent):
        staging, lock = make_staging_folder(target.parent)
    staging.rmdir()
    os.close(lock)
