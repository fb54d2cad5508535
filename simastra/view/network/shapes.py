"""Points, curves, and what is drawn on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place; y grows downwards, as in pictures."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class BezierCurve:
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
        stretch: how many times as far from left to right as from top to bottom.
    """

    middle: float = 0.0
    reach: float = 1.0
    bow: float = 0.12
    radius: float = 0.0
    largest: float = 0.0
    digits: int = 9
    stretch: float = 1.0

    def place(self, point: Point) -> Point:
        """Where a point of the unit circle is drawn."""
        x = (self.middle + point.x * self.reach) * self.stretch
        y = self.middle + point.y * self.reach
        return Point(round(x, self.digits), round(y, self.digits))


UNIT = Canvas()
"""The unit circle."""
