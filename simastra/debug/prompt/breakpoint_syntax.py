"""Where to stop, as words: ``npu 3``, ``node gra*``, ``link 2 3 > 4``, ``if now > 5000``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simastra.debug.breakpoints import AtEvent, AtNode, AtPhase, Breakpoint
from simastra.debug.command_error import CommandError
from simastra.debug.numbered_breakpoints import NumberedBreakpoint
from simastra.debug.state import State
from simastra.debug.state_breakpoints import AtChange, AtTime, Condition, LongQueue

from .arguments import whole_number
from .combinations import AnyOrder, Choice, Optional
from .expression import Expression
from .expression_slot import EXPRESSION
from .grammar import Keyword, Slot, Words, forms
from .node_slots import COLLECTIVE_NODE, OF_NPU, OF_TYPE, SELECTION, pattern_of
from .reader import Parsed, Reader, read
from .slots import NPU, SOURCE, TARGET, TIME, number

if TYPE_CHECKING:
    from .session import Session

_NPU_WORD = Keyword("npu", "an event does something at NPU N")
_NODE_WORD = Keyword("node", "an ET node is issued, or finished; NAME may hold * and ?")
_COLLECTIVE_WORD = Keyword("collective", "a chunk begins its phase K (from 1), or takes step K")
_LINK_WORD = Keyword("link", "more than K messages wait at the link, at any")
_TIME_WORD = Keyword("time", "all before TIME has happened; in ns, or such as 5us")
_IF = Keyword("if", "given that an expression is true then")
_ISSUED = Keyword("issued", "when it is issued")
_FINISHED = Keyword("finished", "when it is finished")
_PHASE = number("K", "the phase's number")
_STEP = number("K", "the step's number")


def _longer_than(reader: Reader) -> int:
    word = reader.take(_HOW_MANY).removeprefix(">")
    return whole_number(word or reader.take(_HOW_MANY), _HOW_MANY)


def _begins_with_sign(reader: Reader) -> bool:
    return reader.token is not None and reader.token.raw[0] == ">"


_HOW_MANY = "how many messages may wait"
_LONGER = Slot("> K", _HOW_MANY, _longer_than, fits=_begins_with_sign)

_PHASES = (
    Words((Keyword("phase", "the beginning of one phase"), _PHASE)),
    Words((Keyword("step", "a message of a phase, by its number"), _STEP)),
)
_PLACES = (
    (_NPU_WORD, (NPU,)),
    (_NODE_WORD, (AnyOrder((Choice("when", (_ISSUED, _FINISHED)), *SELECTION)),)),
    (_COLLECTIVE_WORD, (AnyOrder((*_PHASES, OF_TYPE, OF_NPU, COLLECTIVE_NODE)),)),
    (_LINK_WORD, (AnyOrder((Words((SOURCE, TARGET)), _LONGER)),)),
    (_TIME_WORD, (TIME,)),
)
_IF_ALONE = Words((Keyword("if", "an expression becomes true"), EXPRESSION))
_GIVEN = Words((_IF, EXPRESSION))


def _forms() -> list[Words]:
    return [Words((word, *behind), word.meaning) for word, behind in _PLACES]


PLACE = Choice(
    "where to stop",
    (
        *(Words((form, Optional(_GIVEN)), form.meaning) for form in _forms()),
        _IF_ALONE,
    ),
    kind="kind of place",
    name="PLACE",
)
"""Where to stop."""

PLACES_HELP = (
    forms([*_forms(), Words(_IF_ALONE.parts, "it becomes true: now, npu(3), link(2, 3), state")])
    + "\nBehind each of them 'if EXPRESSION' may stand."
)


def place_of(parsed: Parsed, state: State) -> tuple[Breakpoint, Condition | None]:
    """Where to stop, and the condition on which.

    Raises:
        CommandError: if it can't be stopped there.
    """
    expression = parsed.get(EXPRESSION)
    condition = None if expression is None else Condition(expression, expression.text)
    for word, make in _MAKERS.items():
        if word in parsed:
            return make(parsed, state), condition
    assert condition is not None
    return condition, None


def checked_place(parsed: Parsed, state: State) -> tuple[Breakpoint, Condition | None]:
    """As `place_of`, but that it can be stopped there from now on.

    Raises:
        CommandError: if it can't be, if it is a time that is here or past, or if an expression
            fails in this state already.
    """
    what, condition = place_of(parsed, state)
    _refuse_past(what, state)
    for each in (what, condition):
        if each is not None:
            each.reason(state)
    return what, condition


def _refuse_past(what: Breakpoint, state: State) -> None:
    if isinstance(what, AtTime) and (state.next_time is None or state.next_time >= what.time):
        raise CommandError(f"{what.time:,} ns is here or past; go back first")


@dataclass(frozen=True, slots=True)
class _Watched:
    """The value of an expression; None where it has none, as for a link not used yet."""

    expression: Expression

    def __call__(self, state: State) -> object:
        try:
            return self.expression(state)
        except CommandError:
            return None


def watching(expression: Expression) -> AtChange:
    """Stop when the value of an expression changes."""
    return AtChange(_Watched(expression), expression.text)


def as_typed(point: NumberedBreakpoint, session: Session) -> str | None:
    """The command that sets a breakpoint, its condition aside; None if it is a Python object.

    Args:
        point: it.
        session: in which it was set.
    """
    if point.condition is not None and not isinstance(point.condition.predicate, Expression):
        return None
    if isinstance(point.what, AtChange):
        return f"{point.what}" if isinstance(point.what.watched, _Watched) else None
    try:
        meant, _ = place_of(read(PLACE, f"{point.what}", session), session.stepper.state)
    except CommandError:
        return None
    return (
        f"{'tbreak' if point.temporary else 'break'} {point.what}" if meant == point.what else None
    )


def _node(parsed: Parsed, state: State) -> Breakpoint:
    finished = _FINISHED in parsed
    return AtNode(pattern_of(parsed, state), issued=not finished, finished=finished)


def _collective(parsed: Parsed, state: State) -> Breakpoint:
    return AtPhase(pattern_of(parsed, state), parsed.get(_PHASE), parsed.get(_STEP))


def _link(parsed: Parsed, state: State) -> Breakpoint:
    src, dst, name = parsed.get(SOURCE), parsed.get(TARGET), state.device_names.word
    ends = "" if src is None or dst is None else f"{name(src)} {name(dst)}"
    return LongQueue(parsed.get(_LONGER) or 0, src, dst, ends)


_MAKERS: dict[Keyword, Callable[[Parsed, State], Breakpoint]] = {
    _NPU_WORD: lambda parsed, _: AtEvent(parsed[NPU]),
    _NODE_WORD: _node,
    _COLLECTIVE_WORD: _collective,
    _LINK_WORD: _link,
    _TIME_WORD: lambda parsed, _: AtTime(parsed[TIME]),
}
"""What each kind of place is, by the word that it begins with."""
