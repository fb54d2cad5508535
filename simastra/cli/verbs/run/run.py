"""``simastra run``: simulate, and print ASTRA-sim's lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from simastra import errors
from simastra.cli.command import Command, ExitCode
from simastra.cli.loading import check_simulated_files, load, tracks_memory
from simastra.cli.notices import heed, tell_notices
from simastra.cli.options.arguments import Inputs, add_input_options, read_inputs
from simastra.cli.options.common import add_common_options
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import Parser
from simastra.cli.options.quantities import size
from simastra.cli.options.rows import DEFAULT_ROWS, rows
from simastra.cli.output import stderr_is_terminal, tell
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.gc_policy import patient_collector
from simastra.notices import Notice
from simastra.result import Result
from simastra.simulation import Run, Simulation
from simastra.simulation.experiment import Experiment
from simastra.simulation.outcomes import outcome
from simastra.simulation.shortest import ShortcutRun, shortest_run

from .finish_lines import FinishLines, TraceLines

if TYPE_CHECKING:
    from simastra.cli import explaining, memory_reports, progress
    from simastra.explain import Explanation

    from . import (
        check_shortcuts,
        explanation_lines,
        json_file,
        metric_lines,
        statistics_lines,
        summary,
        timeline_file,
    )
else:  # reports take time to load, and rich as long as all the rest: for who asks for them
    explaining = deferred("simastra.cli.explaining")
    memory_reports = deferred("simastra.cli.memory_reports")
    progress = deferred("simastra.cli.progress")
    check_shortcuts = deferred("simastra.cli.verbs.run.check_shortcuts")
    explanation_lines = deferred("simastra.cli.verbs.run.explanation_lines")
    json_file = deferred("simastra.cli.verbs.run.json_file")
    metric_lines = deferred("simastra.cli.verbs.run.metric_lines")
    statistics_lines = deferred("simastra.cli.verbs.run.statistics_lines")
    summary = deferred("simastra.cli.verbs.run.summary")
    timeline_file = deferred("simastra.cli.verbs.run.timeline_file")

_TIMELINE_LIMIT = "512MiB"


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    add_output_option(group, "--json", explanation="write the result there")
    add_output_option(group, "--timeline", explanation="write what happened there, for Perfetto")
    group.add_argument(
        "--limit",
        metavar="SIZE",
        type=size,
        help=f"how large that may be, before compression (default: {_TIMELINE_LIMIT})",
    )
    group.add_argument(
        "--statistics",
        action="store_true",
        help="tell on stderr what the run is worth, and what the NPUs' time went to",
    )
    group.add_argument(
        "--explain",
        action="store_true",
        help="print what each nanosecond was spent on, and the critical path (simulates twice); "
        "both go to the --json file, too, for 'simastra diff'",
    )
    group.add_argument(
        "--top",
        metavar="N|all",
        type=rows,
        help=f"rows of each table of --explain (default: {DEFAULT_ROWS}); the rest is summed up",
    )
    group.add_argument(
        "--check",
        action="store_true",
        help="take every shortcut that applies, simulate event by event too, and compare",
    )
    add_common_options(parser)


@patient_collector()  # of a long run there is much that stays
def _run(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    on_terminal = stderr_is_terminal() and not arguments.quiet
    simulation = load(inputs, with_bar=on_terminal, by_events=arguments.explain)
    about_files = check_simulated_files(arguments, simulation)
    if arguments.check:
        check_shortcuts.refuse_idle_check(simulation)
    _refuse_idle_options(arguments)
    notices = (*inputs.all_notices(simulation), *about_files)
    heed(notices, arguments, with_infos=on_terminal)
    bar = progress.ProgressBar() if on_terminal else None
    explain = cache(partial(explaining.explain, simulation, bar))
    files = _files(arguments, inputs, simulation, explain)
    result = _simulate(simulation, notices, arguments, files, bar)
    heed(result.notices[len(notices) :], arguments, with_infos=on_terminal)
    _tell(simulation, result, arguments, explain, on_terminal=on_terminal)
    if arguments.check:
        return check_shortcuts.check_shortcuts(simulation, result)
    return ExitCode.OK


def _tell(
    simulation: Simulation,
    result: Result,
    arguments: argparse.Namespace,
    explain: Callable[[], Explanation],
    *,
    on_terminal: bool,
) -> None:
    """Tell what is asked for of a run that has finished."""
    if not arguments.quiet:
        for line in (*result.job_lines(), *result.fault_lines()):
            tell(line)
    scenario = simulation.scenario
    is_worth = simulation.trace.annotations or (scenario and scenario.config.restart)
    if arguments.statistics or (is_worth and not arguments.quiet):
        metric_lines.tell_metrics(result)
    if arguments.statistics:
        statistics_lines.tell_statistics(simulation, result)
    if tracks_memory(simulation):
        memory_reports.write_memory_reports(simulation, result, quiet=arguments.quiet)
    if arguments.explain:
        explanation_lines.show_explanation(explain(), (arguments.top or DEFAULT_ROWS).most)
        explanation_lines.show_decisions(result.decisions)
    if on_terminal:
        compat = str(simulation.experiment.dialect_choice)
        summary.show_summary(result, simulation.network.device_names, compat)


def _refuse_idle_options(arguments: argparse.Namespace) -> None:
    if arguments.top is not None and not arguments.explain:
        raise OptionError("top", "is for the tables of --explain; give that, too")
    if arguments.limit is not None and arguments.timeline is None:
        raise OptionError("limit", "is for the file of --timeline; give that, too")


def _simulate(
    simulation: Simulation,
    notices: tuple[Notice, ...],
    arguments: argparse.Namespace,
    files: Sequence[json_file.JsonFile | timeline_file.TimelineFile],
    bar: progress.ProgressBar | None,
) -> Result:
    """Simulate; what is known is on stdout then, and in the files, whatever happens.

    The result has these `notices`, followed by those of the end.
    """
    lines = FinishLines()
    recorders = [recorder for file in files for recorder in file.recorders]
    probes = (bar, lines, _trace_lines(simulation), *recorders)
    heard = [probe for probe in probes if probe is not None]
    setting = "always" if arguments.check else None
    try:
        with nullcontext() if bar is None else bar.shown(simulation.trace):
            run = shortest_run(simulation.experiment, heard, setting)
            if simulation.options.dialect.reports_exposed_communication:
                lines.tell_exposed_communication(run)
            return _finish(simulation.experiment, run, lines, notices, files)
    finally:  # also of a simulation that can't finish
        if not arguments.quiet:
            tell_notices([it for file in files for it in file.notices], with_infos=False)


def _files(
    arguments: argparse.Namespace,
    inputs: Inputs,
    simulation: Simulation,
    explain: Callable[[], Explanation],
) -> list[json_file.JsonFile | timeline_file.TimelineFile]:
    """What is to hold the result and the timeline, if they are asked for."""
    files: list[json_file.JsonFile | timeline_file.TimelineFile] = []
    if arguments.json is not None:
        explained = explain if arguments.explain else None
        files.append(json_file.JsonFile(arguments.json, inputs, simulation.options, explained))
    if arguments.timeline is not None:
        limit = arguments.limit
        files.append(timeline_file.TimelineFile(arguments.timeline, simulation, limit))
    return files


def _trace_lines(simulation: Simulation) -> TraceLines | None:
    if simulation.options.dialect.traces_on_stdout and simulation.system.trace_enabled:
        return TraceLines(replay_only=simulation.system.replay_only)
    return None


def _finish(
    experiment: Experiment,
    run: Run | ShortcutRun,
    lines: FinishLines,
    notices: tuple[Notice, ...],
    files: Sequence[json_file.JsonFile | timeline_file.TimelineFile],
) -> Result:
    try:
        result = run.run()
    except errors.DeadlockError as deadlock:
        known = replace(run.result(), notices=notices)
        for file in files:
            file.write_deadlock(known, deadlock)
        raise
    finally:
        lines.flush()
    result = replace(result, notices=(*notices, *run.end_notices))
    result = outcome(experiment, result)
    lines.tell_band(result.band)
    lines.flush()
    for file in files:
        file.write_result(result)
    return result


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
