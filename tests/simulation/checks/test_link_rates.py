"""What no hardware could do as fast is told, and nothing else."""

import pytest
from support.machines import network, system

from simastra import (
    CollectiveType,
    CommGroups,
    MiB,
    Notice,
    Options,
    Run,
    Simulation,
    Trace,
    TraceBuilder,
)
from simastra.config import NetworkConfig
from simastra.network import build_dimensions
from simastra.simulation.measures.ports import link_bandwidth
from simastra.simulation.shortest import shortest_run

UNAWARE = "congestion-unaware"
B = 50 * 2**30 / 1e9


def told(
    shape: NetworkConfig,
    algorithm: str = "direct",
    backend: str = UNAWARE,
    collective: CollectiveType = CollectiveType.ALL_REDUCE,
    size: int = 64 * MiB,
    shortcuts: str = "off",
    **changes: object,
) -> tuple[Notice, ...]:
    trace = TraceBuilder()
    trace.collective(collective, "c", size=size)
    config = system([algorithm] * shape.dimensions, local_mem_bw=100_000, **changes)
    options = Options(backend=backend, shortcuts=shortcuts)
    simulation = Simulation(trace, config, shape, options=options)
    run = shortest_run(simulation.experiment)
    if isinstance(run, Run):
        assert not run.end_notices
    result = run.run()
    assert result.notices == (*simulation.notices, *run.end_notices)
    return tuple(it for it in run.end_notices if it.code == "faster-than-links")


@pytest.mark.parametrize(
    ("shape", "links"),
    [
        (network(("Ring", 8)), 2),
        (network(("Ring", 2)), 1),
        (network(("Switch", 8)), 1),
        (network(("FullyConnected", 8)), 7),
        (network(("FullyConnected", 4), ("Ring", 4), ("Switch", 3)), 3 + 2 + 1),
    ],
)
def test_the_links_that_leave_an_npu(shape: NetworkConfig, links: int) -> None:
    assert link_bandwidth(shape, build_dimensions(shape)) == pytest.approx(links * B)


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_sending_to_all_at_once_over_one_port_is_told(shortcuts: str) -> None:
    (notice,) = told(network(("Switch", 8)), shortcuts=shortcuts)
    assert notice.where == "network: bandwidth"
    assert "sends 117440512 bytes in" in notice.message  # 2 x 7/8 of 64 MiB
    assert "its links carry 53.69 GB/s" in notice.message


@pytest.mark.parametrize(
    ("collective", "size"),
    [
        (CollectiveType.REDUCE_SCATTER, 64 * MiB),
        (CollectiveType.ALL_TO_ALL, 64 * MiB),
        (CollectiveType.ALL_GATHER, 8 * MiB),
    ],
)
def test_every_collective_counts(collective: CollectiveType, size: int) -> None:
    (notice,) = told(network(("Switch", 8)), collective=collective, size=size)
    assert "sends 58720256 bytes in" in notice.message  # 7/8 of 64 MiB


@pytest.mark.parametrize(
    ("shape", "algorithm", "changes"),
    [
        (network(("Switch", 8)), "ring", {}),
        (network(("Ring", 8)), "ring", {}),
        (network(("FullyConnected", 8)), "direct", {}),  # a link to each
        (network(("Ring", 4), ("Switch", 2)), "ring", {}),
        (network(("Switch", 8)), "doubleBinaryTree", {"active_chunks_per_dimension": 4}),
    ],
)
def test_what_the_links_can_carry_is_not_told(
    shape: NetworkConfig, algorithm: str, changes: dict[str, object]
) -> None:
    assert not told(shape, algorithm, **changes)


def test_several_chunks_share_links_too() -> None:
    assert told(network(("Switch", 8)), "ring", active_chunks_per_dimension=4)


def test_a_congestion_aware_network_is_never_too_fast() -> None:
    assert not told(network(("Switch", 8)), backend="congestion-aware")


@pytest.mark.parametrize("early", [False, True])
def test_who_comes_late_finds_all_there_and_is_over_at_once(*, early: bool) -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu, builder in enumerate(builders):
        late = [builder.compute("late", micros=20_000)] if (npu == 3) is not early else []
        builder.all_gather("shards", size=8 * MiB, after=late)
    config = system(["direct"], local_mem_bw=100_000)
    shape = network(("FullyConnected", 8))  # a link to each, as many as messages
    result = Simulation(Trace.of(builders), config, shape, options=Options(backend=UNAWARE)).run()
    assert not [it for it in result.notices if it.code == "faster-than-links"]
    assert not result.bound.is_beaten


