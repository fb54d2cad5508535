"""``simastra course mark``: the marks of a class."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.input_paths import input_pattern
from simastra.cli.options.outputs import OutputFile, add_output_option
from simastra.cli.options.parser import Parser, add_help_option
from simastra.cli.output import say, tell
from simastra.errors import OptionError
from simastra.notebook.course import Grades, mark
from simastra.reading import is_pattern, matching

_FORMS = (".csv", ".json")


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "students",
        metavar="FILE|FOLDER",
        nargs="+",
        type=input_pattern,
        help="of each student: a progress file, an executed notebook, or a folder of these",
    )
    group = parser.add_argument_group("output")
    group.add_argument(
        "--by-task", action="store_true", help="have a column for each task, not each notebook"
    )
    group.add_argument(
        "--summary",
        action="store_true",
        help="have a row for each task instead: who has it right, tries, hints and solutions",
    )
    add_output_option(group, "--output", explanation="write the marks there: FILE.csv or FILE.json")
    add_help_option(group)


def _mark(arguments: argparse.Namespace) -> ExitCode:
    output: OutputFile | None = arguments.output
    if output is not None and output.path.suffix not in _FORMS:
        raise OptionError("output", f"{output} ends in neither .csv nor .json")
    _refuse_two_tables(arguments)
    grades = mark(_handed_in(arguments.students))
    if beside := grades.beside():
        tell(f"notice: not of this course, and without points: {', '.join(beside)}")
    if grades.namesakes:
        several = ", ".join(grades.namesakes)
        tell(f"notice: handed in more than once, a row each: {several}; a folder makes them one")
    if output is not None:
        output.write(_written(grades, arguments))
        return ExitCode.OK
    table = grades.summary() if arguments.summary else grades.table(by_task=arguments.by_task)
    for line in table.lines():
        say(line)
    return ExitCode.OK


def _handed_in(words: Iterable[str]) -> Iterator[str]:
    """Files and folders; a pattern is read here where a shell hasn't done it."""
    for word in words:
        is_open = is_pattern(word) and not Path(word).exists()
        yield from (is_open and matching(word)) or [word]


def _refuse_two_tables(arguments: argparse.Namespace) -> None:
    asked = [name for name in ("by_task", "summary") if getattr(arguments, name)]
    if len(asked) > 1:
        raise OptionError("by-task", "and --summary are two tables; ask for one after the other")
    if asked and arguments.output is not None and arguments.output.path.suffix == ".json":
        problem = f"is a table; {arguments.output} has all of each task without it"
        raise OptionError(asked[0].replace("_", "-"), problem)


def _written(grades: Grades, arguments: argparse.Namespace) -> str:
    if arguments.output.path.suffix == ".json":
        return grades.to_json()
    if arguments.summary:
        return grades.summary().to_csv()
    return grades.to_csv(by_task=arguments.by_task)


MARK = Command(
    summary="mark what a class has handed in",
    usage="FILE|FOLDER... [--by-task|--summary] [--output FILE.csv|FILE.json]",
    description="""\
Reads what students hand in and prints a row for each: tasks answered right, points, and the points
by notebook. A task answered brings a point, half of one if its solution was looked at first. Of
several files in a student's folder each task's best counts; files that are named one by one are a
row each. A student is called what the progress file says, or as the file or folder is.

  simastra course mark class/*.json
  simastra course mark class/* --by-task --output marks.csv
  simastra course mark class/* --summary

Marks are what the files say: where that isn't enough, execute the notebooks again first
(docs/teaching.md).

Exit codes: 0 they are marked, 2 something isn't a student's, or the output can't be written.""",
    add_options=_add_options,
    run=_mark,
)
"""The verb."""
