"""One NPU's own time: what it did, or waited for, from its end back to 0.

Where a message was waited for, the way back goes to the event from which the NPU waited, not to
the sender: what came between was waiting for the partner, then the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from simastra.engine import Category
from simastra.network import LostTime, MessageAccount
from simastra.trace import NodeType
from simastra.units import Bytes, NpuId, Ns

from .causal_event import (
    CausalEvent,
    Crossed,
    Delivered,
    Held,
    Lapsed,
    Met,
    Received,
    Served,
    Spent,
)
from .slower import Longer, SlowerWaits
from .spans import Span, clipped, joined

_ABOUT: Mapping[NodeType, Category] = {
    NodeType.MEM_LOAD: Category.MEMORY,
    NodeType.MEM_STORE: Category.MEMORY,
    NodeType.COMM_SEND: Category.LATENCY,
    NodeType.COMM_RECV: Category.LATENCY,
    NodeType.COMM_COLL: Category.LATENCY,
}
"""What a memory or network of one's own spends time on that doesn't say: what its node is about."""

OnWire: TypeAlias = Callable[[NpuId, NpuId, Bytes, int], Ns | None]
"""Serialisation of a message in a network without links, by sender, receiver, size and tag, in ns;
None where it is unknown."""


def timeline(
    npu: NpuId, end: CausalEvent, on_wire: OnWire, longer: Longer | None = None
) -> tuple[Span, ...]:
    """What an NPU's time went to, up to `end`; the spans follow each other from 0 on."""
    backwards: list[CausalEvent] = []
    event = end
    while event.previous is not None:
        if event.previous.time < event.time:  # which half of them don't
            backwards.append(event)
        event = event.previous
    waits = SlowerWaits(longer)
    edges = (_edge(npu, it, on_wire, waits) for it in reversed(backwards))
    return tuple(joined(chain.from_iterable(edges)))


def _edge(npu: NpuId, event: CausalEvent, on_wire: OnWire, waits: SlowerWaits) -> Iterator[Span]:
    """The time between an event and the one before it in an NPU's story."""
    previous = event.previous
    assert previous is not None  # it isn't the start
    start, end = previous.time, event.time
    match event:
        case Spent(category=category, npu=spender):  # the most, by far
            yield from spent(start, end, category, spender, event)
        case Received(sent=sent, src=src):
            if sent.time > start:
                wait = Span(start, sent.time, Category.PARTNER, npu, event.node, src)
                yield from waits.spans(wait, previous, sent)
            way = message_spans(event.cause or event, sent, on_wire)
            yield from clipped(way, start)
        case Delivered():
            yield from message_spans(event.cause or event, previous, on_wire)
        case Met():
            yield from _meeting_spans(event, previous, waits)
            yield from priced_spans(event)
        case Served(begun=begun):
            yield from spent(start, begun, Category.UNIT, npu, event)
            yield from spent(begun, end, Category.MEMORY, npu, event)
        case Crossed():
            yield from crossing_spans(event, previous, on_wire)
        case _:
            yield from spent(start, end, Category.OTHER, None, event)


def _meeting_spans(event: Met, came: CausalEvent, waits: SlowerWaits) -> Iterator[Span]:
    """The time from an NPU's coming to a priced collective to the last member's."""
    if event.met > came.time:
        wait = Span(came.time, event.met, Category.PARTNER, event.npu, event.node, event.last)
        yield from waits.spans(wait, came, event.cause or event)


def priced_spans(event: Met) -> Iterator[Span]:
    """What a priced collective's time went to, from when all members had come."""
    at = event.met
    for category, time in event.parts:
        if time:
            yield Span(at, at + time, category, event.npu, event.node)
            at += time


def spent(
    start: Ns, end: Ns, category: Category, npu: NpuId | None, event: CausalEvent
) -> tuple[Span, ...]:
    """The span for the node of `event`; nothing if it is empty."""
    if end <= start:
        return ()
    if category is Category.OTHER and event.node is not None:
        category = _ABOUT.get(event.node.type, category)
    told = Span(start, end, category, npu, event.node)
    if isinstance(event, Held):  # by a link that was down
        told = replace(told, link=event.link, because=event.because)
    elif isinstance(event, Lapsed):
        told = replace(told, because=event.because)
    return (told,)


