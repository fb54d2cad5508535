"""Machines of four NPUs that can't finish, each for one reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from support.machines import network, system

from simastra.config import CommGroups
from simastra.errors import DeadlockError
from simastra.result import Result
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4


class Machine:
    """Four NPUs with a builder each, and what they run on.

    Args:
        dialect: of the simulation.
        groups: the communicator groups.
        shape: (topology, NPUs) of each dimension.
        options: further options.
    """

    def __init__(
        self,
        dialect: str = "hoti2024",
        groups: Mapping[str, Sequence[int]] | None = None,
        shape: Sequence[tuple[str, int]] = (("Ring", NPUS),),
        **options: Any,
    ) -> None:
        self.npus = [TraceBuilder(npu) for npu in range(NPUS)]
        self._options = Options(dialect=dialect_named(dialect), **options)
        self._groups = CommGroups.parse(groups) if groups else None
        self._shape = shape

    def simulation(self) -> Simulation:
        return Simulation(
            Trace.of(self.npus),
            system(["ring"] * len(self._shape)),
            network(*self._shape),
            comm_groups=self._groups,
            options=self._options,
        )

    def run(self) -> Result:
        return self.simulation().run()

    def deadlock(self) -> DeadlockError:
        with pytest.raises(DeadlockError) as raised:
            self.run()
        return raised.value


Plant: TypeAlias = Callable[[], Machine]


# -- messages -----------------------------------------------------------------------------------


def another_tag() -> Machine:
    machine = Machine()
    machine.npus[0].compute("before", micros=1)
    machine.npus[0].send("send", size=KiB, to=1, tag=3)
    machine.npus[1].recv("receive", size=KiB, source=0, tag=4)
    return machine


def another_size() -> Machine:
    machine = Machine()
    machine.npus[0].send("send", size=KiB + 1, to=1)
    machine.npus[1].recv("receive", size=KiB, source=0)
    return machine


def no_send() -> Machine:
    machine = Machine()
    machine.npus[3].recv("receive", size=KiB, source=2)
    return machine


def a_send_to_somebody_else() -> Machine:
    machine = Machine()
    machine.npus[0].send("send", size=KiB, to=2)
    machine.npus[1].recv("receive", size=KiB, source=0)
    return machine


def a_receive_from_somebody_else() -> Machine:
    machine = Machine()
    machine.npus[0].send("send", size=KiB, to=1)
    machine.npus[1].recv("receive", size=KiB, source=3)
    return machine


def one_send_for_two_receives() -> Machine:
    machine = Machine()
    machine.npus[0].send("send", size=KiB, to=1)
    first = machine.npus[1].recv("first", size=KiB, source=0)
    machine.npus[1].recv("second", size=KiB, source=0, after=first)
    return machine


def no_receive_for_a_handshake() -> Machine:
    machine = Machine(rendezvous=True)
    machine.npus[0].send("send", size=KiB, to=1)
    return machine


def another_tag_for_a_handshake() -> Machine:
    machine = Machine(rendezvous=True)
    machine.npus[0].send("send", size=KiB, to=1, tag=3)
    machine.npus[1].recv("receive", size=KiB, source=0, tag=4)
    return machine


def a_chain() -> Machine:
    """3 waits for 2, 2 for 1, and 1 for what 0 never sends."""
    machine = Machine()
    for npu in (1, 2, 3):
        received = machine.npus[npu].recv("receive", size=KiB, source=npu - 1)
        if npu < 3:
            machine.npus[npu].send("pass on", size=KiB, to=npu + 1, after=received)
    return machine


def a_circle_of(*npus: int) -> Machine:
    """Each receives from the one before and only then sends to the next one."""
    machine = Machine("master")
    for before, npu, after in zip((npus[-1], *npus), npus, (*npus[1:], npus[0]), strict=False):
        received = machine.npus[npu].recv("receive", size=KiB, source=before)
        machine.npus[npu].send("pass on", size=KiB, to=after, after=received)
    return machine


def receives_first(dialect: str = "hoti2024") -> Machine:
    machine = Machine(dialect)
    for npu in (0, 1):
        machine.npus[npu].recv("receive", size=KiB, source=1 - npu)
        machine.npus[npu].send("send", size=KiB, to=1 - npu)
    return machine


def three_receives_first() -> Machine:
    machine = Machine()
    for npu in (0, 1, 2):
        machine.npus[npu].recv("receive", size=KiB, source=(npu + 1) % 3)
        machine.npus[npu].send("send", size=KiB, to=(npu - 1) % 3)
    return machine


def sends_first_with_a_handshake(dialect: str = "hoti2024") -> Machine:
    machine = Machine(dialect, rendezvous=True)
    for npu in (0, 1):
        machine.npus[npu].send("send", size=KiB, to=1 - npu)
        machine.npus[npu].recv("receive", size=KiB, source=1 - npu)
    return machine


# -- collectives --------------------------------------------------------------------------------


def one_without() -> Machine:
    machine = Machine()
    for npu in (0, 1, 3):
        machine.npus[npu].all_reduce("reduce", size=KiB)
    return machine


def one_with_another_more() -> Machine:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        first = builder.all_reduce("first", size=KiB)
        if npu == 2:
            builder.all_gather("second", size=KiB, after=first)
    return machine


def another_order() -> Machine:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        kinds = (CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER)
        first, second = kinds if npu else reversed(kinds)
        before = builder.collective(first, first.name, size=KiB)
        builder.collective(second, second.name, size=KiB, after=before)
    return machine


def another_collective_size() -> Machine:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        builder.all_gather("gather", size=KiB if npu != 2 else 2 * KiB)
    return machine


def another_type() -> Machine:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        kind = CollectiveType.ALL_TO_ALL if npu == 1 else CollectiveType.REDUCE_SCATTER
        builder.collective(kind, kind.name, size=KiB)
    return machine


def one_stuck_before() -> Machine:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        stuck = builder.recv("stuck", size=KiB, source=0) if npu == 3 else ()
        builder.all_reduce("reduce", size=KiB, after=stuck)
    return machine


def a_receive_that_holds_the_unit() -> Machine:
    """1's receive takes the unit; 0 sends after the all-reduce that 1 never begins."""
    machine = Machine()
    machine.npus[1].recv("receive", size=KiB, source=0)
    reduced = [builder.all_reduce("reduce", size=KiB) for builder in machine.npus]
    machine.npus[0].send("send", size=KiB, to=1, after=reduced[0])
    return machine


