"""``simastra course show``: the notebooks and tracks of the course."""

import argparse
from collections.abc import Iterable, Iterator

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.parser import OneOf, Parser, add_help_option
from simastra.cli.output import say
from simastra.notebook.course import CourseTrack, Notebook, course
from simastra.view.table import Column, Table, left, right


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "track",
        metavar="TRACK",
        nargs="?",
        type=OneOf([track.name for track in course().tracks]),
        help="shows one: whom it is for, and its notebooks in order",
    )
    add_help_option(parser)


def _show(arguments: argparse.Namespace) -> ExitCode:
    lines = _course() if arguments.track is None else _track(course().track(arguments.track))
    for line in lines:
        say(line)
    return ExitCode.OK


def _course() -> Iterator[str]:
    yield from _table_of(course().notebooks).lines()
    yield ""
    rows = tuple((it.name, len(it.notebooks), *_counts(it), it.audience) for it in course().tracks)
    columns = (*left("track"), *right("notebooks", "tasks", "hours"), *left("for"))
    yield from Table(columns, rows).lines()
    yield "\nsimastra course show TRACK shows one."


def _track(track: CourseTrack) -> Iterator[str]:
    tasks, hours = _counts(track)
    yield f"{track.title}: for {track.audience}"
    yield f"Afterwards you can {track.goal}."
    yield ""
    yield from _table_of(track.notebooks).lines()
    yield f"\n{tasks} tasks, some {hours} hours"


def _table_of(notebooks: Iterable[Notebook]) -> Table:
    rows = tuple(
        (it.number, it.title, len(it.tasks), it.minutes, _needed(it), it.goal) for it in notebooks
    )
    numbers = right("tasks", "minutes")
    columns = (Column("", is_number=True), *left("notebook"), *numbers, *left("needs", "you can"))
    return Table(columns, rows)


def _counts(track: CourseTrack) -> tuple[int, str]:
    return len(track.tasks), f"{track.minutes / 60:.0f}"


def _needed(notebook: Notebook) -> str:
    return ", ".join(map(str, notebook.needs))


SHOW = Command(
    summary="list notebooks and tracks",
    usage="[TRACK]",
    description="""\
Lists the notebooks of the course with their tasks, with the minutes that they take, and with the
notebooks that they build on; and the tracks through them.

  simastra course show
  simastra course show newcomer""",
    add_options=_add_options,
    run=_show,
)
"""The verb."""
