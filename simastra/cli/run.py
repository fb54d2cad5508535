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
from .loading import check_simulated_files, load, tracks_memory
from .notices import heed
from .output import stderr_is_terminal
from .outputs import OutputFile, add_output_option
from .parser import Parser

if TYPE_CHECKING:
    from .json_file import JsonFile
    from .progress import ProgressBar
    from .timeline_file import TimelineFile


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    add_output_option(group, "--json", explanation="write the result there")
    add_output_option(group, "--timeline", explanation="write what happened there, for Perfetto")
    group.add_argument(
        "--statistics", action="store_true", help="tell on stderr what each NPU's time went to"
    )
    group.add_argument(
        "--explain",
        action="store_true",
        help="print what each nanosecond was spent on, and the critical path (simulates twice)",
    )
    group.add_argument(
        "--check",
        action="store_true",
        help="take every shortcut that applies, simulate event by event too, and compare",
    )
    add_common_options(parser)


def _run(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    json_file = None if arguments.json is None else _json_file(arguments.json, inputs)
    timeline = None if arguments.timeline is None else _timeline_file(arguments.timeline)
    on_terminal = stderr_is_terminal() and not arguments.quiet
    bar = _make_bar() if on_terminal else None
    lines = FinishLines()
    simulation = load(inputs, (lines,) if bar is None else (bar, lines), with_bar=on_terminal)
    about_files = check_simulated_files(arguments, simulation)
    if arguments.check:
        _refuse_idle_check(simulation)
        simulation = simulation.again(
            probes=(lines,) if bar is None else (bar, lines), shortcuts="always"
        )
    _print_as_the_dialect_does(simulation, lines)
    notices = (*inputs.all_notices(simulation), *about_files)
    heed(notices, arguments, with_infos=on_terminal)
    recording = nullcontext() if timeline is None else timeline.recording(simulation)
    with recording, nullcontext() if bar is None else bar.shown(simulation.trace):
        result = _simulate(simulation, notices, lines, json_file)
    heed(simulation.end_notices, arguments, with_infos=on_terminal)
    # Reports are loaded where they are asked for; so is rich, which takes as long as all the rest.
    if arguments.statistics:
        from .statistics_lines import tell_statistics  # noqa: PLC0415

        tell_statistics(simulation, result)
    if tracks_memory(simulation):
        from .memory_reports import write_memory_reports  # noqa: PLC0415

        write_memory_reports(simulation, result, quiet=arguments.quiet)
    if arguments.explain:
        _show_explanation(simulation)
    if on_terminal:
        _show_summary(result, simulation)
    return _check_shortcuts(simulation, result) if arguments.check else ExitCode.OK


def _print_as_the_dialect_does(simulation: Simulation, lines: FinishLines) -> None:
    dialect = simulation.options.dialect
    if dialect.reports_exposed_communication:
        lines.tell_exposed_communication(simulation.records)
    if dialect.traces_on_stdout and simulation.system.trace_enabled:
        simulation.add_probe(TraceLines(replay_only=simulation.system.replay_only))


def _simulate(
    simulation: Simulation,
    notices: tuple[Notice, ...],
    lines: FinishLines,
    json_file: JsonFile | None,
) -> Result:
    """Run to the end; what is known is in the JSON file then, and on stdout, whatever happens."""
    try:
        result = simulation.run()
    except DeadlockError as deadlock:
        if json_file is not None:
            known = replace(simulation.result(), notices=notices)
            json_file.write_deadlock(known, deadlock)
        raise
    finally:
        lines.flush()
    result = replace(result, notices=(*notices, *simulation.end_notices))
    if json_file is not None:
        json_file.write_result(result)
    return result


def _json_file(file: OutputFile, inputs: Inputs) -> JsonFile:
    # Loaded here, as all that follows, because only who asks for it needs it.
    from .json_file import JsonFile  # noqa: PLC0415

    return JsonFile(file, inputs)


def _refuse_idle_check(simulation: Simulation) -> None:
    from .check_shortcuts import refuse_idle_check  # noqa: PLC0415

    refuse_idle_check(simulation)


def _check_shortcuts(simulation: Simulation, result: Result) -> ExitCode:
    from .check_shortcuts import check_shortcuts  # noqa: PLC0415

    return check_shortcuts(simulation, result)


def _timeline_file(file: OutputFile) -> TimelineFile:
    from .timeline_file import TimelineFile  # noqa: PLC0415

    return TimelineFile(file)


def _make_bar() -> ProgressBar:
    # rich takes as long as all the rest.
    from .progress import ProgressBar  # noqa: PLC0415

    return ProgressBar()


def _show_explanation(simulation: Simulation) -> None:
    from .explanation_lines import show_explanation  # noqa: PLC0415

    show_explanation(simulation)


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
4 --check found a difference, 130 interrupted.""",
    add_options=_add_options,
    run=_run,
)
"""The verb."""
