"""Larger sound programs, with groups, dimensions and decoys, each spoilt in one place.

Unlike those of `seeded_hangs`, these are of up to 16 NPUs and two dimensions; collectives may be of
process groups and of rows; sizes and tags repeat, so that much looks alike; and much follows the
spoilt place, which must not be taken for the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from seeded_hangs import Collective, Compute, Programs, Receive, Send, add_chain
from support.machines import network, system

from simastra.config import CommGroups
from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

KINDS = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_TO_ALL,
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What programs run on.

    Attributes:
        shape: NPUs of each dimension.
        groups: members of each process group, by its number.
        dialect: whose results are wanted.
        rendezvous: whether handshakes precede messages.
    """

    shape: tuple[int, ...]
    groups: Mapping[int, tuple[int, ...]]
    dialect: str
    rendezvous: bool = False

    @property
    def npus(self) -> int:
        npus = 1
        for count in self.shape:
            npus *= count
        return npus

    def simulation(self, programs: Programs) -> Simulation:
        builders = [TraceBuilder(npu) for npu in range(self.npus)]
        for builder, program in zip(builders, programs, strict=True):
            add_chain(builder, program)
        groups = {str(number): list(members) for number, members in self.groups.items()}
        return Simulation(
            Trace.of(builders),
            system(["ring"] * len(self.shape), preferred_dataset_splits=2),
            network(*(("Ring", count) for count in self.shape)),
            comm_groups=CommGroups.parse(groups) if groups else None,
            options=Options(dialect=dialect_named(self.dialect), rendezvous=self.rendezvous),
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What was planted.

    Attributes:
        causes: what may be told of it.
        culprit: the NPU that was spoilt.
        said: words of which one must be in what is told first; none for any.
    """

    causes: frozenset[Cause]
    culprit: int
    said: tuple[str, ...] = ()

    def is_named_first(self, deadlock: DeadlockError) -> bool:
        first = deadlock.waits[0]
        return (
            first.cause in self.causes
            and self.culprit in {first.npu, *first.peers}
            and (not self.said or any(words in first.explanation for words in self.said))
        )


Plant = Callable[[Machine, Programs, Random], Fault | None]
"""Spoils a program; None where there is nothing to be spoilt."""


def machine(random: Random, *, grouped: bool, dialect: str, rendezvous: bool = False) -> Machine:
    shape = random.choice([(2,), (3,), (4,), (8,), (16,), (2, 2), (4, 2), (2, 4), (4, 4)])
    npus = shape[0] * (shape[1] if len(shape) > 1 else 1)
    groups = {}
    if grouped and npus > 2:
        for number in range(1, random.randint(2, 5)):
            size = random.randint(2, npus - 1) if npus > 2 else 2
            groups[number] = tuple(sorted(random.sample(range(npus), size)))
    return Machine(shape, groups, dialect, rendezvous)


def sound(machine: Machine, random: Random) -> Programs:
    programs: Programs = [[] for _ in range(machine.npus)]
    for number in range(random.randint(6, 20)):
        _add_round(machine, programs, random, number)
    # Whatever is spoilt, something of each kind can be.
    for _ in range(2):
        _add_collective(machine, programs, random)
        _add_message(machine, programs, random)
    for _ in range(random.randint(0, 4)):
        _add_round(machine, programs, random, 0)
    return programs


def _add_round(machine: Machine, programs: Programs, random: Random, number: int) -> None:
    match random.choice(["collective", "collective", "message", "compute"]):
        case "collective":
            _add_collective(machine, programs, random)
        case "message":
            _add_message(machine, programs, random)
        case _:
            for program in programs:
                if random.random() < 0.5:
                    program.append(Compute(random.randint(1, 40)))


def _add_message(machine: Machine, programs: Programs, random: Random) -> None:
    src, dst = random.sample(range(machine.npus), 2)
    size, tag = random.choice([KiB, 4 * KiB]), 1000 + random.randint(0, 3)
    programs[src].append(Send(dst, size, tag))
    programs[dst].append(Receive(src, size, tag))


def _add_collective(machine: Machine, programs: Programs, random: Random) -> None:
    size = 64 * KiB * random.choice([1, 2])
    kind = random.choice(KINDS)
    if machine.groups and random.random() < 0.6:
        group = random.choice(list(machine.groups))
        for npu in machine.groups[group]:
            programs[npu].append(Collective(kind, size, group))
    elif len(machine.shape) > 1 and random.random() < 0.4:
        dims = random.choice([(True, False), (False, True)])
        for program in programs:
            program.append(Collective(kind, size, dims=dims))
    else:
        for program in programs:
            program.append(Collective(kind, size))


# -- messages -----------------------------------------------------------------------------------


def _message(programs: Programs, random: Random) -> tuple[int, int, int, int]:
    """Sender, place of a send, receiver, and place of its receive."""
    sends = [
        (n, p)
        for n, program in enumerate(programs)
        for p, s in enumerate(program)
        if isinstance(s, Send)
    ]
    src, place = random.choice(sends)
    send = programs[src][place]
    assert isinstance(send, Send)
    nth = programs[src][:place].count(send)
    receive = Receive(src, send.size, send.tag)
    places = [p for p, step in enumerate(programs[send.to]) if step == receive]
    return src, place, send.to, places[nth]


def no_send(machine: Machine, programs: Programs, random: Random) -> Fault:
    src, place, _, _ = _message(programs, random)
    del programs[src][place]
    return Fault(frozenset({Cause.MISSING_SEND, Cause.MISSING_RECEIVE}), src)


def send_elsewhere(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    src, place, dst, _ = _message(programs, random)
    others = [npu for npu in range(machine.npus) if npu not in {src, dst}]
    if not others:
        return None
    send = programs[src][place]
    assert isinstance(send, Send)
    programs[src][place] = replace(send, to=random.choice(others))
    return Fault(frozenset({Cause.MISSING_SEND, Cause.MISSING_RECEIVE}), src)


def receive_from_elsewhere(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    src, _, dst, place = _message(programs, random)
    others = [npu for npu in range(machine.npus) if npu not in {src, dst}]
    if not others:
        return None
    receive = programs[dst][place]
    assert isinstance(receive, Receive)
    programs[dst][place] = replace(receive, source=random.choice(others))
    return Fault(frozenset({Cause.MISSING_SEND, Cause.MISSING_RECEIVE}), dst)


def receive_twice(machine: Machine, programs: Programs, random: Random) -> Fault:
    _, _, dst, place = _message(programs, random)
    programs[dst].insert(place, programs[dst][place])
    return Fault(frozenset({Cause.MISSING_SEND}), dst)


def no_receive(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    if not machine.rendezvous:
        return None
    _, _, dst, place = _message(programs, random)
    del programs[dst][place]
    return Fault(frozenset({Cause.MISSING_RECEIVE}), dst)


def another_tag(machine: Machine, programs: Programs, random: Random) -> Fault:
    src, place, _, _ = _message(programs, random)
    send = programs[src][place]
    assert isinstance(send, Send)
    programs[src][place] = replace(send, tag=send.tag + 500)
    return Fault(frozenset({Cause.TAG_MISMATCH}), src)


def another_size(machine: Machine, programs: Programs, random: Random) -> Fault:
    src, place, _, _ = _message(programs, random)
    send = programs[src][place]
    assert isinstance(send, Send)
    programs[src][place] = replace(send, size=send.size + 1)
    return Fault(frozenset({Cause.SIZE_MISMATCH}), src)


# -- collectives --------------------------------------------------------------------------------


def _collective(programs: Programs, random: Random) -> tuple[int, int, Collective]:
    places = [
        (n, p)
        for n, program in enumerate(programs)
        for p, s in enumerate(program)
        if isinstance(s, Collective)
    ]
    npu, place = random.choice(places)
    step = programs[npu][place]
    assert isinstance(step, Collective)
    return npu, place, step


def dropped(machine: Machine, programs: Programs, random: Random) -> Fault:
    npu, place, _ = _collective(programs, random)
    del programs[npu][place]
    return Fault(frozenset({Cause.MISSING_COLLECTIVE}), npu)


def doubled(machine: Machine, programs: Programs, random: Random) -> Fault:
    npu, place, step = _collective(programs, random)
    programs[npu].insert(place, step)
    return Fault(frozenset({Cause.MISSING_COLLECTIVE}), npu)


def inserted(machine: Machine, programs: Programs, random: Random) -> Fault:
    npu, place, step = _collective(programs, random)
    programs[npu].insert(place, replace(step, size=step.size * 100))
    return Fault(frozenset({Cause.MISSING_COLLECTIVE}), npu)


def other_collective_size(machine: Machine, programs: Programs, random: Random) -> Fault:
    npu, place, step = _collective(programs, random)
    programs[npu][place] = replace(step, size=step.size * 100)
    return Fault(frozenset({Cause.COLLECTIVE_MISMATCH}), npu)


def other_type(machine: Machine, programs: Programs, random: Random) -> Fault:
    npu, place, step = _collective(programs, random)
    others = [kind for kind in KINDS if kind is not step.kind]
    programs[npu][place] = replace(step, kind=random.choice(others), size=step.size * 4)
    return Fault(frozenset({Cause.COLLECTIVE_MISMATCH}), npu)


def other_dims(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    if len(machine.shape) < 2:
        return None
    npu, place, step = _collective(programs, random)
    if step.group:
        return None
    dims = [(True, False), (False, True), None]
    dims.remove(step.dims)
    programs[npu][place] = replace(step, dims=random.choice(dims))
    return Fault(frozenset({Cause.COLLECTIVE_MISMATCH}), npu)


def other_group(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    npu, place, step = _collective(programs, random)
    if step.dims:
        return None
    mine = [n for n, members in machine.groups.items() if npu in members and n != step.group]
    if step.group:
        mine.append(0)
    if not mine:
        return None
    programs[npu][place] = replace(step, group=random.choice(mine))
    return Fault(frozenset({Cause.GROUP_MISMATCH}), npu)


def other_order(machine: Machine, programs: Programs, random: Random) -> Fault | None:
    npu = random.randrange(machine.npus)
    program = programs[npu]
    for one, step in enumerate(program):
        if not isinstance(step, Collective):
            continue
        for other in range(one + 1, len(program)):
            it = program[other]
            if not isinstance(it, Collective):
                continue
            same = (it.group, it.dims) == (step.group, step.dims)
            if same and it != step and random.random() < 0.5:
                program[one], program[other] = it, step
                return Fault(frozenset({Cause.COLLECTIVE_MISMATCH}), npu)
    return None


PLANTS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in (
        no_send,
        send_elsewhere,
        receive_from_elsewhere,
        receive_twice,
        no_receive,
        another_tag,
        another_size,
        dropped,
        doubled,
        inserted,
        other_collective_size,
        other_type,
        other_dims,
        other_group,
        other_order,
    )
}
