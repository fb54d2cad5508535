"""``simastra diff``: where the difference in makespan of two runs comes from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.arguments import add_input_options
from simastra.cli.options.common import add_common_options
from simastra.cli.options.input_paths import json_file
from simastra.cli.options.outputs import OutputFolder, add_output_option
from simastra.cli.options.parser import Parser
from simastra.cli.options.rows import Rows, rows
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.deferred import deferred
from simastra.difference import DIFFERENCE_TABLES, Difference, difference_tables
from simastra.report.compared_metrics import compared_metrics
from simastra.report.data_tables import table_file_names, write_tables
from simastra.version import version

from .runs import TWINS, NamedRun, two_runs

if TYPE_CHECKING:
    from simastra.report import difference_page
else:  # for who asks for a page
    difference_page = deferred("simastra.report.difference_page")

_TOP = Rows(10)


class _TablesFolder(OutputFolder):
    """Where a difference's tables go."""

    def names(self) -> Iterable[str]:
        """Names of the tables' files."""
        return table_file_names(DIFFERENCE_TABLES)


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "results",
        nargs="*",
        metavar="RESULT",
        type=json_file,
        help="results that are compared, as of 'simastra run --explain --json RESULT'",
    )
    add_input_options(parser)
    TWINS.declare(parser, "inputs and settings of B, where they are not A's")
    group = parser.add_argument_group("output")
    group.add_argument(
        "--top",
        metavar="N|all",
        type=rows,
        default=_TOP,
        help="rows of each table (default: %(default)s); the rest is summed up",
    )
    add_output_option(
        group, "--output", explanation="write a page there, with both timelines aligned"
    )
    add_output_option(group, "--json", explanation="write all of it there")
    add_output_option(
        group,
        "--tables",
        explanation="write all of it as CSV files and tables.json there",
        metavar="DIR",
        kind=_TablesFolder,
    )
    add_common_options(parser)


def _diff(arguments: argparse.Namespace) -> ExitCode:
    a, b = two_runs(arguments)
    difference = a.result.diff(b.result)
    _write(arguments, a, b, difference)  # first: who reads what is shown may go away
    _show(a, b, difference, arguments.top.most)
    return ExitCode.OK


def _write(arguments: argparse.Namespace, a: NamedRun, b: NamedRun, difference: Difference) -> None:
    """Write the files that are asked for."""
    if arguments.output is not None:
        contents = difference_page.DifferenceContents(
            difference, a.result, b.result, a.name, b.name
        )
        arguments.output.write(difference_page.html_difference(contents))
    if arguments.json is not None:
        document = json.dumps(_document(a, b, difference), indent=1)
        arguments.json.write(f"{document}\n")
    if arguments.tables is not None:
        write_tables(arguments.tables.folder, difference_tables(difference))


def _show(a: NamedRun, b: NamedRun, difference: Difference, top: int | None) -> None:
    say(f"A: {a.name}\nB: {b.name}\n\n{difference.summary}")
    worth = compared_metrics(a.result, b.result)
    tables = difference.tables(top)
    for table in (worth, *tables) if tables and worth.rows else tables:
        say(f"\n{table.title}")
        show_tables([table])


def _document(a: NamedRun, b: NamedRun, difference: Difference) -> dict[str, Any]:
    return {
        "simastra": version(),
        "a": _told(a),
        "b": _told(b),
        **difference.to_dict(),
    }


def _told(run: NamedRun) -> dict[str, Any]:
    return {"name": run.name, "inputs": dict(run.inputs), "options": dict(run.settings)}


DIFF = Command(
    summary="tell where the difference in makespan of two runs comes from",
    usage="A B [options]  (A, B: results, or inputs: --network FILE --network-b FILE)",
    description="""\
Compares two runs, A and B: by cause, kind of work, node, collective and link, each of which sums
to the difference of the makespans exactly; by NPU; and says where the critical paths first differ.
What B takes longer for is positive.

Either of two results:

  simastra run --explain --json a.json --workload ...
  simastra run --explain --json b.json --workload ...
  simastra diff a.json b.json

or of inputs, which it simulates; what is not said of B is as in A:

  simastra diff --workload ring --system system.json --network a.yml --network-b b.yml

or of a result, A, and inputs, B:

  simastra diff a.json --workload ring --system system.json --network b.yml

Exit codes: 0 compared, whether anything differs or not, 2 an input is wrong, 3 a simulation can't
finish (deadlock), 130 interrupted.""",
    add_options=_add_options,
    run=_diff,
)
"""The verb."""
