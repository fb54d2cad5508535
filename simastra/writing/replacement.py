"""One file, or several as one: written beside their places, and put there when all is complete.

What counts as one set is decided by one move. A kill of the process, a full disk or another writer
leave either all that was there before or all that is new, and nothing else.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from simastra.deferred import deferred

from .check import no_folder, refuse_target
from .folder import FilesOfFolder, locked, make_staging_folder, remove_folder
from .new_file import NewFile
from .own_session import in_own_session
from .posix import IS_POSIX
from .write_error import FILE_TROUBLE, WriteError, reason, writing_to

if TYPE_CHECKING:
    import resource
else:
    # Only POSIX has it.
    resource = deferred("resource")

_SPARE_DESCRIPTORS = 64  # that other parts of the process may need


class Replacement:
    """Files that are replaced as one, at the end of the ``with`` block; none, if it raises."""

    def __init__(self) -> None:
        self._files: list[NewFile] = []
        self._gone: list[Path] = []
        self._locks = ExitStack()
        self._locked: set[Path] = set()
        self._staging: dict[Path, tuple[Path, int]] = {}
        self._most_unnamed = _most_descriptors() - _SPARE_DESCRIPTORS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._files:
                self._put_in_place()
        finally:
            self._clear()

    def keep_others_out(self, path: Path | str) -> None:
        """Let nobody else replace files beside `path` until the end: its content is read, too.

        Raises:
            WriteError: its folder can't be locked.
        """
        with writing_to(path):
            self._locks.enter_context(self._lock(Path(path).resolve().parent))

    @contextmanager
    def open(self, path: Path | str) -> Iterator[BinaryIO]:
        """Give a file to write the new content of `path` to. A link stays a link.

        Raises:
            WriteError: the file can't be written.
        """
        with writing_to(path):
            target = Path(path).resolve()
            refuse_target(path, target)
            new = self._new_file(path, target)
            self._files.append(new)
        try:
            with open(new.descriptor, "wb", closefd=False) as file:  # a descriptor
                yield file
            new.finish()
        except OSError as error:  # and nothing else that ends the block
            raise WriteError(path, reason(error)) from None

    def write(self, path: Path | str, content: bytes) -> None:
        """Give the new content of `path`.

        Raises:
            WriteError: the file can't be written.
        """
        with self.open(path) as file:
            file.write(content)

    def drop(self, path: Path | str) -> None:
        """Let a file of the old set, of which there is none in the new one, go with the others.

        Of a link that goes, and not what it leads to.
        """
        self._gone.append(Path(path).parent.resolve() / Path(path).name)

    def _new_file(self, path: Path | str, target: Path) -> NewFile:
        new = None
        if len(self._files) < self._most_unnamed:
            new = NewFile.unnamed(path, target)
        if new is not None:
            return new
        folder = target.parent
        if folder not in self._staging:
            with self._lock(folder):
                self._staging[folder] = make_staging_folder(folder)
        return NewFile.named(path, target, self._staging[folder][0] / str(len(self._files)))

    def _put_in_place(self) -> None:
        if len(self._files) == 1 and not self._gone:
            self._put_one(self._files[0])
        else:
            in_own_session(self._put_all, self._files[0].path)

    def _put_one(self, file: NewFile) -> None:
        with writing_to(file.path), self._lock(file.target.parent):
            file.replace_target()

    def _put_all(self) -> None:
        by_folder: dict[Path, list[NewFile]] = defaultdict(list)
        for file in self._files:
            by_folder[file.target.parent].append(file)
        gone = {it: [path for path in self._gone if path.parent == it] for it in by_folder}
        with writing_to(self._files[0].path), ExitStack() as locks:
            for folder in sorted(by_folder):  # the same order for all writers
                locks.enter_context(self._lock(folder))
            _replace_all([FilesOfFolder(it, new, gone[it]) for it, new in by_folder.items()])

    @contextmanager
    def _lock(self, folder: Path) -> Iterator[None]:
        if folder in self._locked:
            yield
            return
        with locked(folder):
            self._locked.add(folder)
            try:
                yield
            finally:
                self._locked.remove(folder)

    def _clear(self) -> None:
        for file in self._files:
            file.close()
        for folder, lock in self._staging.values():
            remove_folder(folder)
            os.close(lock)
        self._locks.close()


def _replace_all(folders: list[FilesOfFolder]) -> None:
    try:
        for step in (FilesOfFolder.collect, FilesOfFolder.decide, FilesOfFolder.put):
            for folder in folders:
                step(folder)
    except BaseException:
        for folder in folders:
            folder.take_back()
        raise
    for folder in folders:
        folder.forget()


def _most_descriptors() -> int:
    if not IS_POSIX:
        return 0
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if most == resource.RLIM_INFINITY else most


@contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """Give a file to write to; what was written takes the place of `path` at the end of the block.

    If an exception ends the block, `path` is as it was. A link stays a link, and a file that is
    replaced keeps its permissions.

    Raises:
        WriteError: the file can't be written.
    """
    with Replacement() as replacement, replacement.open(path) as file:
        yield file


def write_file(path: Path | str, content: bytes) -> None:
    """Replace one file's content.

    Raises:
        WriteError: the file can't be written.
    """
    with replacing(path) as file:
        file.write(content)


def _make_folder_of(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FILE_TROUBLE as error:
        raise no_folder(path, path.parent, reason(error)) from None


def write_files(
    files: Iterable[tuple[Path, bytes]],
    *,
    makes_folders: bool = False,
    gone: Iterable[Path] = (),
) -> list[Path]:
    """Replace a set of files as one.

    Args:
        files: names and contents; may raise while it is read, and nothing is written then.
        makes_folders: whether folders that aren't there are made.
        gone: files of an old set, beside new ones, that are removed as these come.

    Returns:
        the names.

    Raises:
        WriteError: a file can't be written; none is then.
    """
    written = []
    with Replacement() as replacement:
        for path, content in files:
            if makes_folders:
                _make_folder_of(path)
            replacement.write(path, content)
            written.append(path)
        for path in gone:
            replacement.drop(path)
    return written
