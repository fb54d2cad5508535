"""Generated networks have the numbers that the literature gives for them in closed form."""

import math
from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import OptionError
from simastra.machines import preset_named
from simastra.network.routing import ROUTERS, RouterEntry
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import (
    GENERATORS,
    clos,
    dgx1_cube,
    dragonfly,
    fat_tree,
    hgx,
    hypercube,
    mesh,
    nvlink_ib,
    rail,
    torus,
)

_RATIO = "oversubscription"


def undirected(network: NetworkGraph) -> nx.Graph:
    """The graph for networkx, whose every link there is in both directions."""
    ends = {(link.src, link.dst): link.attributes for link in network.links}
    assert all(ends[dst, src] == it for (src, dst), it in ends.items())
    graph = nx.Graph(list(ends))
    assert len(graph) == network.devices
    return graph


def hops(network: NetworkGraph) -> int:
    """The most links between two NPUs on their shortest ways."""
    lengths = nx.all_pairs_shortest_path_length(undirected(network))
    return max(
        far
        for npu, to in lengths
        if npu < network.npus
        for at, far in to.items()
        if at < network.npus
    )


def switch_degrees(network: NetworkGraph) -> Counter[int]:
    return Counter(len(network.out_links[it]) for it in range(network.npus, network.devices))


def bandwidth_between(network: NetworkGraph, lower: str, upper: str) -> float:
    """The sum of all links from devices of one name to those of another."""
    names = [node.name for node in network.nodes]
    return sum(
        it.bytes_per_ns for it in network.links if lower in names[it.src] and upper in names[it.dst]
    )


