"""``simastra report``: simulate, and show everything in one HTML file; tables as CSV and JSON."""

import argparse
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from simastra.errors import DeadlockError
from simastra.report.data_tables import make_folder, result_tables, write_tables
from simastra.report.page import PageContents, costs_of, html_report, path_of
from simastra.report.run_records import record_run
from simastra.simulation import Simulation

from .arguments import Inputs, add_common_options, add_input_options, read_inputs
from .command import Command, ExitCode
from .loading import load
from .notices import refuse_warnings, tell_notices
from .output import say, stderr_is_terminal
from .output_file import OutputFile
from .parser import Parser, text

_PAGE = "report.html"


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    group = parser.add_argument_group("output")
    group.add_argument(
        "--output", metavar="FILE", type=text, default=_PAGE, help="the page (default: %(default)s)"
    )
    group.add_argument(
        "--tables", metavar="DIR", type=text, help="write CSV files and tables.json there, too"
    )
    group.add_argument("--title", metavar="TEXT", type=text, help="the page's heading")
    add_common_options(parser)


def _report(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    page = OutputFile("output", arguments.output, inputs.files)
    on_terminal = stderr_is_terminal() and not arguments.quiet
    simulation = load(inputs, with_bar=on_terminal)
    notices = inputs.all_notices(simulation)
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=on_terminal)
    if arguments.tables is not None:
        make_folder(arguments.tables)  # what can't be made is said before a long simulation
    recorder = record_run(simulation)
    deadlock = _simulate(simulation, on_terminal=on_terminal)
    explanation = None if deadlock is not None else simulation.explain()
    contents = PageContents(
        title=arguments.title or f"simastra: {Path(inputs.workload).name}",
        simulation=simulation,
        result=simulation.result(),
        records=recorder.records(),
        notices=notices,
        inputs=_named(inputs),
        attribution={} if explanation is None else costs_of(explanation),
        critical_path=() if explanation is None else path_of(explanation),
        deadlock=deadlock,
    )
    page.write(html_report(contents).encode("utf-8", "replace"))
    say(arguments.output)
    if arguments.tables is not None:
        for path in write_tables(arguments.tables, result_tables(simulation, contents.result)):
            say(str(path))
    if deadlock is not None:
        raise deadlock
    return ExitCode.OK


def _simulate(simulation: Simulation, *, on_terminal: bool) -> DeadlockError | None:
    """Run to the end; a simulation that stands still is worth a report more than any other."""
    shown: AbstractContextManager[None] = nullcontext()
    if on_terminal:
        # Loaded here because rich takes as long as all the rest.
        from .progress import ProgressBar  # noqa: PLC0415

        bar = ProgressBar()
        simulation.add_probe(bar)
        shown = bar.shown(simulation.trace)
    with shown:
        try:
            simulation.run()
        except DeadlockError as deadlock:
            return deadlock
    return None


def _named(inputs: Inputs) -> Mapping[str, str]:
    given = {
        "workload": inputs.workload,
        "system": inputs.system,
        "network": inputs.network,
        "memory": inputs.memory,
        "comm-groups": inputs.comm_groups,
    }
    return {name: value for name, value in given.items() if value is not None}


REPORT = Command(
    summary="simulate, and show everything in one HTML file",
    usage="--workload PREFIX --system FILE --network FILE [options]",
    description="""\
Simulates and writes one HTML file that needs nothing else, no network either: summary, warnings,
a timeline to zoom into, a heat map of the links, where the time went, the critical path,
collectives with their bandwidths, tables, and the configuration. A simulation that stands still
gets its page, too.

  simastra report --workload traces/ring --system system.json --network network.yml

Prints the names of the files that it wrote. Exit codes: 0 finished, 2 an input is wrong,
3 the simulation can't finish (deadlock), 130 interrupted.""",
    add_options=_add_options,
    run=_report,
)
"""The verb."""
