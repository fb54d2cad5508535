"""Devices as circles and boxes, with as much of their names as there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby, pairwise

from simastra.network_graph import NetworkGraph
from simastra.view.html import Markup, element
from simastra.view.network import NetworkLayout

from .lines import Line, links_words

_LETTER = 0.6  # width of one, as a part of the size of the font
_FONT, _SMALLEST_FONT = 12.0, 6.0
_BOX, _FLATTEST = 22.0, 6.0  # height of a box, and the least
_PADDING = 8.0
_SHARE = 0.9  # of the room between two boxes that one takes
_ALONE = 160.0  # room of a box that is alone in its row


class Boxes:
    """Draws the devices of a network.

    Args:
        graph: the network.
        layout: where its devices lie.
    """

    def __init__(self, graph: NetworkGraph, layout: NetworkLayout) -> None:
        self._graph = graph
        self._layout = layout

    def drawn(self) -> Iterator[Markup]:
        """Each device, with its name and what it is for who points at it."""
        for device, node in enumerate(self._graph.nodes):
            told = element("title", self._words(device))
            yield self._npu(device, told) if node.is_npu else self._box(device, told)

    def _words(self, device: int) -> str:
        """What a device is: "leaf.0: switch, 8 links out, together 400 GB/s"."""
        out = self._graph.out_links[device]
        rate = sum(link.bytes_per_ns for link in out)
        name = self._graph.device_names.in_full(device)
        kind = "" if self._graph.nodes[device].is_npu else f"{self._graph.nodes[device].kind}, "
        return f"{name}: {kind}{links_words(len(out))} out, together {rate:g} GB/s"

    def _npu(self, device: int, told: Markup) -> Markup:
        radius, label = self._layout.radius, self._layout.label(device)
        font = min(radius, 2 * radius * _SHARE / (_LETTER * len(label)))
        drawn = [self._layout.circle(device, told, class_="npu")]
        if font >= _SMALLEST_FONT:
            drawn.append(self._layout.text(device, font * 0.35, font_size=round(font, 1)))
        return element("g", *drawn)

    def _box(self, device: int, told: Markup) -> Markup:
        place, name = self._layout.places[device], self._layout.label(device)
        room = self._room.get(device, 2 * self._layout.radius)
        font = min(_FONT, (room - _PADDING) / (_LETTER * max(len(name), 1)))
        fits = font >= _SMALLEST_FONT
        wanted = _LETTER * font * len(name) + _PADDING if fits else _BOX
        width = round(min(max(wanted, _BOX), room), 1)
        height = round(min(max(width * 0.7, _FLATTEST), self._tallest), 1)
        fits = fits and height >= font
        box = element(
            "rect",
            told,
            x=round(place.x - width / 2, 1),
            y=round(place.y - height / 2, 1),
            width=width,
            height=height,
            rx=min(4.0, height / 3),
            class_="switch",
        )
        if not fits:
            return box
        text = self._layout.text(device, font * 0.35, font_size=round(font, 1))
        return element("g", box, text)

    @cached_property
    def _tallest(self) -> float:
        """How tall a box may be: rows may be near each other."""
        if not self._layout.in_rows:
            return min(_BOX, self._layout.apart * _SHARE)
        others = range(self._graph.npus, self._graph.devices)
        rows = sorted({self._layout.places[it].y for it in others})
        return min(_BOX, *(_SHARE * (b - a) for a, b in pairwise(rows)), _BOX)

    @cached_property
    def _room(self) -> dict[int, float]:
        """Of each device in a row, how wide its box may be."""
        others = range(self._graph.npus, self._graph.devices)
        places = self._layout.places
        room = {}
        ordered = sorted(others, key=lambda it: (places[it].y, places[it].x))
        for _, row in groupby(ordered, key=lambda it: places[it].y):
            devices = list(row)
            gaps = [places[b].x - places[a].x for a, b in pairwise(devices)]
            least = min(gaps, default=_ALONE)
            room.update(dict.fromkeys(devices, least * _SHARE))
        return room if self._layout.in_rows else {}


def line_words(line: Line, graph: NetworkGraph, attributes: str) -> str:
    """What a link is: "NPU 0 to leaf.0 and back: 50 GB/s, 500 ns"."""
    back = " and back" if line.both_ways else ""
    return f"{graph.device_names.link(line.src, line.dst)}{back}: {attributes}"
