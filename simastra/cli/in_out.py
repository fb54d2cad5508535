"""Verbs that turn one file into another: their input and output, under our names and Chakra's.

The output is written whole or not at all.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from simastra.errors import InputError, OptionError
from simastra.replacing import FILE_TROUBLE, reason, replacing

from .parser import Parser, text

_OPTION = "output"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that will be written.

    Attributes:
        name: as the user gave it.
        input: a file that it may not replace.
    """

    name: str
    input: str

    def write(self, content: str | bytes) -> None:
        """Replace the file's content, in one move.

        Raises:
            OptionError: if that fails; the file is then as it was.
        """
        data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        try:
            path = Path(self.name).resolve()
            self._check(path)
            with replacing(path) as unfinished:
                unfinished.write_bytes(data)
        except FILE_TROUBLE as error:
            problem = f"{self.name} can't be written: {reason(error)}"
            raise OptionError(_OPTION, problem) from None

    def _check(self, path: Path) -> None:
        if not path.parent.is_dir():
            raise OptionError(
                _OPTION, f"there is no folder {path.parent} to put {path.name} in; make it first"
            )
        if path.exists() and not path.is_file():
            raise OptionError(_OPTION, f"{self.name} isn't a regular file; name a file")
        if path.exists() and Path(self.input).exists() and path.samefile(self.input):
            raise OptionError(_OPTION, f"{self.name} is the input; name another file")


def add_input(parser: Parser, metavar: str) -> None:
    """Declare the input, which may stand alone or behind Chakra's option."""
    parser.add_argument("input", metavar=metavar, nargs="?", type=text, help="what is read")
    parser.add_argument(
        "--input-filename",
        "--input_filename",
        dest="named_input",
        metavar=metavar,
        type=text,
        help="the same, as Chakra's tools call it",
    )


def add_output(parser: Parser, metavar: str, explanation: str) -> None:
    """Declare ``--output``, which Chakra's tools call ``--output_filename``."""
    parser.add_argument(
        "--output",
        "--output-filename",
        "--output_filename",
        dest="output",
        metavar=metavar,
        type=text,
        help=explanation,
    )


def read_input(arguments: argparse.Namespace, metavar: str) -> str:
    """Return what `add_input` declared.

    Raises:
        InputError: if it is missing, or given twice.
    """
    given = [name for name in (arguments.input, arguments.named_input) if name is not None]
    if len(given) != 1:
        problem = f"{metavar} is required" if not given else f"{metavar} is given twice"
        raise InputError(f"{problem}; see --help")
    name: str = given[0]
    return name


def read_output(arguments: argparse.Namespace, input_name: str = "") -> Output:
    """Return what `add_output` declared.

    Raises:
        OptionError: if it is missing.
    """
    if arguments.output is None:
        raise OptionError(_OPTION, "is required; see --help")
    return Output(arguments.output, input_name)
