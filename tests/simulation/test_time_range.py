"""Simulated time ends at 2^63 - 1 ns: what would be later is an error that names what made it."""

from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra import CollectiveType, Node, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.config import MemoryConfig, NetworkConfig
from simastra.dialect import MASTER
from simastra.errors import InputError, TimeRangeError, TraceError
from simastra.simulation.options import SHORTCUTS

END = 2**63 - 1
RING = network(("Ring", 4))
SLOW = network(("Ring", 4), bandwidth=1e-6)


def durations(*nanos: int) -> Trace:
    """Computations of so many ns on each NPU, one after the other."""
    nodes = [
        Node(number, f"c{number}", NodeType.COMP, (number - 1,) if number else (), duration=each)
        for number, each in enumerate(nanos)
    ]
    return Trace.uniform(nodes, RING.npus)


@pytest.mark.parametrize("shortcuts", SHORTCUTS)
def test_the_last_nanosecond_is_simulated(shortcuts: str) -> None:
    options = Options(shortcuts=shortcuts)
    trace = durations(2**62, 2**62 - 1)
    assert Simulation(trace, system(), RING, options=options).run().makespan == END


@pytest.mark.parametrize("shortcuts", SHORTCUTS)
def test_the_nanosecond_after_is_an_error_that_names_the_node(shortcuts: str) -> None:
    options = Options(shortcuts=shortcuts)
    simulation = Simulation(durations(2**62, 2**62), system(), RING, options=options)
    with pytest.raises(TimeRangeError) as caught:
        simulation.run()
    assert caught.value.time == END + 1
    assert caught.value.what == "NPU 0 (node 1 'c1')"
    assert str(caught.value) == (
        "NPU 0 (node 1 'c1') would end at 9223372036854775808 ns, and simulated time ends at "
        "2^63 - 1; make durations, sizes and latencies smaller, or bandwidths larger"
    )


@pytest.mark.parametrize("shortcuts", SHORTCUTS)
def test_it_is_the_same_error_where_something_else_of_the_npu_ends_then(shortcuts: str) -> None:
    trace = TraceBuilder()
    first = trace.compute("gpu", micros=2**52)
    trace.compute("cpu", micros=2**52, on_cpu=True)
    trace.compute("too late", micros=2**53, after=first)
    options = Options(dialect=MASTER, shortcuts=shortcuts)
    with pytest.raises(TimeRangeError, match="'too late'"):
        Simulation(trace, system(), RING, options=options).run()


def test_a_duration_that_is_longer_than_time_is_seen_before_the_run() -> None:
    with pytest.raises(TraceError, match="'c0' takes 9223372036854775808 ns") as caught:
        Simulation(durations(END + 1), system(), RING)
    assert caught.value.node == 0


MESSAGE = "a message of 70368744177664 bytes from NPU 0 (node 1 'ALL_REDUCE') to NPU 1"
REDUCING = " reducing (local-mem-bw, or the bus's local-reduction-delay)"
PASSING = " passing its endpoint (endpoint-delay, or the bus's L, o, g and G)"


@pytest.mark.parametrize("explained", [False, True])
@pytest.mark.parametrize(
    ("changes", "shape", "backend", "what"),
    [
        ({}, SLOW, "congestion-aware", MESSAGE + " on link 0 -> 1"),
        ({}, SLOW, "congestion-unaware", MESSAGE),
        (
            {"local_mem_bw": 1e-9},
            RING,
            "congestion-aware",
            "NPU 1 (node 1 'ALL_REDUCE')" + REDUCING,
        ),
        (
            {"endpoint_delay": 2**62},
            RING,
            "congestion-aware",
            "NPU 1 (node 1 'ALL_REDUCE')" + PASSING,
        ),
        (
            {"model_shared_bus": 1, "G": 1e6},
            RING,
            "congestion-aware",
            "NPU 0 (node 1 'ALL_REDUCE')" + PASSING,
        ),
    ],
)
def test_what_takes_too_long_in_a_collective_is_named(
    changes: dict[str, Any], shape: NetworkConfig, backend: str, what: str, *, explained: bool
) -> None:
    trace = one_collective(CollectiveType.ALL_REDUCE, 2**50)
    simulation = Simulation(trace, system(**changes), shape, options=Options(backend=backend))
    with pytest.raises(TimeRangeError) as caught:
        simulation.explain() if explained else simulation.run()
    assert caught.value.what == what


def test_an_access_to_remote_memory_is_named() -> None:
    memory = MemoryConfig.parse({"memory-type": "MEMORY_POOL", "remote-mem-latency": 2**62})
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu in (1, 2):
        builders[npu].load("weights", tensor_size=8)
    simulation = Simulation(Trace.of(builders), system(), RING, memory)
    with pytest.raises(TimeRangeError) as caught:
        simulation.run()
    assert caught.value.what == (
        "NPU 2 (node 1 'weights') accessing remote memory (remote-mem-latency, remote-mem-bw)"
    )


def test_it_is_an_error_in_the_input() -> None:
    assert issubclass(TimeRangeError, InputError)
