"""Commands that show something and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.debug.command_error import CommandError
from simastra.debug.timeline import timeline
from simastra.debug.views import (
    happened_view,
    link_view,
    links_view,
    messages_view,
    npu_view,
    npus_view,
    place_words,
    upcoming_view,
)
from simastra.palette.activities import look_of
from simastra.units import NpuId
from simastra.view.bars import Window
from simastra.view.blocks import Text, Tone
from simastra.view.phrases import left_out
from simastra.view.table import Table, left, right
from simastra.workload import Activity

from .arguments import Words
from .breakpoint_syntax import take_npu
from .command import PromptCommand
from .expression import Expression

if TYPE_CHECKING:
    from .session import Session

_DRAWN = 16  # NPUs, if none are named
_EXPLAINED = 8  # NPUs, if none is named
_NARROWEST = 20  # columns of a timeline


def _where(session: Session, rest: str) -> None:
    Words(rest).end()
    state = session.stepper.state
    session.show(Text(place_words(state.position, state.now), Tone.TITLE))
    session.show(*happened_view(state.happened))
    session.show(upcoming_view(state.upcoming))
    session.show(*npus_view(state))


def _npu(session: Session, rest: str) -> None:
    words, state = Words(rest), session.stepper.state
    if not words:
        session.show(*npus_view(state))
    while words:
        session.show(*npu_view(state.npu(take_npu(words, state))))


def _link(session: Session, rest: str) -> None:
    words, state = Words(rest), session.stepper.state
    if not words:
        session.show(*links_view(state.links))
        return
    src = words.take_number("the device that sends")
    dst = words.take_number("the device that receives")
    words.end()
    session.show(*link_view(state.link(src, dst)))


def _messages(session: Session, rest: str) -> None:
    Words(rest).end()
    session.show(*messages_view(session.stepper.state))


def _print(session: Session, rest: str) -> None:
    kind, _, arguments = rest.partition(" ")
    if kind in _PRINTED and (not arguments or arguments.lstrip()[0].isdigit()):
        _PRINTED[kind](session, arguments)
    elif rest:
        session.show(Text(repr(Expression(rest)(session.stepper.state))))
    else:
        raise CommandError("what to print is missing: npu N, link A B, messages or an expression")


_PRINTED = {"npu": _npu, "link": _link, "messages": _messages}


def _why(session: Session, rest: str) -> None:
    words, state = Words(rest), session.stepper.state
    npus = [take_npu(words, state)] if words else _unfinished(session)
    words.end()
    for npu in npus[:_EXPLAINED]:
        session.show(Text(str(state.run.why(npu))))
    if rest := left_out(len(npus) - _EXPLAINED, "NPUs"):
        session.show(Text(f"{rest}; name one", Tone.ASIDE))
    if not npus:
        session.show(Text("all NPUs have finished", Tone.GOOD))


def _unfinished(session: Session) -> list[NpuId]:
    return [each.npu.npu for each in session.stepper.state.npus if each.finish_time is None]


def _timeline(session: Session, rest: str) -> None:
    state = session.stepper.state
    named, window = _what_to_draw(Words(rest), session)
    drawn = named or range(min(len(state.npus), _DRAWN))
    rows = timeline(state, drawn, window)
    legend = ", ".join(f"{look_of(it).letter} {it.value}" for it in Activity)
    span = f"from {window.start:,} to {window.end:,} ns"
    title = f"timeline {span}, a column is {window.span / window.columns:,.1f} ns; {legend}"
    texts = tuple((f"{row.npu}", row.activity.value, row.bars) for row in rows)
    styles = tuple(look_of(row.activity).style for row in rows)
    session.show(Table((*right("NPU"), *left("", "")), texts, title, styles))
    if not rows:
        session.show(Text("no node has been issued so far"))
    if not named and len(state.npus) > _DRAWN:
        session.show(Text(f"    of {len(state.npus):,} NPUs; name others", Tone.ASIDE))


def _what_to_draw(words: Words, session: Session) -> tuple[list[NpuId], Window]:
    state = session.stepper.state
    npus, start, end = [], 0, state.now
    while words:
        match words.take_if("from", "to", "npu"):
            case "from":
                start = words.take_time()
            case "to":
                end = words.take_time()
            case _:
                npus.append(take_npu(words, state))
    if end < start:
        raise CommandError(f"the timeline would end at {end:,} ns, before it begins")
    return npus, Window(start, end, max(_NARROWEST, session.screen.columns - _LABELS))


_LABELS = 2 + 3 + 2 + 13 + 2 + 2  # columns beside the bars


INSPECT_COMMANDS = (
    PromptCommand(
        "where", ("w", "bt"), "", "show this place, the last and the next event, all NPUs", _where
    ),
    PromptCommand(
        "npu",
        ("npus",),
        "[N...]",
        "show NPUs: nodes under way, ready and blocked, units, streams; without N all in short",
        _npu,
        words=("NPU",),
    ),
    PromptCommand(
        "link",
        ("links", "l"),
        "[FROM TO]",
        "show a link's messages, on the wire and waiting; or all links that are busy",
        _link,
        words=("NPU",),
    ),
    PromptCommand(
        "messages",
        ("m",),
        "",
        "show messages in flight, receives that wait and messages that nobody has received",
        _messages,
    ),
    PromptCommand(
        "print",
        ("p",),
        "npu [N...] | link [FROM TO] | messages | EXPRESSION",
        "show one of these, or the value of an expression",
        _print,
        "An expression looks like Python's and changes nothing. It can name now, next_time,\n"
        "position, ended, happened, concerned, links, in_flight, posted_receives,\n"
        "unexpected_messages, npu(3), link(2, 3) and state, which has all of them; look into\n"
        "these; compare, calculate and loop, as in [x for x in links if x.waiting];\n"
        "and call abs, all, any, len, max, min, round, sorted and sum.",
        ("npu", "link", "messages", "NPU"),
    ),
    PromptCommand(
        "why",
        ("y",),
        "[N]",
        "say what holds NPU N now, and what holds that; without N, those that have not finished",
        _why,
        words=("NPU",),
    ),
    PromptCommand(
        "timeline",
        ("t", "tl"),
        "[N...] [from TIME] [to TIME]",
        "draw when NPUs did what",
        _timeline,
        "Bars begin with the ids of their nodes.",
        ("from", "to", "NPU"),
    ),
)
"""The commands of this file."""
