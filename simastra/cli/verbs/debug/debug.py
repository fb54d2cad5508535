"""``simastra debug``: a prompt at which a simulation is stepped through."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import heed
from simastra.cli.options.arguments import add_input_options, read_inputs
from simastra.cli.options.common import add_common_options
from simastra.cli.options.parser import Parser, text
from simastra.cli.output import say, stdout_is_terminal
from simastra.debug import Stepper
from simastra.debug.prompt import Screen, Session, run_prompt, run_script
from simastra.deferred import deferred
from simastra.errors import InputError
from simastra.simulation import Simulation
from simastra.view.phrases import npu_count

from .editors import add_editor_options, help_editor, is_for_editor

if TYPE_CHECKING:
    from simastra.debug import tui
else:  # most who debug stay at the prompt
    tui = deferred("simastra.debug.tui")

_PLAIN_COLUMNS = 100  # of what no terminal shows


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("commands")
    group.add_argument(
        "-c",
        dest="commands",
        metavar="COMMANDS",
        action="append",
        type=text,
        help="carry these out, with ';;' between them, and leave; may be repeated",
    )
    group.add_argument(
        "-i", dest="stays", action="store_true", help="stay at the prompt after those of -c"
    )
    group.add_argument(
        "--tui",
        action="store_true",
        help="on the whole terminal: network, NPUs, trace, log and prompt, with keys for moves; "
        "after those of -c, if there are any",
    )
    add_editor_options(parser)
    add_common_options(parser)


def _debug(arguments: argparse.Namespace) -> ExitCode:
    if is_for_editor(arguments):
        return help_editor(arguments, DEBUG.parser("debug"))
    if arguments.tui:
        tui.check_full_screen()
    inputs = read_inputs(arguments)
    simulation = inputs.simulation(by_events=True)
    notices = inputs.all_notices(simulation)
    heed(notices, arguments, with_infos=False)
    session = Session(Stepper(simulation), _screen())
    given: Sequence[str] = arguments.commands or ()
    run_script(session, [(f"-c {commands!r}", commands) for commands in given])
    if session.quits or (given and not (arguments.stays or arguments.tui)):
        return _exit_code(session)
    if arguments.tui:
        tui.open_full_screen(session.stepper)
        return ExitCode.OK
    if sys.stdin is not None and sys.stdin.isatty():
        if not arguments.quiet:
            say(_greeting(simulation))
        run_prompt(session)
        return ExitCode.OK
    run_script(session, _lines_of_stdin())
    return _exit_code(session)


def _screen() -> Screen:
    colour = stdout_is_terminal() and os.environ.get("TERM") != "dumb"

    def columns() -> int:
        return shutil.get_terminal_size().columns if colour else _PLAIN_COLUMNS

    return Screen(partial(say, coloured=colour), columns, colour=colour)


def _greeting(simulation: Simulation) -> str:
    npus = npu_count(simulation.network.npus)
    nodes = sum(map(len, simulation.trace.npus))
    return (
        f"{npus} with {nodes:,} nodes, nothing has happened yet; 'help' lists commands, 'q' leaves"
    )


def _lines_of_stdin() -> Iterator[tuple[str, str]]:
    if sys.stdin is None:
        return
    try:
        for number, line in enumerate(sys.stdin, 1):
            yield f"line {number}", line.rstrip("\n")
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(f"standard input can't be read: {error}") from None


def _exit_code(session: Session) -> ExitCode:
    """Say with the exit code what a script has come to: whether the simulation hangs there."""
    return ExitCode.OK if session.stepper.deadlock() is None else ExitCode.DEADLOCK


DEBUG = Command(
    summary="step through a simulation, forward and back",
    usage="--workload PREFIX --system FILE --network FILE [options] [-c COMMANDS]...\n"
    "       simastra debug --dap [--port N]\n"
    "       simastra debug --vscode DIR",
    description="""\
Stops before the first event and asks for commands, in pdb's manner: step, next, until, continue,
break, back, where, npu, link, why, timeline, help and so on.

  simastra debug --workload traces/ring --system system.json --network network.yml
  simastra debug ... -c 'break node 3' -c continue -c 'npu 0'
  simastra debug ... --tui
  simastra debug --dap
  simastra debug --vscode out/vscode

Without a terminal, commands are read from stdin, one a line; the first that is wrong ends it.

Exit codes: 0 left, 2 an input or a command is wrong, 3 commands from -c or stdin have come to a
deadlock, 130 interrupted.""",
    add_options=_add_options,
    run=_debug,
)
"""The verb."""
