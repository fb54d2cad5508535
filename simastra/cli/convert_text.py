"""``simastra convert text``: ASTRA-sim 1.0's text workloads to execution traces."""

import argparse

from simastra.errors import InputError

from .arguments import add_common_options
from .command import Command, ExitCode
from .parser import Parser


def _add_options(parser: Parser) -> None:
    add_common_options(parser)


def _convert(arguments: argparse.Namespace) -> ExitCode:
    raise InputError("convert text isn't there yet")


CONVERT_TEXT = Command(
    summary="a text workload of ASTRA-sim 1.0",
    usage="INPUT --output PREFIX --npus N [options]",
    description="Being written.",
    add_options=_add_options,
    run=_convert,
)
"""The verb."""
