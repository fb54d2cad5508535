"""Chunks in their queues, and what they do in their phases (simastra.system, behaviour 3.3-3.8)."""

from __future__ import annotations

from . import custom
from .bus import move
from .clock import call_npu_later, push
from .compiler import compiled
from .layout import (
    BY_EXCHANGE,
    BY_SHIFT,
    DO_ADMIT,
    DO_FINISH,
    DO_SEND,
    END_PHASE,
    LEAVE_QUEUE,
    NODE_DONE,
    NONE,
    PARTS,
    PASSED,
    PICK_FIRST,
    PICK_NEXT,
    PICK_NONE,
    RECEIVED,
    REDUCE,
    STREAMS,
)
from .mail import pair_of, receive, send
from .pools import give_back, join, leave, take
from .records import (
    Address,
    actions,
    arrivals,
    communicators,
    legs,
    members,
    nodes,
    parts,
    plans,
    queues,
    rings,
    rules,
    scores,
    seats,
    steps,
    streams,
    turns,
)

_COLLECTIVE_TAGS = 500_000_000
"""First tag of collectives where they have tags of their own (tags.COLLECTIVE_TAGS)."""

_TAGS_PER_STREAM = 1 << 40
"""Tags set apart for a stream that is played from ETs (custom.TAGS_PER_STREAM)."""


@compiled
def _member(m: Address, stream: int, other: int) -> int:
    """The NPU that a score means (Score, LogicalRing)."""
    it = streams(m, stream)
    ring = rings(m, it.ring)
    addressing = scores(m, it.score).addressing
    if addressing == BY_SHIFT:
        place = it.position + other
        if place >= ring.size:
            place -= ring.size
    elif addressing == BY_EXCHANGE:
        place = it.position ^ other
    else:
        place = other
    return members(m, ring.first + place).value


@compiled
def _admit(m: Address, stream: int, number: int) -> None:
    """Let a packet in (FixedDelayEndpoint.admit, SharedBusEndpoint.admit)."""
    it, action = streams(m, stream), actions(m, number)
    delay = rings(m, it.ring).delay
    kind = PASSED if action.reduction < 0 else REDUCE
    if delay >= 0:
        call_npu_later(m, it.npu, delay, kind, stream, number)
    else:
        move(m, it.npu, action.size, action.other, kind == REDUCE, kind, stream, number)


@compiled
def perform(m: Address, stream: int, first: int, end: int) -> None:
    """Have actions done (score.perform, PhasePlayer)."""
    it = streams(m, stream)
    for number in range(first, end):
        action = actions(m, number)
        if action.kind == DO_ADMIT:
            _admit(m, stream, number)
        elif action.kind == DO_FINISH:
            push(m, END_PHASE, stream, 0)
        else:
            member = _member(m, stream, action.other)
            if action.kind == DO_SEND:
                pair = pair_of(m, it.npu, member)
                send(m, it.tag, pair, action.size, NONE, 0, 0)
            else:
                pair = pair_of(m, member, it.npu)
                receive(m, it.tag, pair, action.size, RECEIVED, stream, 0)


@compiled
def reduce(m: Address, stream: int, action: int) -> None:
    """A packet has passed and is reduced (Endpoint.reduce)."""
    npu = streams(m, stream).npu
    call_npu_later(m, npu, actions(m, action).reduction, PASSED, stream, 0)


@compiled
def received(m: Address, stream: int) -> None:
    """A message is here (ScorePlayer.received)."""
    it = streams(m, stream)
    score = scores(m, it.score)
    if it.arrivals < score.arrivals:
        place = score.first_arrival + it.arrivals
        first, end = arrivals(m, place).value, arrivals(m, place + 1).value
        it.arrivals += 1
        perform(m, stream, first, end)
    else:
        it.arrivals += 1


@compiled
def passed(m: Address, stream: int) -> None:
    """A packet has passed the endpoint, its reduction included (ScorePlayer.admitted)."""
    it = streams(m, stream)
    it.admissions += 1
    end = scores(m, it.score).end_step
    while it.step < end:
        step = steps(m, it.step)
        if step.admissions > it.admissions or step.arrivals > it.arrivals:
            break
        it.step += 1
        perform(m, stream, step.first, step.end)


@compiled
def begin_waiting(m: Address, queue: int) -> None:
    """Begin the next streams of a queue, as many as may run (StreamScheduler._start)."""
    line = queues(m, queue)
    while line.waiting.head != NONE and line.running < rules(m, 0).running_per_queue:
        stream = leave(m, line.waiting, streams)
        it = streams(m, stream)
        line.running += 1
        if it.score < 0:
            custom.begin(m, stream)
            continue
        score = scores(m, it.score)
        it.arrivals = 0
        it.admissions = 0
        it.step = score.first_step
        perform(m, stream, score.first_start, score.end_start)


