"""The progress of this session: in memory, in a file when asked, in the browser by itself.

In JupyterLite, Python runs in the browser, and files beside a notebook are kept in the browser's
own storage: there, progress.json is written without being asked for. Elsewhere, `keep` says where,
or the environment variable SIMASTRA_PROGRESS, for a whole class on one server.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from simastra.errors import ArgumentError, InputError
from simastra.writing import Replacement, WriteError

from .progress import CourseProgress, read_progress

VARIABLE = "SIMASTRA_PROGRESS"
"""The environment variable that names a file."""

BROWSER_FILE = Path("progress.json")
"""Beside the notebooks, where Python runs in a browser."""


class KernelSession:
    """The progress of one kernel, and the file that it is kept in, if there is one.

    Args:
        path: the file, which is made with the first change if there is none.
        student: whose it is, if that is known.
    """

    def __init__(self, path: Path | None = None, student: str = "") -> None:
        self.path = path
        self.progress = CourseProgress(student)

    def read(self) -> None:
        """Take up what the file has, if there is one.

        Raises:
            InputError: it isn't a progress, or can't be read.
        """
        if self.path is not None and self.path.exists():
            self.progress = self.progress.merged(read_progress(self.path))

    def change(self, change: Callable[[CourseProgress], CourseProgress]) -> None:
        """Change the progress, and keep it.

        Another notebook may have written the same file since: what it has is read first, and
        nobody else writes to it until this is done.

        Raises:
            InputError: the file can't be read or written; the session has the change nevertheless.
        """
        before, self.progress = self.progress, change(self.progress)
        if self.path is None:
            return
        try:
            with Replacement() as files:
                files.keep_others_out(self.path)
                if self.path.exists():
                    self.progress = change(before.merged(read_progress(self.path)))
                files.write(self.path, self.progress.to_json().encode())
        except WriteError as error:
            raise InputError(f"{error}") from None  # which names the file


def session() -> KernelSession:
    """This kernel's; begun when it is first asked for."""
    if _SESSIONS:
        return _SESSIONS[-1]
    begun = _begun(KernelSession(default_path()))
    with suppress(InputError):  # answers are judged nevertheless, and each change will say so
        begun.read()
    return begun


def default_path() -> Path | None:
    """The file that progress is kept in where nobody has called `keep`, if there is one."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    return BROWSER_FILE if sys.platform == "emscripten" else None


def keep(path: Path | str, student: str = "") -> None:
    """Keep the progress in a file from now on; what it has already counts.

    Args:
        path: the file. It is made if there is none, and brought up to date with each answer.
        student: who answers, for the teacher.

    Raises:
        InputError: the file can't be read or written, or is something else.
        ArgumentError: the student's name is no text.
    """
    if not isinstance(student, str):
        raise ArgumentError("student", "a text", student)
    before = _SESSIONS[-1].progress if _SESSIONS else CourseProgress()
    begun = KernelSession(Path(path).expanduser(), student)
    begun.change(lambda progress: progress.merged(before))
    _begun(begun)


def _begun(begun: KernelSession) -> KernelSession:
    _SESSIONS[:] = [begun]
    return begun


_SESSIONS: list[KernelSession] = []  # at most one
