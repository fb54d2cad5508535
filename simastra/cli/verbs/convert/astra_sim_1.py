"""``simastra convert astra-sim-1``: system and network files of ASTRA-sim 1.x to those of today."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import refuse_warnings, tell_notices
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.input_paths import input_file
from simastra.cli.options.outputs import Output
from simastra.cli.options.parser import Parser
from simastra.cli.output import say, stderr_is_terminal
from simastra.convert.astra_sim_1 import convert_file
from simastra.errors import InputError, OptionError
from simastra.writing import write_files


def _add_options(parser: Parser) -> None:
    files = parser.add_argument_group("files")
    for name, explanation in (("first", "a system or a network file"), ("second", "the other")):
        files.add_argument(name, metavar="FILE", nargs="?", type=input_file, help=explanation)
    add_output(
        files, "PREFIX", "PREFIX.system.json and PREFIX.network.yml are written (required)", _Pair
    )
    add_common_options(parser)


class _Pair(Output):
    """A system file and a network file."""

    kind = "prefix"

    def files(self) -> Iterator[str]:
        """Both, whichever is written."""
        yield from (f"{self.name}.{ending}" for ending in ("system.json", "network.yml"))

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Write one of them or both, as one.

        Raises:
            OptionError: if that fails.
        """
        with self.writing():
            write_files(
                (Path(f"{self.name}.{ending}"), content) for ending, content in contents.items()
            )


def _convert(arguments: argparse.Namespace) -> ExitCode:
    names: list[str] = [it for it in (arguments.first, arguments.second) if it is not None]
    if not names:
        raise InputError("FILE is required: name a system or a network file; see --help")
    output: _Pair | None = arguments.output
    if output is None:
        raise OptionError("output", "is required; see --help")
    made = [convert_file(name) for name in names]
    contents = {it.ending: it.content.encode() for it in made}
    if len(contents) < len(names):
        raise InputError(f"{' and '.join(names)} are of one kind; name one of each")
    notices = [notice for it in made for notice in it.notices]
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=stderr_is_terminal())
    output.write(contents)
    for it in made:
        say(f"{output.name}.{it.ending}: {it.summary}")
    return ExitCode.OK


CONVERT_ASTRA_SIM_1 = Command(
    summary="system and network files of ASTRA-sim 1.x",
    usage="FILE [FILE] --output PREFIX [options]",
    description="""\
Writes what a system file (lines 'key: value') and a network file (JSON with units-count) of
ASTRA-sim 1.x say as the files that 'simastra run' and ASTRA-sim 2.x read. Which is which, the
content tells.

  simastra convert astra-sim-1 system.txt network.json --output new
  simastra run --workload PREFIX --system new.system.json --network new.network.yml

Exit codes: 0 written, 2 a file or an option is wrong.""",
    add_options=_add_options,
    run=_convert,
)
"""The verb."""
