"""Graphs of nodes and edges with attributes, as networkx has them -> `NetworkGraph`.

What is understood of a node: `kind` or `type`, of which npu, xpu and gpu are NPUs, `rank`, and
`reduces`. Of an edge: `bandwidth`, `bw` or `capacity`, in GB/s of 10^9 bytes or text with a unit;
`latency` or `delay`, in ns or text with a unit; `kind`, `type` or `link`; `dimension`.
(docs/networks.md)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from simastra.config.graph.ranks import is_npu, npus_by_rank
from simastra.config.graph.wrong import KeyedError, refuse_more
from simastra.config.messages import show
from simastra.errors import InputError
from simastra.network_graph import (
    MOST_NODES,
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    contracted,
)
from simastra.network_graph.model import NPU, SWITCH
from simastra.notices import Notice
from simastra.units import BytesPerNs

from .graph_attributes import flag, graph_attributes, unread_names
from .guesses import bandwidth_guessed, guessed_bandwidth, latency_guessed
from .numbering import in_order_of_ranks
from .rate_texts import bandwidth, latency
from .unread import unread_remark

KIND = ("kind", "type")
BANDWIDTH = ("bandwidth", "bw", "capacity")
LATENCY = ("latency", "delay")
LINK_KIND = ("kind", "type", "link")
NPU_KINDS = frozenset({NPU, "xpu", "gpu"})
"""Kinds of nodes, in small letters, that are NPUs."""

_INFRAGRAPH = frozenset({"instance", "instance_idx", "device", "composed_device"})
"""Attributes of nodes by which graphs that InfraGraph's service writes are known."""

_OF_NODES = frozenset({*KIND, "rank", "reduces", "id", "name", "label"}) | _INFRAGRAPH
_OF_EDGES = frozenset(
    {*LINK_KIND, *BANDWIDTH, *LATENCY, "dimension", "place", "source", "target", "key", "id"}
)


class AttributedNode(NamedTuple):
    """A node as a file has it.

    Attributes:
        name: unique.
        attributes: by their names.
        key: where it stands.
    """

    name: str
    attributes: Mapping[str, object]
    key: str


class AttributedEdge(NamedTuple):
    """An edge as a file has it, as `AttributedNode`, with the names of the nodes that it links."""

    src: str
    dst: str
    attributes: Mapping[str, object]
    key: str


@dataclass(frozen=True)
class AttributedGraph:
    """All that a file has.

    Attributes:
        nodes: in the file's order.
        edges: in the file's order.
        directed: whether edges lead one way.
        multigraph: whether several may link the same two nodes: a trunk.
        attributes: of the graph.
        source: the file.
    """

    nodes: Sequence[AttributedNode]
    edges: Sequence[AttributedEdge]
    directed: bool
    multigraph: bool
    attributes: Mapping[str, object]
    source: str


def network_graph_of(given: AttributedGraph) -> NetworkGraph:
    """Make a network of a graph.

    Raises:
        KeyedError: something is wrong at a key.
        InputError: something else is.
    """
    is_infragraph = any("composed_device" in node.attributes for node in given.nodes)
    whole = graph_attributes(given.attributes, contract=is_infragraph, key="graph")
    assembly = _with_nodes(given)
    links = _Links(given, is_infragraph)
    for edge, attributes in links.made():
        assembly.add_link(edge.src, edge.dst, attributes, both_ways=not given.directed)
    graph = whole.graph(assembly, given.source, _remarks(given, links.guess))
    return contracted(graph) if whole.contract else graph


def _with_nodes(given: AttributedGraph) -> GraphAssembly:
    """The nodes, NPUs first; of each name there is one."""
    refuse_more(len(given.nodes), MOST_NODES, "nodes")
    kinds: dict[str, str | None] = {}
    ranks: dict[str, object] = {}
    for node in given.nodes:
        if node.name in kinds:
            raise KeyedError(f"two nodes are called {show(node.name)}", node.key)
        kinds[node.name] = _kind(node)
        if "rank" in node.attributes:
            ranks[node.name] = node.attributes["rank"]
    npus = [name for name in kinds if is_npu(name, kinds)]
    if not npus:
        raise InputError("has no NPU; give nodes the attribute kind, with npu for those that are")
    among = set(npus)
    ranked = {name: rank for name, rank in ranks.items() if name in among}
    ordered = in_order_of_ranks(npus, ranked) if ranked else _by_name(npus, kinds)
    assembly = GraphAssembly()
    for name in dict.fromkeys((*ordered, *kinds)):
        assembly.add_node(name, NPU if is_npu(name, kinds) else kinds[name] or SWITCH)
    for node in given.nodes:
        if flag(node.attributes.get("reduces", False), f"{node.key}.reduces"):
            assembly.let_reduce(node.name)
    return assembly


