"""What the links at an NPU carry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import inf, isinf
from typing import TYPE_CHECKING, final

from simastra.config import NetworkConfig
from simastra.network import LinkTiming, Topology
from simastra.network.topology import LineSymmetry
from simastra.simulation.platform import Platform
from simastra.simulation.promised import line_symmetry
from simastra.units import Bytes, BytesPerNs, NpuId

if TYPE_CHECKING:
    from simastra.network_graph import NetworkGraph

_SAMPLED = 64

Span = frozenset[int]
"""Dimensions along which messages go: no route between their ends takes a link of others."""


class PortLoads(ABC):
    """Knows what the links carry that begin or end at an NPU.

    Attributes:
        latency: the least of all links, in ns.
        fastest: what the fastest of them carries.
    """

    latency: float
    fastest: BytesPerNs

    @abstractmethod
    def hidden(self, size: Bytes) -> float:
        """How many bytes of a message rounding may hide: its time on a link is cut to whole ns."""

    @abstractmethod
    def span(self, members: Sequence[NpuId]) -> Span:
        """The dimensions along which some NPUs lie."""

    @abstractmethod
    def sending(self, npu: NpuId, span: Span) -> BytesPerNs:
        """What the links carry that leave an NPU along some dimensions."""

    @abstractmethod
    def receiving(self, npu: NpuId, span: Span) -> BytesPerNs:
        """What the links carry that come to an NPU along some dimensions."""


@final
class DimensionPorts(PortLoads):
    """The ports of a product of dimensions; all NPUs have the same.

    Args:
        dimensions: of the network.
    """

    def __init__(self, dimensions: Sequence[Topology]) -> None:
        self._counts = [topology.npus for topology in dimensions]
        ends = [list(_all_links(topology)) for topology in dimensions]
        self._rates = list(map(_most_bandwidth, ends))
        links = [it for each in ends for links in each for it in links]
        self._link_rates = {link.bytes_per_ns for link in links} or {inf}
        self.fastest = max(self._link_rates)
        self.latency = min((link.latency for link in links), default=0.0)

    def span(self, members: Sequence[NpuId]) -> Span:
        """Those in which their coordinates differ."""
        found, stride = set(), 1
        for dimension, count in enumerate(self._counts):
            first = members[0] // stride % count
            if any(npu // stride % count != first for npu in members):
                found.add(dimension)
            stride *= count
        return frozenset(found)

    def hidden(self, size: Bytes) -> float:
        """What is left of whole ns; up to a ns where links have different rates."""
        return hidden_bytes(size, self._link_rates)

    def sending(self, npu: NpuId, span: Span) -> BytesPerNs:
        """The sum along these dimensions."""
        return sum(self._rates[dimension] for dimension in span)

    def receiving(self, npu: NpuId, span: Span) -> BytesPerNs:
        """The same: each link has one in the other direction."""
        return self.sending(npu, span)


@final
class GraphPorts(PortLoads):
    """The ports of a graph; each NPU has its own.

    Args:
        graph: the network.
    """

    def __init__(self, graph: NetworkGraph) -> None:
        ends = (*graph.out_links[: graph.npus], *graph.in_links[: graph.npus])
        links = [link for own in ends for link in own]
        self._graph = graph
        self._link_rates = {link.bytes_per_ns for link in links} or {inf}
        self.fastest = max(self._link_rates)
        self.latency = min((link.latency for link in links), default=0.0)

    def hidden(self, size: Bytes) -> float:
        """What is left of whole ns; up to a ns where links have different rates."""
        return hidden_bytes(size, self._link_rates)

    def span(self, members: Sequence[NpuId]) -> Span:
        """All in one: its dimensions are logical, and have no links of their own."""
        return frozenset((0,))

    def sending(self, npu: NpuId, span: Span) -> BytesPerNs:
        """The sum of the links that begin there."""
        return sum(link.bytes_per_ns for link in self._graph.out_links[npu]) or inf

    def receiving(self, npu: NpuId, span: Span) -> BytesPerNs:
        """The sum of the links that end there."""
        return sum(link.bytes_per_ns for link in self._graph.in_links[npu]) or inf


def ports_of(platform: Platform) -> PortLoads:
    """The ports of a machine's network."""
    graph = platform.network.graph
    return DimensionPorts(platform.dimensions) if graph is None else GraphPorts(graph)


def hidden_bytes(size: Bytes, rates: Collection[BytesPerNs]) -> float:
    """How many bytes of a message cutting its time to whole ns hides, on links of these rates."""
    fastest = max(rates)
    if len(rates) > 1 or isinf(fastest):
        return fastest
    return size - int(size / fastest) * fastest


def link_bandwidth(network: NetworkConfig, dimensions: Sequence[Topology]) -> BytesPerNs:
    """What all links together carry that leave an NPU, in bytes a ns, which are decimal GB/s.

    Of a graph's NPUs, that for which it is least. Infinite where it isn't known: of a large
    topology that promises no symmetry.

    Args:
        network: the network configuration.
        dimensions: of the network; none of a graph.
    """
    graph = network.graph
    if graph is None:
        return sum(_most_bandwidth(_all_links(it)) for it in dimensions)
    ports = GraphPorts(graph)
    return min(ports.sending(npu, frozenset()) for npu in range(graph.npus))


def _most_bandwidth(ends: Iterable[Counter[LinkTiming]]) -> BytesPerNs:
    """Of the NPU whose links carry most."""
    return max(sum(count * link.bytes_per_ns for link, count in links.items()) for links in ends)


def _all_links(topology: Topology) -> Iterator[Counter[LinkTiming]]:
    """The links that leave each NPU along a dimension, one of those that are alike."""
    if line_symmetry(topology) is not LineSymmetry.NONE:
        yield _links_at(topology, 0)
    elif topology.npus <= _SAMPLED:
        yield from (_links_at(topology, npu) for npu in range(topology.npus))
    else:
        yield Counter([LinkTiming(0.0, inf)])


def _links_at(topology: Topology, npu: NpuId) -> Counter[LinkTiming]:
    """The links that leave an NPU along a dimension."""
    others = [it for it in range(topology.npus) if it != npu]
    far = [it for it in others if topology.hop_count(npu, it) > 1]
    first = {topology.hops(npu, it)[0] for it in set(others).difference(far)}
    # Routes to NPUs far away begin at a neighbour, or at a device that is no NPU.
    beyond = {topology.hops(npu, it)[0] for it in far[:_SAMPLED]}
    first |= {hop for hop in beyond if hop.dst >= topology.npus}
    return Counter(hop.link for hop in first)
