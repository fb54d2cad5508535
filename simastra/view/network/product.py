"""The devices of a product of dimensions: circles within circles.

The NPUs of the outermost dimension lie on a circle; each of its places is a smaller circle of the
next dimension, and so on inwards. A switch lies amid the devices that it is linked to. A link bends
to its left, so that the two directions lie side by side.
"""

import math
from collections.abc import Iterable, Sequence

from .layout import NetworkLayout
from .shapes import UNIT, Canvas, Point

_GAP = 0.62  # of what would make neighbouring circles touch


def network_layout(
    npus_count: Sequence[int], links: Iterable[tuple[int, int]], canvas: Canvas = UNIT
) -> NetworkLayout:
    """Return where to draw each NPU, and each switch that has a link.

    Args:
        npus_count: NPUs along each dimension, dimension 0 first.
        links: those to be drawn, by their ends.
        canvas: what is drawn on.

    >>> network_layout([4], ()).places[1]
    Point(x=1.0, y=0.0)
    """
    npus = math.prod(npus_count)
    circles = _circles(npus_count)
    places = {npu: _npu_place(npu, npus_count, circles) for npu in range(npus)}
    neighbours: dict[int, list[int]] = {}
    for src, dst in links:
        for switch, other in ((src, dst), (dst, src)):
            if switch >= npus:
                neighbours.setdefault(switch, []).append(other)
    for switch in sorted(neighbours):
        placed = [places[it] for it in dict.fromkeys(neighbours[switch]) if it in places]
        places[switch] = _middle(placed)
    drawn = {device: canvas.place(point) for device, point in places.items()}
    return NetworkLayout(drawn, npus, canvas)


def _circles(npus_count: Sequence[int]) -> list[float]:
    """The circle's radius for each dimension; all together they fill the unit circle."""
    radii = [1.0] * len(npus_count)
    radius = 1.0
    for dimension in range(len(npus_count) - 1, 0, -1):
        # A circle of radius r with n smaller ones on it, which must not touch each other.
        share = _GAP * math.sin(math.pi / max(npus_count[dimension], 2))
        radii[dimension] = radius / (1 + share)
        radius = radii[dimension] * share
    radii[0] = radius
    return radii


def _npu_place(npu: int, npus_count: Sequence[int], radii: Sequence[float]) -> Point:
    x = y = 0.0
    for count, radius in zip(npus_count, radii, strict=True):
        npu, place = divmod(npu, count)
        angle = 2 * math.pi * place / count - math.pi / 2  # the first one on top, then clockwise
        x += radius * math.cos(angle)
        y += radius * math.sin(angle)
    return Point(round(x, 6) + 0.0, round(y, 6) + 0.0)  # + 0.0: no negative zeros


def _middle(points: Sequence[Point]) -> Point:
    if not points:
        return Point(0.0, 0.0)
    count = len(points)
    x, y = sum(point.x for point in points) / count, sum(point.y for point in points) / count
    return Point(round(x, 6) + 0.0, round(y, 6) + 0.0)
