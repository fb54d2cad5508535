"""Collectives that switches carry out, in time: closed forms to the nanosecond, and bytes of ports.

δ stands for the endpoint, L for a link's latency, B for its bandwidth; times on a link are cut to
whole ns (behaviour 4.1).
"""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import one_collective

from simastra.config import CommGroups, NetworkConfig, SystemConfig
from simastra.dialect import MASTER
from simastra.errors import ConfigError
from simastra.network.expansion import expanded_graph
from simastra.network.timing import LinkTiming
from simastra.result import Result
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, MiB

DELTA = 10
AR, RS, AG = CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER
BACKENDS = ("congestion-aware", "congestion-unaware", "fluid")
KEYS = {AR: "all_reduce", RS: "reduce_scatter", AG: "all_gather"}

numbers = st.tuples(
    st.integers(2, 9),  # members
    st.integers(10**4, 10**6),  # bytes of a share
    st.sampled_from([0.0, 0.5, 333.3, 500.0]),  # latency
    st.sampled_from([1.7, 50.0, 450.0]),  # bandwidth
)


def one_switch(npus: int, latency: float, bandwidth: float) -> NetworkConfig:
    switch = {"name": "Switch", "reduces": True}
    return NetworkConfig(
        topology=[switch], npus_count=[npus], bandwidth=[bandwidth], latency=[latency]
    )


def machine(*algorithms: object, splits: int = 1) -> SystemConfig:
    return SystemConfig(
        **{f"{key}_implementation": list(algorithms) for key in KEYS.values()},
        preferred_dataset_splits=splits,
        active_chunks_per_dimension=splits,
        endpoint_delay=DELTA,
        local_mem_bw=1600,
    )


def run(
    kind: CollectiveType,
    size: int,
    network: NetworkConfig,
    *algorithms: object,
    splits: int = 1,
    backend: str = "congestion-aware",
) -> Result:
    system = machine(*algorithms, splits=splits)
    options = Options(backend=backend)
    return Simulation(one_collective(kind, size), system, network, options=options).run()


@given(numbers=numbers, name=st.sampled_from(["nvls", "sharp"]), backend=st.sampled_from(BACKENDS))
def test_an_all_reduce_goes_up_once_and_down_once(
    numbers: tuple[int, int, float, float], name: str, backend: str
) -> None:
    npus, share, latency, bandwidth = numbers
    network = one_switch(npus, latency, bandwidth)
    _, crossing = LinkTiming(latency, network.bytes_per_ns[0])[npus * share]
    result = run(AR, npus * share, network, name, backend=backend)
    assert {*result.cycles.values()} == {2 * DELTA + 2 * crossing}


@given(numbers=numbers, backend=st.sampled_from(BACKENDS))
def test_a_reduce_scatter_goes_up_whole_and_down_in_shares(
    numbers: tuple[int, int, float, float], backend: str
) -> None:
    npus, share, latency, bandwidth = numbers
    network = one_switch(npus, latency, bandwidth)
    link = LinkTiming(latency, network.bytes_per_ns[0])
    result = run(RS, npus * share, network, "nvls", backend=backend)
    assert result.makespan == 2 * DELTA + link[npus * share][1] + link[share][1]


@given(numbers=numbers)
def test_an_all_gather_goes_up_in_shards_and_down_whole(
    numbers: tuple[int, int, float, float],
) -> None:
    npus, shard, latency, bandwidth = numbers
    network = one_switch(npus, latency, bandwidth)
    on_wire, crossing = LinkTiming(latency, network.bytes_per_ns[0])[shard]
    result = run(AG, shard, network, "nvls")
    assert result.makespan == 2 * DELTA + 2 * crossing + (npus - 1) * on_wire
    assert run(AG, shard, network, "nvls", backend="congestion-unaware").makespan == (
        2 * DELTA + 2 * crossing
    )


@given(numbers=numbers, chunks=st.integers(1, 6))
def test_chunks_go_down_while_others_go_up(
    numbers: tuple[int, int, float, float], chunks: int
) -> None:
    npus, share, latency, bandwidth = numbers
    network = one_switch(npus, latency, bandwidth)
    on_wire, crossing = LinkTiming(latency, network.bytes_per_ns[0])[npus * share]
    result = run(AR, chunks * npus * share, network, "nvls", splits=chunks)
    assert result.makespan == 2 * DELTA + 2 * crossing + (chunks - 1) * on_wire


