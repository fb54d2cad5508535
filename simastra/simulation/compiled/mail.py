"""Messages, links and matching (simastra.network, behaviour 4)."""

from __future__ import annotations

import numpy as np

from .clock import call_later, new_call, push
from .compiler import compiled
from .layout import (
    ARRIVE,
    CALLS,
    CROSS,
    MATCH,
    MATCHES,
    MESSAGES,
    NONE,
    RECEIVE_NOW,
    RELEASE,
    SEND_NOW,
    TOO_LATE,
)
from .pools import MIX, MIX_SECOND, bucket_of, fail, give_back, join, leave, put, take, take_out
from .records import (
    Address,
    calls,
    links,
    links_used,
    match_buckets,
    matches,
    messages,
    pair_starts,
    pairs,
    pools,
    routes,
    rules,
    state,
    ways,
)
from .ways import way_of

HANDSHAKE = 8192
"""Bytes of a handshake (rendezvous.HANDSHAKE_SIZE)."""

_LONGEST = 9.2e18
_MIX_THIRD = np.uint64(0x165667B19E3779F9)


@compiled
def pair_of(m: Address, src: int, dst: int) -> int:
    """The number of a sender and a receiver: by halving, among those of the sender."""
    low, high = pair_starts(m, src).value, pair_starts(m, src + 1).value - 1
    while low < high:
        middle = (low + high) >> 1
        if pairs(m, middle).dst < dst:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def whole_ns(m: Address, time: float) -> int:
    """A time in whole ns; fails if that is later than time goes."""
    if time > _LONGEST:
        fail(m, TOO_LATE)
    return np.int64(time)  # type: ignore[return-value]  # to numba it is an int


@compiled
def new_message(m: Address, tag: int, pair: int, size: int, then: int, a: int, b: int) -> int:
    """A message that has not been sent."""
    message = take(m, MESSAGES)
    it = messages(m, message)
    it.tag = tag
    it.size = size
    it.pair = pair
    it.then = then
    it.a = a
    it.b = b
    return message


@compiled
def transfer(m: Address, message: int) -> None:
    """Send a message now (CongestionAware.transfer, CongestionUnaware.transfer)."""
    it = messages(m, message)
    pair = pairs(m, it.pair)
    first, latency, bytes_per_ns = pair.first, pair.latency, pair.bytes_per_ns
    if rules(m, 0).multipath:
        way = ways(m, way_of(m, it.pair, it.tag))
        first, latency, bytes_per_ns = way.first, way.latency, way.bytes_per_ns
    if not rules(m, 0).queues_at_links:
        call_later(m, whole_ns(m, latency + it.size / bytes_per_ns), ARRIVE, message, 0)
    elif routes(m, first).value == NONE:  # to itself, with no way round
        call_later(m, 0, ARRIVE, message, 0)
    else:
        it.hop = first
        send_over(m, routes(m, first).value, message)


@compiled
def send_over(m: Address, link: int, message: int) -> None:
    """Put a message on the wire, or let it wait (Link.send)."""
    it = links(m, link)
    if not it.is_busy:
        transmit(m, link, message)
        return
    join(m, it.waiting, messages, message)


@compiled
def transmit(m: Address, link: int, message: int) -> None:
    """Put a message on the wire (Link._transmit, LinkTiming)."""
    it = links(m, link)
    size = messages(m, message).size
    on_wire = size / it.bytes_per_ns
    busy = whole_ns(m, on_wire)
    call_later(m, whole_ns(m, it.latency + on_wire), CROSS, message, 0)
    call_later(m, busy, RELEASE, link, 0)
    if not it.messages:
        links_used(m, state(m, 0).links_used).value = link
        state(m, 0).links_used += 1
    it.is_busy = 1
    it.busy_time += busy
    it.size += size
    it.messages += 1
    if it.busy_time < 0 or it.size < 0:
        fail(m, TOO_LATE)


@compiled
def release(m: Address, link: int) -> None:
    """A message has left a link: the next one's turn (Link._release)."""
    it = links(m, link)
    it.is_busy = 0
    if it.waiting.head != NONE:
        transmit(m, link, leave(m, it.waiting, messages))


@compiled
def cross(m: Address, message: int) -> None:
    """A message is at the end of a link (Message.cross_next_link)."""
    it = messages(m, message)
    it.hop += 1
    link = routes(m, it.hop).value
    if link == NONE:
        arrive(m, message)
    else:
        send_over(m, link, message)


