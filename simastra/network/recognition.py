"""Whether a graph is what a network of dimensions expands to: then all that holds there holds here.

Nothing is guessed: the dimensions that the file names, at the prices of the graph's links, are
expanded again, and the two graphs compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TypeAlias

from simastra.config import NetworkConfig
from simastra.network_graph import LinkAttributes, NetworkGraph

from .expansion import graph_of_dimensions
from .timing import LinkTiming
from .topology import TOPOLOGIES, MakeTopology, Topology, TopologyEntry

_Links: TypeAlias = Sequence[tuple[object, ...]]


def spelled_dimensions(
    config: NetworkConfig, topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES
) -> tuple[Topology, ...]:
    """The dimensions that a network's graph spells out; none if it spells out none.

    They are simastra's own, those of the file's logical topology: devices, links, ways and prices
    are the same, and names don't matter.

    Args:
        config: a network; one without a graph spells out none.
        topologies: by the names that it uses.
    """
    graph = config.graph
    if graph is None:
        return ()
    if any(
        part.options or topologies.get(part.name) is not TOPOLOGIES.get(part.name)
        for part in config.topologies
    ):
        return ()
    prices = _prices(graph)
    dimensions = tuple(
        TOPOLOGIES[part.name].build(npus, prices.get(number, _price_to_self(graph)), None)
        for number, (part, npus) in enumerate(
            zip(config.topologies, config.npus_count, strict=True)
        )
    )
    return dimensions if _are_alike(graph_of_dimensions(dimensions), graph) else ()


def _prices(graph: NetworkGraph) -> dict[int | None, LinkTiming]:
    """By dimensions: what the links cost, if they all cost the same."""
    kinds: dict[LinkAttributes, None] = dict.fromkeys(link.attributes for link in graph.links)
    return {it.dimension: LinkTiming(it.latency, it.bytes_per_ns) for it in kinds}


def _price_to_self(graph: NetworkGraph) -> LinkTiming:
    """Of a dimension without links: only messages of NPUs to themselves are charged by it."""
    return LinkTiming(0.0, inf if graph.loopback is None else graph.loopback.bytes_per_ns)


def _are_alike(one: NetworkGraph, other: NetworkGraph) -> bool:
    """Whether two graphs differ in names and kinds at the most."""
    return (
        (one.npus, one.devices, one.routing, one.hairpin, one.charges, one.loopback)
        == (other.npus, other.devices, other.routing, other.hairpin, other.charges, other.loopback)
    ) and _links(one) == _links(other)


def _links(graph: NetworkGraph) -> _Links:
    return [
        (*link[:2], link.latency, link.bytes_per_ns, link.attributes.dimension)
        for link in graph.links
    ]
