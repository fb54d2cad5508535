"""Switches on a circle that are linked to each other, with the NPUs of each outside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from .device_graph import DeviceGraph
from .shapes import Point

_FEWEST = 3  # that make a circle
_CIRCLE = 0.55  # radius of that of the switches
_INNERMOST = 0.74  # radius of the innermost arc of NPUs
_SHARE = 0.86  # of a switch's sector that its NPUs take


def are_hubs(graph: DeviceGraph) -> bool:
    """Whether all switches are next to NPUs, each NPU to one switch, and they to each other."""
    switches = range(graph.npus, len(graph.kinds))
    if len(switches) < _FEWEST or any(graph.heights[it] != 1 for it in switches):
        return False
    if any(len([*_switches(graph, npu)]) != 1 for npu in range(graph.npus)):
        return False
    return all(any(_switches(graph, it)) for it in switches)


def hub_places(graph: DeviceGraph) -> dict[int, Point]:
    """Where each device lies, from -1 to 1 both ways."""
    switches = range(graph.npus, len(graph.kinds))
    sector = 2 * math.pi / len(switches)
    places = {}
    for number, switch in enumerate(switches):
        angle = number * sector - math.pi / 2
        places[switch] = _at(angle, _CIRCLE)
        npus = [it for it in graph.neighbours[switch] if it < graph.npus]
        places.update(zip(npus, _fan(len(npus), angle, sector * _SHARE), strict=True))
    return places


def _switches(graph: DeviceGraph, device: int) -> Iterator[int]:
    return (it for it in graph.neighbours[device] if it >= graph.npus)


def _fan(count: int, angle: float, width: float) -> Sequence[Point]:
    """So many places on arcs round an angle, as far from each other as can be."""
    arcs = max(range(1, count + 1), key=lambda arcs: (_room(count, arcs, width), -arcs))
    columns = math.ceil(count / arcs)
    step = width / columns
    places = []
    for number in range(count):
        arc, column = divmod(number, columns)
        in_arc = min(columns, count - arc * columns)
        turn = (column - (in_arc - 1) / 2) * step
        places.append(_at(angle + turn, 1 - arc * _depth(arcs)))
    return places


def _depth(arcs: int) -> float:
    """How far arcs are from each other."""
    return (1 - _INNERMOST) / max(arcs - 1, 1)


def _room(count: int, arcs: int, width: float) -> float:
    """The least distance of two, about."""
    columns = math.ceil(count / arcs)
    across = 2 * (_INNERMOST if arcs > 1 else 1) * math.sin(width / columns / 2)
    return across if arcs == 1 else min(across, _depth(arcs))


def _at(angle: float, radius: float) -> Point:
    x, y = radius * math.cos(angle), radius * math.sin(angle)
    return Point(round(x, 6), round(y, 6))
