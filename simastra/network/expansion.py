"""From a network of dimensions to the equal graph: the same links, ways and prices, spelled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import prod
from typing import TypeAlias

from simastra.config import NetworkConfig
from simastra.network_graph import (
    MOST_LINKS,
    MOST_NODES,
    GraphLink,
    GraphNode,
    LinkAttributes,
    NetworkGraph,
    RoutingChoice,
)
from simastra.network_graph.model import NPU, SWITCH
from simastra.promises import states

from .build import build_dimensions
from .routing import DimensionOrder
from .timing import LinkTiming
from .topology import (
    TOPOLOGIES,
    Hop,
    MakeTopology,
    MultiDimTopology,
    Topology,
    TopologyEntry,
    product,
)
from .topology.graph import GraphTopology

_Attributes: TypeAlias = dict[tuple[LinkTiming, int], LinkAttributes]

_MOST_OWN = 256
"""NPUs along a dimension whose every route is looked at."""


def expanded_graph(
    config: NetworkConfig, topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES
) -> NetworkGraph:
    """The graph that a network of dimensions is, with the same cycles on every backend.

    NPUs are ``npu.0`` and so on; the switch of line 2 of dimension 1 is ``switch.1.2``. Devices
    have the numbers that they have without a graph. What ASTRA-sim does otherwise than a graph on
    which nothing is said, the graph says: `NetworkGraph.charges`, `hairpin` and `loopback`.

    Args:
        config: a network; one that is a graph is that already.
        topologies: by the names that it uses.

    Raises:
        ConfigError: as `build_dimensions`; or if it is too large to be spelled out, or a topology
            of one's own has routes that no order of its links explains.
    """
    if config.graph is not None:
        return config.graph
    dimensions = build_dimensions(config, topologies)
    _refuse_too_many(config, dimensions)
    for index, topology in enumerate(dimensions):
        name = config.topologies[index].name
        if topologies[name] != TOPOLOGIES.get(name):
            _check_own(topology, config, index)
    return graph_of_dimensions(dimensions, str(config.source))


def _refuse_too_many(config: NetworkConfig, dimensions: Sequence[Topology]) -> None:
    """Refuse what would be larger than a graph that is read.

    Raises:
        ConfigError: if it has too many devices or links.
    """
    devices = MultiDimTopology(dimensions).devices
    if devices > MOST_NODES or link_count(dimensions, MOST_LINKS) > MOST_LINKS:
        raise config.error(
            "has too many devices or links to be spelled out as a graph; at most "
            f"{MOST_NODES:,} and {MOST_LINKS:,} are possible",
            "npus_count",
        )


def link_count(dimensions: Sequence[Topology], at_most: int) -> int:
    """Number of links of some dimensions; where there are more than `at_most`, some such number.

    Args:
        dimensions: the topology of each.
        at_most: where counting ends.
    """
    npus = prod(topology.npus for topology in dimensions)
    links = 0
    for topology in dimensions:
        lines = npus // topology.npus
        of_line = islice(_links_of(topology), at_most // lines + 1)
        links += sum(1 for _ in of_line) * lines
        if links > at_most:
            break
    return links


def _check_own(topology: Topology, config: NetworkConfig, index: int) -> None:
    """Check that a graph takes the ways, at the prices, that a topology of one's own takes.

    Raises:
        ConfigError: if it doesn't, or there are too many ways to be sure.
    """
    key, npus = f"topology[{index}]", range(topology.npus)
    if topology.npus > _MOST_OWN:
        raise config.error(f"isn't simastra's own; at most {_MOST_OWN} NPUs are possible", key)
    graph = graph_of_dimensions([topology])
    spelled = GraphTopology(graph, DimensionOrder(graph))
    for ends in ((src, dst) for src in npus for dst in npus):
        is_same = topology.hops(*ends) == spelled.hops(*ends)
        if topology.multipath or not is_same or topology.path(*ends) != spelled.path(*ends):
            raise config.error(
                f"can't be spelled out as a graph: its way from NPU {ends[0]} to NPU {ends[1]} "
                "isn't the shortest over its links, is another for other tags, or isn't priced by "
                "its links",
                key,
            )
    if len({topology.path(npu, npu) for npu in npus}) > 1:
        problem = "charges some NPUs more than others for messages to themselves; a graph can't"
        raise config.error(problem, key)


def graph_of_dimensions(dimensions: Sequence[Topology], source: str = "") -> NetworkGraph:
    """What the dimensions are as a graph, if messages take the shortest ways along each.

    Args:
        dimensions: the topology of each, dimension 0 first.
        source: the file that they were read from.
    """
    links = tuple(dimension_links(dimensions))
    whole = product(dimensions)
    hairpin = bool(whole.hops(0, 0))
    first = next((link for link in links if link.src == 0), None)
    return NetworkGraph(
        nodes=tuple(_nodes(dimensions)),
        links=links,
        routing=RoutingChoice("dimension-order"),
        hairpin=hairpin,
        charges="first-dimension" if len(dimensions) > 1 else "route",
        loopback=None if hairpin else _loopback(whole.path(0, 0), first),
        source=source,
    )


def _loopback(to_self: LinkTiming, first: GraphLink | None) -> LinkAttributes | None:
    """What a message to oneself costs; None if it is what follows from an NPU's first link."""
    if first is not None and (to_self.latency, to_self.bytes_per_ns) == (0.0, first.bytes_per_ns):
        return None
    return LinkAttributes(to_self.bytes_per_ns, to_self.latency)


def _nodes(dimensions: Sequence[Topology]) -> Iterator[GraphNode]:
    """All devices, by their numbers."""
    npus = MultiDimTopology(dimensions).npus
    yield from (GraphNode(f"npu.{npu}", NPU) for npu in range(npus))
    for number, topology in enumerate(dimensions):
        extra = (topology.devices - topology.npus) * (npus // topology.npus)
        stem = f"switch.{number}" if len(dimensions) > 1 else "switch"
        reduces = bool(topology.npus > 1 and topology.reduction_trees(range(topology.npus)))
        yield from (GraphNode(f"{stem}.{device}", SWITCH, reduces) for device in range(extra))


def dimension_links(dimensions: Sequence[Topology]) -> Iterator[GraphLink]:
    """All links of some dimensions, dimension by dimension, line by line."""
    grid = MultiDimTopology(dimensions)
    known: _Attributes = {}
    for number, topology in enumerate(grid.dimensions):
        hops = list(_links_of(topology))
        attributes = [_attributes(hop.link, number, known) for hop in hops]
        for npu in range(grid.npus):
            if grid.coordinate(npu, number):
                continue
            for hop, shared in zip(hops, attributes, strict=True):
                src, dst = (grid.device(number, npu, local) for local in (hop.src, hop.dst))
                yield GraphLink(src, dst, shared)


def _links_of(topology: Topology) -> Iterator[Hop]:
    """A dimension's, as it lists them, unless it only inherits that from one with other routes."""
    return topology.links() if states(topology, "links") else Topology.links(topology)


def _attributes(link: LinkTiming, dimension: int, known: _Attributes) -> LinkAttributes:
    there = known.get((link, dimension))
    if there is None:
        there = LinkAttributes(link.bytes_per_ns, link.latency, dimension=dimension)
        known[link, dimension] = there
    return there
