"""A graph as a picture wants it, all of it or its first part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simastra.view.network import DeviceGraph

from .model import NetworkGraph


def device_graph(graph: NetworkGraph) -> DeviceGraph:
    """What a layout is made of."""
    kinds = [node.kind for node in graph.nodes]
    return DeviceGraph(graph.device_names, kinds, [(it.src, it.dst) for it in graph.links])


def first_part(graph: NetworkGraph, npus: int, others: int) -> NetworkGraph:
    """The first NPUs, with all that is above them; the graph itself, if that is all.

    Args:
        graph: all of it.
        npus: how many there are at most.
        others: how many other devices there are at most; of a graph that has more above them, half
            as many NPUs are taken, until they fit.
    """
    shown = min(npus, graph.npus)
    if shown == graph.npus and graph.devices - graph.npus <= others:
        return graph
    heights = device_graph(graph).heights
    above = _above(graph, shown, heights)
    while len(above) > others and shown > 1:
        shown //= 2
        above = _above(graph, shown, heights)
    numbers = {old: new for new, old in enumerate([*range(shown), *above[:others]])}
    links = tuple(
        it._replace(src=numbers[it.src], dst=numbers[it.dst])
        for it in graph.links
        if it.src in numbers and it.dst in numbers
    )
    return replace(graph, nodes=tuple(graph.nodes[old] for old in numbers), links=links)


def _above(graph: NetworkGraph, npus: int, heights: Sequence[int]) -> list[int]:
    """The devices above the first NPUs, by number: never down again, to those of others."""
    front, found = list(range(npus)), list[int]()
    while front:
        near = (
            link.dst
            for at in front
            for link in graph.out_links[at]
            if heights[link.dst] > heights[at]
        )
        front = [*dict.fromkeys(near)]
        found += front
    return sorted(dict.fromkeys(found))
