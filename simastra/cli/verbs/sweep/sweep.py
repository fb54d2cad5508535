"""``simastra sweep``: the points of a study, each a row of a table."""

from __future__ import annotations

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_quiet_options
from simastra.cli.options.input_paths import study_file
from simastra.cli.options.outputs import OutputFolder, add_output_option
from simastra.cli.options.parser import OneOf, Parser, text
from simastra.sweep.study.ready import names

from .changes import add_changes
from .engine_options import add_engine_options
from .replaying import VERBS, replay
from .running import SweepFolder, run


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "study",
        nargs="?",
        metavar="STUDY",
        type=study_file,
        help=f"what is asked: a YAML file, or a ready study: @{', @'.join(names())}",
    )
    _add_outputs(parser)
    add_engine_options(parser)
    _add_what_is_run(parser)
    _add_replay(parser)
    add_quiet_options(parser)


def _add_outputs(parser: Parser) -> None:
    group = parser.add_argument_group("output")
    add_output_option(
        group,
        "--output",
        metavar="DIR",
        kind=SweepFolder,
        explanation="where rows go; a sweep that was stopped goes on there",
    )
    add_output_option(
        group, "--page", explanation="write all that came of it there, as one HTML file"
    )
    add_output_option(group, "--json", explanation="write a summary there")


def _add_what_is_run(parser: Parser) -> None:
    group = parser.add_argument_group("what is run")
    add_changes(group)
    group.add_argument(
        "--prune",
        action="store_true",
        help="leave points out whose bound tells that they can't be on the Pareto front",
    )
    group.add_argument(
        "--retry",
        action="store_true",
        help="run points again that couldn't run, or couldn't finish",
    )


def _add_replay(parser: Parser) -> None:
    group = parser.add_argument_group("a single row")
    group.add_argument(
        "--replay",
        nargs=2,
        metavar=("DIR", "POINT"),
        type=text,
        help="run a row of a sweep again, and tell if it comes out otherwise; POINT is its "
        "'point', or the first digits of it",
    )
    add_output_option(
        group,
        "--inputs",
        metavar="DIR",
        kind=OutputFolder,
        explanation="write that point's inputs there, and tell the commands that run it, show it "
        "in a page, or step through it",
    )
    group.add_argument(
        "--open",
        metavar="|".join(VERBS),
        type=OneOf(VERBS),
        help="do that with the point at once, as the commands of --inputs would",
    )


def _sweep(arguments: argparse.Namespace) -> ExitCode:
    return run(arguments) if arguments.replay is None else replay(arguments)


SWEEP = Command(
    summary="run the points of a study, on this machine or many",
    usage="STUDY --output DIR [options]  |  --replay DIR POINT [options]",
    description="""\
Runs all points of a study, combinations of what its axes vary, and writes a row for each to Parquet
files in a directory. A point whose inputs are wrong, or that can't finish, is a row that says so.

  simastra sweep study.yml --output out --engine processes

Rows that are there already are not run again, so that the same command goes on where one was
stopped; a study whose axes have got further values goes on, too. Any process may be killed at any
time. What came of it, as a page: the best points, the Pareto front, what matters, every row.

  simastra sweep study.yml --output out --page sweep.html

To run a row again, and to look into it:

  simastra sweep --replay out 3f29 --open debug

Exit codes: 0 all points have a row, whatever it says; 2 an input is wrong; 4 a replay comes out
otherwise; 130 interrupted; 143 ended by SIGTERM.""",
    add_options=_add_options,
    run=_sweep,
)
"""The verb."""
