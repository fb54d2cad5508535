"""A file that will hold what a run gives: checked before the run, written whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from simastra.errors import OptionError
from simastra.replacing import FILE_TROUBLE, reason, replacing


class OutputFile:
    """A file that will be written.

    Args:
        option: name of the option that names it, without dashes.
        name: its path.
        inputs: paths of files that it may not replace.

    Raises:
        OptionError: if it can't be written.
    """

    def __init__(self, option: str, name: str, inputs: Sequence[str]) -> None:
        self._option = option
        self._name = name
        if name == "-":
            raise OptionError(option, "stdout isn't a file to be replaced; name a file")
        try:
            self.path = Path(name).resolve()
            self._check(name, inputs)
            _try_to_make_a_file_beside(self.path)
        except FILE_TROUBLE as error:
            raise self._cannot_write(error) from None

    def _check(self, name: str, inputs: Sequence[str]) -> None:
        if not self.path.parent.is_dir():
            raise OptionError(
                self._option, f"there is no folder {self.path.parent} to put {self.path.name} in"
            )
        if self.path.exists() and not self.path.is_file():
            raise OptionError(self._option, f"{name} isn't a regular file; name a file")
        for file in inputs:
            if self.path.exists() and Path(file).exists() and self.path.samefile(file):
                raise OptionError(self._option, f"{name} is an input; name another file")

    @contextmanager
    def replaced(self) -> Iterator[Path]:
        """Give a path to write to; it takes the file's place at the end, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        try:
            with replacing(self.path) as unfinished:
                yield unfinished
        except OSError as error:
            raise self._cannot_write(error) from None

    def write(self, content: bytes) -> None:
        """Replace the file's content, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        with self.replaced() as unfinished:
            unfinished.write_bytes(content)

    def _cannot_write(self, error: Exception) -> OptionError:
        return OptionError(self._option, f"{self._name} can't be written: {reason(error)}")


def _try_to_make_a_file_beside(path: Path) -> None:
    """Nothing but trying tells whether a file can be made in a folder."""
    trial = path.with_name(f".{path.name}.{os.getpid()}.try")
    trial.touch(exist_ok=False)
    trial.unlink()
