"""Devices and links as SVG; of a film, on which the player moves messages."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simastra.report.layout import Point, device_positions
from simastra.result import LinkRecord
from simastra.view.html import Markup, element

from .film import Film

SIZE = 420
_MARGIN = 34
_BOW = 0.14  # how far a link bends to its left, so that the two directions lie side by side
_MOST_LABELS = 160


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


def places_of(npus_count: Sequence[int], links: Iterable[tuple[int, int]]) -> dict[int, Point]:
    """Where each device is drawn.

    Args:
        npus_count: NPUs along each dimension.
        links: those that are drawn, by their ends.
    """
    records = [LinkRecord(src, dst, 0, 0, 0) for src, dst in dict.fromkeys(links)]
    return {
        device: Point(_scaled(point.x), _scaled(point.y))
        for device, point in device_positions(npus_count, records).items()
    }


def curve_between(start: Point, end: Point) -> Curve:
    """A link's curve."""
    x = (start.x + end.x) / 2 + (end.y - start.y) * _BOW
    y = (start.y + end.y) / 2 - (end.x - start.x) * _BOW
    return Curve(start, Point(round(x, 2), round(y, 2)), end)


def radius(devices: int) -> float:
    """Of a device's circle."""
    return round(max(3.0, min(15.0, 90 / math.sqrt(max(devices, 1)))), 2)


def picture(film: Film, where: Mapping[int, Point], links: Collection[Curve]) -> Markup:
    """Draw it, with an empty layer for what moves and for how full each NPU is."""
    size = radius(len(where))
    devices = [
        part
        for device, point in where.items()
        for part in _device(device, point, film.npus, size, labelled=len(where) <= _MOST_LABELS)
    ]
    return element(
        "svg",
        element(
            "g", *(element("path", d=curve.path) for curve in links), fill="none", stroke="#aab4c0"
        ),
        element("g", *devices),
        element("g", id="moving"),
        viewBox=f"0 0 {SIZE} {SIZE}",
        width=SIZE,
        height=SIZE,
        role="img",
        aria_label=f"{film.npus} NPUs and {len(links)} links",
    )


def _device(device: int, point: Point, npus: int, size: float, *, labelled: bool) -> list[Markup]:
    is_npu = device < npus
    colour = "#eef1f5" if is_npu else "#c9d2e0"
    x, y = point.x, point.y
    parts = [element("circle", cx=x, cy=y, r=size, fill=colour, stroke="#5d6778")]
    if is_npu:
        parts.append(element("circle", cx=x, cy=y, r=0, fill="#8fbf8f", class_="received"))
    if labelled:
        name = str(device) if is_npu else f"S{device}"
        parts.append(element("text", name, x=point.x, y=round(point.y + size / 3, 2)))
    return parts


def _scaled(coordinate: float) -> float:
    half = SIZE / 2
    return round(half + coordinate * (half - _MARGIN), 2)
