"""A network that is a graph: its links, over the ways that its router finds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import final

from simastra.network.routing import Router
from simastra.network.routing.way_finder import WayFinder
from simastra.network.timing import LinkTiming, in_series
from simastra.network_graph import GraphLink, NetworkGraph, ReductionTree, graph_trees
from simastra.units import NpuId

from .base import NO_TIME, Hop, Topology, wrong_route


@final
class GraphTopology(Topology):
    """A graph as a topology like any other.

    Args:
        graph: the devices and their links.
        router: finds the ways.
    """

    def __init__(self, graph: NetworkGraph, router: Router) -> None:
        super().__init__(graph.npus)
        self.graph = graph
        self.router = router
        self.multipath = router.multipath
        self.files = router.files
        self._hops: dict[tuple[int, int], Hop] = {}
        self._trees: dict[tuple[NpuId, ...], Sequence[ReductionTree]] = {}
        self._timings: dict[LinkTiming, LinkTiming] = {}
        """Links that are alike share one, and so the times that it has computed."""

    @property
    def devices(self) -> int:
        """All nodes."""
        return self.graph.devices

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        """The trees of fewest levels; each may have a root of its own among the switches."""
        key = tuple(members)
        known = self._trees.get(key)
        if known is None:
            known = self._trees[key] = graph_trees(self.graph, members)
        return known

    def hops(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """The links of the router's way.

        A message to its own sender goes out by the NPU's first link and back if the graph says so
        (`NetworkGraph.hairpin`), and crosses none otherwise. From and to a switch that reduces it
        is the shortest way, whatever the router.

        Raises:
            InputError: if a router of one's own answers with what is no way.
        """
        if src == dst:
            return self._out_and_back(src) if self.graph.hairpin else ()
        route = self._route(src, dst, tag)
        if (route[0], route[-1]) != (src, dst):
            raise wrong_route(self.router, src, dst, f"is {self._named(route)}")
        hops = []
        for ends in pairwise(route):
            if ends not in self._hops and ends not in self.graph.link_between:
                problem = f"goes from {self._named(ends)}, where no link is"
                raise wrong_route(self.router, src, dst, problem)
            hops.append(self._hop(ends))
        return tuple(hops)

    def hop_count(self, src: NpuId, dst: NpuId) -> int:
        """Number of those links; of the ways that a message may take, that of tag 0."""
        if src == dst:
            return len(self.hops(src, dst))
        return len(self._route(src, dst)) - 1

    def _route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        if max(src, dst) < self.npus:
            return self.router.route(src, dst, tag)
        return self._finder.first_way(int(src), int(dst))  # without its name

    @cached_property
    def _finder(self) -> WayFinder:
        return WayFinder(self.graph)

    def path(self, src: NpuId, dst: NpuId, tag: int = 0) -> LinkTiming:
        """Latency of all links, serialisation at the slowest.

        Where the graph charges the first dimension alone (`NetworkGraph.charges`), only the links
        that belong to the same as the first. A message to its own sender that crosses no link pays
        what the graph says (`NetworkGraph.loopback`).
        """
        hops = self.charged(src, dst, tag)
        return in_series(hop.link for hop in hops) if hops else self._loopback(src)

    def charged(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """All links, or those of the first one's dimension."""
        hops = self.hops(src, dst, tag)
        if not hops or self.graph.charges == "route":
            return hops
        dimension = self._link(hops[0]).attributes.dimension
        return tuple(it for it in hops if self._link(it).attributes.dimension == dimension)

    def _loopback(self, npu: NpuId) -> LinkTiming:
        own, out = self.graph.loopback, self.graph.out_links[npu]
        if own is not None:
            return LinkTiming(own.latency, own.bytes_per_ns)
        return LinkTiming(0.0, out[0].bytes_per_ns) if out else NO_TIME

    def _out_and_back(self, npu: NpuId) -> tuple[Hop, ...]:
        """By the first link that has one back; none where there is no such link."""
        for link in self.graph.out_links[npu]:
            if (link.dst, npu) in self.graph.link_between:
                return self._hop((npu, link.dst)), self._hop((link.dst, npu))
        return ()

    def _named(self, devices: Sequence[int]) -> str:
        known = range(self.devices)
        return " to ".join(self.graph.nodes[it].name if it in known else str(it) for it in devices)

    def _link(self, hop: Hop) -> GraphLink:
        return self.graph.link_between[hop.src, hop.dst]

    def _hop(self, ends: tuple[int, int]) -> Hop:
        hop = self._hops.get(ends)
        if hop is None:
            link = self.graph.link_between[ends]
            timing = LinkTiming(link.latency, link.bytes_per_ns)
            timing = self._timings.setdefault(timing, timing)
            hop = self._hops[ends] = Hop(*ends, timing)
        return hop
