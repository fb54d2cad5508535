"""The bus between an NPU and its memory side (simastra.system.shared_bus, behaviour 3.11).

An NPU has two buses with two ends each; what its own end moves goes over the inner one as well.
What is called in place there, at the end of a request, is pushed here, and so is what comes after.
"""

from __future__ import annotations

from .clock import call_npu_later, push
from .compiler import compiled
from .layout import (
    BUS_GO_ON,
    BUS_PROCESSED,
    BUS_RECEIVED,
    BUS_SENT,
    FREE,
    INNER_MEMORY_SIDE,
    INNER_NPU_SIDE,
    IS_OVER,
    IS_PROCESSED,
    IS_SENT,
    MEMORY_SIDE,
    NONE,
    NPU_SIDE,
    OVER_INNER,
    RECEIVING,
    REQUESTS,
    SEND_BACK,
    SENDING,
    SIDES,
    TOWARD_MEMORY,
)
from .mail import whole_ns
from .pools import give_back, join, leave, take
from .records import Address, buses, requests, sides, state

_READS_BEFORE_YIELDING = 8
_BYTES_PER_REDUCTION_DELAY = 100
_REDUCTION_START = 50


@compiled
def _new(m: Address, size: int, then: int, a: int, b: int) -> int:
    request = take(m, REQUESTS)
    it = requests(m, request)
    it.size, it.then, it.a, it.b = size, then, a, b
    it.processed = 0
    it.send_back = 0
    return request


@compiled
def move(
    m: Address, npu: int, size: int, way: int, processed: bool, then: int, a: int, b: int
) -> None:
    """Move a packet over the bus of an NPU (SharedBusEndpoint.admit, BusSide.request)."""
    request = _new(m, size, then, a, b)
    it = requests(m, request)
    it.processed = processed
    it.send_back = way & SEND_BACK
    if way & TOWARD_MEMORY:
        side = npu * SIDES + NPU_SIDE
        it.after = IS_SENT
        inbound = _new(m, size, OVER_INNER, request, side)
        _send(m, npu * SIDES + INNER_MEMORY_SIDE, inbound)
    else:
        _send(m, npu * SIDES + MEMORY_SIDE, request)


@compiled
def _send(m: Address, side: int, request: int) -> None:
    join(m, sides(m, side).sends, requests, request)
    _go_on(m, side)


@compiled
def _go_on(m: Address, side: int) -> None:
    """Send the next request if this end is free and needn't let the other one go first."""
    it = sides(m, side)
    if it.state == FREE and it.sends.head != NONE and not _yields(m, side):
        _send_next(m, side)


@compiled
def _yields(m: Address, side: int) -> bool:
    """After many sends in a row, let the other end send if it has something to (it won't yield)."""
    it, partner = sides(m, side), sides(m, side ^ 1)
    yields = (
        it.reads_in_a_row > _READS_BEFORE_YIELDING
        and partner.sends.head != NONE
        and partner.reads_in_a_row <= _READS_BEFORE_YIELDING
    )
    if yields and partner.state == FREE:
        _send_next(m, side ^ 1)
    return yields


