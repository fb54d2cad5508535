"""Sound random programs, each spoilt in one place: hangs whose cause is known.

A sound program is a sequence of rounds in the same order on all NPUs, so that it ends whatever the
dialect: a computation here and there, a message, or a collective of all. An NPU's nodes depend on
each other one after the other. Tags and sizes are all different, so that nothing meets by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from support.machines import network, system

from simastra.errors import Cause
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, Trace, TraceBuilder
from simastra.units import KiB

KINDS = (CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER)


@dataclass(frozen=True, slots=True)
class Compute:
    micros: int


@dataclass(frozen=True, slots=True)
class Send:
    to: int
    size: int
    tag: int


@dataclass(frozen=True, slots=True)
class Receive:
    source: int
    size: int
    tag: int


@dataclass(frozen=True, slots=True)
class Collective:
    kind: CollectiveType
    size: int
    group: int = 0
    dims: tuple[bool, ...] | None = None


Step: TypeAlias = Compute | Send | Receive | Collective
Programs: TypeAlias = list[list[Step]]
"""What each NPU does, one step after the other."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in a program.

    Attributes:
        cause: why the NPUs that meet it first wait for ever.
        at: where that is told: (NPU, place in its program), any of them.
        culprit: the NPU that was spoilt.
    """

    cause: Cause
    at: frozenset[tuple[int, int]]
    culprit: int


Plant: TypeAlias = Callable[[Programs, Random], Planted]
"""Spoils a program."""


# -- sound programs -----------------------------------------------------------------------------


def sound(random: Random) -> Programs:
    npus = random.randint(3, 6)
    programs: Programs = [[] for _ in range(npus)]
    rounds = random.randint(8, 16)
    # At least two messages and two collectives, so that each fault finds its place.
    kinds = ["message", "message", "collective", "collective"]
    kinds += random.choices(["message", "collective", "compute"], k=rounds)
    random.shuffle(kinds)
    for number, kind in enumerate(kinds, start=1):
        size = KiB * 8 * npus * number
        if kind == "compute":
            for program in programs:
                if random.random() < 0.5:
                    program.append(Compute(random.randint(1, 40)))
        elif kind == "message":
            src, dst = random.sample(range(npus), 2)
            programs[src].append(Send(dst, size, 1000 + number))
            programs[dst].append(Receive(src, size, 1000 + number))
        else:
            collective = Collective(random.choice(KINDS), size)
            for program in programs:
                program.append(collective)
    return programs


def simulation(
    programs: Programs, dialect: str = "hoti2024", *, rendezvous: bool = False
) -> Simulation:
    builders = [TraceBuilder(npu) for npu in range(len(programs))]
    for builder, program in zip(builders, programs, strict=True):
        add_chain(builder, program)
    return Simulation(
        Trace.of(builders),
        system(preferred_dataset_splits=2),
        network(("Ring", len(programs))),
        options=Options(dialect=dialect_named(dialect), rendezvous=rendezvous),
    )


def add_chain(builder: TraceBuilder, program: Sequence[Step]) -> None:
    """Add nodes that depend on each other one after the other; ids are places from 1 on."""
    before: Node | tuple[()] = ()
    for place, step in enumerate(program):
        before = _add(builder, step, f"step {place}", before)


def _add(builder: TraceBuilder, step: Step, name: str, after: Node | tuple[()]) -> Node:
    match step:
        case Compute(micros):
            return builder.compute(name, micros=micros, after=after)
        case Send(to, size, tag):
            return builder.send(name, size=size, to=to, tag=tag, after=after)
        case Receive(source, size, tag):
            return builder.recv(name, size=size, source=source, tag=tag, after=after)
        case Collective(kind, size, group, dims):
            more = {"group": group} if group else {}
            return builder.collective(kind, name, size=size, after=after, dims=dims, **more)


# -- faults -------------------------------------------------------------------------------------


def _a_message(programs: Programs, random: Random) -> tuple[int, int, int, int, Send]:
    """Sender, place of the send, receiver, place of the receive, and the send."""
    sends = [
        (npu, place, step)
        for npu, program in enumerate(programs)
        for place, step in enumerate(program)
        if isinstance(step, Send)
    ]
    src, place, send = random.choice(sends)
    receive = Receive(src, send.size, send.tag)
    return src, place, send.to, programs[send.to].index(receive), send


def _a_collective(programs: Programs, random: Random) -> tuple[int, list[int]]:
    """An NPU, and the places of its collectives."""
    npu = random.randrange(len(programs))
    places = [place for place, step in enumerate(programs[npu]) if isinstance(step, Collective)]
    return npu, places


def no_send(programs: Programs, random: Random) -> Planted:
    src, place, dst, theirs, _ = _a_message(programs, random)
    del programs[src][place]
    return Planted(Cause.MISSING_SEND, frozenset({(dst, theirs)}), src)


def a_send_elsewhere(programs: Programs, random: Random) -> Planted:
    src, place, dst, theirs, send = _a_message(programs, random)
    others = [npu for npu in range(len(programs)) if npu not in {src, dst}]
    programs[src][place] = replace(send, to=random.choice(others))
    return Planted(Cause.MISSING_SEND, frozenset({(dst, theirs)}), src)


def a_receive_twice(programs: Programs, random: Random) -> Planted:
    _, _, dst, theirs, _ = _a_message(programs, random)
    programs[dst].insert(theirs, programs[dst][theirs])
    return Planted(Cause.MISSING_SEND, frozenset({(dst, theirs + 1)}), dst)


def no_receive(programs: Programs, random: Random) -> Planted:
    src, place, dst, theirs, _ = _a_message(programs, random)
    del programs[dst][theirs]
    return Planted(Cause.MISSING_RECEIVE, frozenset({(src, place)}), dst)


def another_tag(programs: Programs, random: Random) -> Planted:
    src, place, dst, theirs, send = _a_message(programs, random)
    programs[src][place] = replace(send, tag=send.tag + 500)
    return Planted(Cause.TAG_MISMATCH, frozenset({(dst, theirs)}), src)


def another_size(programs: Programs, random: Random) -> Planted:
    src, place, dst, theirs, send = _a_message(programs, random)
    programs[src][place] = replace(send, size=send.size + 1)
    return Planted(Cause.SIZE_MISMATCH, frozenset({(dst, theirs)}), src)


def _mismatch(programs: Programs, npu: int, place: int) -> Planted:
    """All members wait at this collective, those before it having been the same ones."""
    number = sum(isinstance(step, Collective) for step in programs[npu][:place])
    at = {(npu, place)}
    for other, program in enumerate(programs):
        places = [there for there, step in enumerate(program) if isinstance(step, Collective)]
        at.add((other, places[number]))
    return Planted(Cause.COLLECTIVE_MISMATCH, frozenset(at), npu)


def another_collective_size(programs: Programs, random: Random) -> Planted:
    npu, places = _a_collective(programs, random)
    place = random.choice(places)
    step = programs[npu][place]
    assert isinstance(step, Collective)
    programs[npu][place] = replace(step, size=step.size * 100)
    return _mismatch(programs, npu, place)


def another_type(programs: Programs, random: Random) -> Planted:
    npu, places = _a_collective(programs, random)
    place = random.choice(places)
    step = programs[npu][place]
    assert isinstance(step, Collective)
    programs[npu][place] = replace(step, kind=CollectiveType.ALL_TO_ALL)
    return _mismatch(programs, npu, place)


def another_order(programs: Programs, random: Random) -> Planted:
    npu, places = _a_collective(programs, random)
    which = random.randrange(len(places) - 1)
    first, second = places[which], places[which + 1]
    program = programs[npu]
    program[first], program[second] = program[second], program[first]
    return _mismatch(programs, npu, first)


def no_last_collective(programs: Programs, random: Random) -> Planted:
    npu, places = _a_collective(programs, random)
    number = len(places) - 1
    del programs[npu][places[-1]]
    at = set()
    for other, program in enumerate(programs):
        if other != npu:
            mine = [there for there, step in enumerate(program) if isinstance(step, Collective)]
            at.add((other, mine[number]))
    return Planted(Cause.MISSING_COLLECTIVE, frozenset(at), npu)


PLANTS: dict[str, Plant] = {
    "no send": no_send,
    "a send elsewhere": a_send_elsewhere,
    "a receive twice": a_receive_twice,
    "another tag": another_tag,
    "another size": another_size,
    "another collective size": another_collective_size,
    "another type": another_type,
    "another order": another_order,
    "no last collective": no_last_collective,
}
"""Faults, by name; `no_receive` beside these, which takes a handshake to hang."""