@pytest.mark.parametrize(
    ("kind", "up", "down", "messages"), [(AR, 8, 8, 1), (RS, 8, 1, 1), (AG, 8, 64, 8)]
)
def test_ports_carry_the_data_once_each_way(
    kind: CollectiveType, up: int, down: int, messages: int
) -> None:
    npus = 8
    result = run(kind, 8 * KiB, one_switch(npus, 500.0, 50.0), "nvls")
    carried = {(it.src, it.dst): (it.size, it.messages) for it in result.links}
    ups = {(npu, npus): (up * KiB, 1) for npu in range(npus)}
    downs = {(npus, npu): (down * KiB, messages) for npu in range(npus)}
    assert carried == ups | downs


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", [AR, RS, AG])
def test_a_network_is_as_fast_when_spelled_out_as_a_graph(
    kind: CollectiveType, backend: str
) -> None:
    switch = {"name": "Switch", "reduces": True}
    shape = NetworkConfig(
        topology=[switch, switch],
        npus_count=[4, 3],
        bandwidth=[100.0, 25.0],
        latency=[300.0, 700.0],
    )
    spelled = NetworkConfig(
        topology=["Switch", "Switch"], npus_count=[4, 3], graph=expanded_graph(shape)
    )
    results = [
        run(kind, 12 * 64 * KiB, it, "nvls", "sharp", splits=4, backend=backend)
        for it in (shape, spelled)
    ]
    assert results[0].cycles == results[1].cycles
    carried = [sorted((it.src, it.dst, it.size, it.messages) for it in r.links) for r in results]
    assert carried[0] == carried[1]


def fat_tree(leaves: int, below: int, spines: int) -> NetworkConfig:
    links: list[Mapping[str, object]] = [
        {
            "from": f"npu[{leaf * below}:{(leaf + 1) * below}]",
            "to": f"leaf.{leaf}",
            "bandwidth": 50,
            "latency": 500,
        }
        for leaf in range(leaves)
    ]
    for spine in range(spines):
        up = {"from": f"leaf[0:{leaves}]", "to": f"spine.{spine}"}
        links.append({**up, "bandwidth": 100, "latency": 400})
    nodes = [{"name": f"leaf[0:{leaves}]", "reduces": True}]
    nodes.append({"name": f"spine[0:{spines}]", "reduces": True})
    return NetworkConfig(graph={"nodes": nodes, "links": links})


@given(
    shape=st.tuples(st.integers(2, 4), st.integers(1, 4), st.integers(1, 3)),
    share=st.integers(10**4, 10**5),
    backend=st.sampled_from(BACKENDS),
)
def test_a_tree_goes_up_level_by_level_and_down_again(
    shape: tuple[int, int, int], share: int, backend: str
) -> None:
    network = fat_tree(*shape)
    npus = network.npus
    _, low = LinkTiming(500.0, 50.0)[npus * share]
    _, high = LinkTiming(400.0, 100.0)[npus * share]
    result = run(AR, npus * share, network, "sharp", backend=backend)
    assert {*result.cycles.values()} == {2 * DELTA + 2 * (low + high)}


