"""A network with fewer switches whose cuts between NPUs have the same capacities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simastra.network_graph.model import NetworkGraph
from simastra.units import BytesPerNs

Ends = tuple[int, int]


@dataclass(frozen=True)
class Capacities:
    """What can flow from which device to which: all that a bisection depends on.

    Attributes:
        npus: number of NPUs, which are the first devices.
        devices: number of devices.
        links: the bandwidth from a device to another.
    """

    npus: int
    devices: int
    links: Mapping[Ends, BytesPerNs]

    @cached_property
    def both_ways(self) -> Sequence[Mapping[int, tuple[BytesPerNs, BytesPerNs]]]:
        """Of each device those that it is linked with: the bandwidth to them, and from them."""
        found: list[dict[int, tuple[BytesPerNs, BytesPerNs]]] = [{} for _ in range(self.devices)]
        for (src, dst), rate in self.links.items():
            back = self.links.get((dst, src), 0.0)
            found[src][dst] = (rate, back)
            found[dst][src] = (back, rate)
        return found

    def without(self, dropped: Iterable[int]) -> Capacities:
        """The same without the links of some devices."""
        gone = set(dropped)
        kept = {ends: rate for ends, rate in self.links.items() if not gone.intersection(ends)}
        return Capacities(self.npus, self.devices, kept)


def capacities(graph: NetworkGraph) -> Capacities:
    """Those of a network."""
    links = {(link.src, link.dst): link.bytes_per_ns for link in graph.links}
    return Capacities(graph.npus, graph.devices, links)


def merged(given: Capacities) -> Capacities:
    """The same with switches merged that have the same bandwidth to and from all others, or to and
    from such as are merged themselves: the spines of leafs for instance.

    Whatever two groups of NPUs are separated, the least cut has the same capacity as before. For a
    cut gives each device a side, 0 or 1, and costs the bandwidth from 1 to 0. Of all cuts, sides
    between 0 and 1 included, the cheapest needs none between; and if of an equitable partition each
    device gets the mean of its class, it costs no more, since a convex function of means is at most
    the mean of that function. (Equitable partitions reduce linear programs: M. Grohe et al.,
    Dimension Reduction via Colour Refinement, ESA 2014.)
    """
    classes = _refined(given)
    links: defaultdict[Ends, float] = defaultdict(float)
    for (src, dst), rate in given.links.items():
        if classes[src] != classes[dst]:
            links[classes[src], classes[dst]] += rate
    return Capacities(given.npus, max(classes, default=-1) + 1, dict(links))


def _refined(given: Capacities) -> list[int]:
    """The class of each device in the coarsest equitable partition in which NPUs stay single."""
    classes = [min(device, given.npus) for device in range(given.devices)]
    count = len(set(classes))
    while True:
        seen: dict[object, int] = {}
        refined = list(range(given.npus))
        for device in range(given.npus, given.devices):
            key = (classes[device], _sums(given.both_ways[device], classes))
            refined.append(seen.setdefault(key, given.npus + len(seen)))
        if given.npus + len(seen) == count:
            return refined
        classes, count = refined, given.npus + len(seen)


def _sums(
    linked: Mapping[int, tuple[BytesPerNs, BytesPerNs]], classes: Sequence[int]
) -> frozenset[tuple[int, BytesPerNs, BytesPerNs]]:
    """The bandwidth to and from each class."""
    sums: dict[int, tuple[float, float]] = {}
    for other, (there, back) in sorted(linked.items()):
        so_far = sums.get(classes[other], (0.0, 0.0))
        sums[classes[other]] = (so_far[0] + there, so_far[1] + back)
    return frozenset((its, there, back) for its, (there, back) in sums.items())