@pytest.mark.parametrize("k", [2, 4, 6, 8])
def test_a_fat_tree_has_the_numbers_of_its_k(k: int) -> None:
    network = fat_tree(k)
    assert network.npus == k**3 // 4
    assert switch_degrees(network) == {k: 5 * k**2 // 4}
    assert hops(network) == 6
    assert bandwidth_between(network, "edge", "aggregation") == network.npus * 50
    assert bandwidth_between(network, "aggregation", "core") == network.npus * 50


def test_numbers_of_npus_follow_the_tree() -> None:
    network = fat_tree(4)
    names = [node.name for node in network.nodes]
    assert names[:2] == ["npu.0", "npu.1"]
    leaf = {npu: names[network.out_links[npu][0].dst] for npu in range(network.npus)}
    assert [leaf[it] for it in (0, 1, 2, 4, 15)] == [
        "pod.0.edge.0",
        "pod.0.edge.0",
        "pod.0.edge.1",
        "pod.1.edge.0",
        "pod.3.edge.1",
    ]


@given(st.integers(2, 24), st.integers(1, 4), st.integers(1, 6), st.sampled_from([2, 3]))
def test_a_clos_network_keeps_to_its_radix(half: int, ratio: int, groups: int, tiers: int) -> None:
    radix = 2 * half
    if radix < ratio + 1:
        return
    down = ratio * (radix // (ratio + 1))
    npus = down * (groups + 1) * (half if tiers == 3 else 1)
    if groups + 1 > radix or npus > 5_000:
        return
    network = clos(npus, tiers=tiers, radix=radix, oversubscription=ratio, bandwidth=1)
    ports = Counter[int]()
    for it in network.links:
        ports[it.src] += round(it.bytes_per_ns)
    assert network.npus == npus
    assert max(ports[it] for it in range(npus, network.devices)) <= radix
    assert bandwidth_between(network, "leaf", "spine") * ratio == npus
    if tiers == 3:
        above = bandwidth_between(network, "spine", "core")
        assert above == down // ratio * half * (groups + 1)


def test_a_clos_network_of_so_many_leafs_and_spines() -> None:
    network = clos(64, leafs=8, spines=4)
    assert switch_degrees(network) == {8 + 4: 8, 8: 4}
    assert bandwidth_between(network, "leaf", "spine") == 8 * 4 * 50
    wide = clos(64, leafs=8, spines=2, oversubscription=2)
    assert bandwidth_between(wide, "leaf", "spine") == 64 * 50 / 2
    assert len(wide.links) == 2 * (64 + 8 * 2)


def test_the_fewest_spines_join_the_leafs() -> None:
    assert switch_degrees(clos(64, radix=16)) == {8 + 4: 8, 8: 4}
    assert switch_degrees(clos(1024, radix=64)) == {32 + 16: 32, 32: 16}


@pytest.mark.parametrize("routers", [2, 4, 6])
def test_a_balanced_dragonfly_is_three_routers_wide(routers: int) -> None:
    network = dragonfly(routers)
    half = routers // 2
    groups = routers * half + 1
    assert network.npus == groups * routers * half
    assert switch_degrees(network) == {2 * routers - 1: groups * routers}
    assert hops(network) == 2 + 3  # from a router of a group to one of another, three links


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(2, 13))
def test_groups_of_a_dragonfly_are_joined_evenly(
    routers: int, hosts: int, ports: int, groups: int
) -> None:
    if groups > routers * ports + 1:
        return
    network = dragonfly(routers, hosts=hosts, global_links=ports, groups=groups, bandwidth=1)
    names = [node.name for node in network.nodes]
    between = Counter[tuple[str, str]]()
    of_router = Counter[int]()
    for it in network.links:
        if it.attributes.kind == "global":
            between[names[it.src].split(".")[1], names[it.dst].split(".")[1]] += round(
                it.bytes_per_ns
            )
            of_router[it.src] += round(it.bytes_per_ns)
    assert set(between.values()) == {routers * ports // (groups - 1)}
    assert len(between) == groups * (groups - 1)
    assert max(of_router.values()) <= ports


@pytest.mark.parametrize("npus", [2, 8, 64])
def test_a_hypercube_is_as_wide_as_its_dimensions(npus: int) -> None:
    network = hypercube(npus)
    dimensions = int(math.log2(npus))
    assert {len(it) for it in network.out_links} == {dimensions}
    assert hops(network) == dimensions


@pytest.mark.parametrize("shape", [(4,), (2, 4), (3, 5), (2, 3, 4), (4, 4, 4)])
def test_a_torus_is_a_product_of_rings(shape: tuple[int, ...]) -> None:
    network = torus(shape)
    assert {len(it) for it in network.out_links} == {sum(2 if side > 2 else 1 for side in shape)}
    assert hops(network) == sum(side // 2 for side in shape)
    assert nx.is_isomorphic(
        undirected(network), nx.grid_graph(shape, periodic=[s > 2 for s in shape])
    )


@pytest.mark.parametrize("shape", [(4,), (2, 3), (3, 3, 4)])
def test_a_mesh_is_a_product_of_lines(shape: tuple[int, ...]) -> None:
    network = mesh(shape)
    assert hops(network) == sum(side - 1 for side in shape)
    assert nx.is_isomorphic(undirected(network), nx.grid_graph(shape))


@pytest.mark.parametrize(
    ("shape", "straight", "twisted"),
    [((4, 8), 6, 4), ((8, 4), 6, 4), ((4, 4, 8), 8, 6), ((3, 6), 4, 3), ((2, 4), 3, 2)],
)
def test_a_twist_makes_ways_shorter(shape: tuple[int, ...], straight: int, twisted: int) -> None:
    """a x 2a: diameter a; a x a x 2a: 3a/2 (J. M. Camara et al., 2010)."""
    network = torus(shape, twist=True)
    assert (hops(torus(shape)), hops(network)) == (straight, twisted)
    assert {len(it) for it in network.out_links} == {2 * len(shape)}
    distances = nx.all_pairs_shortest_path_length(undirected(network))
    assert len({tuple(sorted(to.values())) for _, to in distances}) == 1  # from everywhere the same


def test_a_torus_lists_rings_as_rings_are_listed_everywhere() -> None:
    ends = [(link.src, link.dst) for link in torus((3, 3)).links]
    assert ends[:6] == [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)]
    assert ends[18:21] == [(0, 3), (3, 6), (6, 0)]
    assert [it.attributes.dimension for it in torus((3, 3)).links].count(1) == 18


def test_a_dgx1_has_six_nvlinks_an_npu() -> None:
    network = dgx1_cube()
    assert {sum(it.bytes_per_ns for it in out) for out in network.out_links} == {6 * 25.0}
    assert {len(it) for it in network.out_links} == {4}
    assert hops(network) == 2


def test_an_hgx_is_one_switch_or_several_that_share_the_bandwidth() -> None:
    assert {it.bytes_per_ns for it in hgx().links} == {450.0}
    several = hgx(nvswitches=4)
    assert {it.bytes_per_ns for it in several.links} == {112.5}
    assert (several.devices, hops(several), several.routing.name) == (12, 2, "ecmp")


def test_npus_of_a_rail_are_one_switch_away_from_each_other() -> None:
    network = rail(servers=4)
    graph = undirected(network)
    distance = dict(nx.all_pairs_shortest_path_length(graph))
    assert (distance[0][1], distance[0][8], distance[0][9]) == (2, 4, 6)
    assert bandwidth_between(network, "rail", "spine") == network.npus * 50
    alone = rail(servers=4, spines=0)
    assert hops(alone) == 6  # through an NPU
    assert alone.devices == network.devices - 1


@pytest.mark.parametrize(("nics", "links"), [(None, 1), (2, 1), (16, 2)])
def test_npus_share_nics_or_have_several(nics: int | None, links: int) -> None:
    network = nvlink_ib(servers=2, nics=nics)
    names = [node.name for node in network.nodes]
    own = [
        [names[it.dst] for it in out if "nic" in names[it.dst]] for out in network.out_links[:16]
    ]
    assert {len(it) for it in own} == {links}
    assert len({name for it in own for name in it}) == 2 * (nics or 8)
    assert own[0][0] == "server.0.nic.0"


def test_servers_are_shared_out_among_leafs() -> None:
    network = nvlink_ib(servers=8, leafs=4, spines=2, oversubscription=2)
    assert bandwidth_between(network, "nic", "leaf") == 64 * 50
    assert bandwidth_between(network, "leaf", "spine") == 64 * 50 / 2
    assert hops(network) == 6


def test_a_way_from_server_to_server_takes_as_long_as_on_the_machine() -> None:
    network = nvlink_ib(servers=2)
    graph = nx.DiGraph()
    graph.add_weighted_edges_from((it.src, it.dst, it.latency) for it in network.links)
    assert nx.shortest_path_length(graph, 0, 8, weight="weight") == 4000
    assert nx.shortest_path_length(graph, 0, 1, weight="weight") == 2 * 936.25


def rates(network: NetworkGraph, kind: str = "") -> tuple[float, float]:
    """Bandwidth and latency of the links of a kind, which are alike."""
    (alike,) = {it.attributes for it in network.links if it.attributes.kind == kind}
    return alike.bytes_per_ns, alike.latency


def test_numbers_by_default_are_those_of_the_machines() -> None:
    nvlink, ib = preset_named("hgx-h100").dimensions
    assert rates(hgx(), "nvlink") == (nvlink.bandwidth, nvlink.latency)
    assert rates(nvlink_ib(servers=2), "nvlink") == (nvlink.bandwidth, nvlink.latency)
    assert rates(rail(servers=2), "ib") == (ib.bandwidth, ib.latency / 2)
    assert rates(rail(servers=2), "pcie")[1] == ib.latency / 2
    assert rates(fat_tree(2), "host")[0] == ib.bandwidth
    ici = preset_named("tpu-v5p").dimensions[0]
    grid = torus("3").links[0]
    assert (grid.bytes_per_ns, grid.latency) == (ici.bandwidth, ici.latency)
    a100 = preset_named("dgx-a100").dimensions[0]
    assert {it.latency for it in dgx1_cube().links} == {2 * a100.latency}


def test_bandwidths_and_latencies_are_those_of_the_links_that_they_are_given_for() -> None:
    network = dragonfly(2, bandwidth=1, latency=2, global_bandwidth="3GB/s", global_latency="4ns")
    assert rates(network, "host") == rates(network, "local") == (1, 2)
    assert rates(network, "global") == (3, 4)
    assert rates(dragonfly(2, bandwidth=1), "global") == (1, 1000)
    servers = {"nvlink_bandwidth": 1, "nvlink_latency": 2, "pcie_bandwidth": 3, "latency": 4}
    nics = {"nic_bandwidth": 5, "nic_latency": 6}
    for made in (
        rail(2, npus=2, **servers, **nics),
        nvlink_ib(2, npus=2, leafs=2, **servers, **nics),
    ):
        assert rates(made, "nvlink") == (1, 2)
        assert rates(made, "pcie") == (3, 3)
        assert rates(made, "ib") == (5, 3)
        assert rates(made, "ib uplink") == (10, 4)


def test_messages_are_routed_as_suits_the_network() -> None:
    assert {name: GENERATORS[name].make(**it).routing.name for name, it in SMALL.items()} == {
        **dict.fromkeys(("fat-tree", "clos", "rail", "nvlink+ib"), "ecmp"),
        **dict.fromkeys(("torus", "mesh", "hypercube"), "dimension-order"),
        **dict.fromkeys(("dragonfly", "hgx", "dgx1-cube"), "shortest-path"),
    }
    assert torus("2x4", twist=True).routing.name == "ecmp"


SMALL: dict[str, dict[str, object]] = {
    "fat-tree": {"k": 2},
    "clos": {"npus": 4, "radix": 4},
    "dragonfly": {"routers": 2},
    "torus": {"shape": "3x2"},
    "mesh": {"shape": "3x2"},
    "hypercube": {"npus": 4},
    "rail": {"servers": 2},
    "nvlink+ib": {"servers": 2},
    "hgx": {},
    "dgx1-cube": {},
}


@pytest.mark.parametrize(
    ("network", "ends", "passed"),
    [
        (nvlink_ib(servers=2, nics=1), (0, 1), "server.0.nvswitch"),
        (nvlink_ib(servers=2, nics=1), (0, 8), "leaf.0"),
        (nvlink_ib(servers=2, leafs=2), (0, 9), "spine.0"),
        (rail(servers=2), (0, 1), "server.0.nvswitch"),
        (rail(servers=2), (0, 8), "rail.0"),
        (rail(servers=2), (0, 9), "spine.0"),
        (rail(servers=2, spines=0), (0, 9), "nvswitch"),
    ],
)
def test_messages_within_a_server_take_nvlink(
    network: NetworkGraph, ends: tuple[int, int], passed: str
) -> None:
    router = RouterEntry.of(ROUTERS["ecmp"]).build(network, None)
    way = [network.nodes[it].name for it in router.route(*ends)]
    assert any(passed in name for name in way)


@pytest.mark.parametrize("name", GENERATORS)
def test_there_is_a_way_from_each_npu_to_each(name: str) -> None:
    network = GENERATORS[name].make(**SMALL[name])
    made = RouterEntry.of(ROUTERS[network.routing.name]).build(network, None)
    most = hops(network)
    for src in range(network.npus):
        for dst in range(network.npus):
            way = made.route(src, dst)
            assert (way[0], way[-1]) == (src, dst)
            assert len(way) - 1 <= most


@pytest.mark.parametrize(
    ("name", "arguments", "option", "words"),
    [
        ("fat-tree", {"k": 5}, "k", "4 and 6"),
        ("fat-tree", {"k": 0}, "k", "from 2"),
        ("fat-tree", {"k": 1000}, "k", "at most"),
        ("fat-tree", {"k": 4, "bandwidth": "fast"}, "bandwidth", "400Gb/s"),
        ("fat-tree", {"k": 4, "bandwidth": 0}, "bandwidth", "larger than 0"),
        ("fat-tree", {"k": 4, "latency": "-1ns"}, "latency", "0 or more"),
        ("fat-tree", {"k": 4, "bandwidth": "1e999GB/s"}, "bandwidth", "too large"),
        ("fat-tree", {"k": 4, "latency": "1e300s"}, "latency", "too large"),
        ("clos", {"npus": 64}, "radix", "leafs and spines"),
        ("clos", {"npus": 2**18, "leafs": 2**18, "spines": 8}, "spines", "4,718,592 links"),
        ("clos", {"npus": 64, "tiers": 3, "leafs": 8, "spines": 4}, "radix", "is required"),
        ("clos", {"npus": 64, "radix": 16, "leafs": 4}, "leafs", "beside a radix"),
        ("clos", {"npus": 64, "radix": 16, "spines": 4}, "spines", "beside a radix"),
        ("clos", {"npus": 63, "radix": 16}, "npus", "56 or 64"),
        ("clos", {"npus": 8, "radix": 16}, "npus", "16 or 24"),
        ("clos", {"npus": 1024, "radix": 16}, "npus", "three tiers"),
        ("clos", {"npus": 1024, "tiers": 4, "radix": 16}, "tiers", "2 or 3"),
        ("clos", {"npus": 64, "radix": 3, "oversubscription": 4}, "radix", "too few"),
        ("clos", {"npus": 64, "tiers": 3, "radix": 7}, "radix", "even"),
        ("clos", {"npus": 2 * 1024, "tiers": 3, "radix": 16}, "npus", "1,024"),
        ("clos", {"npus": 65, "leafs": 8, "spines": 4}, "leafs", "evenly"),
        ("clos", {"npus": 64, "leafs": 8, "spines": 3, "oversubscription": 2}, _RATIO, "evenly"),
        ("clos", {"npus": 64, "radix": 16, "oversubscription": "1:2"}, "oversubscription", "3:1"),
        ("dragonfly", {"routers": 5}, "routers", "even"),
        ("dragonfly", {"routers": 4, "groups": 10}, "groups", "at most 9"),
        ("dragonfly", {"routers": 4, "groups": 1}, "groups", "from 2"),
        ("dragonfly", {"routers": 4, "global_bandwidth": "1"*70}, "global-bandwidth", "bandwidth"),
        ("torus", {"shape": "4x"}, "shape", "4x4x8"),
        ("torus", {"shape": "4x1"}, "shape", "2 or more"),
        ("torus", {"shape": "8", "twist": True}, "twist", "two lengths"),
        ("torus", {"shape": "4x4x4", "twist": True}, "twist", "not 4x4x4"),
        ("torus", {"shape": "4x12", "twist": True}, "twist", "twice"),
        ("mesh", {"shape": ()}, "shape", "nothing"),
        ("mesh", {"shape": "9999x9999"}, "shape", "at most"),
        ("hypercube", {"npus": 12}, "npus", "8 or 16"),
        ("rail", {"servers": 3, "spines": 2}, "oversubscription", "evenly; 3:2 would"),
        ("rail", {"servers": 4, "oversubscription": 3}, _RATIO, "to 1 spine; 2:1 or 4:1 would"),
        ("rail", {"servers": 3, "npus": 0}, "npus", "from 1"),
        ("nvlink+ib", {"servers": 4, "nics": 3}, "nics", "multiple or a divisor"),
        ("nvlink+ib", {"servers": 4, "leafs": 3}, "leafs", "evenly"),
        ("nvlink+ib", {"servers": 4, "spines": 2}, "spines", "several leafs"),
        ("nvlink+ib", {"servers": 4, "oversubscription": 2}, _RATIO, "several leafs"),
        ("nvlink+ib", {"servers": 4, "leafs": 2, "spines": 0}, "spines", "from 1"),
        ("nvlink+ib", {"servers": 4, "leafs": 2, "oversubscription": 0}, _RATIO, "or more"),
        ("rail", {"servers": 4, "spines": 0, "oversubscription": 2}, _RATIO, "with spines"),
        ("nvlink+ib", {"servers": 2**18, "npus": 1, "nics": 4}, "servers", "4,718,594 links"),
        ("rail", {"servers": 2**15, "npus": 16}, "servers", "524,288 NPUs"),
        ("hgx", {"npus": 2**10, "nvswitches": 2**12}, "nvswitches", "8,388,608 links"),
        ("dragonfly", {"routers": 100}, "routers", "25,005,000 NPUs"),
        ("nvlink+ib", {"servers": 4, "nic_latency": "long"}, "nic-latency", "duration"),
        ("nvlink+ib", {"servers": 4, "nvlink_bandwidth": "0GB/s"}, "nvlink-bandwidth", "larger"),
        ("hgx", {"npus": 1}, "npus", "from 2"),
        ("dgx1-cube", {"bandwidth": "25"*40}, "bandwidth", "bandwidth"),
    ],
)  # fmt: skip
def test_wrong_numbers_are_refused_by_name(
    name: str, arguments: dict[str, object], option: str, words: str
) -> None:
    with pytest.raises(OptionError) as refused:
        GENERATORS[name].make(**arguments)
    assert refused.value.option == option
    assert words in refused.value.problem


@pytest.mark.parametrize(
    ("name", "arguments", "dimensions"),
    [
        ("torus", {"shape": "4x8"}, (4, 8)),
        ("torus", {"shape": (4, 8), "twist": True}, (32,)),
        ("hypercube", {"npus": 8}, (2, 2, 2)),
        ("rail", {"servers": 4}, (8, 4)),
        ("nvlink+ib", {"servers": 1, "npus": 4}, (4,)),
        ("fat-tree", {"k": 4}, None),
    ],
)
def test_collectives_go_along_the_dimensions_that_there_are(
    name: str, arguments: dict[str, object], dimensions: tuple[int, ...] | None
) -> None:
    generator = GENERATORS[name]
    assert generator.dimensions(arguments) == dimensions
    if dimensions:
        assert math.prod(dimensions) == generator.make(**arguments).npus