def test_chunks_take_turns_at_roots() -> None:
    result = run(AR, 1 * MiB, fat_tree(2, 2, 4), "sharp", splits=8)
    carried: defaultdict[int, int] = defaultdict(int)
    for link in result.links:
        if min(link.src, link.dst) >= 4:
            carried[max(link.src, link.dst)] += link.size
    assert len(carried) == 4
    assert {*carried.values()} == {4 * 2 * MiB // 8}


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_nvswitch_in_each_node_and_a_tree_between(backend: str) -> None:
    """Of two nodes of two: reduce-scatter in a node, all-reduce between, all-gather in a node."""
    nodes = [{"name": it, "reduces": True} for it in ("nvswitch[0:2]", "spine")]
    links = [
        {"from": "npu[0:2]", "to": "nvswitch.0", "bandwidth": 400, "latency": 100},
        {"from": "npu[2:4]", "to": "nvswitch.1", "bandwidth": 400, "latency": 100},
        {"from": "npu[0:4]", "to": "spine", "bandwidth": 50, "latency": 500},
    ]
    network = NetworkConfig(graph={"nodes": nodes, "links": links})
    algorithm = {"name": "hierarchical", "node": 2, "inner": "nvls", "outer": "sharp"}
    result = run(AR, 400_000, network, algorithm, backend=backend)
    inside, between = LinkTiming(100.0, 400.0), LinkTiming(500.0, 50.0)
    scatter = inside[400_000][1] + inside[200_000][1]
    reduce = 2 * between[200_000][1]
    gather = 2 * inside[200_000][1]
    if backend != "congestion-unaware":
        gather += inside[200_000][0]
    assert result.makespan == 4 * DELTA + scatter + reduce + gather


@given(waits=st.lists(st.integers(1, 50), min_size=4, max_size=4))
def test_the_switch_waits_for_the_last(waits: list[int]) -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for builder, micros in zip(builders, waits, strict=True):
        builder.all_reduce("all", size=4 * KiB, after=builder.compute("own", micros=micros))
    network = one_switch(4, 500.0, 50.0)
    result = Simulation(Trace.of(builders), machine("nvls"), network).run()
    _, crossing = LinkTiming(500.0, network.bytes_per_ns[0])[4 * KiB]
    assert result.makespan == 1000 * max(waits) + 2 * DELTA + 2 * crossing


def test_groups_use_the_same_switch_side_by_side() -> None:
    members = [(0, 3), (1, 2, 4)]
    builders = [TraceBuilder(npu) for npu in range(5)]
    for number, group in enumerate(members, start=1):
        for npu in group:
            builders[npu].all_reduce("all", size=6 * KiB, group=number)
    groups = CommGroups.parse({"1": [0, 3], "2": [1, 2, 4]})
    network = one_switch(5, 500.0, 50.0)
    options = Options(dialect=MASTER)
    result = Simulation(
        Trace.of(builders), machine("nvls"), network, comm_groups=groups, options=options
    ).run()
    _, crossing = LinkTiming(500.0, network.bytes_per_ns[0])[6 * KiB]
    assert {*result.cycles.values()} == {2 * DELTA + 2 * crossing}


def test_lines_of_a_graph_that_share_switches_do_not_mix() -> None:
    """Two lines of members over the same leafs and spine: each as alone, but for what is shared."""
    network = fat_tree(2, 2, 1)
    lines = NetworkConfig(topology=["Switch", "Switch"], npus_count=[2, 2], graph=network.graph)
    result = run(AR, 64 * KiB, lines, "nvls", "sharp")
    assert len({*result.cycles.values()}) <= 2
    sizes = {(it.src, it.dst): it.size for it in result.links}
    assert sizes[4, 6] == sizes[6, 4] == sizes[5, 6] == sizes[6, 5] == 2 * 64 * KiB


@pytest.mark.parametrize(
    ("network", "algorithm", "said"),
    [
        (NetworkConfig(topology=["Switch"], npus_count=[4], bandwidth=[50], latency=[500]), "nvls",
         "none that does joins NPUs 0 to 3; say in the network file which does"),
        (NetworkConfig(topology=["Ring"], npus_count=[4], bandwidth=[50], latency=[500]), "sharp",
         "sharp has switches reduce, and none that does joins NPUs 0 to 3"),
        (fat_tree(2, 2, 1), "nvls", "use sharp, which goes through several"),
        (fat_tree(2, 2, 1), {"name": "hierarchical", "node": 4, "inner": "nvls"},
         "hierarchical: nvls has one switch reduce"),
    ],
)  # fmt: skip
def test_what_no_switch_can_do_is_told_before_the_run(
    network: NetworkConfig, algorithm: object, said: str
) -> None:
    with pytest.raises(ConfigError, match=r"all_reduce_implementation\[0\]") as told:
        run(AR, 1 * MiB, network, algorithm)
    assert said in str(told.value)


def test_an_all_to_all_is_refused() -> None:
    system = SystemConfig(
        all_to_all_implementation=["nvls"], preferred_dataset_splits=1, local_mem_bw=1600
    )
    et = one_collective(CollectiveType.ALL_TO_ALL, 1 * MiB)
    with pytest.raises(ConfigError, match="nvls can't run ALL_TO_ALL; it is for ALL_REDUCE"):
        Simulation(et, system, one_switch(4, 500.0, 50.0)).run()


@given(
    waits=st.lists(st.integers(1, 50), min_size=4, max_size=4),
    outer=st.sampled_from(["nvls", "sharp"]),
)
def test_one_switch_may_do_all_levels(waits: list[int], outer: str) -> None:
    """Whoever comes first: messages of equal size are not taken for those of another level."""
    builders = [TraceBuilder(npu) for npu in range(4)]
    for builder, micros in zip(builders, waits, strict=True):
        builder.all_reduce("all", size=4 * KiB, after=builder.compute("own", micros=micros))
    algorithm = {"name": "hierarchical", "node": 2, "inner": "nvls", "outer": outer}
    network = one_switch(4, 500.0, 50.0)
    result = Simulation(Trace.of(builders), machine(algorithm), network).run()
    assert {it.size for it in result.links} == {2 * 4 * KiB}
    assert len(result.links) == 8


def test_switches_take_part_once_whatever_systems_npus_have() -> None:
    """NPUs that are built in other ways share the switches: none is left waiting at the end."""
    scenario = ScenarioConfig.parse({"npus": [{"npus": "every 2", "endpoint-delay": 40}]})
    network = one_switch(4, 500.0, 50.0)
    live = Simulation(one_collective(AR), machine("nvls"), network, scenario=scenario).start()
    live.run()
    assert not live.mailbox.posted_receives
