"""Where the devices of a network lie, and what is made of that."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from simastra.view.devices import DeviceNames
from simastra.view.html import HtmlAttribute, Markup, element

from .shapes import BezierCurve, Canvas, Point

MOST_LABELS = 160
"""Devices of which more have no room for their labels."""

_SMALLEST = 3.0  # radius of a device
_FITTING = 0.42  # radius, as a part of the least distance between two
_LEGIBLE = 2.0  # radius below which devices can't be told apart
_LETTER = 0.6  # width of one, as a part of the size of the font
_SMALLEST_FONT = 6.0
_BESIDE = 0.9  # of the least distance, which a label may take
_NEARLY_STRAIGHT = 0.2  # of what links bend else


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """Where a network's devices are drawn, and how.

    Attributes:
        places: of each NPU, and of each switch that has a link.
        npus: number of NPUs; devices from there on are switches.
        canvas: what is drawn on.
        names: what the devices are called; as a product of dimensions calls them, if left out.
        apart: the least distance between two devices, which circles must fit in.
        in_rows: whether switches lie in rows, so that links between rows are nearly straight.
    """

    places: Mapping[int, Point]
    npus: int
    canvas: Canvas
    names: DeviceNames | None = None
    apart: float = math.inf
    in_rows: bool = False

    def curve(self, src: int, dst: int) -> BezierCurve:
        """A link."""
        start, end, canvas = self.places[src], self.places[dst], self.canvas
        between_rows = self.in_rows and start.y != end.y and max(src, dst) >= self.npus
        bow = canvas.bow * (_NEARLY_STRAIGHT if between_rows else 1)
        x = (start.x + end.x) / 2 + (end.y - start.y) * bow
        y = (start.y + end.y) / 2 - (end.x - start.x) * bow
        return BezierCurve(start, Point(round(x, canvas.digits), round(y, canvas.digits)), end)

    @property
    def radius(self) -> float:
        """Of a device's circle."""
        shrunk = self.canvas.radius / math.sqrt(max(len(self.places), 1))
        wanted = max(_SMALLEST, min(self.canvas.largest, shrunk))
        return round(min(wanted, self.apart * _FITTING), 2)

    @property
    def is_labelled(self) -> bool:
        """Whether devices have room for their labels."""
        return len(self.places) <= MOST_LABELS

    @property
    def is_legible(self) -> bool:
        """Whether no device lies on another, not even in part."""
        if self.apart < math.inf:
            return self.radius >= _LEGIBLE
        return all(
            math.dist((one.x, one.y), (other.x, other.y)) >= 2 * self.radius
            for one, other in combinations(self.places.values(), 2)
        )

    def is_npu(self, device: int) -> bool:
        """Whether a device is an NPU rather than a switch."""
        return device < self.npus

    def label(self, device: int) -> str:
        """An NPU's number; a switch's name, or its number with an S."""
        return (self.names or DeviceNames(self.npus)).label(device)

    def font(self, device: int, usual: float) -> float:
        """Size of a device's label: the usual one, or such that a name fits between two devices.

        0 if it can't be read then.
        """
        if self.apart == math.inf:
            return usual
        longest = max(self.apart * _BESIDE, 2 * self.radius)
        fitting = round(min(usual, longest / (_LETTER * len(self.label(device)))), 2)
        return fitting if fitting >= _SMALLEST_FONT else 0.0

    def circle(self, device: int, *content: str, **look: HtmlAttribute) -> Markup:
        """A device in SVG; `look` are further attributes, or others than its radius."""
        place = self.places[device]
        return element("circle", *content, cx=place.x, cy=place.y, **{"r": self.radius} | look)

    def text(self, device: int, drop: float, **look: HtmlAttribute) -> Markup:
        """A device's label in SVG, its baseline `drop` below the device's middle."""
        place = self.places[device]
        return element("text", self.label(device), x=place.x, y=round(place.y + drop, 2), **look)
