"""One chunk's timeline without contention, against the closed forms of behaviour 3.6."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.config import CommGroups, SystemConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType

AR = CollectiveType.ALL_REDUCE
RS = CollectiveType.REDUCE_SCATTER
AG = CollectiveType.ALL_GATHER
A2A = CollectiveType.ALL_TO_ALL


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of one fully connected dimension; times in ns, `memory` in bytes a ns."""

    npus: int
    bandwidth: float
    latency: int
    endpoint: int
    memory: int

    def net(self, size: int) -> int:
        """Arrival delay of one message."""
        return int(self.latency + size / (self.bandwidth * 2**30 / 1e9))

    def reduction(self, size: int) -> int:
        return 3 * int(size / self.memory)

    def makespan(self, collective: CollectiveType, algorithm: str, size: int) -> int:
        """Simulated: one chunk of `size` bytes."""
        config = system(
            [algorithm],
            preferred_dataset_splits=1,
            endpoint_delay=self.endpoint,
            local_mem_bw=self.memory,
        )
        shape = network(
            ("FullyConnected", self.npus), bandwidth=self.bandwidth, latency=self.latency
        )
        return Simulation(one_collective(collective, size), config, shape).run().makespan


MACHINES = st.builds(
    Machine,
    npus=st.integers(2, 9),
    bandwidth=st.sampled_from([1.0, 37.3, 50.0, 400.0]),
    latency=st.integers(0, 2000),
    endpoint=st.integers(0, 100),
    memory=st.integers(1, 2000),
)
SHARES = st.integers(1, 200_000)


@given(machine=MACHINES, share=SHARES)
def test_ring(machine: Machine, share: int) -> None:
    n, e = machine.npus, machine.endpoint
    size = n * share
    step, whole = machine.net(share) + e, machine.net(size) + e
    reductions = (n - 1) * machine.reduction(share)
    assert machine.makespan(AR, "ring", size) == e + 2 * (n - 1) * step + reductions
    assert machine.makespan(RS, "ring", size) == e + (n - 1) * step + reductions
    assert machine.makespan(AG, "ring", size) == e + (n - 1) * whole
    assert machine.makespan(A2A, "ring", size) == e + n * (n - 1) // 2 * step


@given(machine=MACHINES, share=SHARES)
def test_direct_with_everything_at_once(machine: Machine, share: int) -> None:
    e, net, reduction = machine.endpoint, machine.net(share), machine.reduction(share)
    size = machine.npus * share
    assert machine.makespan(AR, "direct", size) == 3 * e + 2 * net + reduction
    assert machine.makespan(RS, "direct", size) == 2 * e + net + reduction
    assert machine.makespan(AG, "direct", size) == 2 * e + machine.net(size)
    assert machine.makespan(A2A, "direct", size) == 2 * e + net


@given(machine=MACHINES, share=SHARES)
def test_one_step_of_halving_doubling_is_all_there_is_among_two(
    machine: Machine, share: int
) -> None:
    pair = Machine(2, machine.bandwidth, machine.latency, machine.endpoint, machine.memory)
    # The only reduction is the one that ASTRA-sim forgets to charge (behaviour 3.7).
    expected = 2 * pair.endpoint + pair.net(share)
    assert pair.makespan(RS, "halvingDoubling", 2 * share) == expected


@pytest.mark.parametrize(("delay", "scale", "used"), [(10, 2.5, 25), (10, 0.19, 1), (0, 3, 0)])
def test_the_endpoint_delay_is_scaled_and_truncated(delay: int, scale: float, used: int) -> None:
    result = Simulation(
        one_collective(AR),
        system(endpoint_delay=delay),
        network(("Ring", 8)),
        options=Options(injection_scale=scale),
    ).run()
    assert result.makespan == 4 * (15 * used + 14 * 1110 + 7 * 1965)


def test_the_default_endpoint_delay_is_10_and_not_scaled() -> None:
    config = SystemConfig.parse(
        {
            "preferred-dataset-splits": 4,
            "all-reduce-implementation": ["ring"],
            "local-mem-bw": 50,
        }
    )
    options = Options(injection_scale=7)
    result = Simulation(one_collective(AR), config, network(("Ring", 8)), options=options).run()
    assert result.makespan == 117780


def test_the_endpoint_delay_in_a_group_is_10_whatever_is_configured() -> None:
    groups = CommGroups.parse({"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]})
    cycles = [
        Simulation(
            one_collective(AR),
            system(endpoint_delay=delay),
            network(("Ring", 8)),
            comm_groups=groups,
        )
        .run()
        .cycles
        for delay in (0, 10, 5000)
    ]
    assert cycles[0] == cycles[1] == cycles[2]


def test_each_reduction_access_is_truncated_on_its_own() -> None:
    # 32768 / 40000 is 0 ns, thrice: not int(3 * 0.8) = 2.
    free = all_reduce_on_ring_of_8(local_mem_bw=0).run()
    assert all_reduce_on_ring_of_8(local_mem_bw=40_000).run().makespan == free.makespan