def test_a_slow_dimension_that_nobody_pays_for_is_told() -> None:
    first, others = TraceBuilder(0), [TraceBuilder(npu) for npu in range(1, 4)]
    first.send("s", size=64 * MiB, to=3, tag=1)
    others[2].recv("r", size=64 * MiB, source=0, tag=1)
    shape = NetworkConfig(
        topology=["Switch", "Switch"], npus_count=[2, 2], bandwidth=[500, 50], latency=[5, 5]
    )
    options = Options(backend=UNAWARE)  # charges the first dimension alone (behaviour 4.2)
    simulation = Simulation(
        Trace.of([first, *others]), system(["ring", "ring"]), shape, options=options
    )
    (notice,) = (it for it in simulation.run().notices if it.code == "faster-than-links")
    assert notice.message.startswith("the link NPU 1 to switch 7 would have had to carry 10 times")


def test_nothing_is_said_of_less_than_nanoseconds_can_tell() -> None:
    assert not told(network(("Switch", 8), latency=0), size=1000, endpoint_delay=0)


def test_all_nodes_of_all_npus_are_looked_at() -> None:
    first, others = TraceBuilder(), TraceBuilder()
    for builder in (first, others):
        if builder is others:
            builder.compute("c", micros=1)
        nothing = builder.all_gather("nothing", size=0)
        builder.all_reduce("fast", size=64 * MiB, after=nothing)
    trace = Trace.of([[], []] + [first, others] * 2)
    groups = CommGroups.parse({"1": [2, 3, 4, 5], "2": [0, 1]})
    config = system(["ring"], local_mem_bw=100_000, active_chunks_per_dimension=4)
    options = Options(backend=UNAWARE)
    shape = network(("Switch", 6))
    run = Simulation(trace, config, shape, comm_groups=groups, options=options).start()
    run.run()
    (notice,) = run.end_notices
    assert "'fast') sends 100663296 bytes" in notice.message  # 2 x 3/4 of 64 MiB
    assert "as 1 other node;" in notice.message


def test_the_fastest_node_is_told_with_what_it_sent_in_which_time() -> None:
    builder = TraceBuilder()
    last = builder.compute("before", micros=7)
    for size in (32, 64, 16):
        last = builder.all_reduce(f"{size}M", size=size * MiB, after=last)
    config = system(["direct"], local_mem_bw=100_000)
    simulation = Simulation(
        builder, config, network(("Switch", 8)), options=Options(backend=UNAWARE)
    )
    result = simulation.run()
    (notice,) = (it for it in result.notices if it.code == "faster-than-links")
    sent = {record.node: 2 * 7 / 8 * int(record.name[:-1]) * MiB for record in result.nodes[0][1:]}
    rates = {it.node: sent[it.node] / (it.finished - it.issued) for it in result.nodes[0][1:]}
    worst = max(rates, key=rates.__getitem__)
    (record,) = (it for it in result.nodes[0] if it.node == worst)
    assert notice.message == (
        f"NPU 0's port would have had to carry {rates[worst] / B:.3g} times its bandwidth: "
        f"node {worst} ('{record.name}') sends {sent[worst]:.0f} bytes in "
        f"{record.finished - record.issued} ns, {rates[worst]:.4g} GB/s, as 2 other nodes; "
        "its links carry 53.69 GB/s (of 10^9 bytes), but on a congestion-unaware network messages "
        "don't share links"
    )


def test_the_side_of_the_port_that_is_too_slow_is_told() -> None:
    """What NPUs send leaves them at once; what they receive does not come in so fast."""
    links = [
        {"from": "npu[0:4]", "to": "s", "bandwidth": 1000, "latency": 0, "directed": True},
        {"from": "s", "to": "npu[0:4]", "bandwidth": 1, "latency": 0, "directed": True},
    ]
    graph = NetworkConfig.parse({"graph": {"links": links}})
    trace = TraceBuilder()
    trace.compute("after", micros=1000, after=trace.all_to_all("shuffle", size=MiB))
    options = Options(backend=UNAWARE)
    result = Simulation(trace, system(["direct"]), graph, options=options).run()
    (told,) = [it.message for it in result.notices if it.code == "faster-than-links"]
    assert "('shuffle') receives 786432 bytes in " in told
    assert "its links carry 1 GB/s" in told
