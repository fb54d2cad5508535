"""Commands that move: forward, back, to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.breakpoints import AtEvent
from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name
from simastra.units import Ns
from simastra.view.blocks import Text, Tone
from simastra.view.phrases import time_words

from .combinations import Choice, Optional
from .command import PromptCommand
from .grammar import NOTHING, Keyword, Words
from .node_slots import NODES, pattern_of
from .reader import Parsed
from .slots import EVENTS, MARK, NAME, NPU, TIME, TIME_WITH_UNIT, number

if TYPE_CHECKING:
    from .session import Session

_COUNT = number("N", "how many events")


def _step(session: Session, parsed: Parsed) -> None:
    count = parsed.get(_COUNT)
    session.show_stop(session.stepper.step(1 if count is None else count))


_AT_NPU = Keyword("npu", "to the next event that does something at NPU N")
_ISSUED = Keyword("issued", "to the next ET node that is issued, all or some")
_FINISHED = Keyword("finished", "to the next ET node that is finished, all or some")
_NEXT = Optional(
    Choice(
        "what to go to",
        (Words((_AT_NPU, NPU)), Words((_ISSUED, NODES)), Words((_FINISHED, NODES))),
    )
)


def _next(session: Session, parsed: Parsed) -> None:
    stepper = session.stepper
    if _AT_NPU in parsed:
        session.show_stop(stepper.next_of(parsed[NPU]))
    elif _ISSUED in parsed:
        session.show_stop(stepper.next_issued(pattern_of(parsed, stepper.state)))
    elif _FINISHED in parsed:
        session.show_stop(stepper.next_finished(pattern_of(parsed, stepper.state)))
    else:
        session.show_stop(stepper.tick())


def _until(session: Session, parsed: Parsed) -> None:
    time = parsed[TIME]
    if time < session.stepper.state.now:
        raise CommandError(f"{time:,} ns is past; 'goto {time}ns' goes back to it")
    stop = session.stepper.until(time)
    session.show_stop(stop, *_landing(session, time))


def _landing(session: Session, time: Ns) -> list[Text]:
    """Why a move to a time ended where it did."""
    state = session.stepper.state
    if state.next_time is None or state.next_time < time:
        return []  # it is the end, or something else stopped it: which is said
    done = f"all before {time_words(time)} has happened"
    return [Text(f"  {done}; the next is at {time_words(state.next_time)}", Tone.ASIDE)]


def _continue(session: Session, _parsed: Parsed) -> None:
    session.show_stop(session.stepper.resume())


def _end(session: Session, _parsed: Parsed) -> None:
    session.show_stop(session.stepper.finish())


_BACK_AT_NPU = Keyword("npu", "to the last event before that did something at NPU N")
_BACK_BREAK = Keyword("break", "to the last one at which a breakpoint stops")
_BACK = Optional(Choice("how far", (_BACK_BREAK, Words((_BACK_AT_NPU, NPU)), _COUNT)))


def _back(session: Session, parsed: Parsed) -> None:
    stepper = session.stepper
    if not stepper.position:
        raise CommandError("this is the beginning")
    if _BACK_AT_NPU in parsed:
        stop = stepper.back_to(AtEvent(parsed[NPU]))
    elif _BACK_BREAK in parsed:
        stop = stepper.back_to()
    else:
        count = parsed.get(_COUNT)
        stop = stepper.back(1 if count is None else count)
    if stop is None:
        session.show(Text("nothing before this stops it; nothing has changed", Tone.ASIDE))
    else:
        session.show_stop(stop)


def _reverse_continue(session: Session, _parsed: Parsed) -> None:
    stepper = session.stepper
    if not stepper.position:
        raise CommandError("this is the beginning")
    session.show_stop(stepper.back_to() or stepper.go_to(0))


_WHERE_TO = "a number of events, a time with its unit such as 5us, or a mark"
_GOTO = Choice(_WHERE_TO, (TIME_WITH_UNIT, EVENTS, MARK))


def _goto(session: Session, parsed: Parsed) -> None:
    stepper, time, events = session.stepper, parsed.get(TIME_WITH_UNIT), parsed.get(EVENTS)
    if time is not None:
        stop = stepper.go_to_time(time)
        session.show_stop(stop, *_landing(session, time))
    elif events is not None:
        session.show_stop(stepper.go_to(events))
    else:
        name = parsed[MARK]
        if name not in session.marks:
            raise CommandError(unknown_name("mark", name, session.marks or ["none"]))
        session.show_stop(stepper.go_to(session.marks[name]))


def _restart(session: Session, _parsed: Parsed) -> None:
    session.show_stop(session.stepper.go_to(0))


def _mark(session: Session, parsed: Parsed) -> None:
    name = parsed.get(NAME)
    if name is not None:
        if name[:1].isdigit():
            raise CommandError(f"a mark's name doesn't begin with a digit, as {name!r} does")
        session.marks[name] = session.stepper.position
    show_marks(session)


def show_marks(session: Session) -> None:
    """Say which positions have names."""
    for name, position in session.marks.items():
        session.show(Text(f"{name}: event {position:,}"))
    if not session.marks:
        session.show(Text("no mark is set; 'mark NAME' sets one here", Tone.ASIDE))


MOVE_COMMANDS = (
    PromptCommand(
        "step",
        ("s",),
        Optional(_COUNT),
        "execute one event, or N",
        _step,
        "A breakpoint on the way stops it.",
    ),
    PromptCommand(
        "next",
        ("n",),
        _NEXT,
        "execute the rest of this nanosecond; if it is over, the next that has events",
        _next,
        "next npu N       to the next event that does something at NPU N\n"
        "next issued      to the next ET node that is issued: any, or those of an id or a name\n"
        "next finished    (* and ? stand for anything), a type, an NPU; so too for finished",
    ),
    PromptCommand(
        "until",
        ("unt",),
        TIME,
        "execute all that happens before TIME",
        _until,
        "TIME is in ns, or such as 5us, 1.5ms, 2s.",
    ),
    PromptCommand(
        "continue", ("c", "cont"), NOTHING, "execute up to a breakpoint, or to the end", _continue
    ),
    PromptCommand("end", (), NOTHING, "execute to the end, past all breakpoints", _end),
    PromptCommand(
        "back",
        ("bk", "rs", "reverse-step"),
        _BACK,
        "go back by one event, or by N",
        _back,
        "back npu N   to the last event before this one that did something at NPU N\n"
        "back break   to the last one at which a breakpoint stops",
    ),
    PromptCommand(
        "reverse-continue",
        ("rc",),
        NOTHING,
        "go back to where a breakpoint stops, or to the beginning",
        _reverse_continue,
    ),
    PromptCommand(
        "goto",
        ("g",),
        _GOTO,
        "go to where so many events have been executed, to a time, or to a mark",
        _goto,
        "A time has its unit: 117780ns, 5us. Breakpoints don't count on the way.",
    ),
    PromptCommand(
        "restart", ("run",), NOTHING, "go back to the beginning; breakpoints stay", _restart
    ),
    PromptCommand(
        "mark", (), Optional(NAME), "name this place for 'goto', or list the names", _mark
    ),
)
"""The commands of this file."""
