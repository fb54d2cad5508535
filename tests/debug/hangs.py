"""Machines that hang, each for one reason, and what a person must learn to mend it."""

from dataclasses import dataclass

from support.machines import network, system

from simastra import CollectiveType, KiB, Simulation, Trace, TraceBuilder
from simastra.errors import Cause
from simastra.simulation import Options


@dataclass(frozen=True)
class Hang:
    """A simulation that hangs: why, and which NPUs and nodes the answers must name."""

    simulation: Simulation
    cause: Cause
    npu: int
    names: tuple[str, ...]


def _npus() -> list[TraceBuilder]:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        builder.compute("warm up", micros=1 + npu)
    return builders


def _simulation(builders: list[TraceBuilder], *, rendezvous: bool = False) -> Simulation:
    options = Options(rendezvous=rendezvous)
    return Simulation(Trace.of(builders), system(), network(("Ring", 4)), options=options)


def no_send() -> Hang:
    npus = _npus()
    npus[3].recv("activations", size=KiB, source=2)
    return Hang(_simulation(npus), Cause.MISSING_SEND, 3, ("activations", "NPU 2 has no send"))


def another_tag() -> Hang:
    npus = _npus()
    npus[0].send("out", size=KiB, to=1, tag=7)
    npus[1].recv("in", size=KiB, source=0, tag=8)
    return Hang(_simulation(npus), Cause.TAG_MISMATCH, 1, ("'in'", "has tag 7"))


def another_size() -> Hang:
    npus = _npus()
    npus[0].send("out", size=KiB + 1, to=1)
    npus[1].recv("in", size=KiB, source=0)
    return Hang(_simulation(npus), Cause.SIZE_MISMATCH, 1, ("'in'", "1,025 bytes"))


def no_receive_for_a_handshake() -> Hang:
    npus = _npus()
    npus[2].send("out", size=KiB, to=1)
    hang = _simulation(npus, rendezvous=True)
    return Hang(hang, Cause.MISSING_RECEIVE, 2, ("'out'", "NPU 1 has no receive"))


def a_collective_without_one() -> Hang:
    npus = _npus()
    for npu in (0, 1, 3):
        npus[npu].all_reduce("gradients", size=KiB)
    names = ("gradients", "NPU 2 has finished")
    return Hang(_simulation(npus), Cause.MISSING_COLLECTIVE, 0, names)


def collectives_in_another_order() -> Hang:
    npus = _npus()
    for npu, builder in enumerate(npus):
        kinds = (CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER)
        first, second = kinds if npu else reversed(kinds)
        before = builder.collective(first, first.name, size=KiB)
        builder.collective(second, second.name, size=KiB, after=before)
    return Hang(_simulation(npus), Cause.COLLECTIVE_MISMATCH, 1, ("ALL_REDUCE", "REDUCE_SCATTER"))


def a_collective_of_another_size() -> Hang:
    npus = _npus()
    for npu, builder in enumerate(npus):
        builder.all_gather("weights", size=KiB if npu != 2 else 2 * KiB)
    return Hang(_simulation(npus), Cause.COLLECTIVE_MISMATCH, 0, ("weights", "2,048 bytes"))


def stuck_behind_a_receive() -> Hang:
    """1 never comes to the all-reduce: it waits for a message that nobody sends."""
    npus = _npus()
    for npu, builder in enumerate(npus):
        before = builder.recv("tokens", size=KiB, source=0) if npu == 1 else ()
        builder.all_reduce("gradients", size=KiB, after=before)
    return Hang(_simulation(npus), Cause.MISSING_SEND, 3, ("gradients", "tokens"))


HANGS = (
    no_send,
    another_tag,
    another_size,
    no_receive_for_a_handshake,
    a_collective_without_one,
    collectives_in_another_order,
    a_collective_of_another_size,
    stuck_behind_a_receive,
)
