"""Graphs that are products, as tori, meshes and hypercubes are: their ways are the factors' ways.

In a Cartesian product (graph theory's) each link changes one coordinate, and which links there are
depends on that coordinate alone. So the hops and the latency of a shortest way are sums over the
coordinates, and nothing has to be searched but the factors. Nobody says that a graph is a product:
the links' dimensions are taken as a guess, which is checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import inf, prod
from typing import Final

from simastra.network_graph import NetworkGraph

from .adjacency import Adjacency
from .search import Levels

_LARGEST_FACTOR: Final = 4096
"""In a larger one, a search from both ends is less work than all distances to one end."""

_MOST_KEPT: Final = 1_000_000
"""Distances that a factor keeps; some 40 bytes each."""


class Factor:
    """One coordinate: which of its values are linked, and how far they are from each other.

    Args:
        values: of each device.
        size: number of different values, from 0.
        links: latencies by the values at both ends.
    """

    def __init__(
        self, values: Sequence[int], size: int, links: Mapping[tuple[int, int], int]
    ) -> None:
        self.values = values
        self._size = size
        self._links = links
        self._left: dict[int, list[float]] = {}

    def left(self, to: int, hop: int) -> Sequence[float]:
        """Of each value the cost of the shortest way from it to that one; infinity for no way.

        Args:
            to: where the way ends.
            hop: what a hop costs beside its latency, the same in all calls.
        """
        left = self._left.get(to)
        if left is None:
            if (len(self._left) + 1) * self._size > _MOST_KEPT:
                self._left.clear()
            left = self._left[to] = [inf] * self._size
            levels = Levels(self._backwards, to, both_ways=False)
            while last := levels[len(levels) - 1]:
                for value, latency in last.items():
                    left[value] = hop * (len(levels) - 1) + latency
                levels.grow()
        return left

    @cached_property
    def _backwards(self) -> Adjacency:
        found: list[list[tuple[int, int]]] = [[] for _ in range(self._size)]
        for (src, dst), latency in self._links.items():
            found[dst].append((src, latency))
        return Adjacency(found)


class CartesianProduct:
    """A graph that is a product. A way costs so much a hop that latency only matters between ties.

    Args:
        graph: the graph.
        factors: by the dimension of the links that change the coordinate.
        latencies: of links, in whole numbers.
    """

    def __init__(
        self,
        graph: NetworkGraph,
        factors: Mapping[int | None, Factor],
        latencies: Mapping[float, int],
    ) -> None:
        self._graph = graph
        self._factors = factors
        self._hop = 1 + max(latencies.values()) * graph.devices
        self._costs = {latency: self._hop + whole for latency, whole in latencies.items()}

    def ways(self, src: int, dst: int) -> ProductWays | None:
        """The shortest ways from one device to another; None if there is none."""
        left: dict[int | None, Sequence[float]] = {}
        cost: float = 0  # a whole number, or infinity
        for name, factor in self._factors.items():
            left[name] = factor.left(factor.values[dst], self._hop)
            cost += left[name][factor.values[src]]
        return None if cost == inf else ProductWays(self, left, int(cost // self._hop))

    def closer(self, at: int, left: Mapping[int | None, Sequence[float]]) -> Iterator[int]:
        """Where shortest ways go on from a device, by what is left along each dimension."""
        for _, device, attributes in self._graph.out_links[at]:
            name = attributes.dimension
            values, costs = self._factors[name].values, left[name]
            if costs[values[device]] + self._costs[attributes.latency] == costs[values[at]]:
                yield device


class ProductWays:
    """The shortest ways between two devices of a product; as `ShortestWays`.

    Args:
        product: whose they are.
        left: by dimensions and coordinates, the cost of the way to the receiver.
        hops: number of links of each way.
    """

    def __init__(
        self, product: CartesianProduct, left: Mapping[int | None, Sequence[float]], hops: int
    ) -> None:
        self.hops = hops
        self._product = product
        self._left = left

    def onward(self, at: int, hops: int) -> Iterator[int]:
        """Where they go on from a device on one of them, in the order of its links."""
        return self._product.closer(at, self._left)

    def partings(self, at: int, hops: int) -> tuple[int, ...]:
        """All of these at once."""
        return tuple(self.onward(at, hops))


def as_product(graph: NetworkGraph, latencies: Mapping[float, int]) -> CartesianProduct | None:
    """The graph as a product of its links' dimensions; None if it isn't one of two or more.

    Args:
        graph: the graph.
        latencies: of its links, in whole numbers.
    """
    names = dict.fromkeys(link.attributes.dimension for link in graph.links)
    if len(names) < 2 or None in names:  # noqa: PLR2004  # one factor is no product
        return None
    coordinates = {name: _components_without(graph, name) for name in names}
    sizes = {name: max(values) + 1 for name, values in coordinates.items()}
    places = set(zip(*coordinates.values(), strict=True))
    if max(sizes.values()) > _LARGEST_FACTOR or not (
        len(places) == prod(sizes.values()) == graph.devices
    ):
        return None
    links: dict[int | None, dict[tuple[int, int], int]] = {name: {} for name in names}
    counts = Counter(link.attributes.dimension for link in graph.links)
    for src, dst, attributes in graph.links:
        name = attributes.dimension
        ends = coordinates[name][src], coordinates[name][dst]
        latency = latencies[attributes.latency]
        if links[name].setdefault(ends, latency) != latency:
            return None
    if any(counts[name] * sizes[name] != len(links[name]) * graph.devices for name in names):
        return None
    factors = {name: Factor(coordinates[name], sizes[name], links[name]) for name in names}
    return CartesianProduct(graph, factors, latencies)


def _components_without(graph: NetworkGraph, dimension: int | None) -> list[int]:
    """Of each device its component, numbered from 0, if there were no links of a dimension."""
    nearer = list(range(graph.devices))  # to the component's first device, which is its own

    def first(device: int) -> int:
        while nearer[device] != device:
            nearer[device] = nearer[nearer[device]]
            device = nearer[device]
        return device

    for link in graph.links:
        if link.attributes.dimension != dimension:
            ends = first(link.src), first(link.dst)
            nearer[max(ends)] = min(ends)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(first(device), len(numbers)) for device in range(graph.devices)]
