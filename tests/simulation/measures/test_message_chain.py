"""Chains of nodes that messages link, across NPUs."""

import pytest
from support.machines import network, system
from support.played import PLAYED

from simastra import MiB, NetworkConfig, Options, Result, Simulation, Trace, TraceBuilder
from simastra.metrics import BoundPart, BoundPlace
from simastra.network.timing import LinkTiming
from simastra.network.topology import Switch
from simastra.simulation.measures.message_chain import least_way

SIZE = MiB
RATE = 50 * 2**30 / 1e9


def pipeline(stages: int, batches: int, *, tags: bool = True) -> Trace:
    """Each stage works on each batch for 100 us, and sends what comes of it to the next."""
    builders = [TraceBuilder(npu) for npu in range(stages)]
    for npu, builder in enumerate(builders):
        work = None
        for batch in range(batches):
            tag = batch if tags else 0
            waits = [] if work is None else [work]
            if npu:
                waits.append(builder.recv(f"r{batch}", size=SIZE, source=npu - 1, tag=tag))
            work = builder.compute(f"w{batch}", micros=100, after=waits)
            if npu + 1 < stages:
                builder.send(f"s{batch}", size=SIZE, to=npu + 1, tag=tag, after=work)
    return Trace.of(builders)


def run(trace: Trace, backend: str, shape: NetworkConfig) -> Result:
    return Simulation(trace, system(), shape, options=Options(backend=backend)).run()


@pytest.mark.parametrize("backend", PLAYED)
def test_a_pipelines_bubble_is_in_its_bound(backend: str) -> None:
    result = run(pipeline(4, 3), backend, network(("Switch", 4)))
    way = int(SIZE / RATE) + 2 * 500 - 2
    bound = result.bound
    assert bound.parts[BoundPart.DEPENDENCIES] == (4 + 3 - 1) * 100_000 + 3 * way
    assert (bound.limit, bound.place) == (BoundPart.DEPENDENCIES, BoundPlace("NPU 3", 3))
    assert not bound.is_beaten
    if backend == "congestion-unaware":
        assert bound.slack <= 3 * 2


def test_messages_that_are_alike_may_be_any() -> None:
    result = run(pipeline(4, 3, tags=False), "congestion-aware", network(("Switch", 4)))
    assert result.bound.parts[BoundPart.DEPENDENCIES] < 4 * 100_000


def test_a_receive_that_comes_late_has_its_own_chain() -> None:
    first, second = TraceBuilder(0), TraceBuilder(1)
    first.send("s", size=SIZE, to=1, tag=3)
    late = second.compute("late", micros=500)
    got = second.recv("r", size=SIZE, source=0, tag=3, after=late)
    second.compute("end", micros=7, after=got)
    result = run(Trace.of([first, second]), "congestion-aware", network(("Ring", 2)))
    assert result.bound.parts[BoundPart.DEPENDENCIES] == result.makespan == 507_000


def test_a_way_takes_the_time_on_its_slowest_link_and_all_latencies() -> None:
    switch = Switch(4, LinkTiming(10.75, 3.0))
    assert least_way(switch, 0, 1, 1000) == 333 + 21 - 2
    assert least_way(switch, 0, 1, 0) == 19
    assert least_way(Switch(4), 0, 1, 1000) == 0
