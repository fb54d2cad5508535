"""Commands about what a breakpoint does: its condition, its commands, when it is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.debug.state_breakpoints import Condition
from simastra.view.blocks import Text

from .combinations import Optional
from .command import PromptCommand
from .expression_slot import EXPRESSION
from .grammar import Words
from .reader import Parsed
from .session import SILENT, Collected
from .slots import BREAKPOINT, number

if TYPE_CHECKING:
    from .session import Session

COMMANDS_END = "end"
"""The line that ends a breakpoint's commands."""

_TIMES = number("COUNT", "how often it is passed over")


def _condition(session: Session, parsed: Parsed) -> None:
    points, expression = session.stepper.breakpoints, parsed.get(EXPRESSION)
    if expression is None:
        point = points.give(parsed[BREAKPOINT], None)
        session.show(Text(f"breakpoint {point.number} stops always: {point}"))
        return
    expression(session.stepper.state)  # one that fails should do so now
    point = points.give(parsed[BREAKPOINT], Condition(expression, expression.text))
    session.show(Text(f"breakpoint {point.number}: {point}"))


def _ignore(session: Session, parsed: Parsed) -> None:
    point = session.stepper.breakpoints.ignore(parsed[BREAKPOINT], parsed[_TIMES])
    times = "once" if point.ignore == 1 else f"{point.ignore:,} times"
    session.show(Text(f"breakpoint {point.number} is passed over {times}: {point}"))


def _commands(session: Session, parsed: Parsed) -> None:
    point = session.stepper.breakpoints[parsed[BREAKPOINT]]
    session.collected = Collected(point.number, [])


def collect(session: Session, line: str) -> None:
    """Take a line that is one of a breakpoint's commands, or ends them.

    Raises:
        CommandError: if the breakpoint has been deleted since.
    """
    collected = session.collected
    assert collected is not None
    if line != COMMANDS_END:
        collected.lines.append(line)
        return
    session.collected = None
    point = session.stepper.breakpoints.command(collected.number, tuple(collected.lines))
    what = " ;; ".join(point.commands) or "nothing"
    session.show(Text(f"at breakpoint {point.number}: {what}"))


def refuse_unended(session: Session) -> None:
    """Complain where a script ends amid a breakpoint's commands.

    Raises:
        CommandError: if it does.
    """
    if session.collected is not None:
        number, session.collected = session.collected.number, None
        raise CommandError(f"the commands of breakpoint {number} lack their last line, 'end'")


BREAKPOINT_COMMANDS = (
    PromptCommand(
        "condition",
        ("cond",),
        Words((BREAKPOINT, Optional(EXPRESSION))),
        "let breakpoint N stop only if EXPRESSION is true then; without it, always",
        _condition,
    ),
    PromptCommand(
        "ignore",
        (),
        Words((BREAKPOINT, _TIMES)),
        "pass over breakpoint N so many times",
        _ignore,
        "What is counted are its stops going forward.",
    ),
    PromptCommand(
        "commands",
        (),
        BREAKPOINT,
        "carry out the lines that follow, up to 'end', whenever breakpoint N stops",
        _commands,
        f"With {SILENT!r} as the first line nothing else is said of the stop. A line such as\n"
        "'continue' goes on. On one line: commands 1 ;; p now ;; continue ;; end",
    ),
)
"""The commands of this file."""
