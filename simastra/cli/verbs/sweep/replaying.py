"""``--replay``: a row of a sweep, run again."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

from simastra.cli.command import ExitCode
from simastra.cli.commands import COMMANDS
from simastra.cli.dispatch import carry_out
from simastra.cli.options.outputs import OutputFolder
from simastra.cli.output import say
from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.sweep.points import Status
from simastra.sweep.replay import Replay, StoredPoint

from .summary import shown_value

VERBS = ("run", "report", "debug")
"""Those that take the inputs of a point."""


def replay(arguments: argparse.Namespace) -> ExitCode:
    """Run a row again, and write its inputs where they are asked for.

    Raises:
        InputError: there is no such row, its study can't be read any more, or no such verb.
    """
    if arguments.open not in (None, *VERBS):
        raise OptionError("open", unknown_name("command", arguments.open, VERBS))
    folder, point = arguments.replay
    stored = StoredPoint(folder, point)
    came = stored.replay()
    _tell(came)
    if arguments.inputs is not None:
        output: OutputFolder = arguments.inputs
        with output.writing():
            words = stored.write_inputs(output.folder)
        for verb in VERBS:
            say(f"  {shlex.join(['simastra', verb, *words])}")
    if arguments.open is not None:
        return _opened(stored, arguments.open)
    return ExitCode.DIFFERENCE if came.differences else ExitCode.OK


def _opened(stored: StoredPoint, verb: str) -> ExitCode:
    """Carry out a verb on a point's inputs, written for as long as it takes."""
    with TemporaryDirectory(prefix="simastra-") as folder:
        words = stored.write_inputs(Path(folder) / stored.point.digest)
        return carry_out([verb, *words], COMMANDS)


def _tell(came: Replay) -> None:
    stored, now = came.stored, came.now
    name = f"point {now['point']}"
    if "point" in came.differences:
        say(f"{name}: its inputs aren't those of {stored['point']} any more")
    for column, (before, after) in came.differences.items():
        say(f"{name}: {column} was {before}, and is {after}")
    if came.differences:
        return
    if stored["status"] == Status.PRUNED.value:
        say(f"{name}: it was pruned; run, it is {_outcome(now)}")
    else:
        say(f"{name}: the same as stored: {_outcome(now)}")


def _outcome(row: dict[str, object]) -> str:
    if row["status"] != Status.OK.value:
        return f"{row['status']}: {row['error']}"
    makespan = row["makespan_ns"]
    return f"{makespan:,} ns ({shown_value('makespan_ns', makespan)})"