def _by_name(npus: Sequence[str], kinds: Mapping[str, str | None]) -> list[str]:
    """In order of the numbers in their names if all have one there, as npu.3."""
    if all(is_npu(name, {}) for name in npus):
        return npus_by_rank(npus, kinds)
    return list(npus)


def _kind(node: AttributedNode) -> str | None:
    value = _value(node.attributes, KIND)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise KeyedError(
            f"must be the kind of a node, such as npu or switch, not {show(value)}", node.key
        )
    return NPU if value.strip().lower() in NPU_KINDS else value.strip()


class _Links:
    """The links of a graph's edges, in order."""

    def __init__(self, given: AttributedGraph, is_infragraph: bool) -> None:  # noqa: FBT001
        self._given = given
        self._guesses = is_infragraph
        self._linked: dict[tuple[str, str], AttributedEdge] = {}
        self.guess: BytesPerNs | None = None
        """What was taken for edges without a bandwidth, if there are any."""

    def made(self) -> list[tuple[AttributedEdge, LinkAttributes]]:
        names = {node.name for node in self._given.nodes}
        for edge in self._given.edges:
            self._check(edge, names)
        speeds = [self._speed(edge) for edge in self._given.edges]
        usual = guessed_bandwidth(speeds)
        self.guess = usual if None in speeds else None
        found = [
            (edge, _attributes(edge, usual if speed is None else speed))
            for edge, speed in zip(self._given.edges, speeds, strict=True)
        ]
        places = [edge.attributes.get("place") for edge, _ in found]
        if places and all(type(it) is int for it in places):
            found.sort(key=lambda it: int(str(it[0].attributes["place"])))
        elif self._guesses:
            found.sort(key=lambda it: -it[1].bytes_per_ns)
        return found

    def _check(self, edge: AttributedEdge, names: Collection[str]) -> None:
        for end, name in (("source", edge.src), ("target", edge.dst)):
            if name not in names:
                raise KeyedError(f"no node is called {show(name)}", f"{edge.key}.{end}")
        if edge.src == edge.dst:
            raise KeyedError(f"links {show(edge.src)} to itself; a link needs two nodes", edge.key)
        if self._given.multigraph:
            return
        ends = (edge.src, edge.dst)
        both = (ends,) if self._given.directed else (ends, ends[::-1])
        if any(it in self._linked for it in both):
            text = f"links {show(edge.src)} and {show(edge.dst)} again; a trunk needs a multigraph"
            raise KeyedError(text, edge.key)
        self._linked[ends] = edge

    def _speed(self, edge: AttributedEdge) -> BytesPerNs | None:
        name = _first(edge.attributes, BANDWIDTH)
        if name is not None:
            return bandwidth(edge.attributes[name], f"{edge.key}.{name}")
        if self._guesses:
            return None
        text = "is required: GB/s of 10^9 bytes, or text with a unit such as 400Gbps"
        raise KeyedError(text, f"{edge.key}.{BANDWIDTH[0]}")


def _attributes(edge: AttributedEdge, speed: BytesPerNs) -> LinkAttributes:
    name, kind = _first(edge.attributes, LATENCY), _value(edge.attributes, LINK_KIND)
    delay = latency(edge.attributes[name], f"{edge.key}.{name}") if name else 0.0
    return LinkAttributes(speed, delay, "" if kind is None else str(kind), _dimension(edge))


def _dimension(edge: AttributedEdge) -> int | None:
    value = edge.attributes.get("dimension")
    if value is None or (type(value) is int and value >= 0):
        return value
    raise KeyedError(
        f"must be the number of a dimension, not {show(value)}", f"{edge.key}.dimension"
    )


def _first(attributes: Mapping[str, object], names: Sequence[str]) -> str | None:
    """In which of its spellings an attribute is there."""
    return next((name for name in names if attributes.get(name) is not None), None)


def _value(attributes: Mapping[str, object], names: Sequence[str]) -> object:
    name = _first(attributes, names)
    return None if name is None else attributes[name]


def _remarks(given: AttributedGraph, guess: BytesPerNs | None) -> Iterator[Notice]:
    for names, remark in (
        (BANDWIDTH, partial(bandwidth_guessed, taken=guess or 0.0, source=given.source)),
        (LATENCY, partial(latency_guessed, source=given.source)),
    ):
        without = sum(_first(edge.attributes, names) is None for edge in given.edges)
        if without:
            yield remark(f"{without:,} of {len(given.edges):,} edges")
    unread = {name for node in given.nodes for name in node.attributes} - _OF_NODES
    unread |= {name for edge in given.edges for name in edge.attributes} - _OF_EDGES
    unread |= unread_names(given.attributes)
    if unread:
        yield unread_remark(sorted(unread), given.source)