@compiled
def enter_next_phase(m: Address, stream: int) -> None:
    """Leave the present phase for the next, which has to wait (Stream, StreamScheduler)."""
    it = streams(m, stream)
    part = parts(m, it.part)
    it.score = part.score
    it.ring = part.ring
    it.position = part.position
    it.queue = part.queue
    left = part.next
    give_back(m, PARTS, it.part)
    it.part = left
    line = queues(m, it.queue).waiting
    if line.head == NONE or streams(m, line.tail).priority >= it.priority:
        join(m, line, streams, stream)
    elif streams(m, line.head).priority < it.priority:
        it.next = line.head
        line.head = stream
    else:
        before = line.head
        while streams(m, streams(m, before).next).priority >= it.priority:
            before = streams(m, before).next
        it.next = streams(m, before).next
        streams(m, before).next = stream


@compiled
def end_phase(m: Address, stream: int) -> None:
    """The present phase is over (StreamScheduler.proceed, CollectiveUnit's countdown)."""
    it = streams(m, stream)
    if it.part == NONE:
        push(m, LEAVE_QUEUE, stream, 0)
        node = nodes(m, it.node)
        node.chunks -= 1
        if not node.chunks:
            push(m, NODE_DONE, it.node, it.npu)
        return
    queue = it.queue
    enter_next_phase(m, stream)
    queues(m, queue).running -= 1
    begin_waiting(m, queue)
    begin_waiting(m, it.queue)


@compiled
def leave_queue(m: Address, stream: int) -> None:
    """A chunk that has ended lets others begin (StreamScheduler._one_less_runs)."""
    queue = streams(m, stream).queue
    give_back(m, STREAMS, stream)
    queues(m, queue).running -= 1
    begin_waiting(m, queue)


@compiled
def new_stream(m: Address, npu: int, node: int, plan: int, priority: int) -> int:
    """A chunk of a collective, with its phases (CollectiveUnit._begin, plan_phases)."""
    it = plans(m, plan)
    communicator = communicators(m, it.communicator)
    number = communicator.next_stream
    communicator.next_stream = number + 1
    stream = take(m, STREAMS)
    new = streams(m, stream)
    new.tag = number
    if rules(m, 0).separate_tags:
        new.tag = _COLLECTIVE_TAGS + number % _COLLECTIVE_TAGS
    new.priority = priority
    new.npu = npu
    new.node = node
    new.part = NONE
    last = NONE
    for leg in range(it.first_leg, it.end_leg):
        part = _new_part(m, npu, leg, it.seats)
        if last == NONE:
            new.part = part
        else:
            parts(m, last).next = part
        last = part
    if legs(m, it.first_leg).pick == PICK_NONE:
        new.tag = (number + 1) * _TAGS_PER_STREAM
    return stream


@compiled
def _new_part(m: Address, npu: int, leg: int, first_seat: int) -> int:
    """A phase of a chunk: its queue, its direction and so its score (plan_phases)."""
    it, part = legs(m, leg), take(m, PARTS)
    new, seat = parts(m, part), seats(m, first_seat + it.dimension)
    new.next = NONE
    count = rules(m, 0).queues_per_dimension
    place = npu * rules(m, 0).dimensions + it.dimension
    if it.pick == PICK_NONE:
        new.queue, new.ring, new.score = place * count, it.back, ~it.forth
        return part
    number = _take_turn(m, place, it.pick, count)
    clockwise = it.pick == PICK_FIRST
    if it.pick == PICK_NEXT:
        clockwise = count == 1 or number < count // 2
    new.queue = place * count + number
    turn = seat.turns % it.period
    seat.turns += 1
    if clockwise:
        new.ring, new.position, score = seat.ring, seat.position, it.forth
    else:
        new.ring, new.position, score = seat.back_ring, seat.back_position, it.back
    new.score = score + turn
    if it.positions:
        new.score = score + turn * it.positions + new.position
    return part


@compiled
def _take_turn(m: Address, place: int, pick: int, count: int) -> int:
    """A queue of an NPU's dimension; the turn moves on (QueueTurns.take)."""
    at, half = turns(m, place), count // 2
    if pick == PICK_NEXT:
        number = at.next
        at.next = (number + 1) % count
    elif pick == PICK_FIRST:
        number = at.first
        at.first = number + 1 if number + 1 < half else 0
    else:
        number = at.last
        at.last = number + 1 if number + 1 < count else half
    return number
