"""The devices of any network, by what it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .device_graph import DeviceGraph
from .hubs import are_hubs, hub_places
from .layout import NetworkLayout
from .plane import hypercube_places, plane_places
from .product import network_layout
from .shapes import UNIT, Canvas, Point
from .tiers import tier_places


def graph_layout(
    graph: DeviceGraph,
    canvas: Canvas = UNIT,
    npus_count: Sequence[int] = (),
    *,
    wide: float = 1.0,
) -> NetworkLayout:
    """Return where to draw each device of a network.

    Without switches, NPUs lie on a plane if they have two dimensions or are a hypercube, else on
    circles within circles. Switches lie in rows above the NPUs, by their distance from these; on a
    circle, if all are next to NPUs and linked to each other.

    Args:
        graph: the network.
        canvas: what is drawn on.
        npus_count: NPUs along each dimension; one circle, if left out.
        wide: how many times as wide as high a picture with rows of switches is.

    >>> from simastra.view.devices import DeviceNames
    >>> star = DeviceGraph(DeviceNames(2), ["npu", "npu", "switch"], [(0, 2), (1, 2)])
    >>> graph_layout(star).places[2]
    Point(x=0.0, y=-1.0)
    """
    if len(graph.kinds) == graph.npus:
        fits = npus_count and math.prod(npus_count) == graph.npus
        counts = npus_count if fits else (graph.npus,)
        if len(counts) == _PLANE and min(counts) > 1:
            return _drawn(graph, plane_places(counts), canvas)
        if len(counts) > _PLANE and set(counts) == {2}:
            return _drawn(graph, hypercube_places(len(counts)), canvas)
        return _drawn(graph, network_layout(counts, ()).places, canvas)
    if are_hubs(graph):
        return _drawn(graph, hub_places(graph), canvas)
    canvas = replace(canvas, stretch=wide)
    return _drawn(graph, tier_places(graph, wide), canvas, in_rows=True)


def _drawn(
    graph: DeviceGraph, places: Mapping[int, Point], canvas: Canvas, *, in_rows: bool = False
) -> NetworkLayout:
    drawn = {device: canvas.place(places[device]) for device in range(len(graph.kinds))}
    apart = _least_distance(list(drawn.values()))
    return NetworkLayout(drawn, graph.npus, canvas, graph.names, apart, in_rows=in_rows)


def _least_distance(points: Sequence[Point]) -> float:
    """Between any two; each is compared with those before it from left to right, if near enough."""
    ordered = sorted((point.x, point.y) for point in points)
    least = math.inf
    for number, point in enumerate(ordered):
        for before in reversed(ordered[max(0, number - _FEW) : number]):
            if point[0] - before[0] >= least:
                break
            least = min(least, math.dist(point, before))
    return least


_PLANE = 2  # dimensions
_FEW = 64  # that can be nearer from left to right, and further from top to bottom