# -- process groups -----------------------------------------------------------------------------


def overlapping_groups() -> Machine:
    """2 is in the second group, since that one counts."""
    machine = Machine(groups={"1": [0, 1, 2], "2": [2, 3]})
    for builder in machine.npus:
        builder.all_reduce("reduce", size=KiB)
    return machine


def some_in_a_group_and_some_in_none() -> Machine:
    machine = Machine(groups={"1": [0, 1]})
    for builder in machine.npus:
        builder.all_reduce("reduce", size=KiB)
    return machine


def groups_in_another_order() -> Machine:
    machine = Machine("master", groups={"1": [0, 1], "2": [1, 0]})
    for npu in (0, 1):
        first = machine.npus[npu].all_reduce("first", size=KiB, group=1 + npu)
        machine.npus[npu].all_reduce("second", size=KiB, group=2 - npu, after=first)
    return machine


def three_groups_in_a_circle() -> Machine:
    machine = Machine("master", groups={"1": [0, 1], "2": [1, 2], "3": [2, 0]})
    for npu in (0, 1, 2):
        first = machine.npus[npu].all_reduce("first", size=KiB, group=npu + 1)
        machine.npus[npu].all_reduce("second", size=KiB, group=(npu - 1) % 3 + 1, after=first)
    return machine


def a_group_whose_member_finished() -> Machine:
    machine = Machine("master", groups={"1": [0, 1], "2": [2, 3]})
    for npu in (0, 1, 2):
        machine.npus[npu].all_reduce("reduce", size=KiB, group=1 + npu // 2)
    return machine


def another_size_in_one_group() -> Machine:
    machine = Machine("master", groups={"1": [0, 1], "2": [2, 3]})
    for npu, builder in enumerate(machine.npus):
        builder.all_reduce("reduce", size=KiB * (1 + (npu == 3)), group=1 + npu // 2)
    return machine
