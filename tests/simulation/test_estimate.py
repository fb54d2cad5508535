"""What a notice says of communication that isn't sent: how long the run would take if it were."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import (
    CollectiveType,
    CommGroups,
    MiB,
    Node,
    NodeType,
    Options,
    Simulation,
    Trace,
    TraceBuilder,
)
from simastra.collectives import FOUR_COLLECTIVES
from simastra.config import NetworkConfig

RING = network(("Ring", 8))


def silent(builders: Sequence[TraceBuilder]) -> Trace:
    """The builders' nodes, those that communicate without is_cpu_op."""
    return Trace.of(
        [
            [
                node if node.type is NodeType.COMP else replace(node, is_cpu_op=None)
                for node in builder.nodes
            ]
            for builder in builders
        ]
    )


def told(simulation: Simulation) -> str:
    (notice,) = (it for it in simulation.notices if it.code == "dropped-communication")
    return notice.message


def estimate(message: str) -> int:
    found = re.search(r"take about (\d+) ns", message)
    assert found, message
    return int(found[1])


def several(builder: TraceBuilder, npu: int) -> None:
    first = builder.all_reduce("ar", size=MiB)
    builder.all_gather("ag", size=3000, after=first)
    builder.all_to_all("a2a", size=MiB)


def branches(builder: TraceBuilder, npu: int) -> None:
    compute = builder.compute("c", micros=300 + npu)
    builder.all_reduce("ar", size=MiB, after=builder.compute("d", micros=5, after=compute))
    builder.reduce_scatter("rs", size=4 * MiB)


def pipeline(builder: TraceBuilder, npu: int) -> None:
    received = () if npu == 0 else builder.recv("r", size=MiB, source=npu - 1)
    done = builder.compute("c", micros=20, after=received)
    if npu < 7:
        builder.send("s", size=MiB, to=npu + 1, after=done)


def one(builder: TraceBuilder, npu: int) -> None:
    builder.all_reduce("ar", size=MiB)


@pytest.mark.parametrize("fill", [one, several, branches, pipeline])
@pytest.mark.parametrize("groups", [None, {"1": [0, 1, 2], "2": [3, 4, 5, 6, 7]}])
def test_it_is_what_the_run_takes_if_they_are_sent(
    fill: Callable[[TraceBuilder, int], None], groups: dict[str, list[int]] | None
) -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu, builder in enumerate(builders):
        fill(builder, npu)
    listed = None if groups is None else CommGroups.parse(groups)
    simulation = Simulation(silent(builders), system(), RING, comm_groups=listed)
    meant = Simulation(Trace.of(builders), system(), RING, comm_groups=listed)
    assert estimate(told(simulation)) == meant.run().makespan
    assert simulation.run().makespan < meant.run().makespan


@pytest.mark.parametrize("fill", [one, several, branches])
@pytest.mark.parametrize("shape", [network(("Ring", 128)), network(("Ring", 8), ("Switch", 32))])
def test_of_much_communication_it_is_about_that_and_says_what_it_leaves_out(
    fill: Callable[[TraceBuilder, int], None], shape: NetworkConfig
) -> None:
    builder = TraceBuilder()
    fill(builder, 0)
    config = system(["ring"] * shape.dimensions)
    (nodes,) = silent([builder]).npus
    message = told(Simulation(Trace.uniform(nodes, shape.npus), config, shape))
    real = Simulation(builder, config, shape).run().makespan
    assert 0.5 < estimate(message) / real < 2
    assert "the NPU with most to do" in message
    assert "if it need not wait for others" in message


def test_a_message_of_many_npus_is_counted_once_and_takes_all_its_hops() -> None:
    npus = 60_000  # nodes and messages enough for an estimate
    shape = network(("Ring", npus))
    nodes = [Node(1, "s", NodeType.COMM_SEND, comm_dst=3, comm_size=MiB, duration=1)]
    others: list[Node] = []
    trace = Trace((tuple(nodes), *(tuple(others),) * (npus - 1)), tuple(map(str, range(npus))))
    assert estimate(told(Simulation(trace, system(), shape))) == 3 * 500 + 58593


def test_what_would_stand_still_is_said_to() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("s", size=8, to=1)
    receiver.recv("r", size=9, source=0)
    simulation = Simulation(silent([sender, receiver]), system(), network(("Switch", 2)))
    assert "run as communication, the simulation would stand still" in told(simulation)


def test_nothing_is_estimated_where_more_is_missing() -> None:
    nodes = [Node(1, "s", NodeType.COMM_SEND, comm_dst=1, duration=1)]
    simulation = Simulation(Trace.of([nodes, []]), system(), network(("Switch", 2)))
    assert told(simulation).endswith("nothing is sent; 1 has no comm_size")


