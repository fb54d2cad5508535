"""``simastra collective draw``: which link carries which chunks when."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, add_output, read_input
from simastra.cli.options.parser import Parser
from simastra.cli.tables import show_tables
from simastra.deferred import deferred
from simastra.errors import OptionError
from simastra.suggestions import unknown_name

from .schedules import METAVAR

if TYPE_CHECKING:
    from simastra import collective_schedules
    from simastra.collective_schedules import drawing, timeline
else:  # help and completion need none of it
    collective_schedules = deferred("simastra.collective_schedules")
    drawing = deferred("simastra.collective_schedules.drawing")
    timeline = deferred("simastra.collective_schedules.timeline")


def _add_options(parser: Parser) -> None:
    add_input(parser, METAVAR)
    group = parser.add_argument_group("output")
    add_output(group, "FILE.svg", "draw it there: a row for each link, along time")
    group.add_argument(
        "--animated", action="store_true", help="draw ranks, and messages that move between them"
    )
    group.add_argument(
        "--messages", action="store_true", help="print a row for each message, not for each link"
    )
    add_common_options(parser)


def _draw(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, METAVAR)
    _check_output(arguments)
    schedule = collective_schedules.read_schedule(name)
    made = timeline.link_timeline(schedule)
    if arguments.output is not None:
        draw = drawing.animation_svg if arguments.animated else drawing.schedule_svg
        arguments.output.write(draw(schedule, made))
    show_tables([made.table() if arguments.messages else made.link_table()])
    return ExitCode.OK


def _check_output(arguments: argparse.Namespace) -> None:
    if arguments.output is None:
        if arguments.animated:
            raise OptionError("animated", "draws a file; name it by --output FILE.svg")
        return
    file = str(arguments.output)
    ending = Path(file).suffix.removeprefix(".").lower()
    if ending != "svg":
        raise OptionError("output", f"{file}: {unknown_name('kind of drawing', ending, ['svg'])}")


DRAW = Command(
    summary="which link carries which chunks when, as a table and an SVG picture",
    usage="FILE [--output FILE.svg] [options]",
    description="""\
Prints what each link carries, and draws it: a row for each link, along time, or with --animated
ranks between which messages move. Times are the file's where it has any; else each chunk takes one
unit on its link, links carry one message at a time, and nothing else takes time.

  simastra collective draw algo.xml --output algo.svg

Exit codes: 0 drawn, 2 the file or an option is wrong.""",
    add_options=_add_options,
    run=_draw,
)
"""The verb."""