def message_spans(arrival: CausalEvent, sent: CausalEvent, on_wire: OnWire) -> list[Span]:
    """What a message's time went to, between its sending and its arrival."""
    backwards: list[Span] = []
    event = arrival
    while event is not sent and event.previous is not None:
        backwards.extend(reversed(list(_way(event, event.previous, on_wire))))
        event = event.previous
        if event.time < sent.time:
            # What others do is mixed in: a network of one's own that queues, say.
            return list(spent(sent.time, arrival.time, Category.LATENCY, None, sent))
    return backwards[::-1]


def _way(event: CausalEvent, previous: CausalEvent, on_wire: OnWire) -> Iterator[Span]:
    """The time between an event and the one before it in a message's story."""
    match event:
        case Crossed():
            yield from crossing_spans(event, previous, on_wire)
        case Spent(category=category):
            yield from spent(previous.time, event.time, category, None, event)
        case _:
            yield from spent(previous.time, event.time, Category.OTHER, None, event)


def crossing_spans(event: Crossed, came: CausalEvent, on_wire: OnWire) -> Iterator[Span]:
    """What a message's time at one link went to, from when it `came` there."""
    if event.account is not None:
        yield from _shared_spans(event, came.time, event.account)
        return
    begun = came.time if event.cause is None else event.cause.time
    serialisation = event.on_wire
    if event.link is None:
        told = on_wire(event.src, event.dst, event.size, event.tag)
        if told is None:
            yield _crossing(event, begun, event.time, Category.LATENCY)
            return
        serialisation = told
    sent = begun + min(serialisation, event.time - begun)
    yield from _waiting_at_link(event, came.time, begun)
    slowed = 0 if event.fault is None else min(event.fault.slowed, sent - begun)
    if sent - slowed > begun:
        yield _crossing(event, begun, sent - slowed, Category.SERIALISATION)
    if slowed and event.fault is not None:
        yield _fault(event, sent - slowed, sent, event.fault.because)
    if event.time > sent:
        yield _crossing(event, sent, event.time, Category.LATENCY)


def _waiting_at_link(event: Crossed, start: Ns, end: Ns) -> Iterator[Span]:
    """What a message has waited for at a link: others before it, or that it is up."""
    at = start
    for outage in () if event.fault is None else event.fault.outages:
        down = max(at, outage.start)
        up = end if outage.end is None else min(end, outage.end)
        if up > down:
            if down > at:
                yield _crossing(event, at, down, Category.QUEUEING)
            yield _fault(event, down, up, outage.because)
            at = up
    if end > at:
        yield _crossing(event, at, end, Category.QUEUEING)


def _fault(event: Crossed, start: Ns, end: Ns, because: str) -> Span:
    return replace(_crossing(event, start, end, Category.FAULT), because=because)


def _shared_spans(event: Crossed, start: Ns, account: MessageAccount) -> Iterator[Span]:
    """What the time of a message that shares links went to: first what it would take alone.

    It loses time all the way, a part of each nanosecond: that is put together here, by links.
    """
    wire = min(start + account.on_wire, event.time)
    lost = max(0, event.time - start - account.alone)
    if wire > start:
        yield _crossing(event, start, wire, Category.SERIALISATION)
    at = wire
    for each, until in zip(account.lost, _shares(account.lost, wire, lost), strict=True):
        if until > at:
            kind = Category.FAULT if each.because else Category.SHARING
            told = _crossing(event, at, until, kind)
            yield replace(told, link=each.link, sharers=each.npus, because=each.because)
            at = until
    if event.time > at:
        yield _crossing(event, at, event.time, Category.LATENCY)


def _shares(lost: Sequence[LostTime], start: Ns, whole: Ns) -> Iterator[Ns]:
    """Cut a whole number of ns from `start` on in the proportions of what was lost: the ends."""
    total, so_far = sum(each.time for each in lost), 0.0
    for number, each in enumerate(lost, 1):
        so_far += each.time
        yield start + (whole if number == len(lost) else round(whole * so_far / total))


def _crossing(event: Crossed, start: Ns, end: Ns, category: Category) -> Span:
    return Span(start, end, category, event.src, event.node, event.dst, event.link)
