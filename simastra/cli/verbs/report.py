"""``simastra report``: simulate, and show everything in one HTML file; tables as CSV and JSON."""

import argparse
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.loading import load
from simastra.cli.notices import heed
from simastra.cli.options.arguments import Inputs, add_input_options, read_inputs
from simastra.cli.options.command_files import check_files
from simastra.cli.options.common import add_common_options
from simastra.cli.options.outputs import OutputFile, OutputFolder, add_output_option
from simastra.cli.options.parser import Parser, text
from simastra.cli.output import say, stderr_is_terminal
from simastra.deferred import deferred
from simastra.errors import DeadlockError
from simastra.gc_policy import patient_collector
from simastra.notices import Notice
from simastra.report.data_tables import TABLES, result_tables, table_file_names, write_tables
from simastra.report.page import PageContents, costs_of, html_report, lost_to, path_of
from simastra.report.run_picture import run_svg
from simastra.report.run_records import RunRecorder
from simastra.simulation import Run, Simulation
from simastra.simulation.explained import ExplainedRun
from simastra.simulation.outcomes import outcome

if TYPE_CHECKING:
    from simastra.cli import progress
else:  # rich takes as long as all the rest
    progress = deferred("simastra.cli.progress")

_PAGE = "report.html"


class _TablesFolder(OutputFolder):
    """Where a simulation's tables go."""

    def names(self) -> Iterable[str]:
        """Names of the tables' files."""
        return table_file_names(TABLES)


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    add_output_option(
        group, "--output", explanation="the page (default: %(default)s)", default=_PAGE
    )
    add_output_option(
        group,
        "--tables",
        explanation="write CSV files and tables.json there, too",
        metavar="DIR",
        kind=_TablesFolder,
    )
    add_output_option(
        group, "--picture", explanation="write an SVG of what NPUs did, and of why, there, too"
    )
    group.add_argument("--title", metavar="TEXT", type=text, help="the page's heading")
    add_common_options(parser)


@patient_collector()  # of a long run there is much that stays
def _report(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    on_terminal = stderr_is_terminal() and not arguments.quiet
    simulation = load(inputs, with_bar=on_terminal, by_events=True)
    check_files(arguments, inputs=simulation.files)
    notices = inputs.all_notices(simulation)
    heed(notices, arguments, with_infos=on_terminal)
    bar = progress.ProgressBar() if on_terminal else None
    contents = _contents(arguments, inputs, simulation, notices, bar)
    _write(arguments, contents)
    if contents.deadlock is not None:
        raise contents.deadlock
    heed(contents.notices[len(notices) :], arguments, with_infos=on_terminal)
    return ExitCode.OK


def _contents(
    arguments: argparse.Namespace,
    inputs: Inputs,
    simulation: Simulation,
    notices: Sequence[Notice],
    bar: progress.ProgressBar | None,
) -> PageContents:
    """Simulate, in one run for all of the page; what has caused what is forgotten with it."""
    recorder = RunRecorder(simulation)
    explained = ExplainedRun(simulation.experiment, [recorder])
    run = explained.live
    deadlock = _simulate(run, bar)
    explanation = None if deadlock is not None else explained.explanation()
    return PageContents(
        title=arguments.title or _title(inputs.workload or inputs.scenario or ""),
        simulation=simulation,
        result=run.result() if deadlock else outcome(simulation.experiment, run.result()),
        records=recorder.records(),
        notices=(*notices, *run.end_notices),
        inputs=inputs.given_files(),
        attribution={} if explanation is None else costs_of(explanation),
        critical_path=() if explanation is None else path_of(explanation, simulation),
        lost_to={} if explanation is None else lost_to(explanation),
        deadlock=deadlock,
    )


def _write(arguments: argparse.Namespace, contents: PageContents) -> None:
    """Write the page, and the picture and tables if they are asked for; say where they are."""
    page: OutputFile = arguments.output
    page.write(html_report(contents).encode("utf-8", "replace"))
    say(page.name)
    if arguments.picture is not None:
        picture: OutputFile = arguments.picture
        picture.write(run_svg(contents) + "\n")
        say(picture.name)
    if arguments.tables is not None:
        tables = result_tables(contents.simulation, contents.result)
        for path in write_tables(arguments.tables.folder, tables):
            say(str(path))


def _simulate(run: Run, bar: progress.ProgressBar | None) -> DeadlockError | None:
    """Run to the end; a simulation that stands still is worth a report more than any other."""
    shown: AbstractContextManager[None] = nullcontext()
    if bar is not None:
        run.add_probe(bar)
        shown = bar.shown(run.experiment.trace)
    with shown:
        try:
            run.run()
        except DeadlockError as deadlock:
            return deadlock
    return None


def _title(workload: str) -> str:
    """The last folder and the prefix; the one of them where they are the same."""
    prefix = Path(workload)
    folder = prefix.parent.name
    return prefix.name if folder in {"", "..", prefix.name} else f"{folder}/{prefix.name}"


REPORT = Command(
    summary="simulate, and show everything in one HTML file",
    usage="--workload PREFIX --system FILE --network FILE [options]",
    description="""\
Simulates and writes one HTML file that needs nothing else, no network either: the step time and
what it went to, a timeline to zoom into and to measure, memory and links over time, the critical
path, tables to sort and to download, notices and the configuration. A simulation that stands
still gets its page, too.

  simastra report --workload traces/ring --system system.json --network network.yml

Prints the names of the files that it wrote. Exit codes: 0 finished, 2 an input is wrong,
3 the simulation can't finish (deadlock), 130 interrupted.""",
    add_options=_add_options,
    run=_report,
)
"""The verb."""
