"""Whether a graph has the links and the ways of a network of dimensions, and so its symmetries.

Nothing is guessed: dimensions at the prices of the graph's links are expanded, and the two graphs
compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import TypeAlias

from simastra.config import NetworkConfig
from simastra.network_graph import NetworkGraph, RoutingChoice

from .expansion import graph_of_dimensions, link_count
from .routing import ROUTERS, MakeRouter, RouterEntry
from .timing import LinkTiming
from .topology import TOPOLOGIES, MultiDimTopology, Topology

_Links: TypeAlias = Sequence[tuple[object, ...]]
_KNOWN = RoutingChoice("dimension-order"), RoutingChoice("shortest-path")
"""Along one dimension, both take the same ways; through several, only the former theirs."""


def spelled_dimensions(
    config: NetworkConfig, routers: Mapping[str, RouterEntry | MakeRouter] | None = None
) -> tuple[Topology, ...]:
    """The dimensions that a network's graph spells out; none if it spells out none.

    Those of several are the file's logical topology, as `topology expand` and generators of tori
    write it; one is whatever it is. Devices, links and ways are the same. What isn't compared is
    the same for all NPUs: names, and what the whole of a way costs where messages don't queue.

    Args:
        config: a network; one without a graph spells out none.
        routers: by their names, None for our own; the ways of others aren't known.
    """
    graph = config.graph
    if graph is None or graph.routing not in _KNOWN:
        return ()
    if (routers or ROUTERS).get(graph.routing.name) != ROUTERS[graph.routing.name]:
        return ()
    candidates = (_dimensions(config, graph, names) for names in _candidates(config))
    return next((it for it in candidates if _are_alike(it, graph)), ())


def _candidates(config: NetworkConfig) -> Iterator[Sequence[str]]:
    """Names of topologies, one a dimension."""
    if config.dimensions == 1:
        yield from ((name,) for name in TOPOLOGIES)
        return
    names = [part.name for part in config.topologies]
    if all(name in TOPOLOGIES for name in names):
        yield names


def _dimensions(
    config: NetworkConfig, graph: NetworkGraph, names: Sequence[str]
) -> tuple[Topology, ...]:
    """Dimensions of these topologies, priced as the graph's links are, if these cost the same."""
    prices = {
        link.attributes.dimension or 0: LinkTiming(link.latency, link.bytes_per_ns)
        for link in graph.links
    }
    free = LinkTiming(0.0, inf)  # where there are no links, nobody pays
    return tuple(
        TOPOLOGIES[name].build(npus, prices.get(number, free), None)
        for number, (name, npus) in enumerate(zip(names, config.npus_count, strict=True))
    )


def _are_alike(dimensions: Sequence[Topology], graph: NetworkGraph) -> bool:
    devices, links = MultiDimTopology(dimensions).devices, len(graph.links)
    if devices != graph.devices or link_count(dimensions, links) != links:
        return False
    spelled = graph_of_dimensions(dimensions)
    routes_alike = graph.routing == spelled.routing or len(dimensions) == 1
    hairpins_alike = spelled.hairpin or not graph.hairpin
    return routes_alike and hairpins_alike and _links(spelled) == _links(graph)


def _links(graph: NetworkGraph) -> _Links:
    """What matters of links: of which dimension they are, one that isn't told from others or 0."""
    return [
        (*link[:2], link.latency, link.bytes_per_ns, link.attributes.dimension or 0)
        for link in graph.links
    ]
