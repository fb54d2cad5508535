"""Verbs that turn one file into another: their input and output, under our names and Chakra's."""

import argparse
from collections.abc import Callable

from simastra.errors import InputError

from .input_paths import input_file
from .outputs import Output, OutputFile, add_output_option, required
from .parser import Parser


def add_input(parser: Parser, metavar: str, kind: Callable[[str], object] = input_file) -> None:
    """Declare the input, which may stand alone or behind Chakra's option."""
    parser.add_argument("input", metavar=metavar, nargs="?", type=kind, help="what is read")
    parser.add_argument(
        "--input",
        "--input-filename",
        dest="named_input",
        metavar=metavar,
        type=kind,
        help="the same, as Chakra's tools call it",
    )


def add_output(
    parser: argparse._ActionsContainer,
    metavar: str,
    explanation: str,
    kind: Callable[[str, str], Output] = OutputFile,
    default: str | None = None,
) -> None:
    """Declare ``--output``, which Chakra's tools call ``--output_filename``."""
    add_output_option(
        parser,
        "--output",
        "--output-filename",
        metavar=metavar,
        explanation=explanation,
        kind=kind,
        default=default,
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
    name: str = given.pop()
    return name


def read_output(arguments: argparse.Namespace) -> OutputFile:
    """Return what `add_output` declared.

    Raises:
        OptionError: if it is missing.
    """
    required(arguments.output)
    output: OutputFile = arguments.output
    return output
