"""Node-link JSON, as networkx's `node_link_data` gives it, and InfraGraph's service in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from simastra.config.graph.names import LONGEST_NAME
from simastra.config.graph.wrong import KeyedError, naming_file
from simastra.config.messages import show
from simastra.network_graph import NetworkGraph

from .attributed import AttributedEdge, AttributedGraph, AttributedNode, network_graph_of
from .graph_attributes import flag

EDGES = ("links", "edges")
"""Keys of edges: networkx has written both."""


def read_node_link(document: Mapping[str, object], source: Path | str) -> NetworkGraph:
    """Read nodes with an `id`, and links or edges with `source` and `target`.

    Raises:
        ConfigError: the first mistake.
    """
    with naming_file(source):
        return network_graph_of(_attributed(document, str(source)))


def _attributed(document: Mapping[str, object], source: str) -> AttributedGraph:
    key = _edges_key(document)
    graph = document.get("graph", {})
    if isinstance(graph, list):  # of older versions of networkx: pairs
        graph = {str(it[0]): it[1] for it in graph if isinstance(it, list) and len(it) == 2}  # noqa: PLR2004
    if not isinstance(graph, Mapping):
        raise KeyedError(f"must be a mapping of attributes, not {show(graph)}", "graph")
    return AttributedGraph(
        nodes=list(_nodes(document)),
        edges=list(_edges(document, key)),
        directed=flag(document.get("directed", False), "directed"),
        multigraph=flag(document.get("multigraph", False), "multigraph"),
        attributes=graph,
        source=source,
    )


def _edges_key(document: Mapping[str, object]) -> str:
    there = [key for key in EDGES if key in document]
    if len(there) == 1:
        return there[0]
    if there:
        raise KeyedError("stands beside links; give one of them", "edges")
    raise KeyedError("is required: a list of edges with source and target", "links")


def _entries(
    document: Mapping[str, object], key: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    entries = document.get(key)
    if not isinstance(entries, list):
        raise KeyedError(f"must be a list, not {show(entries)}", key)
    for index, entry in enumerate(entries):
        where = f"{key}[{index}]"
        if not isinstance(entry, Mapping):
            raise KeyedError(f"must be a mapping of attributes, not {show(entry)}", where)
        yield where, entry


def _nodes(document: Mapping[str, object]) -> Iterator[AttributedNode]:
    for key, entry in _entries(document, "nodes"):
        yield AttributedNode(_name(entry, "id", key), entry, key)


def _edges(document: Mapping[str, object], key: str) -> Iterator[AttributedEdge]:
    for where, entry in _entries(document, key):
        ends = _name(entry, "source", where), _name(entry, "target", where)
        yield AttributedEdge(*ends, entry, where)


def _name(entry: Mapping[str, object], key: str, where: str) -> str:
    if key not in entry:
        raise KeyedError("is required: the name of a node", f"{where}.{key}")
    name = name_of(entry[key])
    if name is None:
        raise KeyedError(f"must be the name of a node, not {show(entry[key])}", f"{where}.{key}")
    return name


def name_of(value: object) -> str | None:
    """The name of a node: text, a number, or several of them, as grids have; None for others.

    >>> name_of("leaf.0"), name_of(3), name_of([0, 1]), name_of(None)
    ('leaf.0', '3', '0.1', None)
    """
    match value:
        case bool():
            return None
        case str():
            return (
                value
                if value.strip() and value.isprintable() and len(value) <= LONGEST_NAME
                else None
            )
        case int() | float():
            return str(value) if abs(value) < 2**63 else None
        case list() | tuple() if value:
            parts = [name_of(it) if not isinstance(it, list | tuple) else None for it in value]
            known = [part for part in parts if part is not None]
            return ".".join(known) if len(known) == len(parts) else None
        case _:
            return None
