"""The shortest ways between any two devices of a graph, without a table of all pairs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from operator import attrgetter
from typing import Final, TypeAlias

from simastra.errors import InputError
from simastra.network_graph import NetworkGraph

from .adjacency import NOT_PENDANT, pendant_trees, whole_latencies, without_pendants
from .cartesian_product import CartesianProduct, ProductWays, as_product
from .search import Searches
from .shortest_ways import ShortestWays

Choose: TypeAlias = Callable[[int, tuple[int, ...]], int]
"""Chooses, at a device, one of the devices to which ways go on from it."""

_MOST_PARTINGS: Final = 500_000
"""Of as many pairs of devices it is remembered where their ways part."""


class WayFinder:
    """Finds the shortest ways: of those with the fewest hops the ones with the least latency.

    What is searched is the graph without what hangs from one device alone; from both ends, so that
    it grows with the distance and not with the graph. In a product nothing is searched.

    Args:
        graph: the network.
        least_latency: whether latency matters at all.
    """

    def __init__(self, graph: NetworkGraph, *, least_latency: bool = True) -> None:
        self._graph = graph
        self._parents = pendant_trees(graph)
        self._latencies = whole_latencies(graph, least_latency=least_latency)
        self._partings: dict[tuple[int, int], tuple[int, ...]] = {}

    def first_way(self, src: int, dst: int) -> tuple[int, ...]:
        """The way that takes, wherever ways part, the link that is listed earliest.

        Raises:
            InputError: if there is none.
        """
        return self._way(src, dst, self._first)

    def way(self, src: int, dst: int, choose: Choose) -> tuple[int, ...]:
        """A way from device `src` to device `dst`, both ends included.

        Args:
            src: where it begins.
            dst: where it ends.
            choose: asked at each device where ways part.

        Raises:
            InputError: if there is none.
        """
        return self._way(src, dst, lambda root, end: self._chosen(root, end, choose))

    def _way(self, src: int, dst: int, between: Callable[[int, int], list[int]]) -> tuple[int, ...]:
        """Up to what `src` hangs from in the end, across, and down; or less where these meet."""
        up, down = self._line(src), self._line(dst)
        if up[-1] != down[-1]:
            return (*up[:-1], *between(up[-1], down[-1]), *reversed(down[:-1]))
        while len(up) > 1 and len(down) > 1 and up[-2] == down[-2]:
            up.pop()
            down.pop()
        return (*up, *reversed(down[:-1]))

    def _line(self, device: int) -> list[int]:
        """A device, what it hangs from, and so on to a device that hangs from none."""
        line = [device]
        while (parent := self._parents[line[-1]]) != NOT_PENDANT:
            line.append(parent)
        return line

    def _first(self, src: int, dst: int) -> list[int]:
        ways = self._ways(src, dst)
        way = [src]
        for hops in range(ways.hops):
            way.append(next(ways.onward(way[-1], hops)))
        return way

    def _chosen(self, src: int, dst: int, choose: Choose) -> list[int]:
        ways: ShortestWays | ProductWays | None = None
        searched = 0
        way = [src]
        while way[-1] != dst:
            at = way[-1]
            onward = self._partings.get((at, dst))
            if onward is None:
                if ways is None:
                    ways, searched = self._ways(at, dst), len(way)
                onward = ways.partings(at, len(way) - searched)
                if len(self._partings) >= _MOST_PARTINGS:
                    self._partings.clear()
                self._partings[at, dst] = onward
            way.append(onward[0] if len(onward) == 1 else choose(at, onward))
        return way

    def _ways(self, src: int, dst: int) -> ShortestWays | ProductWays:
        ways = self._product.ways(src, dst) if self._product else self._search(src, dst)
        if ways is None:
            names = self._graph.nodes[src].name, self._graph.nodes[dst].name
            raise InputError(f"no way leads from {names[0]} to {names[1]}")
        return ways

    @cached_property
    def _product(self) -> CartesianProduct | None:
        return as_product(self._graph, self._latencies)

    @cached_property
    def _searches(self) -> tuple[Searches, Searches]:
        """Of devices by how far they are from one, and by how far they are to it."""
        latencies = self._parents, self._latencies
        out = without_pendants(self._graph.out_links, attrgetter("dst"), *latencies)
        into = without_pendants(self._graph.in_links, attrgetter("src"), *latencies)
        if out.mirrors(into):
            both = Searches(out, both_ways=True)
            return both, both
        return Searches(out, both_ways=False), Searches(into, both_ways=False)

    def _search(self, src: int, dst: int) -> ShortestWays | None:
        """From both ends, at each step from the one where less is to be looked at."""
        there, back = self._searches[0].around(src), self._searches[1].around(dst)
        out, in_ = 0, 0
        while there[out].keys().isdisjoint(back[in_].keys()):
            is_known = out + 1 < len(there), in_ + 1 < len(back)
            is_smaller = len(there[out]) <= len(back[in_])
            if is_known[0] > is_known[1] or (is_known[0] == is_known[1] and is_smaller):
                out += 1
                reached = self._searches[0].level(there, out)
            else:
                in_ += 1
                reached = self._searches[1].level(back, in_)
            if not reached:
                return None
        return ShortestWays(self._searches[0].adjacency, there, back, out, out + in_)
