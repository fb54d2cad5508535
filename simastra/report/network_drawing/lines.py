"""Links as lines: what they look like, and what the legend says of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simastra.network_graph import LinkAttributes, NetworkGraph
from simastra.palette.links import LINK_SHADES
from simastra.view.colours import Shades

_MOST_IN_LEGEND = 10
_THINNEST, _WIDEST = 1.0, 4.0
_CROWDED = 400  # lines, of which more must be thinner


@dataclass(frozen=True, slots=True)
class Line:
    """A link, or both of two that only differ in their direction.

    Attributes:
        src: device at one end.
        dst: device at the other.
        attributes: what the link is.
        both_ways: whether there is one back, of the same attributes.
    """

    src: int
    dst: int
    attributes: LinkAttributes
    both_ways: bool


@dataclass(frozen=True, slots=True)
class LineLook:
    """What lines look like.

    Attributes:
        shades: their colour.
        width: their width.
    """

    shades: Shades
    width: float


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What the legend says of links that are alike.

    Attributes:
        words: what they are.
        look: of their lines.
        links: how many there are; both directions of one count once.
    """

    words: str
    look: LineLook
    links: int

    @property
    def said(self) -> str:
        """As in "nvlink, 450 GB/s, 300 ns: 64 links"."""
        return f"{self.words}: {links_words(self.links)}"


def lines_of(graph: NetworkGraph) -> list[Line]:
    """The links, both directions of one as one where they are alike, in the graph's order."""
    lines: dict[tuple[int, int], Line] = {}
    for link in graph.links:
        src, dst, attributes = link
        both_ways = graph.has_mirror(link)
        if not (both_ways and (dst, src) in lines):
            lines[src, dst] = Line(src, dst, attributes, both_ways)
    return list(lines.values())


class Looks:
    """What the lines of a network look like: the colour says the kind, the width the bandwidth.

    Where no kinds are named, the colour says the bandwidth.

    Args:
        lines: all of them.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._by_kind = any(line.attributes.kind for line in lines)
        keys = dict.fromkeys(map(self._key, _by_rate(lines)))
        self._shades = {key: LINK_SHADES[n % len(LINK_SHADES)] for n, key in enumerate(keys)}
        rates = [line.attributes.bytes_per_ns for line in lines] or [1.0]
        self._least, self._most = min(rates), max(rates)
        self._scale = min(1.0, math.sqrt(_CROWDED / max(len(lines), 1)))

    def of(self, line: Line) -> LineLook:
        """What a line looks like."""
        return LineLook(self._shades[self._key(line)], self._width(line.attributes.bytes_per_ns))

    def legend(self) -> list[LegendEntry]:
        """What each look stands for; by kinds alone, if there are too many."""
        alike: dict[tuple[str, float, float], list[Line]] = {}
        for line in _by_rate(self._lines):
            it = line.attributes
            alike.setdefault((it.kind, it.bytes_per_ns, it.latency), []).append(line)
        groups = list(alike.values())
        if len(groups) > _MOST_IN_LEGEND:
            by_key: dict[object, list[Line]] = {}
            for line in _by_rate(self._lines):
                by_key.setdefault(self._key(line), []).append(line)
            groups = list(by_key.values())
        return [LegendEntry(_range_words(group), self.of(group[0]), len(group)) for group in groups]

    def _key(self, line: Line) -> object:
        return line.attributes.kind if self._by_kind else line.attributes.bytes_per_ns

    def _width(self, rate: float) -> float:
        """By the logarithm of a bandwidth."""
        spread = math.log(self._most / self._least) if math.isfinite(self._most) else 0.0
        part = math.log(rate / self._least) / spread if spread else 0.3
        return round((_THINNEST + part * (_WIDEST - _THINNEST)) * self._scale, 2)


def links_words(count: int) -> str:
    """As in "1 link" and "2,048 links"."""
    return f"{count:,} link" if count == 1 else f"{count:,} links"


def attributes_words(it: LinkAttributes) -> str:
    """Bandwidth and latency, and the kind if there is one: "nvlink, 450 GB/s, 300 ns"."""
    return _words(it.kind, f"{it.bytes_per_ns:g} GB/s", f"{it.latency:g} ns")


def _range_words(lines: Sequence[Line]) -> str:
    kinds = dict.fromkeys(line.attributes.kind for line in lines)
    rates = [line.attributes.bytes_per_ns for line in lines]
    latencies = [line.attributes.latency for line in lines]
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    return _words(kind, f"{_range(rates)} GB/s", f"{_range(latencies)} ns")


def _words(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _range(numbers: Sequence[float]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _by_rate(lines: Iterable[Line]) -> list[Line]:
    """The fastest first; of one rate those of the least latency, and the earliest."""
    return sorted(lines, key=lambda it: (-it.attributes.bytes_per_ns, it.attributes.latency))
