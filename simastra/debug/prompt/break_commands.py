"""Commands about breakpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.debug.numbered_breakpoints import Breakpoints, NumberedBreakpoint
from simastra.view.blocks import Block, Text, Tone
from simastra.view.table import Table, left, right

from .arguments import Words
from .breakpoint_syntax import PLACE_WORDS, PLACES_HELP, place
from .command import PromptCommand

if TYPE_CHECKING:
    from .session import Session


def _break(session: Session, rest: str) -> None:
    if rest:
        _set(session, rest, temporary=False)
    else:
        session.show(_points_view(session.stepper.breakpoints))


def _tbreak(session: Session, rest: str) -> None:
    _set(session, rest, temporary=True)


def _set(session: Session, rest: str, *, temporary: bool) -> None:
    stepper = session.stepper
    what = place(rest, stepper.state)
    what.reason(stepper.state)  # a condition that fails should do so now
    point = stepper.breakpoints.add(what, temporary=temporary)
    session.show(Text(f"{_kind(point)} {point.number}: {point.what}"))


def _delete(session: Session, rest: str) -> None:
    points = session.stepper.breakpoints
    numbers = [point.number for point in points] if rest == "all" else _numbers(rest)
    for number in numbers:
        point = points.remove(number)
        session.show(Text(f"deleted {_kind(point)} {point.number}: {point.what}"))


def _enable(session: Session, rest: str) -> None:
    for number in _numbers(rest):
        session.stepper.breakpoints.enable(number)
    session.show(_points_view(session.stepper.breakpoints))


def _disable(session: Session, rest: str) -> None:
    for number in _numbers(rest):
        session.stepper.breakpoints.enable(number, enabled=False)
    session.show(_points_view(session.stepper.breakpoints))


def _numbers(rest: str) -> list[int]:
    numbers = Words(rest).take_numbers("the breakpoint's number")
    if not numbers:
        raise CommandError("the breakpoint's number is missing; 'break' lists them")
    return numbers


def _points_view(points: Breakpoints) -> Block:
    rows = tuple(
        (
            str(point.number),
            "once" if point.temporary else "always",
            "yes" if point.enabled else "no",
            str(point.what),
        )
        for point in points
    )
    if not rows:
        return Text("no breakpoint is set; see 'help break'", Tone.ASIDE)
    return Table((*right("number"), *left("stops", "enabled", "at")), rows, "breakpoints")


def _kind(point: NumberedBreakpoint) -> str:
    return "temporary breakpoint" if point.temporary else "breakpoint"


BREAK_COMMANDS = (
    PromptCommand(
        "break",
        ("b",),
        "[PLACE]",
        "stop there from now on; without PLACE, list breakpoints",
        _break,
        f"PLACE is one of\n{PLACES_HELP}",
        PLACE_WORDS,
    ),
    PromptCommand(
        "tbreak",
        ("tb",),
        "PLACE",
        "stop there once; PLACE as for 'break'",
        _tbreak,
        "",
        PLACE_WORDS,
    ),
    PromptCommand(
        "delete", ("d", "clear", "cl"), "N... | all", "delete breakpoints", _delete, "", ("all",)
    ),
    PromptCommand("enable", (), "N...", "let breakpoints stop again", _enable),
    PromptCommand("disable", (), "N...", "let breakpoints not stop for now", _disable),
)
"""The commands of this file."""
