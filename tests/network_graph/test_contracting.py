"""Devices with two links become part of them; what messages can do stays as it was."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from simastra.network_graph import (
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    contracted,
    find_cut,
)
from simastra.network_graph.model import NPU


def graph_of(
    *links: tuple[str, str, float, float],
    both_ways: bool = True,
    kinds: dict[str, str] | None = None,
) -> NetworkGraph:
    """Of links as src, dst, bandwidth and latency; names that begin with n are NPUs."""
    assembly = GraphAssembly()
    names = dict.fromkeys(name for link in links for name in link[:2])
    for name in sorted(names):
        usual = NPU if name.startswith("n") else "nic"
        assembly.add_node(name, (kinds or {}).get(name, usual))
    for src, dst, speed, latency in links:
        assembly.add_link(src, dst, LinkAttributes(speed, latency), both_ways=both_ways)
    return assembly.graph()


def ways(graph: NetworkGraph) -> dict[str, tuple[float, float]]:
    names = [node.name for node in graph.nodes]
    return {f"{names[it.src]} {names[it.dst]}": (it.bytes_per_ns, it.latency) for it in graph.links}


def test_a_chain_is_one_link_of_the_least_bandwidth_and_the_sum_of_latencies() -> None:
    graph = graph_of(("n0", "a", 50, 1), ("a", "b", 10, 2), ("b", "n1", 90, 4))
    made = contracted(graph)
    assert ways(made) == {"n0 n1": (10, 7), "n1 n0": (10, 7)}
    (remark,) = made.remarks
    assert remark.message.startswith("2 devices (2 nic) with two links only became part of")
    assert "2 devices remain" in remark.message


def test_of_links_as_slow_as_each_other_the_chain_is_the_one_of_a_kind() -> None:
    assembly = GraphAssembly()
    for name, kind in (("n0", NPU), ("n1", NPU), ("a", "port"), ("b", "port")):
        assembly.add_node(name, kind)
    for src, dst, link in (("n0", "a", "ic"), ("a", "b", "cable"), ("b", "n1", "ic")):
        assembly.add_link(src, dst, LinkAttributes(50.0, 1.0, link, 2))
    made = contracted(assembly.graph()).links[0].attributes
    assert made == LinkAttributes(50.0, 3.0, "cable", 2)


@given(st.lists(st.sampled_from(["", "pcie", "cable", "trace"]), min_size=2, max_size=5))
def test_a_chain_is_of_one_kind_both_ways(kinds: list[str]) -> None:
    assembly = GraphAssembly()
    names = ["n0", *(f"p{number}" for number in range(len(kinds) - 1)), "n1"]
    for name in names:
        assembly.add_node(name, NPU if name.startswith("n") else "port")
    for (src, dst), kind in zip(itertools.pairwise(names), kinds, strict=True):
        assembly.add_link(src, dst, LinkAttributes(50.0, 1.0, kind))
    there, back = (link.attributes for link in contracted(assembly.graph()).links)
    assert there == back
    if len(kinds) == 3 and len(set(kinds)) == 3:
        assert there.kind == kinds[1]


def test_a_chain_of_links_of_two_dimensions_belongs_to_none() -> None:
    assembly = GraphAssembly()
    for name, kind in (("n0", NPU), ("n1", NPU), ("a", "port")):
        assembly.add_node(name, kind)
    for src, dst, dimension in (("n0", "a", 0), ("a", "n1", 1)):
        assembly.add_link(src, dst, LinkAttributes(50.0, 1.0, "", dimension))
    assert contracted(assembly.graph()).links[0].attributes.dimension is None


def test_a_chain_is_listed_where_its_last_link_was() -> None:
    graph = graph_of(
        *(("n0", "a", 9, 1), ("n0", "n2", 5, 1), ("a", "n1", 1, 1), ("n1", "n2", 1, 1)),
    )
    assert [*ways(contracted(graph))][::2] == ["n0 n2", "n0 n1", "n1 n2"]


def test_kinds_to_keep_stay_and_so_do_npus_and_branches() -> None:
    links = [("n0", "s", 1.0, 1.0), ("s", "n1", 1.0, 1.0), ("n1", "n2", 1.0, 1.0)]
    graph = graph_of(*links, kinds={"s": "switch"})
    assert contracted(graph, keep=("switch",)) is graph
    star = graph_of(*((f"n{it}", "a", 1.0, 1.0) for it in range(3)))
    assert contracted(star) is star


def test_several_chains_between_two_devices_stay_several() -> None:
    graph = graph_of(
        *(("n0", "a", 1, 1), ("a", "b", 1, 1), ("b", "n1", 1, 1)),
        *(("n0", "c", 2, 1), ("c", "d", 2, 2), ("d", "n1", 2, 4)),
    )
    found = ways(contracted(graph))
    assert {way: found[way] for way in ("a n1", "c n1")} == {"a n1": (1, 2), "c n1": (2, 6)}
    assert len(found) == 8


def test_a_chain_beside_a_link_stays_a_way_of_its_own() -> None:
    graph = graph_of(("n0", "n1", 1, 1), ("n0", "a", 1, 1), ("a", "b", 1, 1), ("b", "n1", 1, 1))
    assert set(ways(contracted(graph))) == {"n0 n1", "n1 n0", "n0 a", "a n0", "a n1", "n1 a"}


def test_dead_ends_loops_and_circles_stay() -> None:
    dead = graph_of(("n0", "s", 1, 1), ("n1", "s", 1, 1), ("s", "a", 1, 1), ("a", "b", 1, 1))
    assert contracted(dead) is dead
    loop = graph_of(("n0", "a", 1, 1), ("a", "b", 1, 1), ("b", "n0", 1, 1))
    assert contracted(loop) is loop
    circle = graph_of(("n0", "n1", 1, 1), ("a", "b", 1, 1), ("b", "c", 1, 1), ("c", "a", 1, 1))
    assert contracted(circle) is circle


def test_ports_in_which_nothing_is_plugged_go() -> None:
    graph = graph_of(
        *(("n0", "s", 1, 1), ("n1", "s", 1, 1), ("s", "a", 1, 1), ("s", "b", 1, 1)),
        kinds={"s": "switch", "a": "port", "b": "nic"},
    )
    made = contracted(graph)
    assert [node.name for node in made.nodes] == ["n0", "n1", "b", "s"]
    assert len(made.links) == 2 * 3
    assert (
        made.remarks[0].message
        == "1 device (1 port) with one link or none are left out; 4 devices remain"
    )
    assert contracted(graph, drop=()) is graph


def test_a_device_keeps_its_place_though_its_ports_go() -> None:
    graph = graph_of(
        *(("n0", "s", 1, 1), ("n1", "s", 1, 1), ("s", "a", 1, 1)), kinds={"s": "cpu", "a": "port"}
    )
    assert [node.name for node in contracted(graph).nodes] == ["n0", "n1", "s"]


def test_one_way_streets_stay() -> None:
    graph = graph_of(("n0", "a", 1, 1), ("a", "n1", 1, 1), ("n1", "n0", 1, 1), both_ways=False)
    assert contracted(graph) is graph


def shortest(graph: NetworkGraph) -> dict[tuple[str, str], float]:
    """Between each two NPUs the least latency, by Floyd and Warshall."""
    names = [node.name for node in graph.nodes]
    found = {(link.src, link.dst): link.latency for link in graph.links}
    every = range(graph.devices)
    far = float("inf")
    for middle, src, dst in itertools.product(every, every, every):
        by = found.get((src, middle), far) + found.get((middle, dst), far)
        if by < found.get((src, dst), far):
            found[src, dst] = by
    return {
        (names[src], names[dst]): latency
        for (src, dst), latency in found.items()
        if src < graph.npus > dst and src != dst
    }


@st.composite
def graphs(draw: st.DrawFn) -> NetworkGraph:
    names = ["n0", "n1", "n2", *"abcdef"]
    ends = draw(st.sets(st.sampled_from(list(itertools.combinations(names, 2))), min_size=2))
    whole = st.integers(1, 9)
    links = [(src, dst, float(draw(whole)), float(draw(whole))) for src, dst in sorted(ends)]
    return graph_of(("n0", "n1", 1.0, 30.0), *(it for it in links if it[:2] != ("n0", "n1")))


@given(graphs())
def test_ways_between_npus_keep_their_latency(graph: NetworkGraph) -> None:
    made = contracted(graph, drop=("nic",))
    assert shortest(made) == shortest(graph)
    assert (find_cut(made) is None) == (find_cut(graph) is None)
    assert [node for node in made.nodes if node.is_npu] == list(graph.nodes[: graph.npus])