@compiled
def arrive(m: Address, message: int) -> None:
    """A message is there: its sender is told first, then its receiver (Mailbox._arrived)."""
    it = messages(m, message)
    push(m, MATCH, message, 0)
    if it.then != NONE:
        push(m, it.then, it.a, it.b)


@compiled
def _bucket(m: Address, tag: int, pair: int, size: int) -> int:
    mixed = np.uint64(tag) * MIX + np.uint64(size) * MIX_SECOND + np.uint64(pair) * _MIX_THIRD
    return bucket_of(m, MATCHES, mixed)


@compiled
def _find(m: Address, tag: int, pair: int, size: int) -> int:
    """What waits for each other of one kind; made where there is nothing."""
    bucket = match_buckets(m, _bucket(m, tag, pair, size))
    at = bucket.value
    while at != NONE:
        it = matches(m, at)
        if it.pair == pair and it.tag == tag and it.size == size:
            return at
        at = it.next
    at = take(m, MATCHES)
    new = matches(m, at)
    new.tag, new.size, new.pair = tag, size, pair
    new.early, new.posted.head = 0, NONE
    put(bucket, m, matches, at)
    return at


@compiled
def _drop(m: Address, match: int) -> None:
    """Forget that something waited."""
    gone = matches(m, match)
    bucket = match_buckets(m, _bucket(m, gone.tag, gone.pair, gone.size))
    gone.pair = NONE
    take_out(bucket, m, matches, match)
    give_back(m, MATCHES, match)


@compiled
def relink_matches(m: Address) -> None:
    """Put all that waits into buckets that are empty."""
    for match in range(pools(m, MATCHES).top):
        it = matches(m, match)
        if it.pair != NONE:
            put(match_buckets(m, _bucket(m, it.tag, it.pair, it.size)), m, matches, match)


@compiled
def match_message(m: Address, message: int) -> None:
    """Give a message to the receive that waits for it, or keep it (Mailbox._match)."""
    it = messages(m, message)
    found = _find(m, it.tag, it.pair, it.size)
    give_back(m, MESSAGES, message)
    waiting = matches(m, found)
    if waiting.posted.head == NONE:
        waiting.early += 1
        state(m, 0).early += 1
        return
    call = leave(m, waiting.posted, calls)
    push(m, calls(m, call).kind, calls(m, call).a, calls(m, call).b)
    give_back(m, CALLS, call)
    if waiting.posted.head == NONE:
        _drop(m, found)


@compiled
def expect(m: Address, tag: int, pair: int, size: int, kind: int, a: int, b: int) -> None:
    """Make a call once a message is here; in a later event of now if it is (Mailbox.receive)."""
    found = _find(m, tag, pair, size)
    waiting = matches(m, found)
    if waiting.early:
        waiting.early -= 1
        state(m, 0).early -= 1
        if not waiting.early:
            _drop(m, found)
        call_later(m, 0, kind, a, b)
        return
    join(m, waiting.posted, calls, new_call(m, kind, a, b))


@compiled
def send(m: Address, tag: int, pair: int, size: int, then: int, a: int, b: int) -> None:
    """Send a message, behind a handshake if there is one (Mailbox.send, RendezvousMailbox.send)."""
    message = new_message(m, tag, pair, size, then, a, b)
    if not rules(m, 0).rendezvous:
        transfer(m, message)
        return
    back = pair_of(m, pairs(m, pair).dst, pairs(m, pair).src)
    offset = rules(m, 0).tag_offset
    expect(m, tag + offset, back, HANDSHAKE, SEND_NOW, message, 0)


@compiled
def receive(m: Address, tag: int, pair: int, size: int, kind: int, a: int, b: int) -> None:
    """Expect a message, once its handshake has arrived (Mailbox.receive, RendezvousMailbox)."""
    if not rules(m, 0).rendezvous:
        expect(m, tag, pair, size, kind, a, b)
        return
    expected = new_message(m, tag, pair, size, kind, a, b)
    back = pair_of(m, pairs(m, pair).dst, pairs(m, pair).src)
    offset = rules(m, 0).tag_offset
    handshake = new_message(m, tag + offset, back, HANDSHAKE, RECEIVE_NOW, expected, 0)
    transfer(m, handshake)


@compiled
def receive_now(m: Address, expected: int) -> None:
    """The handshake of a receive is there: the receive counts from now."""
    it = messages(m, expected)
    tag, pair, size, kind, a, b = it.tag, it.pair, it.size, it.then, it.a, it.b
    give_back(m, MESSAGES, expected)
    expect(m, tag, pair, size, kind, a, b)
