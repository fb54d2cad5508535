"""Commands that show something and change nothing."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from simastra.debug.breakpoints import NodePattern
from simastra.debug.command_error import CommandError
from simastra.debug.network_views import link_view, links_view, messages_view
from simastra.debug.timeline import timeline
from simastra.debug.value_views import value_blocks
from simastra.debug.views import (
    happened_view,
    npu_view,
    npus_view,
    place_words,
    upcoming_view,
    why_view,
)
from simastra.palette.activities import look_of
from simastra.units import NpuId
from simastra.view.bars import TimeWindow
from simastra.view.blocks import Text, Tone
from simastra.view.phrases import left_out
from simastra.view.table import Table, left, right
from simastra.workload import Activity

from .combinations import AnyOrder, Choice, Optional, Repeated
from .command import PromptCommand
from .expression import EXPLAINED
from .expression_slot import PRINTED
from .grammar import NOTHING, Keyword, Words
from .node_slots import NODE, pattern_of
from .reader import Parsed
from .slots import DIGITS_NPUS, NPU, SOME_NPUS, SOURCE, TARGET, TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simastra.workload import NpuProcess

    from .session import Session

_DRAWN = 16  # NPUs, if none are named
_EXPLAINED = 8  # NPUs, if none is named
_NARROWEST = 20  # columns of a timeline

_AT = Keyword("at", "that have a node under way")
_UNFINISHED = Keyword("unfinished", "that have nodes left")
_WHERE = AnyOrder((_UNFINISHED, Words((_AT, NODE)), Repeated(DIGITS_NPUS, at_least=1)))


def _where(session: Session, parsed: Parsed) -> None:
    state = session.stepper.state
    if not parsed:
        session.show(Text(place_words(state.position, state.now), Tone.TITLE))
        session.show(*happened_view(state.happened, state.device_names))
        session.show(upcoming_view(state.upcoming))
        session.show(*npus_view(state))
        return
    npus: Sequence[NpuId] = _named(parsed) or range(len(state.npus))
    if _AT in parsed:
        pattern = pattern_of(parsed, state)
        npus = [npu for npu in npus if _is_at(state.npus[npu], pattern)]
    if _UNFINISHED in parsed:
        npus = [npu for npu in npus if state.npus[npu].finish_time is None]
    session.show(*npus_view(state, npus))
    if not npus:
        session.show(Text("no NPU is"))


def _named(parsed: Parsed) -> list[NpuId]:
    """The NPUs that are named, each once."""
    named = (*parsed.all(SOME_NPUS), *parsed.all(DIGITS_NPUS))
    return list(dict.fromkeys(npu for some in named for npu in some))


def _is_at(process: NpuProcess, pattern: NodePattern) -> bool:
    nodes = process.program.graph.nodes
    return any(pattern.matches(process.npu.npu, nodes[index]) for index in process.running)


def _npu(session: Session, parsed: Parsed) -> None:
    state = session.stepper.state
    npus = _named(parsed)
    if not npus:
        session.show(*npus_view(state))
    for npu in npus:
        session.show(*npu_view(state.npu(npu)))


_LINK = Optional(Words((SOURCE, TARGET)))


def _link(session: Session, parsed: Parsed) -> None:
    state, src = session.stepper.state, parsed.get(SOURCE)
    if src is None:
        session.show(*links_view(state.links))
    else:
        session.show(*link_view(state.link(src, parsed[TARGET])))


def _messages(session: Session, _parsed: Parsed) -> None:
    session.show(*messages_view(session.stepper.state))


_NPU_WORD = Keyword("npu", "as the command npu")
_LINK_WORD = Keyword("link", "as the command link")
_MESSAGES_WORD = Keyword("messages", "as the command messages")
_PRINT = Choice(
    "what to print",
    (
        PRINTED,
        Words((_NPU_WORD, Repeated(SOME_NPUS))),
        Words((_LINK_WORD, _LINK)),
        _MESSAGES_WORD,
    ),
)


def _print(session: Session, parsed: Parsed) -> None:
    expression = parsed.get(PRINTED)
    if expression is not None:
        session.show(*value_blocks(expression(session.stepper.state)))
    elif _NPU_WORD in parsed:
        _npu(session, parsed)
    elif _LINK_WORD in parsed:
        _link(session, parsed)
    else:
        _messages(session, parsed)


def _why(session: Session, parsed: Parsed) -> None:
    state, npu = session.stepper.state, parsed.get(NPU)
    npus = _unfinished(session) if npu is None else [npu]
    session.show(*why_view([state.run.why(each) for each in npus[:_EXPLAINED]]))
    if rest := left_out(len(npus) - _EXPLAINED, "NPUs"):
        session.show(Text(f"{rest}; name one", Tone.ASIDE))
    if not npus:
        session.show(Text("all NPUs have finished", Tone.GOOD))


def _unfinished(session: Session) -> list[NpuId]:
    return [each.npu.npu for each in session.stepper.state.npus if each.finish_time is None]


_FROM = Keyword("from", "where it begins")
_TO = Keyword("to", "where it ends")
_START = copy(TIME)
_END = copy(TIME)
_TIMELINE = AnyOrder(
    (Words((_FROM, _START)), Words((_TO, _END)), Repeated(DIGITS_NPUS, at_least=1))
)


def _timeline(session: Session, parsed: Parsed) -> None:
    state = session.stepper.state
    window = _window(parsed, session)
    named = _named(parsed)
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


def _window(parsed: Parsed, session: Session) -> TimeWindow:
    start, end = parsed.get(_START) or 0, parsed.get(_END)
    end = session.stepper.state.now if end is None else end
    if end < start:
        raise CommandError(f"the timeline would end at {end:,} ns, before it begins")
    return TimeWindow(start, end, max(_NARROWEST, session.screen.columns - _LABELS))


_LABELS = 2 + 3 + 2 + 13 + 2 + 2  # columns beside the bars

_NAMES = "\n".join(f"  {name:<21}{named}" for name, named in EXPLAINED.items())

INSPECT_COMMANDS = (
    PromptCommand(
        "where",
        ("w", "bt"),
        _WHERE,
        "show this place, the last and the next event, all NPUs; or some NPUs",
        _where,
        "NPUs that are at the same share a line. 'where 0-7 12' shows these, 'where at NODE'\n"
        "those that have such a node under way, 'where unfinished' those that have nodes left.",
    ),
    PromptCommand(
        "npu",
        ("npus",),
        Repeated(SOME_NPUS),
        "show NPUs: nodes under way, ready, blocked, units, streams; N alone in full",
        _npu,
    ),
    PromptCommand(
        "link",
        ("links",),
        _LINK,
        "show a link's messages, transmitted, crossing, waiting; or all busy links",
        _link,
    ),
    PromptCommand(
        "messages",
        ("m",),
        NOTHING,
        "show messages in flight, receives that wait, messages not received yet",
        _messages,
    ),
    PromptCommand(
        "print",
        ("p",),
        _PRINT,
        "show the value of an expression, or one of these",
        _print,
        "An expression looks like Python's and changes nothing. It can name\n"
        f"{_NAMES}\n"
        "  state                has all of these: state.now\n"
        "look into these, which 'dir(npu(3))' lists; compare, calculate and loop, as in\n"
        "[x for x in links if x.waiting]; and call abs, all, any, dir, len, max, min, round,\n"
        "sorted and sum.",
    ),
    PromptCommand(
        "why",
        ("y",),
        Optional(NPU),
        "say what holds NPU N now, and what holds that; all unfinished ones without N",
        _why,
    ),
    PromptCommand(
        "timeline",
        ("t", "tl"),
        _TIMELINE,
        "draw when NPUs did what",
        _timeline,
        "Bars begin with the ids of their nodes.",
    ),
)
"""The commands of this file."""
