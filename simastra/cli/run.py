"""``simastra run``: simulate, and print ASTRA-sim's lines."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.errors import DeadlockError
from simastra.result import Result
from simastra.simulation import Simulation

from .arguments import add_common_options, add_input_options, read_inputs
from .command import Command, ExitCode
from .finish_lines import FinishLines
from .json_file import JsonFile, deadlock_document, result_document
from .notices import report_notices
from .output import stderr_is_terminal
from .parser import Parser, text

if TYPE_CHECKING:
    from .progress import ProgressBar


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--json", metavar="FILE", type=text, help="write the result there")
    add_common_options(parser)


def _run(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    json_file = None if arguments.json is None else JsonFile(arguments.json, inputs.files)
    bar = None if arguments.quiet or not stderr_is_terminal() else _make_bar()
    lines = FinishLines()
    simulation = inputs.simulation((lines,) if bar is None else (bar, lines))
    notices = inputs.all_notices(simulation)
    report_notices(notices, quiet=arguments.quiet, strict=arguments.strict)
    with nullcontext() if bar is None else bar.shown(simulation.trace):
        try:
            result = replace(simulation.run(), notices=notices)
        except DeadlockError as deadlock:
            if json_file is not None:
                known = replace(simulation.result(), notices=notices)
                json_file.write(deadlock_document(inputs, known, deadlock))
            raise
        finally:
            lines.flush()
    if json_file is not None:
        json_file.write(result_document(inputs, result))
    if bar is not None:
        _show_summary(result, simulation)
    return ExitCode.OK


def _make_bar() -> ProgressBar:
    # Loaded here, as below, because rich takes as long as all the rest.
    from .progress import ProgressBar  # noqa: PLC0415

    return ProgressBar()


def _show_summary(result: Result, simulation: Simulation) -> None:
    from .summary import show_summary  # noqa: PLC0415

    show_summary(result, simulation.network.npus)


RUN = Command(
    summary="simulate a workload on a machine",
    usage="--workload PREFIX --system FILE --network FILE [options]",
    description="""\
Simulates and prints 'sys[i] finished, N cycles' for each NPU i when it finishes, at N ns.
On a terminal, stderr shows how far the run is, and at its end a summary.

  simastra run --workload traces/ring --system system.json --network network.yml

Exit codes: 0 finished, 2 an input is wrong, 3 the simulation can't finish (deadlock),
130 interrupted.""",
    add_options=_add_options,
    run=_run,
)
"""The verb."""
