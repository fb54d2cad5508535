"""The least that the bisection bandwidth of a grid can be: rings, lines, cliques, and products."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from simastra.network_graph.model import NetworkGraph
from simastra.units import BytesPerNs

from .even_traffic import even_traffic_bound
from .merged import Capacities, Ends


def line_bound(given: Capacities) -> BytesPerNs:
    """What even traffic says of a line: at once of a ring, or if each is linked to each."""
    npus, least = given.npus, min(given.links.values(), default=0.0)
    if given.devices == npus and len(given.links) == npus * (npus - 1):
        return least * _pairs(npus)
    is_ring = all(len(it) == _BOTH for it in given.both_ways) and len(given.links) == _BOTH * npus
    if given.devices == npus and is_ring and _is_whole(given):
        return least * _BOTH
    return even_traffic_bound(given)


_BOTH = 2
"""Neighbours in a ring; ways round; links that a cut of one goes through."""


def _is_whole(given: Capacities) -> bool:
    """Whether one comes to all NPUs of rings from one of them."""
    count, before, at = 1, 0, next(iter(given.both_ways[0]))
    while at:
        count += 1
        before, at = at, next(it for it in given.both_ways[at] if it != before)
    return count == given.npus


def grid_bound(graph: NetworkGraph) -> BytesPerNs:
    """What even traffic says if messages go along one dimension after the other; 0 for no grid.

    A link of a line of k NPUs then carries n/k times what it carries if the line is alone.
    """
    lines = _lines(graph)
    if lines is None:
        return 0.0
    return min(
        line_bound(line) * _pairs(graph.npus) / _pairs(line.npus) * line.npus / graph.npus
        for line in lines
    )


def _pairs(npus: int) -> int:
    return (npus // 2) * (npus - npus // 2)


def _lines(graph: NetworkGraph) -> list[Capacities] | None:
    """A line of each dimension, if all that there is are NPUs in a grid, numbered along it.

    That is if the numbers at the ends of each dimension's links differ in one digit, of all numbers
    to the bases that are the dimensions' sizes, and links are the same whatever the other digits.
    """
    by_dimension: defaultdict[int | None, dict[Ends, BytesPerNs]] = defaultdict(dict)
    for src, dst, it in graph.links:
        by_dimension[it.dimension][src, dst] = it.bytes_per_ns
    dimensions = range(len(by_dimension))
    if graph.devices > graph.npus or not by_dimension or set(by_dimension) != set(dimensions):
        return None
    strides = [min(abs(dst - src) for src, dst in by_dimension[it]) for it in dimensions]
    found = []
    for dimension, (stride, beyond) in enumerate(pairwise([*strides, graph.npus])):
        if beyond % stride:
            return None
        line = _line(by_dimension[dimension], stride, beyond // stride, graph.npus)
        if line is None:
            return None
        found.append(line)
    return found if strides[0] == 1 else None


def _line(links: dict[Ends, BytesPerNs], stride: int, size: int, npus: int) -> Capacities | None:
    """The one line of which all of a dimension are copies; None if they aren't."""
    own: dict[Ends, BytesPerNs] = {}
    copies = npus // size
    for (src, dst), rate in links.items():
        ends = (src // stride % size, dst // stride % size)
        moved = (ends[1] - ends[0]) * stride
        if dst - src != moved or own.setdefault(ends, rate) != rate:
            return None
    return Capacities(size, size, own) if len(links) == copies * len(own) else None
