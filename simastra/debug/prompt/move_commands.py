"""Commands that move: forward, back, to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.breakpoints import AtEvent
from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name
from simastra.view.blocks import Text, Tone

from .arguments import Words, whole_number
from .breakpoint_syntax import node_pattern, take_npu
from .command import PromptCommand

if TYPE_CHECKING:
    from .session import Session


def _step(session: Session, rest: str) -> None:
    session.show_stop(session.stepper.step(_count(rest)))


def _count(rest: str) -> int:
    words = Words(rest)
    count = words.take_number("how many events") if words else 1
    words.end()
    return count


def _next(session: Session, rest: str) -> None:
    words, stepper = Words(rest), session.stepper
    match words.take_if("npu", "issued", "finished"):
        case "npu":
            npu = take_npu(words, stepper.state)
            words.end()
            session.show_stop(stepper.next_of(npu))
        case "issued":
            session.show_stop(stepper.next_issued(node_pattern(words, stepper.state)))
        case "finished":
            session.show_stop(stepper.next_finished(node_pattern(words, stepper.state)))
        case _:
            words.end()
            session.show_stop(stepper.tick())


def _until(session: Session, rest: str) -> None:
    words = Words(rest)
    time = words.take_time()
    words.end()
    if time < session.stepper.state.now:
        raise CommandError(f"{time:,} ns is past; 'goto {time}ns' goes back to it")
    session.show_stop(session.stepper.until(time))


def _continue(session: Session, rest: str) -> None:
    Words(rest).end()
    session.show_stop(session.stepper.resume())


def _end(session: Session, rest: str) -> None:
    Words(rest).end()
    session.show_stop(session.stepper.finish())


def _back(session: Session, rest: str) -> None:
    words, stepper = Words(rest), session.stepper
    if not stepper.position:
        raise CommandError("this is the beginning")
    match words.take_if("npu", "break"):
        case "npu":
            npu = take_npu(words, stepper.state)
            words.end()
            stop = stepper.back_to(AtEvent(npu))
        case "break":
            words.end()
            stop = stepper.back_to()
        case _:
            stop = stepper.back(_count(rest))
    if stop is None:
        session.show(Text("nothing before this stops it; nothing has changed", Tone.ASIDE))
    else:
        session.show_stop(stop)


def _goto(session: Session, rest: str) -> None:
    words, stepper = Words(rest), session.stepper
    word = words.take("a number of events, a time with its unit such as 5us, or a mark")
    words.end()
    if word in session.marks:
        session.show_stop(stepper.go_to(session.marks[word]))
    elif word[0].isdigit() and word[-1] == "s":
        session.show_stop(stepper.go_to_time(Words(word).take_time()))
    elif word[0].isdigit():
        session.show_stop(stepper.go_to(whole_number(word, "a number of events")))
    else:
        raise CommandError(unknown_name("mark", word, session.marks or ["none"]))


def _restart(session: Session, rest: str) -> None:
    Words(rest).end()
    session.show_stop(session.stepper.go_to(0))


def _mark(session: Session, rest: str) -> None:
    words = Words(rest)
    if words:
        name = words.take("a name")
        words.end()
        if name[0].isdigit():
            raise CommandError(f"a mark's name doesn't begin with a digit, as {name!r} does")
        session.marks[name] = session.stepper.position
    for name, position in session.marks.items():
        session.show(Text(f"{name}: event {position:,}"))
    if not session.marks:
        session.show(Text("no mark is set; 'mark NAME' sets one here", Tone.ASIDE))


MOVE_COMMANDS = (
    PromptCommand(
        "step", ("s",), "[N]", "execute one event, or N", _step, "A breakpoint on the way stops it."
    ),
    PromptCommand(
        "next",
        ("n",),
        "[npu N | issued [NODE] | finished [NODE]]",
        "execute the rest of this nanosecond; if it is over, the next that has events",
        _next,
        "next npu N            to the next event that does something at NPU N\n"
        "next issued [NODE]    to the next ET node that is issued, all or those that NODE says:\n"
        "next finished [NODE]  an id or a name (* and ? stand for anything), type TYPE, npu N",
        ("npu", "issued", "finished", "type", "NPU", "NODE"),
    ),
    PromptCommand(
        "until",
        ("unt",),
        "TIME",
        "execute all that happens before TIME",
        _until,
        "TIME is in ns, or such as 5us, 1.5ms, 2s.",
    ),
    PromptCommand(
        "continue", ("c", "cont"), "", "execute up to a breakpoint, or to the end", _continue
    ),
    PromptCommand("end", (), "", "execute to the end, past all breakpoints", _end),
    PromptCommand(
        "back",
        ("bk", "rs"),
        "[N | npu N | break]",
        "go back by one event, or by N",
        _back,
        "back npu N   to the last event before this one that did something at NPU N\n"
        "back break   to the last one at which a breakpoint stops",
        ("npu", "break", "NPU"),
    ),
    PromptCommand(
        "goto",
        ("g",),
        "EVENTS | TIME | MARK",
        "go to where so many events have been executed, to a time, or to a mark",
        _goto,
        "A time has its unit: 117780ns, 5us. Breakpoints don't count on the way.",
    ),
    PromptCommand("restart", ("run",), "", "go back to the beginning; breakpoints stay", _restart),
    PromptCommand("mark", (), "[NAME]", "name this place for 'goto', or list the names", _mark),
)
"""The commands of this file."""
