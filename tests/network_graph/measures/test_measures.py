"""Diameters, tiers and kinds of links, against networkx and by hand."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph
from simastra.network_graph.generators import (
    clos,
    dragonfly,
    fat_tree,
    hypercube,
    nvlink_ib,
    rail,
    torus,
)
from simastra.network_graph.measures import device_kinds, hops, link_kinds, tier_numbers, tiers


def assembled(npus: int, links: list[tuple[str, str]], *, both_ways: bool = True) -> NetworkGraph:
    assembly = GraphAssembly()
    for rank in range(npus):
        assembly.add_node(f"npu.{rank}", "npu")
    for src, dst in links:
        assembly.add_link(src, dst, LinkAttributes(10, 5), both_ways=both_ways)
    return assembly.graph()


@pytest.mark.parametrize(
    ("network", "diameter"),
    [
        (fat_tree(4), 6),
        (dragonfly(4), 5),
        (hypercube(32), 5),
        (torus("4x6"), 5),
        (rail(servers=2), 6),
        (assembled(1, []), 0),
    ],
)
def test_diameters(network: NetworkGraph, diameter: int) -> None:
    found = hops(network)
    assert (found.diameter, found.is_exact, found.sampled) == (diameter, True, network.npus)


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=25),
)
def test_ways_are_as_long_as_networkx_says(npus: int, pairs: list[tuple[int, int]]) -> None:
    names = [f"npu.{it}" if it < npus else f"switch.{it}" for it in range(9)]
    ends = [(names[src], names[dst]) for src, dst in pairs if src != dst]
    network = assembled(npus, ends, both_ways=False)
    graph = nx.DiGraph([(link.src, link.dst) for link in network.links])
    graph.add_nodes_from(range(npus))
    lengths = [
        far
        for npu in range(npus)
        for at, far in nx.single_source_shortest_path_length(graph, npu).items()
        if at < npus and at != npu
    ]
    found = hops(network)
    if len(lengths) == npus * (npus - 1):
        assert found.diameter == max(lengths, default=0)
    else:
        assert found.diameter is None
    assert found.mean == pytest.approx(sum(lengths) / len(lengths) if lengths else 0)


def test_of_many_npus_some_are_asked() -> None:
    found = hops(torus("32x16"), exact_up_to=511)
    assert (found.diameter, found.is_exact, found.sampled) == (24, False, 32)
    assert found.mean == pytest.approx(hops(torus("32x16")).mean)


def test_tiers_of_a_clos_network_have_its_oversubscription() -> None:
    leafs, spines = tiers(clos(96, radix=16, oversubscription=3))
    assert (leafs.number, leafs.devices, leafs.down, leafs.up) == (1, 8, 4800, 1600)
    assert (leafs.oversubscription, leafs.worst) == (3, 3)
    assert (spines.number, spines.up, spines.oversubscription, spines.worst) == (2, 0, None, None)


def test_tiers_of_a_fat_tree_have_none() -> None:
    assert [it.oversubscription for it in tiers(fat_tree(4))] == [1, 1, None]


def test_devices_of_a_tier_are_told_apart_by_kind() -> None:
    found = tiers(nvlink_ib(servers=4, leafs=2))
    assert [(it.number, it.kind, it.devices) for it in found] == [
        (1, "nic", 32),
        (1, "nvswitch", 4),
        (2, "switch", 2),
        (3, "switch", 1),
    ]
    assert found[0].oversubscription == 63 / 50
    assert found[1].oversubscription is None


def test_the_worst_of_a_tier_is_said_beside_the_whole() -> None:
    links = [(f"npu.{it}", "leaf.0" if it < 3 else "leaf.1") for it in range(4)]
    (leafs, _) = tiers(assembled(4, [*links, ("leaf.0", "spine"), ("leaf.1", "spine")]))
    assert (leafs.oversubscription, leafs.worst) == (2, 3)


def test_npus_that_are_linked_to_each_other_have_no_tiers() -> None:
    assert tiers(torus("4x4")) == ()


def test_a_switch_that_no_npu_is_linked_to_is_in_no_tier() -> None:
    network = assembled(2, [("npu.0", "leaf"), ("npu.1", "leaf"), ("spare.0", "spare.1")])
    assert [(it.number, it.devices) for it in tiers(network)] == [(1, 1)]


def test_heights_count_links_in_either_direction() -> None:
    network = assembled(1, [("npu.0", "a"), ("b", "a"), ("c", "d")], both_ways=False)
    assert dict(zip((it.name for it in network.nodes), tier_numbers(network), strict=True)) == {
        **{"npu.0": 0, "a": 1, "b": 2},
        **{"c": 5, "d": 5},
    }


def test_links_are_counted_by_kind() -> None:
    network = nvlink_ib(servers=4, leafs=2, spines=1, oversubscription=2)
    counts = {
        (it.kind, it.between, it.bytes_per_ns): count for it, count in link_kinds(network).items()
    }
    assert counts == {
        ("nvlink", ("npu", "nvswitch"), 450): 32,
        ("pcie", ("npu", "nic"), 63): 32,
        ("ib", ("nic", "switch"), 50): 32,
        ("ib uplink", ("switch", "switch"), 400): 2,
    }
    assert all(it.both_ways for it in link_kinds(network))
    assert device_kinds(network) == {"npu": 32, "nvswitch": 4, "nic": 32, "switch": 3}


def test_a_link_with_no_like_one_back_goes_one_way() -> None:
    assembly = GraphAssembly()
    assembly.add_node("npu.0", "npu")
    assembly.add_link("npu.0", "a", LinkAttributes(10, 5), both_ways=False)
    assembly.add_link("a", "npu.0", LinkAttributes(20, 5), both_ways=False)
    assembly.add_link("a", "b", LinkAttributes(10, 5), both_ways=False)
    found = [(it.between, it.both_ways, it.bytes_per_ns) for it in link_kinds(assembly.graph())]
    assert found == [
        (("npu", "switch"), False, 10),
        (("switch", "npu"), False, 20),
        (("switch", "switch"), False, 10),
    ]
