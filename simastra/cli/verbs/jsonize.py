"""``simastra jsonize``: an execution trace as JSON, and back."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.in_out import add_input, add_output, read_input, read_output
from simastra.cli.options.input_paths import trace_file
from simastra.cli.options.parser import Parser, add_help_option
from simastra.trace.contents import jsonized

_METAVAR = "FILE"


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, trace_file)
    group = parser.add_argument_group("output")
    add_output(parser, _METAVAR, "what is written (required)")
    add_help_option(group)


def _jsonize(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    output = read_output(arguments)
    output.write(jsonized(name))
    return ExitCode.OK


JSONIZE = Command(
    summary="turn an execution trace into JSON, or JSON into a trace",
    usage="FILE --output FILE",
    description="""\
Of an execution trace it makes one JSON document, of which it makes the same trace again: nothing is
lost. What FILE is, its content says; it may be gzip-compressed. Chakra's own JSON forms are read
too. The objects are protobuf's JSON: 64-bit integers are strings, bytes are base64.

  simastra jsonize ring.0.et --output ring.0.json
  simastra jsonize ring.0.json --output ring.0.et

Exit codes: 0 it is written, 2 the input is wrong or the output can't be written.""",
    add_options=_add_options,
    run=_jsonize,
)
"""The verb."""
