"""Graphs of networkx, to and fro. Needs the extra graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from simastra.config.graph.wrong import KeyedError, naming_file
from simastra.errors import ArgumentError
from simastra.network_graph import LinkAttributes, NetworkGraph
from simastra.requirement import require

from .attributed import AttributedEdge, AttributedGraph, AttributedNode, network_graph_of
from .node_link import name_of

if TYPE_CHECKING:
    import networkx

    AnyGraph: TypeAlias = networkx.Graph[Any]
    Directed: TypeAlias = networkx.DiGraph[str]

EXTRA = "graph"


def from_networkx(graph: AnyGraph, source: Path | str = "graph") -> NetworkGraph:
    """Make a network of a graph of networkx: directed or not, with or without parallel edges.

    Args:
        graph: its nodes and edges have the attributes that docs/networks.md lists.
        source: what it is called in messages.

    Raises:
        MissingPackageError: if networkx isn't installed.
        ArgumentError: if it is no graph.
        ConfigError: the first thing that is wrong with it.
    """
    networkx = require("networkx", EXTRA, "from_networkx")
    if not isinstance(graph, networkx.Graph):
        raise ArgumentError("graph", "a graph of networkx", graph)
    with naming_file(source):
        return network_graph_of(attributed(graph, str(source)))


def to_networkx(graph: NetworkGraph) -> Directed:
    """Make a graph of networkx of a network; `from_networkx` of it is equal to the network.

    Returns:
        A directed graph. Nodes are called by their names; they have `kind`, NPUs `rank`, and
        switches that reduce `reduces`. Edges
        have `bandwidth` in GB/s of 10^9 bytes, `latency` in ns, `place` among the links, and where
        they are known `kind` and `dimension`.

    Raises:
        MissingPackageError: if networkx isn't installed.
    """
    made: Directed = require("networkx", EXTRA, "to_networkx").DiGraph(**_attributes(graph))
    for number, node in enumerate(graph.nodes):
        more = {"rank": number} if node.is_npu else {"reduces": True} if node.reduces else {}
        made.add_node(node.name, kind=node.kind, **more)
    for place, link in enumerate(graph.links):
        src, dst = graph.nodes[link.src].name, graph.nodes[link.dst].name
        made.add_edge(src, dst, place=place, **_edge(link.attributes))
    return made


def attributed(graph: AnyGraph, source: str) -> AttributedGraph:
    """What a graph of networkx has.

    Raises:
        KeyedError: a node is called by something that is neither text nor a number.
    """
    return AttributedGraph(
        nodes=list(_nodes(graph)),
        edges=[
            AttributedEdge(_named(a), _named(b), attributes, f"edge {_named(a)} - {_named(b)}")
            for a, b, attributes in graph.edges(data=True)
        ],
        directed=graph.is_directed(),
        multigraph=graph.is_multigraph(),
        attributes={str(name): value for name, value in graph.graph.items()},
        source=source,
    )


def _nodes(graph: AnyGraph) -> Iterator[AttributedNode]:
    for node, attributes in graph.nodes(data=True):
        name = _named(node)
        yield AttributedNode(name, attributes, f"node {name}")


def _named(node: object) -> str:
    name = name_of(node)
    if name is None:
        raise KeyedError(f"{str(node)[:60]!r} is no name of a node; use text or numbers")
    return name


def _attributes(graph: NetworkGraph) -> dict[str, object]:
    """What a graph says beside nodes and links, as text and numbers, which GraphML has too."""
    routing: str = graph.routing.name
    if graph.routing.options:
        routing = json.dumps({"name": routing, **graph.routing.options})
    made: dict[str, object] = {
        "routing": routing,
        "hairpin": graph.hairpin,
        "charges": graph.charges,
    }
    if graph.loopback is not None:
        made["loopback_bandwidth"] = graph.loopback.bytes_per_ns
        made["loopback_latency"] = graph.loopback.latency
    return made


def _edge(link: LinkAttributes) -> dict[str, object]:
    made: dict[str, object] = {"bandwidth": link.bytes_per_ns, "latency": link.latency}
    if link.kind:
        made["kind"] = link.kind
    if link.dimension is not None:
        made["dimension"] = link.dimension
    return made
