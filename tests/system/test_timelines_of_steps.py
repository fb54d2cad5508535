"""Algorithms that go step by step, alone on a switch: their closed forms, to the nanosecond.

A step of s bytes takes two links, a passage of the endpoint, and three accesses to memory where it
reduces; each is cut to whole nanoseconds (behaviour 3.4, 4.1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig, SystemConfig
from simastra.simulation import Simulation
from simastra.trace import CollectiveType

AR = CollectiveType.ALL_REDUCE
RS = CollectiveType.REDUCE_SCATTER
AG = CollectiveType.ALL_GATHER
A2A = CollectiveType.ALL_TO_ALL

BYTES_PER_NS_OF_A_GBPS = 2**30 / 1e9


@dataclass(frozen=True, slots=True)
class Machine:
    """A switch; times in ns, `memory` in bytes a ns."""

    bandwidth: float
    latency: int
    endpoint: int
    memory: int

    def link(self, size: int) -> int:
        return int(self.latency + size / (self.bandwidth * BYTES_PER_NS_OF_A_GBPS))

    def step(self, size: int, *, reduces: bool = False) -> int:
        return 2 * self.link(size) + self.endpoint + (3 * int(size / self.memory) if reduces else 0)

    def system(self, algorithm: str) -> SystemConfig:
        return system(
            [algorithm],
            preferred_dataset_splits=1,
            endpoint_delay=self.endpoint,
            local_mem_bw=self.memory,
        )

    def neighbours(self, algorithm: str, npus: int) -> tuple[SystemConfig, NetworkConfig]:
        """With a link between any two in place of the switch."""
        shape = network(("FullyConnected", npus), bandwidth=self.bandwidth, latency=self.latency)
        return self.system(algorithm), shape

    def makespan(self, collective: CollectiveType, algorithm: str, size: int, npus: int) -> int:
        """Simulated: one chunk."""
        shape = network(("Switch", npus), bandwidth=self.bandwidth, latency=self.latency)
        work = one_collective(collective, size)
        return Simulation(work, self.system(algorithm), shape).run().makespan


MACHINES = st.builds(
    Machine,
    bandwidth=st.sampled_from([1.0, 37.3, 50.0, 400.0]),
    latency=st.integers(0, 2000),
    endpoint=st.integers(0, 100),
    memory=st.integers(1, 2000),
)


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """How many blocks the steps of an algorithm carry, among n members.

    Attributes:
        reducing: in steps that reduce, by n.
        moving: in the steps after those.
    """

    name: str
    collective: CollectiveType
    reducing: Callable[[int], Sequence[int]] = lambda _: ()
    moving: Callable[[int], Sequence[int]] = lambda _: ()
    powers_only: bool = False


def halvings(n: int) -> list[int]:
    """n/2, n/4 ... 1."""
    return [n >> step for step in range(1, n.bit_length())]


def doublings(n: int) -> list[int]:
    return halvings(n)[::-1]


def log2(n: int) -> int:
    """Rounded up."""
    return (n - 1).bit_length()


def with_bit(n: int) -> list[int]:
    """For each bit, how many distances below n have it."""
    return [sum(distance >> bit & 1 for distance in range(n)) for bit in range(log2(n))]


def lowest_bits(n: int) -> list[int]:
    """For each bit, of how many distances below n it is the lowest."""
    return [sum(d & -d == 1 << bit for d in range(n)) for bit in range(log2(n))]


FORMS = (
    ClosedForm("recursiveDoubling", AR, lambda n: [n] * log2(n), powers_only=True),
    ClosedForm("recursiveDoubling", AG, moving=doublings, powers_only=True),
    ClosedForm("rabenseifner", AR, halvings, doublings, powers_only=True),
    ClosedForm("swing", AR, halvings, doublings, powers_only=True),
    ClosedForm("swing", RS, halvings, powers_only=True),
    ClosedForm("swing", AG, moving=doublings, powers_only=True),
    ClosedForm("bruck", AG, moving=lambda n: [min(1 << k, n - (1 << k)) for k in range(log2(n))]),
    ClosedForm("bruck", A2A, moving=with_bit),
    ClosedForm("pairwise", A2A, moving=lambda n: [1] * (n - 1)),
    ClosedForm("pairwise", AG, moving=lambda n: [1] * (n - 1)),
    ClosedForm("pairwise", RS, lambda n: [1] * (n - 1)),
    ClosedForm("pat", AG, moving=lambda n: lowest_bits(n)[::-1]),
    ClosedForm("pat", RS, lowest_bits),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.name}-{form.collective.name}")
@settings(max_examples=25)
@given(machine=MACHINES, share=st.integers(1, 200_000), npus=st.sampled_from([2, 3, 4, 5, 6, 8, 9]))
def test_step_by_step(form: ClosedForm, machine: Machine, share: int, npus: int) -> None:
    if form.powers_only:
        npus = 1 << log2(npus)
    size = share if form.collective is AG else share * npus
    expected = machine.endpoint
    expected += sum(machine.step(blocks * share, reduces=True) for blocks in form.reducing(npus))
    expected += sum(machine.step(blocks * share) for blocks in form.moving(npus))
    assert machine.makespan(form.collective, form.name, size, npus) == expected


# Of 7 and of 15 all but one of the power of two are late alike, having heard of one of the rest.
@given(machine=MACHINES, share=st.integers(1, 200_000), npus=st.sampled_from([7, 15]))
def test_those_above_a_power_of_two_cost_a_step_before_and_one_after(
    machine: Machine, share: int, npus: int
) -> None:
    size = npus * share
    config, shape = machine.neighbours("recursiveDoubling", npus)
    whole = machine.link(size) + machine.endpoint
    reduction = 3 * int(size / machine.memory)
    steps = npus.bit_length() - 1
    made = Simulation(one_collective(AR, size), config, shape).run().makespan
    assert made == machine.endpoint + (1 + steps) * (whole + reduction) + whole


@given(machine=MACHINES, share=st.integers(1, 200_000), npus=st.sampled_from([2, 3, 4, 5, 8, 9]))
def test_a_bidirectional_ring_of_neighbours_takes_half_of_the_steps(
    machine: Machine, share: int, npus: int
) -> None:
    config, shape = machine.neighbours("bidirectionalRing", npus)
    steps = npus // 2
    gathered = Simulation(one_collective(AG, share), config, shape).run().makespan
    assert gathered == machine.endpoint + steps * (machine.link(share) + machine.endpoint)
    reduced = Simulation(one_collective(RS, share * npus), config, shape).run().makespan
    assert reduced == gathered + steps * 3 * int(share / machine.memory)
