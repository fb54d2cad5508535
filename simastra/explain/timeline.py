"""One NPU's own time: what it did, or waited for, from its end back to 0.

Where a message was waited for, the way back goes to the moment from which the NPU waited, not to
the sender: what came between was waiting for the partner, then the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from simastra.engine import Category
from simastra.trace import NodeType
from simastra.units import Bytes, NpuId, Ns

from .moment import Crossed, Delivered, Moment, Received, Served, Spent
from .spans import Span, clipped, joined

_ABOUT: Mapping[NodeType, Category] = {
    NodeType.MEM_LOAD: Category.MEMORY,
    NodeType.MEM_STORE: Category.MEMORY,
    NodeType.COMM_SEND: Category.LATENCY,
    NodeType.COMM_RECV: Category.LATENCY,
    NodeType.COMM_COLL: Category.LATENCY,
}
"""What a memory or network of one's own spends time on that doesn't say: what its node is about."""

OnWire: TypeAlias = Callable[[NpuId, NpuId, Bytes], Ns | None]
"""Serialisation of a message in a network without links, in ns; None where it is unknown."""


def timeline(npu: NpuId, end: Moment, on_wire: OnWire) -> tuple[Span, ...]:
    """What an NPU's time went to, up to `end`; the spans follow each other from 0 on."""
    backwards: list[Span] = []
    moment = end
    while moment.own is not None:
        backwards.extend(reversed(list(_edge(npu, moment, moment.own, on_wire))))
        moment = moment.own
    return tuple(joined(reversed(backwards)))


def _edge(npu: NpuId, moment: Moment, own: Moment, on_wire: OnWire) -> Iterator[Span]:
    """The time between a moment and the one before it in an NPU's story."""
    start, end = own.time, moment.time
    match moment:
        case Received(sent=sent, src=src):
            if sent.time > start:
                yield Span(start, sent.time, Category.PARTNER, npu, moment.node, src)
            way = message_spans(moment.cause or moment, sent, on_wire)
            yield from clipped(way, start)
        case Delivered():
            yield from message_spans(moment.cause or moment, own, on_wire)
        case Served(begun=begun):
            yield from spent(start, begun, Category.UNIT, npu, moment)
            yield from spent(begun, end, Category.MEMORY, npu, moment)
        case Spent(category=category, npu=spender):
            yield from spent(start, end, category, spender, moment)
        case Crossed():
            yield from crossing_spans(moment, own, on_wire)
        case _:
            yield from spent(start, end, Category.OTHER, None, moment)


def spent(
    start: Ns, end: Ns, category: Category, npu: NpuId | None, moment: Moment
) -> Iterator[Span]:
    """The span for the node of `moment`; nothing if it is empty."""
    if end > start:
        if category is Category.OTHER and moment.node is not None:
            category = _ABOUT.get(moment.node.type, category)
        yield Span(start, end, category, npu, moment.node)


def message_spans(arrival: Moment, sent: Moment, on_wire: OnWire) -> list[Span]:
    """What a message's time went to, between its sending and its arrival."""
    backwards: list[Span] = []
    moment = arrival
    while moment is not sent and moment.own is not None:
        backwards.extend(reversed(list(_way(moment, moment.own, on_wire))))
        moment = moment.own
        if moment.time < sent.time:
            # What others do is mixed in: a network of one's own that queues, say.
            return list(spent(sent.time, arrival.time, Category.LATENCY, None, sent))
    return backwards[::-1]


def _way(moment: Moment, own: Moment, on_wire: OnWire) -> Iterator[Span]:
    """The time between a moment and the one before it in a message's story."""
    match moment:
        case Crossed():
            yield from crossing_spans(moment, own, on_wire)
        case Spent(category=category):
            yield from spent(own.time, moment.time, category, None, moment)
        case _:
            yield from spent(own.time, moment.time, Category.OTHER, None, moment)


def crossing_spans(moment: Crossed, came: Moment, on_wire: OnWire) -> Iterator[Span]:
    """What a message's time at one link went to, from when it `came` there."""
    begun = came.time if moment.cause is None else moment.cause.time
    serialisation = moment.on_wire
    if moment.link is None:
        told = on_wire(moment.src, moment.dst, moment.size)
        if told is None:
            yield _crossing(moment, begun, moment.time, Category.LATENCY)
            return
        serialisation = told
    sent = begun + min(serialisation, moment.time - begun)
    if begun > came.time:
        yield _crossing(moment, came.time, begun, Category.QUEUEING)
    if sent > begun:
        yield _crossing(moment, begun, sent, Category.SERIALISATION)
    if moment.time > sent:
        yield _crossing(moment, sent, moment.time, Category.LATENCY)


def _crossing(moment: Crossed, start: Ns, end: Ns, category: Category) -> Span:
    return Span(start, end, category, moment.src, moment.node, moment.dst, moment.link)
