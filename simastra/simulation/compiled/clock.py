"""Ticks and agendas: which call comes next (simastra.engine.environment, behaviour 3.1)."""

from __future__ import annotations

import numpy as np

from .compiler import compiled
from .layout import CALLS, LINES, NO_ROOM, NOBODY, NONE, RUN_AGENDA, TICK, TOO_LATE
from .pools import MIX, MIX_SECOND, bucket_of, fail, give_back, join, put, take, take_out
from .records import (
    Address,
    calls,
    line_buckets,
    lines,
    pools,
    stack,
    state,
    times,
)

_LATEST = 2**63 - 1


@compiled
def push(m: Address, kind: int, a: int, b: int) -> None:
    """Have a call made in place: when the present one returns, before all else."""
    top = state(m, 0).stack
    stack(m, top).kind = kind
    stack(m, top).a = a
    stack(m, top).b = b
    state(m, 0).stack = top + 1


@compiled
def _bucket(m: Address, owner: int, time: int) -> int:
    mixed = np.uint64(time) * MIX + np.uint64(owner + 1) * MIX_SECOND
    return bucket_of(m, LINES, mixed)


@compiled
def find_line(m: Address, owner: int, time: int) -> int:
    """The line of an owner for a time, NONE where nothing is due (Ticks, Agenda._due)."""
    line = line_buckets(m, _bucket(m, owner, time)).value
    while line != NONE and (lines(m, line).time != time or lines(m, line).owner != owner):
        line = lines(m, line).next
    return line


@compiled
def new_line(m: Address, owner: int, time: int) -> int:
    """Make a line (Ticks.__missing__)."""
    line = take(m, LINES)
    it = lines(m, line)
    it.time, it.owner, it.due.head = time, owner, NONE
    put(line_buckets(m, _bucket(m, owner, time)), m, lines, line)
    return line


@compiled
def drop_line(m: Address, line: int) -> None:
    """Forget a line of which nothing is left."""
    it = lines(m, line)
    bucket = line_buckets(m, _bucket(m, it.owner, it.time))
    it.owner = NOBODY
    take_out(bucket, m, lines, line)
    give_back(m, LINES, line)


@compiled
def relink_lines(m: Address) -> None:
    """Put all lines into buckets that are empty."""
    for line in range(pools(m, LINES).top):
        it = lines(m, line)
        if it.owner != NOBODY:
            put(line_buckets(m, _bucket(m, it.owner, it.time)), m, lines, line)


@compiled
def new_call(m: Address, kind: int, a: int, b: int) -> int:
    """Make a call that is in no line yet."""
    call = take(m, CALLS)
    it = calls(m, call)
    it.kind, it.a, it.b = kind, a, b
    return call


@compiled
def call_later(m: Address, delay: int, kind: int, a: int, b: int) -> None:
    """Run a call in `delay` ns (Environment.call_later); fail if that is later than time goes."""
    now = state(m, 0).now
    if delay > _LATEST - now:
        fail(m, TOO_LATE)
    time = now + delay
    line = find_line(m, TICK, time)
    if line == NONE:
        line = new_line(m, TICK, time)
        _push_time(m, time)
    join(m, lines(m, line).due, calls, new_call(m, kind, a, b))


@compiled
def call_npu_later(m: Address, npu: int, delay: int, kind: int, a: int, b: int) -> None:
    """Run a call in `delay` ns, behind what the NPU has for that time (Agenda.call_later).

    Fails if that is later than time goes.
    """
    now = state(m, 0).now
    if delay > _LATEST - now:
        fail(m, TOO_LATE)
    line = find_line(m, npu, now + delay)
    if line == NONE:
        line = new_line(m, npu, now + delay)
        call_later(m, delay, RUN_AGENDA, line, 0)
    join(m, lines(m, line).due, calls, new_call(m, kind, a, b))


@compiled
def _push_time(m: Address, time: int) -> None:
    """Add a time to the heap of those that have a tick."""
    place = state(m, 0).times
    if place == pools(m, LINES).size:
        fail(m, NO_ROOM)
    state(m, 0).times = place + 1
    while place:
        above = (place - 1) >> 1
        if times(m, above).value <= time:
            break
        times(m, place).value = times(m, above).value
        place = above
    times(m, place).value = time


@compiled
def pop_time(m: Address) -> None:
    """Take the first time off the heap."""
    size = state(m, 0).times - 1
    state(m, 0).times = size
    time = times(m, size).value
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and times(m, below + 1).value < times(m, below).value:
            below += 1
        if times(m, below).value >= time:
            break
        times(m, place).value = times(m, below).value
        place = below
    times(m, place).value = time
