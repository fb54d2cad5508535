"""``simastra run``: simulate, and print ASTRA-sim's lines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.errors import DeadlockError
from simastra.notices import Notice
from simastra.result import Result
from simastra.simulation import Run, Simulation
from simastra.simulation.shortest import ShortcutRun, shortest_run

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
    on_terminal = stderr_is_terminal() and not arguments.quiet
    simulation = load(inputs, with_bar=on_terminal)
    about_files = check_simulated_files(arguments, simulation)
    if arguments.check:
        _refuse_idle_check(simulation)
    notices = (*inputs.all_notices(simulation), *about_files)
    heed(notices, arguments, with_infos=on_terminal)
    result = _simulate(inputs, simulation, notices, arguments, on_terminal=on_terminal)
    heed(result.notices[len(notices) :], arguments, with_infos=on_terminal)
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


def _simulate(
    inputs: Inputs,
    simulation: Simulation,
    notices: tuple[Notice, ...],
    arguments: argparse.Namespace,
    *,
    on_terminal: bool,
) -> Result:
    """Simulate; what is known is on stdout then, and in the files, whatever happens.

    The result has these `notices`, followed by those of the end.
    """
    lines, bar = FinishLines(), _make_bar() if on_terminal else None
    json_file = None if arguments.json is None else _json_file(arguments.json, inputs)
    timeline = (
        None if arguments.timeline is None else _timeline_file(arguments.timeline, simulation)
    )
    files = [file for file in (json_file, timeline) if file is not None]
    probes = (bar, lines, _trace_lines(simulation), timeline.recorder if timeline else None)
    heard = [probe for probe in probes if probe is not None]
    setting = "always" if arguments.check else None
    with nullcontext() if bar is None else bar.shown(simulation.trace):
        run = shortest_run(simulation.scenario, heard, setting)
        if simulation.options.dialect.reports_exposed_communication:
            lines.tell_exposed_communication(run.records)
        return _finish(run, lines, notices, files)


def _trace_lines(simulation: Simulation) -> TraceLines | None:
    if simulation.options.dialect.traces_on_stdout and simulation.system.trace_enabled:
        return TraceLines(replay_only=simulation.system.replay_only)
    return None


def _finish(
    run: Run | ShortcutRun,
    lines: FinishLines,
    notices: tuple[Notice, ...],
    files: Sequence[JsonFile | TimelineFile],
) -> Result:
    try:
        result = run.run()
    except DeadlockError as deadlock:
        known = replace(run.result(), notices=notices)
        for file in files:
            file.write_deadlock(known, deadlock)
        raise
    finally:
        lines.flush()
    result = replace(result, notices=(*notices, *run.end_notices))
    for file in files:
        file.write_result(result)
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


def _timeline_file(file: OutputFile, simulation: Simulation) -> TimelineFile:
    from .timeline_file import TimelineFile  # noqa: PLC0415

    return TimelineFile(file, simulation)


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
