"""A graph as a picture wants it, all of it or its first part."""

from __future__ import annotations

from dataclasses import replace

from simastra.view.network import DeviceGraph

from .model import NetworkGraph


def device_graph(graph: NetworkGraph) -> DeviceGraph:
    """What a layout is made of."""
    kinds = [node.kind for node in graph.nodes]
    return DeviceGraph(graph.device_names, kinds, [(it.src, it.dst) for it in graph.links])


def first_part(graph: NetworkGraph, npus: int, others: int) -> NetworkGraph:
    """The first NPUs, and what they are linked to upwards; the graph itself, if that is all.

    Args:
        graph: all of it.
        npus: how many there are at most.
        others: how many other devices there are at most, the nearest to the NPUs.
    """
    if graph.npus <= npus and graph.devices - graph.npus <= others:
        return graph
    kept = dict.fromkeys(range(min(npus, graph.npus)))
    front = list(kept)
    while front:
        near = dict.fromkeys(
            link.dst for at in front for link in graph.out_links[at] if link.dst >= graph.npus
        )
        room = others + min(npus, graph.npus) - len(kept)
        front = [device for device in sorted(near) if device not in kept][:room]
        kept.update(dict.fromkeys(front))
    numbers = {old: new for new, old in enumerate(sorted(kept))}
    links = tuple(
        it._replace(src=numbers[it.src], dst=numbers[it.dst])
        for it in graph.links
        if it.src in numbers and it.dst in numbers
    )
    return replace(graph, nodes=tuple(graph.nodes[old] for old in numbers), links=links)
