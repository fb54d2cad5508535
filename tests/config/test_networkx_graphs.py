"""Graphs of networkx become networks, and networks become graphs of networkx."""

import io
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from other_graphs import GRAPHML

from simastra.config.graph import from_networkx, to_networkx
from simastra.config.graph.spellings.graphml import read_graphml
from simastra.config.graph.spellings.node_link import read_node_link
from simastra.errors import ArgumentError, ConfigError
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph, RoutingChoice
from simastra.network_graph.model import NPU


@st.composite
def networks(draw: st.DrawFn) -> NetworkGraph:
    """Networks of a few devices, with whatever a network may have."""
    assembly = GraphAssembly()
    npus = draw(st.integers(1, 4))
    names = [f"n{it}" for it in range(npus)] + [f"s.{it}" for it in range(draw(st.integers(0, 3)))]
    for name in names:
        assembly.add_node(name, NPU if name[0] == "n" else draw(st.sampled_from(["switch", "nic"])))
    pairs = [(a, b) for a in names for b in names if a != b]
    ends = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    charges = draw(st.sampled_from(["route", "first-dimension"]))
    any_dimension = st.integers(0, 3)
    dimensions = any_dimension if charges == "first-dimension" else st.none() | any_dimension
    for src, dst in ends:
        attributes = LinkAttributes(
            draw(st.floats(0.001, 1e6)),
            draw(st.floats(0, 1e9)),
            draw(st.sampled_from(["", "ib"])),
            draw(dimensions),
        )
        assembly.add_link(src, dst, attributes, both_ways=False)
    return assembly.graph(
        RoutingChoice("ecmp", draw(st.sampled_from([{}, {"seed": 7}]))),
        hairpin=draw(st.booleans()),
        charges=charges,
        loopback=draw(st.none() | st.just(LinkAttributes(80.0, 3.0))),
    )


@given(networks())
def test_there_and_back_is_the_same_network(network: NetworkGraph) -> None:
    back = from_networkx(to_networkx(network))
    assert back == network
    assert back.routing.options == network.routing.options


def test_what_a_file_says_of_all_its_nodes_and_edges_holds_and_nothing_is_told() -> None:
    text = GRAPHML.replace('attr.type="double"/>', 'attr.type="double"><default>25</default></key>')
    text = text.replace('<data key="b">50</data>', "", 1)
    graph = read_graphml(text, "it.graphml")
    assert [it.attributes.bytes_per_ns for it in graph.links] == [25, 25, 50, 50]
    assert not graph.remarks
    star = networkx.Graph()
    star.add_edge("npu.0", "npu.1", bandwidth=50, latency=500)
    file = io.BytesIO()
    networkx.write_graphml(star, file)
    assert not read_graphml(file.getvalue().decode(), "it.graphml").remarks


@given(networks())
def test_so_it_is_by_way_of_files(network: NetworkGraph) -> None:
    graph = to_networkx(network)
    file = io.BytesIO()
    networkx.write_graphml(graph, file)
    assert read_graphml(file.getvalue().decode(), "it.graphml") == network
    for edges in ("links", "edges"):
        document = networkx.node_link_data(graph, edges=edges)
        assert read_node_link(document, "it.json") == network


def test_a_grid_of_networkx_is_a_mesh() -> None:
    grid: Any = networkx.grid_2d_graph(3, 2)
    networkx.set_node_attributes(grid, "npu", "kind")
    networkx.set_edge_attributes(grid, {ends: {"bw": 50, "delay": 500} for ends in grid.edges})
    graph = from_networkx(grid)
    assert [node.name for node in graph.nodes] == ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1"]
    assert len(graph.links) == 2 * 7


def test_parallel_edges_are_a_trunk() -> None:
    several: Any = networkx.MultiGraph()
    several.add_nodes_from(["a", "b"], kind="gpu")
    several.add_edge("a", "b", bandwidth="100Gbps", latency=1)
    several.add_edge("a", "b", bandwidth="300Gbps", latency=2)
    (link, _) = from_networkx(several).links
    assert (link.bytes_per_ns, link.latency) == (50.0, 2.0)


def test_what_is_no_graph_is_refused() -> None:
    with pytest.raises(ArgumentError, match="graph must be a graph of networkx, not a str"):
        from_networkx("net.graphml")  # type: ignore[arg-type]  # which is the mistake


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"latency": 5}, "net: edge a - b.bandwidth: is required"),
        ({"bandwidth": -1}, "net: edge a - b.bandwidth: must be larger than 0"),
    ],
)
def test_a_mistake_names_the_edge(attributes: dict[str, object], message: str) -> None:
    graph: Any = networkx.Graph()
    graph.add_nodes_from(["a", "b"], kind="npu")
    graph.add_edge("a", "b", **attributes)
    with pytest.raises(ConfigError, match=message):
        from_networkx(graph, Path("net"))


def test_names_must_be_text_or_numbers() -> None:
    graph: Any = networkx.Graph()
    graph.add_node(frozenset({1}), kind="npu")
    with pytest.raises(ConfigError, match="is no name of a node; use text or numbers"):
        from_networkx(graph)