@st.composite
def builders(draw: st.DrawFn) -> list[TraceBuilder]:
    """NPUs that do the same: computations and collectives that wait for some of those before."""
    made = [TraceBuilder(npu) for npu in range(4)]
    nodes: list[list[Node]] = [[] for _ in made]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from([None, *FOUR_COLLECTIVES]))
        size, after = draw(st.integers(4, MiB)), draw(st.lists(st.integers(0, 9), max_size=2))
        for builder, own in zip(made, nodes, strict=True):
            waits = [own[index] for index in after if index < len(own)]
            if kind is None:
                own.append(builder.compute("c", micros=size // 5000, after=waits))
            else:
                own.append(builder.collective(kind, "x", size=size, after=waits))
    return made


@given(made=builders(), unaware=st.booleans())
def test_a_little_trace_takes_what_its_notice_says(
    made: list[TraceBuilder], *, unaware: bool
) -> None:
    backend = "congestion-unaware" if unaware else "congestion-aware"
    options, shape = Options(backend=backend), network(("Ring", 4))
    simulation = Simulation(silent(made), system(), shape, options=options)
    meant = Simulation(Trace.of(made), system(), shape, options=options)
    if any(node.type is NodeType.COMM_COLL for node in made[0].nodes):
        assert estimate(told(simulation)) == meant.run().makespan


# -- of much communication, by the formula of `estimate._collective` ----------------------------

BW = 53.6870912  # 50 GB/s in bytes a ns
ROWS = network(("Ring", 8), ("Switch", 32))
UNLIKE = NetworkConfig.parse(
    {
        "topology": ["Ring", "Switch"],
        "npus_count": [8, 32],
        "bandwidth": [50, 25],
        "latency": [500, 300],
    }
)
K256 = 256 * 1024  # a chunk of a MiB
AR, RS = CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER
AG, A2A = CollectiveType.ALL_GATHER, CollectiveType.ALL_TO_ALL


@pytest.mark.parametrize(
    ("kind", "size", "shape", "time"),
    [
        (AR, MiB, 128, 4 * (254 * 510 + 127 * 3 * 2048 / 50) + 4 * 254 * 2048 / BW),
        (RS, 4 * MiB, 128, 4 * (127 * 510 + 127 * 3 * 8192 / 50) + 4 * 127 * 8192 / BW),
        (A2A, MiB, 128, 4 * 8128 * 510 + 4 * 8128 * 2048 / BW),
        (AG, 4096, 128, 4 * 127 * 510 + 4 * 127 * 1024 / BW),
        (
            AR,
            MiB,
            UNLIKE,
            4 * (14 * 510 + 7 * 3 * 32768 / 50 + 62 * 310 + 31 * 3 * 1024 / 50)
            + 4 * (14 * 32768 / BW + 62 * 1024 / (BW / 2)),
        ),
        (
            AG,
            4096,
            UNLIKE,  # from the outer dimension to the inner one, which has more to send
            4 * (31 * 310 + 7 * 510) + 4 * (31 * 1024 / (BW / 2) + 7 * 32768 / BW),
        ),
    ],
)
def test_a_collective_of_many_is_estimated_as_a_ring_of_each_dimension(
    kind: CollectiveType, size: int, shape: int | NetworkConfig, time: float
) -> None:
    builder = TraceBuilder()
    builder.collective(kind, "x", size=size)
    assert alone(builder, network(("Ring", shape)) if isinstance(shape, int) else shape) == int(
        time
    )


def alone(builder: TraceBuilder, shape: NetworkConfig, **others: Any) -> int:
    """The estimate for all NPUs, each by itself."""
    (nodes,) = silent([builder]).npus
    changes = others.pop("changes", {})
    config = system(["ring"] * shape.dimensions, **changes)
    message = told(Simulation(Trace.uniform(nodes, shape.npus), config, shape, **others))
    assert "the NPU with most to do" in message
    return estimate(message)


def test_chunks_that_go_side_by_side_share_their_latencies() -> None:
    builder = TraceBuilder()
    one(builder, 0)
    waits, bytes_ = 254 * 510 + 127 * 3 * 2048 / 50, 4 * 254 * 2048 / BW
    for active, rounds in ((2, 2), (3, 2), (4, 1), (5, 1)):
        changes = {"active_chunks_per_dimension": active}
        made = alone(builder, network(("Ring", 128)), changes=changes)
        assert made == int(rounds * waits + bytes_)
    free = alone(builder, network(("Ring", 128)), changes={"local_mem_bw": 0})
    assert free == int(4 * 254 * 510 + bytes_)


def test_only_involved_dimensions_are_gone_along() -> None:
    builder = TraceBuilder()
    builder.all_reduce("x", size=MiB, dims=(False, True))
    time = 4 * (62 * 510 + 31 * 3 * 8192 / 50) + 4 * 62 * 8192 / BW
    assert alone(builder, ROWS) == int(time)
    builder = TraceBuilder()
    builder.all_reduce("x", size=4 * MiB, dims=(True, False))
    time = 16 * (14 * 510 + 7 * 3 * 32768 / 50) + 16 * 14 * 32768 / BW
    assert alone(builder, ROWS, changes={"preferred_dataset_splits": 16}) == int(time)


def test_a_group_of_some_is_a_ring_of_the_first_dimension() -> None:
    builder = TraceBuilder()
    one(builder, 0)
    groups = CommGroups.parse({"1": list(range(128)), "2": list(range(128, 256))})
    time = 4 * (254 * 510 + 127 * 3 * 2048 / 50) + 4 * 254 * 2048 / BW
    assert alone(builder, ROWS, comm_groups=groups) == int(time)


def test_computations_without_a_place_stay_where_the_dialect_puts_them() -> None:
    """One on the CPU and one on the GPU, side by side: only what communicates is sent."""
    nodes = [
        Node(1, "on the CPU", NodeType.COMP, duration=300_000),
        Node(2, "on the GPU", NodeType.COMP, duration=300_000, is_cpu_op=False),
    ]
    builder = TraceBuilder()
    builder.all_reduce("ar", size=MiB)
    (reduce,) = builder.nodes
    dropped = replace(reduce, id=3, is_cpu_op=None, data_deps=(1, 2))
    sent = replace(dropped, is_cpu_op=False)
    simulation = Simulation(Trace.uniform([*nodes, dropped], 8), system(), RING)
    meant = Simulation(Trace.uniform([*nodes, sent], 8), system(), RING).run().makespan
    assert 300_000 < estimate(told(simulation)) == meant < 600_000
