"""Collectives that are played from ETs (simastra.system.custom, behaviour 3.13)."""

from __future__ import annotations

from .clock import call_npu_later, push
from .compiler import compiled
from .layout import DELAY, END_PHASE, ET_NODE_DONE, SEND
from .mail import pair_of, receive, send
from .records import (
    Address,
    blocked,
    et_children,
    et_nodes,
    ets,
    members,
    npus,
    progress,
    rings,
    streams,
)


@compiled
def begin(m: Address, stream: int) -> None:
    """Begin every node that depends on nothing (CustomPlayer.begin)."""
    it = streams(m, stream)
    et, npu = ets(m, ~it.score), npus(m, it.npu)
    it.step = npu.progress
    own = progress(m, it.step)
    npu.progress = own.next
    own.left = et.nodes
    for index in range(et.nodes):
        blocked(m, own.first + index).value = et_nodes(m, et.first + index).parents
    for index in range(et.nodes):
        if not et_nodes(m, et.first + index).parents:
            _begin_node(m, stream, index)
    if not et.nodes:
        _give_back(m, stream)
        call_npu_later(m, it.npu, 0, END_PHASE, stream, 0)


@compiled
def finish(m: Address, stream: int, index: int) -> None:
    """A node has finished (CustomPlayer._finish, Progress.finish)."""
    it = streams(m, stream)
    own, first = progress(m, it.step), ets(m, ~it.score).first
    own.left -= 1
    node = et_nodes(m, first + index)
    for place in range(node.first_child, node.end_child):
        child = et_children(m, place).value
        waits = blocked(m, own.first + child)
        waits.value -= 1
        if not waits.value:
            _begin_node(m, stream, child)
    if not own.left:
        _give_back(m, stream)
        push(m, END_PHASE, stream, 0)


@compiled
def _begin_node(m: Address, stream: int, index: int) -> None:
    """Begin a node (CustomPlayer._begin)."""
    it = streams(m, stream)
    node = et_nodes(m, ets(m, ~it.score).first + index)
    if node.kind == DELAY:
        call_npu_later(m, it.npu, node.size, ET_NODE_DONE, stream, index)
        return
    other = members(m, rings(m, it.ring).first + node.other).value
    if node.kind == SEND:
        pair = pair_of(m, it.npu, other)
        send(m, it.tag + node.tag, pair, node.size, ET_NODE_DONE, stream, index)
    else:
        pair = pair_of(m, other, it.npu)
        receive(m, it.tag + node.tag, pair, node.size, ET_NODE_DONE, stream, index)


@compiled
def _give_back(m: Address, stream: int) -> None:
    """Let another stream of the NPU count there."""
    it = streams(m, stream)
    progress(m, it.step).next = npus(m, it.npu).progress
    npus(m, it.npu).progress = it.step
