"""Where a network's devices and links are drawn: one geometry for pages, plots and animations.

The NPUs of the outermost dimension lie on a circle; each of its places is a smaller circle of the
next dimension, and so on inwards. A switch lies amid the devices that it is linked to. A link bends
to its left, so that the two directions lie side by side.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .html import HtmlAttribute, Markup, element

_GAP = 0.62  # of what would make neighbouring circles touch
_MOST_LABELS = 160  # devices; more have no room for theirs
_SMALLEST = 3.0  # radius of a device


@dataclass(frozen=True, slots=True)
class Point:
    """A place; y grows downwards, as in pictures."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A link from its sending end over a control point to its receiving end (a Bézier curve)."""

    start: Point
    bend: Point
    end: Point

    @property
    def numbers(self) -> list[float]:
        """The three points' coordinates."""
        points = (self.start, self.bend, self.end)
        return [number for point in points for number in (point.x, point.y)]

    @property
    def path(self) -> str:
        """The curve as the ``d`` of an SVG path."""
        start, bend, end = self.start, self.bend, self.end
        return f"M{start.x} {start.y}Q{bend.x} {bend.y} {end.x} {end.y}"

    @property
    def middle(self) -> Point:
        """The point half-way."""
        start, bend, end = self.start, self.bend, self.end
        x = (start.x + 2 * bend.x + end.x) / 4
        return Point(round(x, 2), round((start.y + 2 * bend.y + end.y) / 4, 2))


@dataclass(frozen=True, slots=True)
class Canvas:
    """What is drawn on.

    Attributes:
        middle: of the picture, from its left and from its top.
        reach: how far from there the outermost devices lie.
        bow: how far a link bends, as a part of its length.
        radius: of a device that is alone; that of many shrinks with the root of their number.
        largest: the most that a device's radius is.
        digits: of coordinates.
    """

    middle: float = 0.0
    reach: float = 1.0
    bow: float = 0.12
    radius: float = 0.0
    largest: float = 0.0
    digits: int = 9

    def place(self, point: Point) -> Point:
        """Where a point of the unit circle is drawn."""
        x, y = self.middle + point.x * self.reach, self.middle + point.y * self.reach
        return Point(round(x, self.digits), round(y, self.digits))


UNIT = Canvas()
"""The unit circle."""


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """Where a network's devices are drawn, and how.

    Attributes:
        places: of each NPU, and of each switch that has a link.
        npus: number of NPUs; devices from there on are switches.
        canvas: what is drawn on.
    """

    places: Mapping[int, Point]
    npus: int
    canvas: Canvas

    def curve(self, src: int, dst: int) -> Curve:
        """A link."""
        start, end, canvas = self.places[src], self.places[dst], self.canvas
        x = (start.x + end.x) / 2 + (end.y - start.y) * canvas.bow
        y = (start.y + end.y) / 2 - (end.x - start.x) * canvas.bow
        return Curve(start, Point(round(x, canvas.digits), round(y, canvas.digits)), end)

    @property
    def radius(self) -> float:
        """Of a device's circle."""
        shrunk = self.canvas.radius / math.sqrt(max(len(self.places), 1))
        return round(max(_SMALLEST, min(self.canvas.largest, shrunk)), 2)

    @property
    def is_labelled(self) -> bool:
        """Whether devices have room for their labels."""
        return len(self.places) <= _MOST_LABELS

    @property
    def is_legible(self) -> bool:
        """Whether no device lies on another, not even in part."""
        return all(
            math.dist((one.x, one.y), (other.x, other.y)) >= 2 * self.radius
            for one, other in combinations(self.places.values(), 2)
        )

    def is_npu(self, device: int) -> bool:
        """Whether a device is an NPU rather than a switch."""
        return device < self.npus

    def label(self, device: int) -> str:
        """A device's number; a switch's with an S."""
        return str(device) if self.is_npu(device) else f"S{device}"

    def circle(self, device: int, *content: str, **look: HtmlAttribute) -> Markup:
        """A device in SVG; `look` are further attributes, or others than its radius."""
        place = self.places[device]
        return element("circle", *content, cx=place.x, cy=place.y, **{"r": self.radius} | look)

    def text(self, device: int, drop: float, **look: HtmlAttribute) -> Markup:
        """A device's label in SVG, its baseline `drop` below the device's middle."""
        place = self.places[device]
        return element("text", self.label(device), x=place.x, y=round(place.y + drop, 2), **look)


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
