"""Options that name what is read: their values are paths of which it can be told."""

from collections.abc import Iterator
from pathlib import Path

from simastra.trace.files import existing_files

from .parser import text


class InputPath(str):
    """The path of a file that a command reads."""

    __slots__ = ()

    def files(self) -> Iterator[Path | str]:
        """Names of the files that it means."""
        yield str(self)


class InputTraces(InputPath):
    """The prefix of the traces of all NPUs, or where that may be, one file."""

    __slots__ = ()

    def files(self) -> Iterator[Path | str]:
        """The traces that there are, and the file of that very name."""
        if Path(self).is_file():
            yield str(self)
        folder = Path(f"{self}.").parent
        yield from (folder / name for name in existing_files(self))


def input_file(word: str) -> InputPath:
    """The type of an option that names a file to be read.

    Raises:
        argparse.ArgumentTypeError: if it is empty.
    """
    return InputPath(text(word))


def input_traces(word: str) -> InputTraces:
    """The type of an option that names the traces of all NPUs, by their prefix.

    Raises:
        argparse.ArgumentTypeError: if it is empty.
    """
    return InputTraces(text(word))


INPUT_TYPES = (input_file, input_traces)
"""All types of options that name what is read."""
