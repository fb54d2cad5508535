"""Breakpoints as clients set them: all of a group at once, each with an answer of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.debug.breakpoints import AtNode, Breakpoint, NodePattern
from simastra.debug.command_error import CommandError
from simastra.debug.prompt.breakpoint_syntax import PLACE, checked_place, watching
from simastra.debug.prompt.expression import Expression
from simastra.debug.prompt.reader import Reader, read
from simastra.debug.prompt.session import Session
from simastra.debug.state import State
from simastra.debug.state_breakpoints import Condition
from simastra.debug.value_views import value_words
from simastra.trace import Node
from simastra.units import NpuId

from .framing import JsonObject

_BRACES = re.compile(r"\{([^{}]*)\}")
_MOST_HITS = 10**9


@dataclass(frozen=True, slots=True)
class AskedBreakpoint:
    """A breakpoint as it is asked for.

    Attributes:
        place: where to stop, as a place of the prompt's ``break``, or a node's name; for a change,
            an expression.
        npu: whose node it is, where that is the place.
        condition: an expression; empty for none.
        hits: from which hit on it stops, as a number; empty for the first.
        log: what is said there instead of stopping, with expressions in braces; empty to stop.
    """

    place: Node | str
    npu: NpuId = 0
    condition: str = ""
    hits: str = ""
    log: str = ""


Where = Callable[[Session, AskedBreakpoint], tuple[Breakpoint, Condition | None]]
"""Finds where to stop; raises CommandError."""


def at_place(session: Session, asked: AskedBreakpoint) -> tuple[Breakpoint, Condition | None]:
    """A place as the prompt's ``break`` takes it; what begins otherwise is the name of a node.

    Raises:
        CommandError: if it is neither.
    """
    text = str(asked.place).strip()
    reader = Reader(text, session)
    if reader.token is not None and not PLACE.begins(reader):
        text = f"node {shlex.quote(text)}"
    return checked_place(read(PLACE, text, session), session.stepper.state)


def at_node(_session: Session, asked: AskedBreakpoint) -> tuple[Breakpoint, Condition | None]:
    """Where a node of an NPU is issued."""
    assert isinstance(asked.place, Node)
    return AtNode(NodePattern(number=asked.place.id, npu=asked.npu)), None


def at_change(session: Session, asked: AskedBreakpoint) -> tuple[Breakpoint, Condition | None]:
    """Where an expression's value changes.

    Raises:
        CommandError: if it isn't understood, or fails now.
    """
    expression = Expression(str(asked.place))
    expression(session.stepper.state)
    return watching(expression), None


class ClientBreakpoints:
    """The breakpoints that a client has set, in groups; those set at the prompt are others.

    Args:
        session: in which.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._groups: dict[object, dict[AskedBreakpoint, int]] = {}
        self._logs: dict[int, str] = {}

    def replace(
        self, group: object, where: Where, asked: Iterable[AskedBreakpoint]
    ) -> list[JsonObject]:
        """Set these, and no others of the group; what was set before stays as it is.

        Args:
            group: of which they are all.
            where: finds the place of each.
            asked: they.

        Returns:
            what is told of each.
        """
        before, points = self._groups.pop(group, {}), self._session.stepper.breakpoints
        there = {point.number for point in points}
        kept: dict[AskedBreakpoint, int] = {}
        self._groups[group] = kept
        answers: list[JsonObject] = []
        wanted = list(asked)
        for it, number in before.items():
            if it not in wanted and number in there:
                points.remove(number)
                self._logs.pop(number, None)
        for it in wanted:
            number = kept.get(it) or before.get(it, 0)
            try:
                kept[it] = number if number in there else self._set(where, it)
                answers.append({"id": kept[it], "verified": True, "message": str(points[kept[it]])})
            except CommandError as error:
                answers.append({"verified": False, "message": str(error), "reason": "failed"})
        return answers

    def said(self, number: int, state: State) -> str | None:
        """What a breakpoint says instead of stopping; None if it stops."""
        log = self._logs.get(number)
        return None if log is None else _BRACES.sub(lambda it: _value(it[1], state), log)

    @property
    def logging(self) -> Sequence[int]:
        """Those that only say something."""
        return tuple(self._logs)

    def _set(self, where: Where, asked: AskedBreakpoint) -> int:
        points, passed_over = self._session.stepper.breakpoints, _passed_over(asked.hits)
        what, condition = where(self._session, asked)
        condition = _both(condition, asked.condition)
        if condition is not None:
            condition.reason(self._session.stepper.state)  # one that fails should do so now
        _check_log(asked.log)
        number = points.add(what, condition=condition).number
        if passed_over:
            points.ignore(number, passed_over)
        if asked.log:
            self._logs[number] = asked.log
        return number


def changed(before: Mapping[int, str], session: Session) -> Iterator[JsonObject]:
    """What to tell of breakpoints that a command has set or deleted.

    Args:
        before: the breakpoints before it, in words by their numbers.
        session: in which.
    """
    after = described(session)
    for number in before.keys() - after.keys():
        yield {"reason": "removed", "breakpoint": {"id": number, "verified": False}}
    for number, words in after.items():
        if before.get(number) != words:
            reason = "changed" if number in before else "new"
            told = {"id": number, "verified": True, "message": words}
            yield {"reason": reason, "breakpoint": told}


def described(session: Session) -> dict[int, str]:
    """All breakpoints in words, by their numbers."""
    return {point.number: str(point) for point in session.stepper.breakpoints}


def _passed_over(hits: str) -> int:
    """How often a breakpoint is passed over that stops from some hit on."""
    word = hits.strip()
    if not word:
        return 0
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= _MOST_HITS):
        problem = f"the hit from which it stops is a whole number, 1 or more, not {word!r}"
        raise CommandError(problem)
    return int(word) - 1


def _both(condition: Condition | None, text: str) -> Condition | None:
    """A place's own condition, and one that is given apart."""
    if not text.strip():
        return condition
    further = Expression(text)
    if condition is not None:
        further = Expression(f"({condition.text}) and ({further.text})")
    return Condition(further, further.text)


def _check_log(log: str) -> None:
    for inside in _BRACES.finditer(log):
        Expression(inside[1])


def _value(text: str, state: State) -> str:
    try:
        return value_words(Expression(text)(state))
    except CommandError as error:
        return f"<{error}>"
