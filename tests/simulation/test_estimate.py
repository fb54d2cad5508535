"""What a notice says of communication that isn't sent: how long the run would take if it were."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import (
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


def test_a_message_of_many_npus_is_counted_once_an_npu() -> None:
    npus = 60_000  # nodes and messages enough for an estimate
    shape = network(("Ring", npus))
    nodes = [Node(1, "s", NodeType.COMM_SEND, comm_dst=1, comm_size=MiB, duration=1)]
    others: list[Node] = []
    trace = Trace((tuple(nodes), *(tuple(others),) * (npus - 1)), tuple(map(str, range(npus))))
    assert estimate(told(Simulation(trace, system(), shape))) == 500 + 19531


def test_what_would_stand_still_is_said_to() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("s", size=8, to=1)
    receiver.recv("r", size=9, source=0)
    simulation = Simulation(silent([sender, receiver]), system(), network(("Switch", 2)))
    assert "run as communication, the simulation would stand still" in told(simulation)


def test_nothing_is_estimated_where_more_is_missing() -> None:
    nodes = [Node(1, "s", NodeType.COMM_SEND, comm_dst=1, duration=1)]
    simulation = Simulation(Trace.of([nodes, []]), system(), network(("Switch", 2)))
    assert "take" not in told(simulation).split("CPU operations")[1]


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