@compiled
def _send_next(m: Address, side: int) -> None:
    it, bus = sides(m, side), buses(m, (side % SIDES) >> 1)
    request = leave(m, it.sends, requests)
    start = bus.overhead
    if it.previous == SENDING:
        elapsed = state(m, 0).now - it.last_transfer
        if start + elapsed <= bus.gap:
            start = bus.gap - elapsed
    on_bus = bus.gap_per_byte * (requests(m, request).size - 1)
    _receive(m, side ^ 1, request, start, on_bus)
    it.state = SENDING
    call_npu_later(m, side // SIDES, _whole(m, start + on_bus), BUS_SENT, side, 0)


@compiled
def _receive(m: Address, side: int, request: int, start: int, on_bus: float) -> None:
    it, bus = sides(m, side), buses(m, (side % SIDES) >> 1)
    join(m, it.receives, requests, request)
    it.previous = it.state
    it.state = RECEIVING
    it.reads_in_a_row = 0
    time = start + on_bus + bus.latency + bus.overhead
    call_npu_later(m, side // SIDES, _whole(m, time), BUS_RECEIVED, side, 0)


@compiled
def sent(m: Address, side: int) -> None:
    """A request has left (BusSide._sent)."""
    it = sides(m, side)
    _end_transfer(m, side)
    it.state = FREE
    it.reads_in_a_row += 1
    _go_on(m, side)


@compiled
def received(m: Address, side: int) -> None:
    """A request is here (BusSide._received)."""
    it = sides(m, side)
    _end_transfer(m, side)
    if it.receives.head == it.receives.tail:  # the only one
        it.state = FREE
    request = leave(m, it.receives, requests)
    push(m, BUS_GO_ON, side, 0)
    if requests(m, request).processed:
        requests(m, request).processed = 0
        _pass_inner(m, side, request, IS_PROCESSED, SEND_BACK)
        _start_processing(m, side)
    else:
        _conclude(m, side, request)


@compiled
def go_on(m: Address, side: int) -> None:
    """What comes last of what an end does (BusSide._processed, BusSide._received)."""
    _start_processing(m, side)
    _go_on(m, side)


@compiled
def _end_transfer(m: Address, side: int) -> None:
    it = sides(m, side)
    it.last_transfer = state(m, 0).now
    it.previous = it.state


@compiled
def _conclude(m: Address, side: int, request: int) -> None:
    """Send it back, or be done with it."""
    it = requests(m, request)
    if it.send_back:
        it.send_back = 0
        _pass_inner(m, side, request, IS_SENT, SEND_BACK)
    else:
        _pass_inner(m, side, request, IS_OVER, 0)


@compiled
def _pass_inner(m: Address, side: int, request: int, after: int, send_back: int) -> None:
    """Do what comes after, once it has moved over the inner bus where there is one."""
    it = requests(m, request)
    it.after = after
    if side % SIDES == NPU_SIDE:
        outbound = _new(m, it.size, OVER_INNER, request, side)
        requests(m, outbound).send_back = send_back
        _send(m, side - NPU_SIDE + INNER_NPU_SIDE, outbound)
    else:
        _proceed(m, side, request)


@compiled
def _proceed(m: Address, side: int, request: int) -> None:
    it = requests(m, request)
    if it.after == IS_SENT:
        join(m, sides(m, side).sends, requests, request)
    elif it.after == IS_PROCESSED:
        join(m, sides(m, side).processing, requests, request)
        _start_processing(m, side)
    else:
        push(m, it.then, it.a, it.b)
        give_back(m, REQUESTS, request)


@compiled
def over_inner(m: Address, request: int, side: int) -> None:
    """A request has moved over the inner bus (BusSide._after_inner, BusSide._queue_and_go_on)."""
    push(m, BUS_GO_ON, side, 0)
    _proceed(m, side, request)


@compiled
def _start_processing(m: Address, side: int) -> None:
    it = sides(m, side)
    if it.processes or it.processing.head == NONE:
        return
    it.processes = 1
    units = requests(m, it.processing.head).size // _BYTES_PER_REDUCTION_DELAY
    delay = buses(m, (side % SIDES) >> 1).reduction_delay
    whole_ns(m, units * float(delay))  # so long is no time
    call_npu_later(m, side // SIDES, units * delay + _REDUCTION_START, BUS_PROCESSED, side, 0)


@compiled
def processed(m: Address, side: int) -> None:
    """A request has been processed (BusSide._processed)."""
    it = sides(m, side)
    it.processes = 0
    request = leave(m, it.processing, requests)
    push(m, BUS_GO_ON, side, 0)
    _conclude(m, side, request)


@compiled
def _whole(m: Address, time: float) -> int:
    """A time on the bus in whole ns, and at least none."""
    return max(0, whole_ns(m, time))
