"""What flows promise beside both of ASTRA-sim's backends: the wire's speed, whatever the chunks.

A switch of 8 at 50 GB/s, 64 MiB in 4 splits, reductions free; times over what a port's bandwidth
allows, as in issue 14's table: congestion-aware has 2.03, 1.03, 1.02 for the first line, and
congestion-unaware 1.03, 0.51, 0.26.
"""

from collections.abc import Callable

import pytest
from support.machines import one_collective, system

from simastra.config import NetworkConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

SIZE = 64 * MiB
SWITCH = NetworkConfig(topology=["Switch"], npus_count=[8], bandwidth=["50GB/s"], latency=[500])
FLUID = Options("fluid", shortcuts="off")


def over_bound(kind: CollectiveType, algorithm: str, chunks: int) -> float:
    machine = system(
        [algorithm], local_mem_bw=0, endpoint_delay=0, active_chunks_per_dimension=chunks
    )
    result = Simulation(one_collective(kind, SIZE), machine, SWITCH, options=FLUID).run()
    times = 2 if kind is CollectiveType.ALL_REDUCE else 1
    return result.makespan / (times * 7 / 8 * SIZE / 50)


@pytest.mark.parametrize(
    ("kind", "algorithm", "expected"),
    [
        (CollectiveType.ALL_REDUCE, "ring", [1.024, 1.012, 1.006]),
        (CollectiveType.ALL_REDUCE, "direct", [1.003, 1.002, 1.001]),
        (CollectiveType.ALL_TO_ALL, "direct", [1.003, 1.002, 1.001]),
    ],
)
def test_collectives_take_what_their_ports_need_and_the_latencies(
    kind: CollectiveType, algorithm: str, expected: list[float]
) -> None:
    found = [over_bound(kind, algorithm, chunks) for chunks in (1, 2, 4)]
    assert found == pytest.approx(expected, abs=0.0006)
    assert min(found) >= 1
    assert max(found) / min(found) <= 1.02


def sends(*pairs: tuple[int, int], size: int) -> Trace:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for tag, (src, dst) in enumerate(pairs):
        builders[src].send("send", to=dst, size=size, tag=tag)
        builders[dst].recv("receive", source=src, size=size, tag=tag)
    return Trace.of(builders)


@pytest.mark.parametrize(
    ("trace", "makespan"),
    [
        (lambda: sends((0, 1), size=SIZE), int(1000 + SIZE / 50)),
        (lambda: sends(*((src, 0) for src in range(1, 8)), size=8 * MiB), 1000 + 7 * 8 * MiB // 50),
    ],
    ids=["one send", "incast of 7"],
)
def test_sends_take_the_wire_and_the_latency_of_two_hops(
    trace: Callable[[], Trace], makespan: int
) -> None:
    assert Simulation(trace(), system(), SWITCH, options=FLUID).run().makespan == makespan
