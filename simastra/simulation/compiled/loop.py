"""The loop: takes one call after the other, and makes it (Environment.run, Agenda._run_due)."""

from __future__ import annotations

from simastra.jit.emitting import lean

from . import bus, custom
from .chunks import end_phase, leave_queue, passed, received, reduce
from .clock import drop_line, find_line, pop_time, relink_lines
from .compiler import compiled
from .layout import (
    ARRIVE,
    BUS_GO_ON,
    BUS_PROCESSED,
    BUS_RECEIVED,
    BUS_SENT,
    CALLS,
    CROSS,
    DONE,
    END_PHASE,
    ET_NODE_DONE,
    ISSUE,
    LEAVE_QUEUE,
    MATCH,
    NODE_DONE,
    NONE,
    OVER_INNER,
    PASSED,
    PAUSED,
    RECEIVE_NOW,
    RECEIVED,
    REDUCE,
    RELEASE,
    RUN_AGENDA,
    SEND_NOW,
    SERVED,
    SHORT,
    TICK,
)
from .mail import arrive, cross, match_message, receive_now, release, relink_matches, transfer
from .pools import give_back, leave
from .records import (
    Address,
    calls,
    lines,
    rules,
    stack,
    state,
    times,
)
from .walk import finish, issue_ready_nodes, serve_next, start
from .ways import relink_ways

_NOTHING = -1
_OVER = -2
_BREATH = 10_000_000
"""Calls after which Python may see to signals: to Ctrl-C."""


@compiled
def _next_call(m: Address) -> tuple[int, int, int]:
    """The next call of the agenda or tick that is being run, or of the next one."""
    at = state(m, 0)
    if at.stack:
        at.stack -= 1
        it = stack(m, at.stack)
        return it.kind, it.a, it.b
    if at.agenda != NONE:
        line = at.agenda
        if lines(m, line).due.head == NONE:
            drop_line(m, line)
            at.agenda = NONE
            return _NOTHING, 0, 0
    elif at.tick == NONE:
        if not at.times:
            return _OVER, 0, 0
        at.now = times(m, 0).value
        at.tick = find_line(m, TICK, at.now)
        line = at.tick
    else:
        line = at.tick
        if lines(m, line).due.head == NONE:
            drop_line(m, line)
            pop_time(m)
            at.tick = NONE
            return _NOTHING, 0, 0
    call = leave(m, lines(m, line).due, calls)
    kind, a, b = calls(m, call).kind, calls(m, call).a, calls(m, call).b
    give_back(m, CALLS, call)
    if kind == RUN_AGENDA:
        at.agenda = a
        return _NOTHING, 0, 0
    return kind, a, b


@compiled
def _make(m: Address, kind: int, a: int, b: int) -> None:  # noqa: C901, PLR0912  # a case for each kind of call
    """Make a call."""
    if kind == PASSED:
        passed(m, a)
    elif kind == CROSS:
        cross(m, a)
    elif kind == RELEASE:
        release(m, a)
    elif kind == MATCH:
        match_message(m, a)
    elif kind == RECEIVED:
        received(m, a)
    elif kind == REDUCE:
        reduce(m, a, b)
    elif kind == ARRIVE:
        arrive(m, a)
    elif kind == END_PHASE:
        end_phase(m, a)
    elif kind == LEAVE_QUEUE:
        leave_queue(m, a)
    elif kind == NODE_DONE:
        finish(m, a, b)
    elif kind == ISSUE:
        issue_ready_nodes(m, a)
    elif kind == SERVED:
        serve_next(m, a)
    else:
        _make_rarer(m, kind, a, b)


@compiled
def _make_rarer(m: Address, kind: int, a: int, b: int) -> None:  # noqa: C901  # as above
    if kind == SEND_NOW:
        transfer(m, a)
    elif kind == RECEIVE_NOW:
        receive_now(m, a)
    elif kind == BUS_SENT:
        bus.sent(m, a)
    elif kind == BUS_RECEIVED:
        bus.received(m, a)
    elif kind == BUS_PROCESSED:
        bus.processed(m, a)
    elif kind == BUS_GO_ON:
        bus.go_on(m, a)
    elif kind == OVER_INNER:
        bus.over_inner(m, a, b)
    elif kind == ET_NODE_DONE:
        custom.finish(m, a, b)


@compiled
def _relink(m: Address) -> None:
    """Fill buckets that are new and empty."""
    if state(m, 0).relink:
        relink_lines(m)
        relink_matches(m)
        relink_ways(m)
        state(m, 0).relink = 0


@compiled
def _start_next(m: Address) -> None:
    """Start the next NPU, if some have still to be started: before the first tick."""
    at = state(m, 0)
    if at.next_npu < rules(m, 0).npus:
        start(m, at.next_npu)
        at.next_npu += 1


@lean
def play(m: Address) -> int:
    """Go on until nothing is left, until larger pools are needed, or for a second or so.

    Fails, and `state` says why, if a single call has needed more records than there were, if the
    way of a message can't be told, or if something would happen later than time goes.
    """
    _relink(m)
    kind = _NOTHING
    for _ in range(_BREATH):
        if not state(m, 0).stack:
            if state(m, 0).short:  # no call takes as much as all of the rest
                return SHORT
            _start_next(m)
        kind, a, b = _next_call(m)
        if kind >= 0:
            _make(m, kind, a, b)
        elif kind == _OVER:
            return DONE
    return PAUSED
