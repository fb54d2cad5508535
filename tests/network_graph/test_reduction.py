"""Which switches reduce for which NPUs, and how one gets to them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import NetworkConfig
from simastra.config.graph import from_networkx, to_networkx
from simastra.errors import ConfigError
from simastra.network import Topology, build_topology
from simastra.network.expansion import expanded_graph
from simastra.network_graph import ReductionTree, graph_trees

Links = Sequence[Mapping[str, object]]
FAST = {"bandwidth": 100, "latency": 100}


def machine(links: Links, *reducing: str, **more: object) -> NetworkConfig:
    nodes = [{"name": it, "reduces": True} for it in reducing]
    return NetworkConfig(graph={"nodes": nodes, "links": [{**FAST, **it} for it in links], **more})


def named(network: NetworkConfig, members: Sequence[int]) -> list[dict[str, list[str]]]:
    """Trees by the names of their devices."""
    graph = network.graph
    assert graph is not None
    names = [node.name for node in graph.nodes]
    return [
        {str(switch): [names[it] for it in below] for switch, below in tree.children.items()}
        for tree in graph_trees(graph, members)
    ]


TWO_LEAFS: Links = (
    {"from": "npu[0:2]", "to": "leaf.0"},
    {"from": "npu[2:4]", "to": "leaf.1"},
    {"from": "leaf[0:2]", "to": "spine[0:2]", "pairs": "all"},
)


def test_one_switch_is_enough_where_one_joins_all() -> None:
    network = machine(TWO_LEAFS, "leaf[0:2]", "spine[0:2]")
    assert named(network, (1, 0)) == [{"leaf.0": ["npu.1", "npu.0"]}]


def test_each_root_has_a_tree_of_fewest_levels() -> None:
    network = machine(TWO_LEAFS, "leaf[0:2]", "spine[0:2]")
    leafs = {"leaf.0": ["npu.0"], "leaf.1": ["npu.2", "npu.3"]}
    assert named(network, (0, 2, 3)) == [
        {"spine.0": ["leaf.0", "leaf.1"], **leafs},
        {"spine.1": ["leaf.0", "leaf.1"], **leafs},
    ]


def test_what_does_not_reduce_may_stand_between_and_npus_may_not() -> None:
    links: Links = (
        {"from": "npu[0:2]", "to": "nic[0:2]"},
        {"from": "nic[0:2]", "to": "top"},
        {"from": "npu.2", "to": "npu.1"},
    )
    network = machine(links, "top")
    assert named(network, (0, 1)) == [{"top": ["npu.0", "npu.1"]}]
    assert named(network, (0, 2)) == []


@pytest.mark.parametrize("reducing", [(), ("leaf[0:2]",), ("spine.1",), ("leaf.0", "spine.0")])
def test_what_passes_messages_on_need_not_reduce(reducing: tuple[str, ...]) -> None:
    trees = named(machine(TWO_LEAFS, *reducing), (0, 3))
    assert bool(trees) == bool(reducing)
    switches = {"leaf[0:2]": {"leaf.0", "leaf.1"}}
    known = set().union(*(switches.get(it, {it}) for it in reducing))
    assert all(tree.keys() <= known for tree in trees)


def test_a_link_one_way_joins_nobody() -> None:
    links: Links = (
        {"from": "npu[0:2]", "to": "top", "directed": True},
        {"ring": "npu[0:2]"},
        {"from": "top", "to": "npu.0", "directed": True},
    )
    assert named(machine(links, "top"), (0, 1)) == []


def check_ways(topology: Topology, tree: ReductionTree) -> None:
    """Ways lead along the tree, both ways, and past no NPU."""
    assert {*tree.positions_below[tree.root]} == {*range(len(tree.members))}
    for below, above in tree.parent.items():
        for src, dst in ((below, above), (above, below)):
            hops = topology.hops(src, dst)
            assert len(hops) == topology.hop_count(src, dst)
            assert (hops[0].src, hops[-1].dst) == (src, dst)
            assert all(first.dst == then.src for first, then in pairwise(hops))
            assert all(hop.dst >= topology.npus for hop in hops[:-1])
            path = topology.path(src, dst)
            assert path.latency == sum(hop.link.latency for hop in hops)
            assert path.bytes_per_ns == min(hop.link.bytes_per_ns for hop in hops)


@given(
    counts=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    reducing=st.data(),
    npu=st.integers(0, 63),
)
def test_each_line_of_a_product_has_its_own_switch_and_ways_to_it(
    counts: list[int], reducing: st.DataObject, npu: int
) -> None:
    flags = [reducing.draw(st.booleans()) for _ in counts]
    shape = NetworkConfig(
        topology=[{"name": "Switch", "reduces": it} for it in flags],
        npus_count=counts,
        bandwidth=[50.0, 25.0, 10.0][: len(counts)],
        latency=[500.0, 99.5, 1.0][: len(counts)],
    )
    graph = expanded_graph(shape)
    spelled = NetworkConfig(topology=["Switch"] * len(counts), npus_count=counts, graph=graph)
    topology, alike = build_topology(shape), build_topology(spelled)
    first, stride = npu % shape.npus, 1
    for count, reduces in zip(counts, flags, strict=True):
        start = first - first // stride % count * stride
        members = range(start, start + count * stride, stride)
        if count > 1:
            trees = topology.reduction_trees(members)
            assert len(trees) == reduces
            others = alike.reduction_trees(members)
            for tree, other in zip(trees, others, strict=True):
                check_ways(topology, tree)
                check_ways(alike, other)
                assert list(map(int, tree.children)) == list(map(int, other.children))
        stride *= count


def test_ways_to_switches_of_a_tree_are_no_routers_business() -> None:
    for router in ("shortest-path", "ecmp"):
        network = machine(TWO_LEAFS, "leaf[0:2]", "spine[0:2]", routing=router)
        topology = build_topology(network)
        for tree in topology.reduction_trees(range(4)):
            check_ways(topology, tree)


def test_graphs_of_networkx_keep_which_switches_reduce() -> None:
    graph = machine(TWO_LEAFS, "leaf[0:2]", "spine[0:2]").graph
    assert graph is not None
    assert sum(node.reduces for node in graph.nodes) == 4
    assert from_networkx(to_networkx(graph)) == graph


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ([{"name": "npu[0:2]", "reduces": True}], r"nodes\[0\]\.reduces: npu\.0 reduces and is an"),
        (
            [{"name": "leaf.0", "reduces": True}, {"name": "leaf[0:2]", "reduces": False}],
            r"nodes\[1\]\.reduces: leaf\.0 reduces and doesn't",
        ),
        ([{"name": "leaf.0", "reduces": "perhaps"}], r"nodes\[0\]\.reduces: must be true or false"),
    ],
)
def test_what_cannot_reduce_is_told_by_its_key(nodes: Links, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        NetworkConfig(graph={"nodes": nodes, "links": [{**FAST, **it} for it in TWO_LEAFS]})
