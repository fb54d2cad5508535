"""A folder in which files are replaced as one, and in which what was interrupted is finished.

New files get their names in a folder within it, which is then renamed: that one move decides
whether all of them replace the old ones, or none. Whoever locks the folder next and finds such a
folder goes on from there.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred

from .new_file import PREFIX, NewFile
from .posix import IS_POSIX
from .write_error import writing_to

if TYPE_CHECKING:
    import shutil
else:
    # It takes as long as all the rest here, and who only reads needn't.
    shutil = deferred("shutil")

if IS_POSIX:
    import fcntl

_COLLECTED = PREFIX + "new"
_DECIDED = PREFIX + "commit"
_NEW, _OLD, _GONE = "new", "old", "gone"
_OURS_ONLY = 0o700  # files that nobody may read are in it, perhaps


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other writers out of a folder; what one that was killed left is put in order first.

    Where a file system has no locks, it is up to the user that writers come one after the other.
    """
    with _lock(folder):
        _finish(folder)
        yield


def finish_interrupted(folder: Path | str) -> None:
    """Finish a set of files that was being put in place when its writer was stopped.

    Raises:
        WriteError: that can't be done.
    """
    if os.path.lexists(os.path.join(folder, _DECIDED)):  # noqa: PTH118  # many files are read
        with writing_to(folder), _lock(Path(folder)):
            _finish(Path(folder))


def make_staging_folder(folder: Path) -> tuple[Path, int]:
    """Make a folder for new files that need a name; return it, and a lock to be closed at the end.

    The folder in which it is made must be locked meanwhile.

    Raises:
        OSError: that can't be done.
    """
    _sweep(folder)
    staging = folder / f"{PREFIX}{os.urandom(8).hex()}"
    staging.mkdir(_OURS_ONLY)
    lock = os.open(staging, os.O_RDONLY)
    _try_lock(lock)
    return staging, lock


class FilesOfFolder:
    """New files of one folder, which is locked meanwhile.

    Args:
        folder: in which they replace others.
        files: the new ones.
        gone: files that were of the old set, and aren't of the new one.
    """

    def __init__(self, folder: Path, files: Sequence[NewFile], gone: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._files = files
        self._gone = gone
        self._replaced: list[Path] = []

    def collect(self) -> None:
        """Give all new files a name, and the old ones a second one.

        Raises:
            WriteError: that can't be done.
        """
        place = self._folder / _COLLECTED
        with writing_to(self._folder):
            _sweep(self._folder)
            place.mkdir(_OURS_ONLY)
            for name in (_NEW, _OLD, _GONE):
                (place / name).mkdir()
            for path in self._gone:
                (place / _GONE / path.name).touch()
        for file in self._files:
            with writing_to(file.path):
                file.give_name(place / _NEW / file.target.name)
                # Not there yet; a file system, or a browser's Python, without hard links.
                with suppress(OSError, AttributeError):
                    os.link(file.target, place / _OLD / file.target.name)

    def decide(self) -> None:
        """Make it so that all new files replace the old ones, even if nobody is left to do so.

        Raises:
            WriteError: that can't be done.
        """
        with writing_to(self._folder):
            (self._folder / _COLLECTED).rename(self._folder / _DECIDED)

    def put(self) -> None:
        """Let the new files replace the old ones.

        Raises:
            WriteError: that can't be done.
        """
        for file in self._files:
            with writing_to(file.path):
                (self._folder / _DECIDED / _NEW / file.target.name).replace(file.target)
            self._replaced.append(file.target)
        for path in self._gone:
            with writing_to(path), suppress(FileNotFoundError):
                path.replace(self._folder / _DECIDED / _OLD / path.name)
                self._replaced.append(path)

    def take_back(self) -> None:
        """Let all be as it was before."""
        with suppress(OSError):
            (self._folder / _DECIDED).rename(self._folder / _COLLECTED)
        for target in self._replaced:
            with suppress(OSError):
                _restore(self._folder / _COLLECTED / _OLD / target.name, target)
        self.forget()

    def forget(self) -> None:
        """Remove what was there for the replacing only."""
        for name in (_COLLECTED, _DECIDED):
            remove_folder(self._folder / name)


def _restore(old: Path, target: Path) -> None:
    if old.exists():
        old.replace(target)
    else:
        target.unlink()


def _finish(folder: Path) -> None:
    decided = folder / _DECIDED
    if not os.path.lexists(decided) or _is_a_strangers(decided):
        return
    for new in sorted((decided / _NEW).glob("*")):
        target = folder / new.name
        if _is_younger(target, new):  # somebody wrote it since
            new.unlink()
        else:
            new.replace(target)
    for mark in sorted((decided / _GONE).glob("*")):
        target = folder / mark.name
        if not _is_younger(target, mark):
            target.unlink(missing_ok=True)
    remove_folder(decided)


def remove_folder(folder: Path) -> None:
    """Remove a folder and what is in it, as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


def _is_a_strangers(decided: Path) -> bool:
    """Whether somebody else made it, in a folder such as /tmp where each has files of his own."""
    shared = decided.parent.stat().st_mode & stat.S_ISVTX
    return bool(shared) and decided.lstat().st_uid != os.geteuid()


def _is_younger(target: Path, new: Path) -> bool:
    try:
        return target.stat().st_mtime_ns > new.stat().st_ctime_ns
    except FileNotFoundError:
        return False


def _sweep(folder: Path) -> None:
    """Remove what writers left that were stopped before they decided anything."""
    with os.scandir(folder) as entries:
        left = [entry for entry in entries if entry.name.startswith(PREFIX)]
    for entry in left:
        with suppress(OSError):
            _remove_unless_locked(Path(entry.path))


def _remove_unless_locked(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if not _try_lock(descriptor):
            return
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink()
    finally:
        os.close(descriptor)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    if not IS_POSIX:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    if not IS_POSIX:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
