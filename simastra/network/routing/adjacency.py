"""What routers search in: a graph without its pendant trees, in whole numbers.

A device that hangs from one other alone, as an NPU from its switch, is on no way but to and from
itself. So it is taken off, and then what hangs from one device alone without it, and so on: what is
left of a network of 65,536 NPUs may be its 5,120 switches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Final

from simastra.network_graph import GraphLink, NetworkGraph

NOT_PENDANT: Final = -1


def pendant_trees(graph: NetworkGraph) -> list[int]:
    """Of each device the one that it hangs from, or `NOT_PENDANT`.

    It hangs from another if, without what hangs from itself, its only links are to and from that.
    """
    ends = _Ends(len(graph.nodes)), _Ends(len(graph.nodes))
    for link in graph.links:
        ends[0].add(link.src, link.dst)
        ends[1].add(link.dst, link.src)
    parents = [NOT_PENDANT] * len(graph.nodes)
    waiting = list(range(len(graph.nodes)))
    while waiting:
        device = waiting.pop()
        parent = ends[0].only(device)
        if parents[device] != NOT_PENDANT or parent is None or parent != ends[1].only(device):
            continue
        parents[device] = parent
        for end in ends:
            end.drop(parent, device)
            end.drop(device, parent)
        waiting.append(parent)
    return parents


class _Ends:
    """How many neighbours each device still has, and their sum, which is the last one's number."""

    def __init__(self, devices: int) -> None:
        self.counts = [0] * devices
        self.sums = [0] * devices

    def add(self, device: int, neighbour: int) -> None:
        self.counts[device] += 1
        self.sums[device] += neighbour

    def drop(self, device: int, neighbour: int) -> None:
        self.counts[device] -= 1
        self.sums[device] -= neighbour

    def only(self, device: int) -> int | None:
        return self.sums[device] if self.counts[device] == 1 else None


def whole_latencies(graph: NetworkGraph, *, least_latency: bool) -> dict[float, int]:
    """Each latency of the graph's links in a unit in which all are whole: their sums are exact.

    Args:
        graph: whose links.
        least_latency: whether latency matters; where it doesn't, all count as 0.
    """
    latencies = {link.attributes.latency for link in graph.links}
    if not least_latency:
        return dict.fromkeys(latencies, 0)
    exact = {latency: Fraction(latency) for latency in latencies}
    unit = lcm(*(each.denominator for each in exact.values()))
    return {latency: int(each * unit) for latency, each in exact.items()}


class Adjacency:
    """Links in one direction, for searches.

    Attributes:
        neighbours: of each device those that its links lead on to, in the order in which routers
            prefer them.
        latencies: of each device the latencies of these links, in whole numbers.
    """

    def __init__(self, devices: Iterable[Sequence[tuple[int, int]]]) -> None:
        """Of each device its neighbours with their latencies."""
        self.neighbours: list[tuple[int, ...]] = []
        self.latencies: list[tuple[int, ...]] = []
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        for links in devices:
            self.neighbours.append(tuple([neighbour for neighbour, _ in links]))
            latencies = tuple([latency for _, latency in links])
            self.latencies.append(shared.setdefault(latencies, latencies))

    @cached_property
    def latency(self) -> int | None:
        """That of all links; None if they differ."""
        found = {latency for each in set(self.latencies) for latency in each}
        return found.pop() if len(found) == 1 else None

    def mirrors(self, other: Adjacency) -> bool:
        """Whether each link has its like among the other's: whether all go both ways."""
        return all(
            self._priced(device) == other._priced(device) for device in range(len(self.neighbours))
        )

    def _priced(self, device: int) -> dict[int, int]:
        return dict(zip(self.neighbours[device], self.latencies[device], strict=True))


def without_pendants(
    links: Sequence[Sequence[GraphLink]],
    ahead: Callable[[GraphLink], int],
    parents: Sequence[int],
    latencies: Mapping[float, int],
) -> Adjacency:
    """The links of a graph in one direction, without what hangs from one device alone.

    Args:
        links: of each device those that lead on.
        ahead: of a link the device that it leads on to: its ``dst``, or backwards its ``src``.
        parents: of each device the one that it hangs from.
        latencies: in whole numbers.
    """
    return Adjacency(
        [
            (ahead(link), latencies[link.latency])
            for link in out
            if parents[ahead(link)] == NOT_PENDANT
        ]
        if parents[device] == NOT_PENDANT
        else ()
        for device, out in enumerate(links)
    )
