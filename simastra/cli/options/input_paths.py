"""Options that name what is read: their values are paths of which it can be told."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.quick_dataclass import dataclass
from simastra.reading import is_reference, matching
from simastra.trace.files import existing_paths

from .parser import text

if TYPE_CHECKING:
    from simastra.transformer import expert_load
else:  # for one verb
    expert_load = deferred("simastra.transformer.expert_load")


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
        yield from existing_paths(self)


class InputPattern(InputPath):
    """A file, a folder for the files in it, or a pattern such as ``trace_*.json``."""

    __slots__ = ()

    def files(self) -> Iterator[Path | str]:
        """The files that there are."""
        path = Path(self)
        if path.is_dir():
            yield from (it for it in path.iterdir() if it.is_file())
        elif path.exists():
            yield str(self)
        else:
            yield from matching(self)


class Reference(InputPath):
    """What comes with simastra, such as the machine ``@hgx-h100:8x4``, where a file could stand."""

    __slots__ = ()

    def files(self) -> Iterator[Path | str]:
        """It is no file."""
        yield from ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """The type of an option that names a file to be read.

    Attributes:
        endings: what such files' names end with, for a shell that completes them; empty for any.
        or_named: what may stand there instead, behind an ``@``: a ``machine``, or a ``study``;
            empty for nothing.
    """

    endings: tuple[str, ...] = ()
    or_named: str = ""

    def __call__(self, word: str) -> InputPath:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        is_named = self.or_named and is_reference(word)
        return Reference(word) if is_named else InputPath(text(word))


@dataclass(frozen=True, slots=True)
class InputTracesType:
    """The type of an option that names the traces of all NPUs, by their prefix."""

    def __call__(self, word: str) -> InputTraces:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        return InputTraces(text(word))


@dataclass(frozen=True, slots=True)
class InputPatternType:
    """The type of an option that names files, folders or patterns."""

    def __call__(self, word: str) -> InputPattern:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        return InputPattern(text(word))


@dataclass(frozen=True, slots=True)
class CalibrationFileType:
    """The type of an option that names a calibration: a file, or one that comes with simastra."""

    def __call__(self, word: str) -> InputPath:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        is_file = Path(word).suffix or Path(word).name != word or Path(word).exists()
        return InputPath(text(word)) if is_file else Reference(text(word))


@dataclass(frozen=True, slots=True)
class ExpertLoadType:
    """The type of an option that says how experts are loaded: in a word, or in a file."""

    def __call__(self, word: str) -> InputPath:
        """Return the value for a word of the command line.

        Raises:
            argparse.ArgumentTypeError: if it is empty.
        """
        return InputPath(text(word)) if expert_load.names_file(word) else Reference(word)


input_file = InputFile()
json_file = InputFile((".json",))
yaml_file = InputFile((".yml", ".yaml"))
trace_file = InputFile((".et",))
system_file = InputFile((".json",), or_named="machine")
network_file = InputFile((".yml", ".yaml"), or_named="machine")
study_file = InputFile((".yml", ".yaml"), or_named="study")
calibration_file = CalibrationFileType()
expert_load_file = ExpertLoadType()
input_traces = InputTracesType()
input_pattern = InputPatternType()

INPUT_TYPES = (
    *(input_file, json_file, yaml_file, trace_file, system_file, network_file, study_file),
    calibration_file,
    expert_load_file,
    input_traces,
    input_pattern,
)
"""All types of options that name what is read."""
