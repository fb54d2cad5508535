"""``simastra init``: a commented set of inputs to start from, in a folder of its own."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.amount import add_force, check_amount
from simastra.cli.options.new_folder import NewFolder
from simastra.cli.options.outputs import OutputType
from simastra.cli.options.parser import OneOf, Parser, add_help_option
from simastra.cli.output import say
from simastra.errors import InputError
from simastra.machines import MachineConfig, machine, names
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.trace.files import encoded, existing_paths, trace_path, write_set

from . import contents

_DEFAULT = "demo"


class _Set(NewFolder):
    """The folder in which a starting set is made."""

    @property
    def label(self) -> str:
        """What names it: it has no option."""
        return self.option

    def names(self) -> Iterator[str]:
        """The files that are there for every machine, and the first trace."""
        yield from (contents.README, contents.NETWORK, contents.SYSTEM)
        yield f"{contents.PREFIX}.0.et"

    def refusal(self, problem: str) -> InputError:
        """Make (not raise) an error about it."""
        return InputError(f"{self.label}: {problem}")


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", type=OutputType(_Set, "DIR"), help="is made"
    )
    group = parser.add_argument_group("options")
    group.add_argument(
        "--machine",
        metavar="NAME[:SHAPE]",
        type=OneOf(names()),
        default=_DEFAULT,
        help="one that `simastra machines` lists (default: %(default)s)",
    )
    add_force(group)
    add_help_option(group)


def _init(arguments: argparse.Namespace) -> ExitCode:
    folder: _Set | None = arguments.folder
    if folder is None:
        raise InputError("the folder to be made is missing, as in simastra init my-first")
    chosen = machine(arguments.machine)
    folder.refuse_existing("init", existing_paths(folder.folder / contents.PREFIX))
    trace = contents.workload()
    check_amount(arguments, "machine", chosen.npus, len(trace.nodes))  # at once, however large
    Simulation(trace, chosen.system, chosen.network)  # refuses what couldn't run
    _write(folder, chosen, trace)
    last = trace_path(f"{folder.name}/{contents.PREFIX}", chosen.npus - 1)
    say(
        f"{folder.name}: {contents.PREFIX}.0.et to {last.name}, {contents.NETWORK}, "
        f"{contents.SYSTEM}, {contents.README}"
    )
    say(f"\nnext: {contents.next_command(folder.name)}")
    return ExitCode.OK


def _write(folder: _Set, chosen: MachineConfig, trace: TraceBuilder) -> None:
    npus = Trace.uniform(trace, chosen.npus).npus
    prefix = str(folder.folder / contents.PREFIX)
    texts = contents.texts(chosen, folder.name)
    others = [(Path(folder.folder / name), it.encode()) for name, it in texts.items()]
    with folder.writing():
        write_set([*encoded(prefix, dict(enumerate(npus))), *others], makes_folders=True)


INIT = Command(
    summary="write a commented set of inputs to start from",
    usage="DIR [--machine NAME[:SHAPE]]",
    description="""\
Writes a small workload, a network file with comments, a system file and a README into a folder of
their own, and prints the command that simulates them. Nothing there is replaced.

  simastra init my-first
  simastra init h100 --machine hgx-h100""",
    add_options=_add_options,
    run=_init,
)
"""The verb."""
