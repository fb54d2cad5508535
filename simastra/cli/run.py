"""``simastra run``: simulate, and print ASTRA-sim's lines."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.errors import DeadlockError
from simastra.notices import Notice
from simastra.result import Result
from simastra.simulation import Simulation

from .arguments import Inputs, add_common_options, add_input_options, read_inputs
from .command import Command, ExitCode
from .finish_lines import FinishLines, TraceLines
from .json_file import JsonFile, deadlock_document, result_document
from .memory_reports import write_memory_reports
from .notices import refuse_warnings, tell_notices
from .output import stderr_is_terminal
from .parser import Parser, text
from .statistics_lines import tell_statistics

if TYPE_CHECKING:
    from .progress import ProgressBar


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--json", metavar="FILE", type=text, help="write the result there")
    group.add_argument(
        "--statistics", action="store_true", help="tell on stderr what each NPU's time went to"
    )
    add_common_options(parser)


def _run(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    json_file = None if arguments.json is None else JsonFile(arguments.json, inputs.files)
    on_terminal = stderr_is_terminal() and not arguments.quiet
    bar = _make_bar() if on_terminal else None
    lines = FinishLines()
    simulation = inputs.simulation((lines,) if bar is None else (bar, lines))
    _print_as_the_dialect_does(simulation, lines)
    notices = inputs.all_notices(simulation)
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=on_terminal)
    with nullcontext() if bar is None else bar.shown(simulation.trace):
        result = _simulate(simulation, inputs, notices, lines, json_file)
    if arguments.statistics:
        tell_statistics(simulation, result)
    if simulation.system.track_local_mem and simulation.options.dialect.tracks_local_memory:
        write_memory_reports(simulation, result, quiet=arguments.quiet)
    if on_terminal:
        _show_summary(result, simulation)
    return ExitCode.OK


def _print_as_the_dialect_does(simulation: Simulation, lines: FinishLines) -> None:
    dialect = simulation.options.dialect
    if dialect.reports_exposed_communication:
        lines.tell_exposed_communication(simulation.records)
    if dialect.traces_on_stdout and simulation.system.trace_enabled:
        simulation.add_probe(TraceLines(replay_only=simulation.system.replay_only))


def _simulate(
    simulation: Simulation,
    inputs: Inputs,
    notices: tuple[Notice, ...],
    lines: FinishLines,
    json_file: JsonFile | None,
) -> Result:
    """Run to the end; what is known is in the JSON file then, and on stdout, whatever happens."""
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
    return result


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
