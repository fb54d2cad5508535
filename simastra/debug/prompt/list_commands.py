"""Commands that show the trace round a node, and go along its dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simastra.debug.breakpoints import NodePattern
from simastra.debug.command_error import CommandError
from simastra.debug.trace_state import present_node, traced_nodes
from simastra.debug.trace_view import trace_view
from simastra.trace import Node
from simastra.units import NpuId

from .combinations import AnyOrder, Optional
from .command import PromptCommand
from .grammar import Keyword, Words
from .node_slots import NODE, pattern_of
from .reader import Parsed
from .session import Focus
from .slots import NPU, number

if TYPE_CHECKING:
    from .session import Session

_LIST = AnyOrder((Words((Keyword("npu", "the trace of an NPU"), NPU)), NODE))
_WHICH = number("K", "which of them, from 1")


def _list(session: Session, parsed: Parsed) -> None:
    state, npu = session.stepper.state, parsed.get(NPU)
    if parsed.get(NODE) is not None:
        pattern = pattern_of(parsed, state)
        likely = (_present_npu(session), *range(len(state.npus)))
        _show(session, *next(place for each in likely for place in _places(session, each, pattern)))
    elif npu is None and session.focus is not None:
        _show(session, session.focus.npu, session.focus.index)
    else:
        npu = _present_npu(session) if npu is None else npu
        _show(session, npu, present_node(state, npu))


def _present_npu(session: Session) -> NpuId:
    """The NPU in focus, or the first at which the last event did something."""
    if session.focus is not None:
        return session.focus.npu
    return min(session.stepper.state.concerned, default=0)


def _places(session: Session, npu: NpuId, pattern: NodePattern) -> Iterator[tuple[NpuId, int]]:
    """An NPU's nodes of a pattern, each by the NPU and its index."""
    for index, node in enumerate(session.stepper.state.process(npu).program.graph.nodes):
        if pattern.matches(npu, node):
            yield npu, index


def _show(session: Session, npu: NpuId, index: int) -> None:
    session.focus = Focus(npu, index)
    session.show(*trace_view(session.stepper.state, npu, index))


def _up(session: Session, parsed: Parsed) -> None:
    _follow(session, parsed, upwards=True)


def _down(session: Session, parsed: Parsed) -> None:
    _follow(session, parsed, upwards=False)


def _follow(session: Session, parsed: Parsed, *, upwards: bool) -> None:
    state = session.stepper.state
    npu = _present_npu(session)
    index = present_node(state, npu) if session.focus is None else session.focus.index
    (here,) = traced_nodes(state, npu, [index])
    others = here.parents if upwards else here.children
    node = _chosen(others, parsed.get(_WHICH) or 1, here.node, upwards=upwards)
    _show(session, npu, state.process(npu).program.graph.index_of(node))


def _chosen(others: tuple[Node, ...], which: int, node: Node, *, upwards: bool) -> Node:
    if not others:
        does = "waits for no node" if upwards else "has no node that waits for it"
        raise CommandError(f"node {node.id} ({node.name!r}) {does}")
    if which > len(others):
        raise CommandError(f"there are {len(others):,} of them, not {which:,}")
    return others[which - 1]


LIST_COMMANDS = (
    PromptCommand(
        "list",
        ("l",),
        _LIST,
        "show the trace round a node: what each does, waits for, and how far it has come",
        _list,
        "Without a node, round the one that the NPU is at; without an NPU, that of the last event\n"
        "or of the last 'list'. 'up' and 'down' go along the dependencies.",
    ),
    PromptCommand(
        "up", (), Optional(_WHICH), "list round a node that this one waits for, or the K-th", _up
    ),
    PromptCommand("down", (), Optional(_WHICH), "list round a node that waits for this one", _down),
)
"""The commands of this file."""
