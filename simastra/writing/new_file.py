"""A file's new content, before it takes the file's place: it has no name if that can be.

A file without a name goes with the process that writes it, whatever ends that.
"""

import errno
import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

PREFIX = ".simastra-"
"""What names begin with that are there only while files are put in place."""

_NO_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT, errno.EMFILE)
"""What is raised where files can't be unnamed: by file systems, and with too many of them open."""

_DESCRIPTORS = "/proc/self/fd"
_NEW_FILE_MODE = 0o666  # less what the umask takes away


class NewFile:
    """The new content of a file.

    Args:
        path: the file that it is for, as the caller calls it.
        target: the same, links followed.
        descriptor: where the content is written to.
        name: the content's name for now, None if it has none.

    Attributes:
        path: see above.
        target: see above.
        descriptor: see above.
    """

    def __init__(
        self, path: Path | str, target: Path, descriptor: int, name: Path | None = None
    ) -> None:
        self.path = path
        self.target = target
        self.descriptor = descriptor
        self._name = name
        self._is_open = True

    @classmethod
    def unnamed(cls, path: Path | str, target: Path) -> "NewFile | None":
        """Make one without a name, None if that can't be here.

        Raises:
            OSError: no file can be made in that folder.
        """
        if not (hasattr(os, "O_TMPFILE") and hasattr(os, "link")):  # which a browser's Python lacks
            return None
        try:
            descriptor = os.open(target.parent, os.O_TMPFILE | os.O_RDWR, _NEW_FILE_MODE)
        except OSError as error:
            if error.errno in _NO_UNNAMED and target.parent.is_dir():
                return None
            raise
        if not Path(_DESCRIPTORS).is_dir():  # where it would get its name from
            os.close(descriptor)
            return None
        return cls(path, target, descriptor)

    @classmethod
    def named(cls, path: Path | str, target: Path, name: Path) -> "NewFile":
        """Make one that has a name for now.

        Raises:
            OSError: that can't be done.
        """
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
        return cls(path, target, os.open(name, flags, _NEW_FILE_MODE), name)

    def finish(self) -> None:
        """All is written: take over the permissions of the file there is.

        Raises:
            OSError: that can't be done.
        """
        with suppress(FileNotFoundError):
            old = self.target.stat()
            with suppress(PermissionError):  # only the superuser may give files away
                os.fchown(self.descriptor, old.st_uid, old.st_gid)
            os.fchmod(self.descriptor, stat.S_IMODE(old.st_mode))
        if self._name is not None:
            self.close()

    def give_name(self, name: Path) -> None:
        """Give it a name, or another one.

        Raises:
            FileExistsError: there is such a file; only for one that has no name.
            OSError: that can't be done.
        """
        if self._name is not None:
            self._name.rename(name)
        else:
            # Python follows the link only if it is given a folder, which an absolute path ignores.
            own = f"{_DESCRIPTORS}/{self.descriptor}"
            os.link(own, name, src_dir_fd=self.descriptor, follow_symlinks=True)
        self._name = name

    def replace_target(self) -> None:
        """Put it where it belongs, in one move, while its folder is locked.

        Raises:
            OSError: that can't be done; nothing is left behind then.
        """
        if self._name is not None:
            self._name.replace(self.target)
            return
        with suppress(FileExistsError):
            self.give_name(self.target)
            return
        # Only a name can replace a name. Who is killed right now leaves it to the next one.
        beside = self.target.with_name(PREFIX + _digest(self.target.name))
        beside.unlink(missing_ok=True)
        self.give_name(beside)
        try:
            beside.replace(self.target)
        except OSError:
            beside.unlink()
            raise

    def close(self) -> None:
        """Close it; what has no name is gone."""
        if self._is_open:
            self._is_open = False
            os.close(self.descriptor)


def _digest(name: str) -> str:
    return hashlib.blake2b(os.fsencode(name), digest_size=16).hexdigest()
