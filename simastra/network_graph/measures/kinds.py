"""Which devices and links there are, by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from simastra.network_graph.model import NetworkGraph
from simastra.units import BytesPerNs


class LinkKind(NamedTuple):
    """Links that are alike.

    Attributes:
        kind: what they are; empty where nothing is said.
        between: kinds of the devices at their ends; at the sending end first, if `both_ways` isn't.
        both_ways: whether each is one out and one back; otherwise there is none back that is alike.
        bytes_per_ns: bandwidth, each way.
        latency: in ns.
    """

    kind: str
    between: tuple[str, str]
    both_ways: bool
    bytes_per_ns: BytesPerNs
    latency: float


def device_kinds(graph: NetworkGraph) -> Mapping[str, int]:
    """How many devices there are of each kind, in the order of their numbers."""
    return Counter(node.kind for node in graph.nodes)


def link_kinds(graph: NetworkGraph) -> Mapping[LinkKind, int]:
    """How many links there are of each kind; one that goes both ways counts once."""
    counts: Counter[LinkKind] = Counter()
    for link in graph.links:
        src, dst, it = link
        both_ways = graph.has_mirror(link)
        if both_ways and dst < src:
            continue  # counted with the one that begins at the lower number
        ends = (graph.nodes[src].kind, graph.nodes[dst].kind)
        counts[LinkKind(it.kind, ends, both_ways, it.bytes_per_ns, it.latency)] += 1
    return counts
