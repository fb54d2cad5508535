"""Commands that set breakpoints, and list, delete and disable them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.numbered_breakpoints import Breakpoints, NumberedBreakpoint
from simastra.view.blocks import Block, Text, Tone
from simastra.view.table import Table, left, right

from .breakpoint_syntax import PLACE, PLACES_HELP, checked_place, watching
from .combinations import Choice, Optional, Repeated
from .command import PromptCommand
from .expression_slot import EXPRESSION
from .grammar import Keyword
from .reader import Parsed
from .slots import BREAKPOINT

if TYPE_CHECKING:
    from .session import Session


def _break(session: Session, parsed: Parsed) -> None:
    if parsed:
        _set(session, parsed, temporary=False)
    else:
        session.show(*breakpoints_view(session.stepper.breakpoints))


def _tbreak(session: Session, parsed: Parsed) -> None:
    _set(session, parsed, temporary=True)


def _set(session: Session, parsed: Parsed, *, temporary: bool) -> None:
    stepper = session.stepper
    what, condition = checked_place(parsed, stepper.state)
    point = stepper.breakpoints.add(what, temporary=temporary, condition=condition)
    session.show(Text(f"{_kind(point)} {point.number}: {point}"))


def _watch(session: Session, parsed: Parsed) -> None:
    expression = parsed[EXPRESSION]
    expression(session.stepper.state)  # one that fails should do so now
    point = session.stepper.breakpoints.add(watching(expression))
    session.show(Text(f"{_kind(point)} {point.number}: {point}"))


_ALL = Keyword("all", "all of them")
_NUMBERS = Repeated(BREAKPOINT, at_least=1)


def _delete(session: Session, parsed: Parsed) -> None:
    points = session.stepper.breakpoints
    numbers = [point.number for point in points] if _ALL in parsed else parsed.all(BREAKPOINT)
    for number in numbers:
        point = points.remove(number)
        session.show(Text(f"deleted {_kind(point)} {point.number}: {point}"))


def _enable(session: Session, parsed: Parsed) -> None:
    for number in parsed.all(BREAKPOINT):
        session.stepper.breakpoints.enable(number)
    session.show(*breakpoints_view(session.stepper.breakpoints))


def _disable(session: Session, parsed: Parsed) -> None:
    for number in parsed.all(BREAKPOINT):
        session.stepper.breakpoints.enable(number, enabled=False)
    session.show(*breakpoints_view(session.stepper.breakpoints))


def breakpoints_view(points: Breakpoints) -> list[Block]:
    """Those that are set, with what is to be done at each."""
    rows = tuple(
        (
            str(point.number),
            "once" if point.temporary else "always",
            "yes" if point.enabled else "no",
            point.hits,
            str(point),
        )
        for point in points
    )
    if not rows:
        return [Text("no breakpoint is set; see 'help break'", Tone.ASIDE)]
    columns = (*right("number"), *left("stops", "enabled"), *right("hits"), *left("at"))
    return [Table(columns, rows, "breakpoints"), *_remarks(points)]


def _remarks(points: Breakpoints) -> list[Block]:
    remarks = []
    for point in points:
        if point.ignore:
            remarks.append(f"breakpoint {point.number} is passed over {point.ignore:,} times more")
        if point.commands:
            remarks.append(f"at breakpoint {point.number}: {' ;; '.join(point.commands)}")
    return [Text(f"  {remark}", Tone.ASIDE) for remark in remarks]


def _kind(point: NumberedBreakpoint) -> str:
    return "temporary breakpoint" if point.temporary else "breakpoint"


BREAK_COMMANDS = (
    PromptCommand(
        "break",
        ("b",),
        Optional(PLACE, is_all=True),
        "stop there from now on; without PLACE, list breakpoints",
        _break,
        f"PLACE is one of\n{PLACES_HELP}",
    ),
    PromptCommand("tbreak", ("tb",), PLACE, "stop there once; PLACE as for 'break'", _tbreak),
    PromptCommand(
        "watch",
        ("wa",),
        EXPRESSION,
        "stop when the value of an expression changes",
        _watch,
        "As in: watch npu(3).finished, watch len(link(2, 3).waiting). It is a breakpoint and has\n"
        "a number; 'reverse-continue' goes back to the last change.",
    ),
    PromptCommand(
        "delete",
        ("d", "clear", "cl"),
        Choice(f"{BREAKPOINT.what} (break lists them)", (_ALL, _NUMBERS)),
        "delete breakpoints",
        _delete,
    ),
    PromptCommand("enable", (), _NUMBERS, "let breakpoints stop again", _enable),
    PromptCommand("disable", (), _NUMBERS, "let breakpoints not stop for now", _disable),
)
"""The commands of this file."""
