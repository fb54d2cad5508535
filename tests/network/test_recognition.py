"""A graph that has the links and ways of dimensions is known for it; one that differs is not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import NetworkConfig
from simastra.network import build_topology
from simastra.network.expansion import expanded_graph
from simastra.network.recognition import spelled_dimensions
from simastra.network.routing import ROUTERS, DimensionOrder
from simastra.network.topology import (
    TOPOLOGIES,
    BasicTopology,
    FullyConnected,
    RingTopology,
    Switch,
    product,
)
from simastra.network_graph import GraphNode, LinkAttributes, NetworkGraph, RoutingChoice

SHAPES = st.lists(
    st.tuples(st.sampled_from(sorted(TOPOLOGIES)), st.integers(1, 4)), min_size=1, max_size=3
)


def native(shape: list[tuple[str, int]]) -> NetworkConfig:
    return NetworkConfig(
        topology=[name for name, _ in shape],
        npus_count=[npus for _, npus in shape],
        bandwidth=[50, 37.3, 12.5][: len(shape)],
        latency=[500, 0.3, 700][: len(shape)],
    )


def spelled(config: NetworkConfig, graph: NetworkGraph | None = None) -> NetworkConfig:
    return NetworkConfig(
        topology=config.topology,
        npus_count=config.npus_count,
        graph=graph or expanded_graph(config),
    )


@given(shape=SHAPES)
def test_what_is_expanded_is_recognised(shape: list[tuple[str, int]]) -> None:
    config = native(shape)
    found, there = product(spelled_dimensions(spelled(config))), build_topology(config)
    for src in range(there.npus):
        for dst in range(there.npus):
            assert found.hops(src, dst) == there.hops(src, dst)
            if src != dst:
                assert found.path(src, dst) == there.path(src, dst)


def renamed(graph: NetworkGraph) -> NetworkGraph:
    nodes = tuple(replace(node, name=f"x{at}") for at, node in enumerate(graph.nodes))
    links = tuple(
        link._replace(attributes=replace(link.attributes, kind="nvlink")) for link in graph.links
    )
    return replace(graph, nodes=nodes, links=links)


@pytest.mark.parametrize(
    "change",
    [
        renamed,
        lambda graph: replace(graph, charges="route"),
        lambda graph: replace(graph, loopback=LinkAttributes(1.0, 1.0)),
        lambda graph: replace(graph, source="other.yml"),
    ],
)
def test_what_is_the_same_for_all_npus_does_not_matter(
    change: Callable[[NetworkGraph], NetworkGraph],
) -> None:
    config = native([("Ring", 4), ("Switch", 2)])
    assert spelled_dimensions(spelled(config, change(expanded_graph(config)))) != ()


def faster(graph: NetworkGraph) -> NetworkGraph:
    first, *others = graph.links
    quick = first._replace(attributes=LinkAttributes(99.0, first.latency, dimension=0))
    return replace(graph, links=(quick, *others))


@pytest.mark.parametrize(
    "change",
    [
        faster,
        lambda graph: replace(graph, links=graph.links[::-1]),
        lambda graph: replace(graph, links=graph.links[:-1]),
        lambda graph: replace(graph, nodes=(*graph.nodes, GraphNode("more"))),
        lambda graph: replace(graph, hairpin=True),
        lambda graph: replace(graph, routing=RoutingChoice("ecmp")),
        lambda graph: replace(graph, routing=RoutingChoice("shortest-path")),
    ],
)
def test_whatever_differs_is_not(change: Callable[[NetworkGraph], NetworkGraph]) -> None:
    config = native([("Ring", 4), ("Switch", 2)])
    graph = expanded_graph(config)
    assert spelled_dimensions(spelled(config, graph)) != ()
    assert spelled_dimensions(spelled(config, change(graph))) == ()


@pytest.mark.parametrize(
    ("topology", "npus_count"),
    [(["Ring", "Switch"], [2, 4]), (["Ring"], [8]), (["Switch", "Ring"], [4, 2])],
)
def test_another_logical_topology_is_not(topology: list[str], npus_count: list[int]) -> None:
    graph = expanded_graph(native([("Ring", 4), ("Switch", 2)]))
    config = NetworkConfig(topology=topology, npus_count=npus_count, graph=graph)
    assert spelled_dimensions(config) == ()


NPUS = "npu[0:6]"


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ({"from": NPUS, "to": "a"}, Switch),
        ({"ring": NPUS}, RingTopology),
        ({"clique": NPUS}, FullyConnected),
    ],
)
def test_one_dimension_is_recognised_as_people_write_it(
    link: dict[str, str], kind: type[BasicTopology]
) -> None:
    """Whatever its logical topology is; a ring if nothing is said."""
    graph = {"links": [{**link, "bandwidth": 50, "latency": 500}]}
    (found,) = spelled_dimensions(NetworkConfig(graph=graph))
    assert isinstance(found, kind)
    assert found.npus == 6


def test_ways_of_a_router_of_ones_own_are_not_known() -> None:
    class Own(DimensionOrder):  # type: ignore[misc]
        pass

    config = spelled(native([("Ring", 4)]))
    assert spelled_dimensions(config) != ()
    assert spelled_dimensions(config, {**ROUTERS, "dimension-order": Own}) == ()


def test_of_thousands_of_npus_no_clique_is_made_to_compare() -> None:
    config = native([("Ring", 5_000)])
    (found,) = spelled_dimensions(spelled(config))
    assert isinstance(found, RingTopology)
    assert spelled_dimensions(spelled(config, faster(expanded_graph(config)))) == ()


def test_a_network_without_a_graph_spells_none_out() -> None:
    assert spelled_dimensions(native([("Ring", 4)])) == ()
