"""``simastra collective check``: whether a schedule computes what it claims."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import read_input
from simastra.cli.options.parser import Parser
from simastra.cli.output import say
from simastra.deferred import deferred

from .schedules import METAVAR, add_schedule, claimed

if TYPE_CHECKING:
    from simastra import collective_schedules
else:  # help and completion need none of it
    collective_schedules = deferred("simastra.collective_schedules")


def _add_options(parser: Parser) -> None:
    add_schedule(parser)
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    add_common_options(parser)


def _check(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, METAVAR)
    schedule = collective_schedules.read_schedule(name)
    verdict = collective_schedules.prove(schedule, claimed(arguments))
    if arguments.json:
        say(json.dumps(verdict.to_dict(), indent=1, ensure_ascii=False))
    else:
        say(str(verdict))
    return ExitCode.OK if verdict.is_right else ExitCode.WRONG_SCHEDULE


CHECK = Command(
    summary="whether a schedule computes what it claims, in every order",
    usage="FILE [--collective NAME] [options]",
    description="""\
Carries out a schedule, with each chunk standing for the contributions that are in it, and says
which chunk of which rank lacks a contribution, has one twice, or isn't what it is to be, and at
which step it went wrong first; also what never begins, and what is read and written in no order.

  simastra collective check algo.xml

FILE is MSCCL's XML, a plan of MSCCL++, or timed transfers in JSON (docs/collectives.md).

Exit codes: 0 it computes that, 2 the file or an option is wrong, 6 it doesn't compute it.""",
    add_options=_add_options,
    run=_check,
)
"""The verb."""
