"""``simastra demo``: the demos, played; or their inputs and the course, in a folder to work in."""

import argparse
from collections.abc import Iterable

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.new_folder import NewFolder
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import Parser, add_help_option
from simastra.cli.output import say
from simastra.demos import FOLDERS, TRACES, play_all, shipped_files, shipped_folder


class _Course(NewFolder):
    """The folder to work in."""

    def names(self) -> Iterable[str]:
        """All that comes with simastra to begin with."""
        return shipped_files()


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("options")
    add_output_option(
        group,
        "--output",
        explanation="write the demos' inputs and the course's notebooks there; nothing is run",
        metavar="DIR",
        kind=_Course,
    )
    add_help_option(group)


def _demo(arguments: argparse.Namespace) -> ExitCode:
    folder: _Course | None = arguments.output
    if folder is None:
        wrong = play_all(shipped_folder() / TRACES, say)
        return ExitCode.DIFFERENCE if wrong else ExitCode.OK
    folder.refuse_existing("demo")
    files = shipped_files()
    folder.write({name: path.read_bytes() for name, path in files.items()})
    for part in FOLDERS:
        count = sum(name.startswith(f"{part}/") for name in files)
        say(f"{folder.folder / part}: {count} files")
    say(f"\nnext: cd {folder.name}, then: jupyter lab notebooks    (the extra 'notebook')")
    return ExitCode.OK


DEMO = Command(
    summary="play the demos, or write their inputs and the course into a folder",
    usage="[--output DIR]",
    description="""\
Simulates the demos, printing each command, and compares with ASTRA-sim's cycles. They are played in
a temporary folder, and come with simastra: nothing else is needed.

With --output, the demos' inputs (traces), the course (notebooks) and networks as files
(docs/networks) go into a folder to work in, where the examples of the documentation run.

  simastra demo
  simastra demo --output simastra-course""",
    add_options=_add_options,
    run=_demo,
)
"""The verb."""
