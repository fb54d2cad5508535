"""Options that name what is written: a file, the traces of all NPUs, or a folder.

The value of such an option is an `Output`, and only an `Output` can be written. So `command_files`
finds all of them, and whatever a verb writes was looked at before it began.
"""

import argparse
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar

from simastra import writing
from simastra.errors import InputError, OptionError
from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.trace.files import GROUPS_ENDING, RANKS_ENDING, existing_paths, trace_path

from .parser import text


@dataclass(frozen=True)
class Output(ABC):
    """What an option names to be written.

    Attributes:
        option: its name, without dashes.
        name: its value.
    """

    option: str
    name: str

    kind: ClassVar[str] = "file"

    @property
    def label(self) -> str:
        """What names it, for a message."""
        return f"--{self.option}"

    @abstractmethod
    def files(self) -> Iterable[Path | str]:
        """Names of all files that may be written or replaced, and of a folder that is made."""

    def check(self) -> None:
        """Refuse what can't be written.

        Raises:
            InputError: why not.
        """
        for file in self.files():
            with self.writing():
                writing.check_writable(file)

    def refusal(self, problem: str) -> InputError:
        """Make (not raise) an error about it."""
        return OptionError(self.option, problem)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make a message of what goes wrong when it is written."""
        try:
            yield
        except writing.WriteError as error:
            raise self.refusal(str(error)) from None

    def __str__(self) -> str:
        return self.name


class OutputFile(Output):
    """One file."""

    def files(self) -> Iterable[str]:
        """The file."""
        return (self.name,)

    def check(self) -> None:
        """Refuse what can't be written; a dash, which stands for stdout elsewhere, too."""
        if self.name == "-":
            raise self.refusal("stdout isn't a file to be replaced; name a file")
        super().check()

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.name)

    @contextmanager
    def replaced(self) -> Iterator[BinaryIO]:
        """Give a file to write to; what was written takes its place at the end, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        with self.writing(), writing.replacing(self.name) as file:
            yield file

    def write(self, content: str | bytes) -> None:
        """Replace the file's content, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        with self.replaced() as file:
            file.write(data)


class OutputTraces(Output):
    """``PREFIX.<npu>.et`` for every NPU, and perhaps files beside them."""

    kind: ClassVar[str] = "prefix"
    companions: ClassVar[tuple[str, ...]] = (GROUPS_ENDING, RANKS_ENDING, ".summary.json")
    """What follows the prefix in names of files that are written beside the traces."""

    def files(self) -> Iterator[Path]:
        """The first trace, all that are there, and what may be written beside them."""
        yield trace_path(self.name, 0)
        yield from existing_paths(self.name)
        yield from (Path(self.name + ending) for ending in self.companions)

    def check(self) -> None:
        """Refuse files that can't be written."""
        first, *others = self.files()
        with self.writing():
            writing.check_writable(first)
            for path in others:
                writing.check_replaceable(path)

    def left_over(self, npus: int, companions: Iterable[str] = ()) -> tuple[Notice, ...]:
        """What is doubtful: files that look like the set's, and that it won't replace.

        Args:
            npus: traces that are written.
            companions: which companions are, too.
        """
        written = {trace_path(self.name, npu) for npu in range(npus)}
        staying = (it for it in self.companions if it not in {*companions, RANKS_ENDING})
        beside = [Path(self.name + it) for it in staying]
        there = [*existing_paths(self.name), *beside]
        others = [path for path in there if path not in written and path.exists()]
        if not others:
            return ()
        last = f" to {others[-1].name}" if len(others) > 1 else ""
        one = len(others) == 1
        return (
            Notice(
                code="left-over-files",
                where=f"--{self.option}",
                message=f"{others[0]}{last} {'is' if one else 'are'} of an earlier set, which this "
                "one doesn't replace",
                fix=f"delete {'it' if one else 'them'}, or name another prefix",
            ),
        )


class OutputTraceOrTraces(OutputTraces):
    """One file, or ``PREFIX.<npu>.et`` and perhaps files beside them: the inputs decide which."""

    kind: ClassVar[str] = "file"

    def files(self) -> Iterator[Path]:
        """The file, unless a folder is called so, and what `OutputTraces` has."""
        if not Path(self.name).is_dir():
            yield Path(self.name)
        yield from super().files()

    def as_file(self) -> OutputFile:
        """One file, which can be written.

        Raises:
            InputError: if it can't.
        """
        file = OutputFile(self.option, self.name)
        file.check()
        return file


class OutputFolder(Output):
    """A folder, which is made if need be, for files whose names are known."""

    kind: ClassVar[str] = "folder"

    @property
    def folder(self) -> Path:
        """The folder."""
        return Path(self.name)

    def files(self) -> Iterator[Path]:
        """The folder, and its files."""
        yield self.folder
        yield from (self.folder / name for name in self.names())

    def write(self, contents: Mapping[str, bytes]) -> list[Path]:
        """Replace files as one; return their paths.

        Args:
            contents: by names within the folder.

        Raises:
            OptionError: if that fails; all files are then as they were.
        """
        files = ((self.folder / name, content) for name, content in contents.items())
        with self.writing():
            return writing.write_files(files, makes_folders=True)

    def names(self) -> Iterable[str]:
        """Names of the files, within the folder."""
        return ()

    def check(self) -> None:
        """Refuse a folder that can't be made, or written to."""
        for name in self.names():
            with self.writing():
                writing.check_writable(self.folder / name, makes_folders=True)


@dataclass(frozen=True, slots=True)
class OutputType:
    """The type of an option whose value is what it names.

    Attributes:
        kind: of what.
        option: the option's name, without dashes.
    """

    kind: Callable[[str, str], Output]
    option: str

    def __call__(self, word: str) -> Output:
        """Return the value for a word of the command line."""
        return self.kind(self.option, text(word))


def add_output_option(  # what argparse wants to know
    group: argparse._ActionsContainer,
    *words: str,
    explanation: str,
    metavar: str = "FILE",
    kind: Callable[[str, str], Output] = OutputFile,
    default: str | None = None,
) -> None:
    """Declare an option that names what is written.

    Args:
        group: of options.
        words: the option, and other spellings of it.
        explanation: what the help says.
        metavar: what the help calls its value.
        kind: what its value becomes.
        default: its value, if it is left out.
    """
    name = words[0].lstrip("-")
    group.add_argument(
        *words,
        dest=re.sub(r"\W", "_", name),
        metavar=metavar,
        type=OutputType(kind, name),
        default=default,
        help=explanation,
    )


def required(output: Output | None, option: str = "output") -> None:
    """Refuse a command line without an output.

    Raises:
        OptionError: if there is none.
    """
    if output is None:
        raise OptionError(option, "is required; see --help")
