"""Both routers of shortest paths against Dijkstra's algorithm, which looks at everything."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise, permutations, product
from pathlib import Path

import pytest
from graphs_made import best_costs, linked, random_graph

from simastra.errors import ConfigError, InputError
from simastra.network.routing import (
    Ecmp,
    EcmpOptions,
    ShortestPath,
    cartesian_product,
    search,
)
from simastra.network.routing.adjacency import whole_latencies
from simastra.network.routing.cartesian_product import as_product
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph
from simastra.network_graph.generators import fat_tree, mesh, torus


def onward(graph: NetworkGraph, costs: dict[int, object], at: int, *, weighed: bool) -> list[int]:
    """Where best ways go on from a device, in the order of its links."""
    found = []
    for link in graph.out_links[at]:
        if link.dst in costs:
            hops, latency = costs[link.dst]  # type: ignore[misc]
            if (hops + 1, latency + (link.latency * 20 if weighed else 0)) == costs[at]:
                found.append(link.dst)
    return found


def expected(graph: NetworkGraph, src: int, dst: int) -> tuple[int, ...]:
    costs, way = best_costs(graph, dst), [src]
    while way[-1] != dst:
        way.append(onward(graph, costs, way[-1], weighed=True)[0])
    return tuple(way)


@pytest.mark.parametrize("directed", [False, True])
def test_the_way_has_fewest_hops_then_least_latency_then_the_earlier_links(
    *, directed: bool
) -> None:
    for seed in range(150):
        graph = random_graph(seed, directed=directed)
        router = ShortestPath(graph)
        for src in range(graph.npus):
            costs = best_costs(graph, src)
            for dst in (npu for npu in range(graph.npus) if npu in costs):
                there = best_costs(graph, dst)
                if src not in there:
                    continue
                assert router.route(src, dst) == expected(graph, src, dst), (seed, src, dst)


@pytest.mark.parametrize("least_latency", [False, True])
def test_ecmp_takes_every_way_of_equal_cost_and_no_other(*, least_latency: bool) -> None:
    options = EcmpOptions(seed=3, least_latency=least_latency)
    for seed in range(40):
        graph = random_graph(seed, directed=False)
        router = Ecmp(graph, options)
        for src, dst in permutations(range(graph.npus), 2):
            costs = best_costs(graph, dst, least_latency=least_latency)
            ways = {router.route(src, dst, tag) for tag in range(60)}
            for at in {at for way in ways for at in way[:-1]}:
                taken = {b for way in ways for a, b in pairwise(way) if a == at}
                allowed = set(onward(graph, costs, at, weighed=least_latency))
                assert taken <= allowed
                assert len(taken) > 1 or len(allowed) == 1, (seed, src, dst, at)


def test_every_device_of_a_graph_may_be_asked_not_only_npus() -> None:
    graph = linked(("npu.0", "a"), ("a", "b"), ("b", "npu.1"), ("b", "npu.2"), npus=3)
    router = ShortestPath(graph)
    a, b = graph.numbers["a"], graph.numbers["b"]
    assert router.route(a, 2) == (a, b, 2)
    assert router.route(0, a) == (0, a)
    assert router.route(a, a) == (a,)


def test_what_hangs_from_one_switch_turns_there() -> None:
    router = ShortestPath(fat_tree(4))
    assert len(router.route(0, 1)) == 3
    assert len(router.route(0, 2)) == 5
    assert len(router.route(0, 15)) == 7
    assert router.route(5, 5) == (5,)


def test_a_tie_in_a_ring_goes_by_the_links_that_are_listed_first() -> None:
    router = ShortestPath(torus("8"))
    assert router.route(2, 6) == (2, 3, 4, 5, 6)
    assert router.route(6, 2) == (6, 7, 0, 1, 2)


def test_latency_is_summed_exactly() -> None:
    """0.1 + 0.2 is more than 0.3 in binary fractions, whichever is added first."""
    assembly = GraphAssembly()
    for name in ("npu.0", "npu.1"):
        assembly.add_node(name, "npu")
    for name, latencies in {"a": (0.1, 0.2, 0.3), "b": (0.3, 0.2, 0.1)}.items():
        ends = ("npu.0", f"{name}.0", f"{name}.1", "npu.1")
        for (src, dst), latency in zip(pairwise(ends), latencies, strict=True):
            assembly.add_link(src, dst, LinkAttributes(50.0, latency))
    graph = assembly.graph()
    assert graph.nodes[ShortestPath(graph).route(0, 1)[1]].name == "a.0"
    assert len({Ecmp(graph, EcmpOptions()).route(0, 1, tag) for tag in range(20)}) == 2


def test_npus_pass_messages_on_where_that_is_shorter() -> None:
    """Over NPU 1 it is two hops, over the switches three."""
    around = (("npu.0", "a"), ("a", "b"), ("b", "npu.2"), ("npu.0", "npu.1"), ("npu.1", "npu.2"))
    assert ShortestPath(linked(*around, npus=3)).route(0, 2) == (0, 1, 2)


def test_no_way_is_an_error_that_names_both_ends() -> None:
    graph = linked(("npu.0", "a"), ("a", "npu.1"), npus=2, directed=True)
    router = ShortestPath(graph)
    assert len(router.route(0, 1)) == 3
    with pytest.raises(InputError, match=r"no way leads from npu\.1 to npu\.0"):
        router.route(1, 0)


def torn(graph: NetworkGraph) -> NetworkGraph:
    """The same graph without dimensions, so that nobody takes it for a product."""
    assembly = GraphAssembly()
    for node in graph.nodes:
        assembly.add_node(node.name, node.kind)
    for link in graph.links:
        ends = graph.nodes[link.src].name, graph.nodes[link.dst].name
        attributes = replace(link.attributes, dimension=None)
        assembly.add_link(*ends, attributes, both_ways=False)
    return assembly.graph()


def uneven(*, in_line: bool) -> NetworkGraph:
    """A mesh of 3 x 4 whose latencies differ: alike in every line, or not."""
    grid, assembly = mesh("3x4"), GraphAssembly()
    for node in grid.nodes:
        assembly.add_node(node.name, node.kind)
    for src, dst, attributes in grid.links:
        along = (src % 3, dst % 3) if attributes.dimension == 0 else (src // 3, dst // 3)
        latency = 100.0 + 7 * (along[0] if in_line else src)
        ends = grid.nodes[src].name, grid.nodes[dst].name
        assembly.add_link(*ends, replace(attributes, latency=latency), both_ways=False)
    return assembly.graph()


@pytest.mark.parametrize(
    ("graph", "is_product"),
    [
        (torus("4x5"), True),
        (torus("2x3x4"), True),
        (mesh("3x4x2"), True),
        (torus("8"), False),  # one factor
        (torus("4x8", twist=True), False),
        (uneven(in_line=True), True),
        (uneven(in_line=False), False),
    ],
)
def test_a_product_has_the_ways_that_a_search_finds(
    graph: NetworkGraph, *, is_product: bool
) -> None:
    latencies = whole_latencies(graph, least_latency=True)
    assert (as_product(graph, latencies) is not None) == is_product
    pairs = [*permutations(range(graph.npus), 2)]
    routers = [ShortestPath(it) for it in (graph, torn(graph))]
    assert [routers[0].route(*it) for it in pairs] == [routers[1].route(*it) for it in pairs]
    routers = [Ecmp(it, EcmpOptions()) for it in (graph, torn(graph))]
    assert [routers[0].route(*it) for it in pairs] == [routers[1].route(*it) for it in pairs]


def test_lines_that_differ_in_a_link_are_no_product() -> None:
    whole = torus("4x4")
    lacking = replace(whole, links=whole.links[:3] + whole.links[4:])
    assert as_product(lacking, whole_latencies(lacking, least_latency=True)) is None
    assert ShortestPath(lacking).route(0, 1) == ShortestPath(torn(lacking)).route(0, 1)


def test_forgetting_searches_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = torus("5x6")
    pairs = [*permutations(range(30), 2)]
    router = ShortestPath(graph)
    ways = [router.route(*pair) for pair in pairs]
    for module in (search, cartesian_product):
        monkeypatch.setattr(module, "_MOST_KEPT", 20)
    random.Random(1).shuffle(order := [*range(len(pairs))])
    for forgetful in (ShortestPath(graph), ShortestPath(torn(graph))):
        for number in order:
            assert forgetful.route(*pairs[number]) == ways[number]


def test_ecmp_connects_every_pair_of_a_fat_tree_by_as_few_hops_as_there_are() -> None:
    router = Ecmp(fat_tree(8), EcmpOptions())
    for src, dst in permutations(range(128), 2):
        hops = 2 if src // 4 == dst // 4 else 4 if src // 16 == dst // 16 else 6
        assert len(router.route(src, dst, tag=src)) == hops + 1


@pytest.mark.parametrize("seed", [0, 1])
def test_ecmp_balances_a_fat_tree_within_a_tenth(seed: int) -> None:
    """One NPU of each edge switch sends 200 messages to each other: 1,500 over each link."""
    graph = fat_tree(8)
    router = Ecmp(graph, EcmpOptions(seed=seed))
    loads: Counter[tuple[int, int]] = Counter()
    for (src, dst), tag in product(permutations(range(0, 128, 4), 2), range(200)):
        loads.update(pairwise(router.route(src, dst, tag)))
    tier = [re.sub(r"\.\d+", "", node.name) for node in graph.nodes]
    by_tiers: dict[tuple[str, str], list[int]] = {}
    for (src, dst), load in loads.items():
        by_tiers.setdefault((tier[src], tier[dst]), []).append(load)
    assert sorted(map(len, by_tiers.values())) == [32, 32, 128, 128, 128, 128]
    for each in by_tiers.values():
        mean = sum(each) / len(each)
        assert max(each) < 1.1 * mean
        assert min(each) > 0.9 * mean


def test_another_seed_and_another_tag_spread_otherwise() -> None:
    graph = fat_tree(8)
    routers = [Ecmp(graph, EcmpOptions(seed=seed)) for seed in (0, 0, 1)]
    ways = [[router.route(0, 127, tag) for tag in range(200)] for router in routers]
    assert ways[0] == ways[1] != ways[2]
    assert len(set(ways[0])) == 16  # all that there are


_PRINTED = """
from simastra.network.routing import Ecmp, EcmpOptions, ShortestPath
from graphs_made import random_graph
graph = random_graph(7, directed=False)
routers = ShortestPath(graph), Ecmp(graph, EcmpOptions(seed=5))
pairs = [(s, d) for s in range(graph.npus) for d in range(graph.npus)]
print([router.route(s, d, s + d) for router in routers for s, d in pairs])
"""


def test_ways_do_not_depend_on_hash_seeds() -> None:
    root = Path(__file__).parents[2]
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINTED],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{Path(__file__).parent}"},
            cwd=root,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(printed) == 1


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_has_64_bits(seed: int) -> None:
    with pytest.raises(ConfigError, match=r"seed: must be at (least|most)"):
        EcmpOptions(seed=seed)
