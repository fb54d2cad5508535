"""Rows of switches above the NPUs, by their distance from these.

Switches of one kind and one height are a row. Of those next to NPUs, such as serve one host alone
lie nearer to these than such as serve several (rails), and below them, if they lead nowhere else:
the network within hosts below, the one between them above.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .blocks import blocks_of
from .device_graph import DeviceGraph
from .hosts import Host, hosts_of
from .rows import spread
from .shapes import Point

_FULL = 0.06  # distance in a row; where there is less, a row is broken
_MOST_LINES = 4  # that a row is broken into
_TOGETHER = 0.5  # of half a row, in which the middles lie of devices that serve all alike
_USED = 0.8  # of a row by devices that all should be at one place


class _Row(NamedTuple):
    """What the switches of a row have in common; rows are sorted by it, the lowest first."""

    is_above: bool
    height: int
    serves_several: bool
    kind: int


def tier_places(graph: DeviceGraph, stretch: float = 1.0) -> dict[int, Point]:
    """Where each device lies, from -1 to 1 both ways.

    Args:
        graph: a network that has switches.
        stretch: how many times as far from left to right as from top to bottom it is drawn.
    """
    hosts = hosts_of(graph)
    rows = _rows(graph, hosts)
    lower = [row for row in rows if not row.is_above]
    upper = [row for row in rows if row.is_above]
    blocks = blocks_of(hosts, stretch, 2 / (1 + len(rows)) if len(rows) > 1 else 0.9)
    step = (2 - blocks.height) / len(rows)
    top = len(upper) * step - 1
    places = dict(blocks.places(top))
    heights = [top - step * number for number in range(1, len(upper) + 1)]
    depths = [top + blocks.height + step * number for number in range(len(lower), 0, -1)]
    for row, y in zip((*upper, *lower), (*heights, *depths), strict=True):
        inwards = step if row.is_above else -step
        places.update(_row_places(graph, rows[row], places, (y, inwards, stretch)))
    return {it: Point(round(at.x / stretch, 6) + 0.0, round(at.y, 6)) for it, at in places.items()}


def _rows(graph: DeviceGraph, hosts: Sequence[Host]) -> Mapping[_Row, list[int]]:
    """The switches of each row, the lowest row first."""
    host_of = {npu: number for number, host in enumerate(hosts) for npu in host.npus}
    kinds = list(dict.fromkeys(graph.kinds))
    rows: dict[_Row, list[int]] = {}
    for device in range(graph.npus, len(graph.kinds)):
        served = {host_of[it] for it in graph.neighbours[device] if it < graph.npus}
        row = _Row(
            not _is_inside(graph, device, served),
            graph.heights[device],
            len(served) > 1,
            kinds.index(graph.kinds[device]),
        )
        rows.setdefault(row, []).append(device)
    return {row: rows[row] for row in sorted(rows)}


def _is_inside(graph: DeviceGraph, switch: int, served: set[int]) -> bool:
    """Whether a switch serves one host alone, whose NPUs are linked to others besides."""
    near = graph.neighbours[switch]
    if len(served) != 1 or any(it >= graph.npus for it in near):
        return False
    others = {it for npu in near for it in graph.neighbours[npu] if it >= graph.npus}
    mine = set(near)
    return any(set(graph.neighbours[it]) - mine for it in others)


def _row_places(
    graph: DeviceGraph,
    devices: Sequence[int],
    places: Mapping[int, Point],
    room: tuple[float, float, float],
) -> Iterator[tuple[int, Point]]:
    """The switches of a row, each as near as can be to the middle of what it is linked to."""
    y, inwards, reach = room
    wanted = sorted((_middle(graph, device, places), device) for device in devices)
    if wanted[-1][0] - wanted[0][0] < reach * _TOGETHER:  # all serve all: their numbers say more
        wanted = [(0.0, device) for device in devices]
    # One more line would be too few for them: they lie zigzag.
    lines = min(math.ceil(len(devices) * _FULL / (2 * reach)), _MOST_LINES)
    usual = 2 * reach / len(devices) * _USED
    xs = spread([middle for middle, _ in wanted], usual, reach)
    drop = math.copysign(min(_FULL, abs(inwards) * 0.5 / max(lines - 1, 1)), inwards)
    for number, (x, (_, device)) in enumerate(zip(xs, wanted, strict=True)):
        yield device, Point(x, y + (number % lines) * drop)


def _middle(graph: DeviceGraph, device: int, places: Mapping[int, Point]) -> float:
    """The mean place of the devices that it is linked to, of those that have one."""
    below = [places[it].x for it in graph.neighbours[device] if it in places]
    return round(sum(below) / len(below), 9) if below else 0.0
