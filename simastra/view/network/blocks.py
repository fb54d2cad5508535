"""Hosts side by side: each a block of rows of NPUs, or a circle where links join them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .hosts import Host
from .shapes import Point

_GAP = 0.7  # between hosts, in cells
_ENOUGH = 0.13  # size of a cell; smaller ones only where it can't be helped
_LARGEST = 0.3
_MOST_ROWS = 64


@dataclass(frozen=True, slots=True)
class Blocks:
    """Hosts side by side.

    Attributes:
        hosts: from left to right.
        rows: of NPUs in a block.
        cell: width and height of the room that an NPU has.
    """

    hosts: Sequence[Host]
    rows: int
    cell: float

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.cell * max(_size(host, self.rows)[1] for host in self.hosts)

    def places(self, top: float) -> Iterator[tuple[int, Point]]:
        """Each NPU's place, if the blocks hang from there."""
        left = -self.cell * _width(self.hosts, self.rows) / 2
        for host in self.hosts:
            width = _size(host, self.rows)[0]
            for npu, place in zip(host.npus, _inside(host, self.rows), strict=True):
                yield npu, Point(left + place.x * self.cell, top + place.y * self.cell)
            left += (width + _GAP) * self.cell


def blocks_of(hosts: Sequence[Host], reach: float, height: float) -> Blocks:
    """Blocks of as few rows as leave NPUs enough room; else those that leave them most.

    Args:
        hosts: from left to right.
        reach: how far to either side they may extend.
        height: that they may have.
    """
    most = max(len(host.npus) for host in hosts)
    best = Blocks(hosts, 1, 0.0)
    for rows in range(1, min(most, _MOST_ROWS) + 1):
        tallest = max(_size(host, rows)[1] for host in hosts)
        cell = min(2 * reach / _width(hosts, rows), height / tallest, _LARGEST)
        if cell > best.cell:
            best = Blocks(hosts, rows, cell)
        if cell >= _ENOUGH:
            break
    return best


def _width(hosts: Sequence[Host], rows: int) -> float:
    return sum(_size(host, rows)[0] for host in hosts) + _GAP * (len(hosts) - 1)


def _size(host: Host, rows: int) -> tuple[float, float]:
    """Width and height of a host, in cells."""
    count = len(host.npus)
    if host.is_linked:
        across = 1 + 1 / math.sin(math.pi / count)
        return across, across
    return math.ceil(count / rows), min(count, rows)


def _inside(host: Host, rows: int) -> Iterator[Point]:
    """Each NPU's place in its host, in cells from the host's upper left corner."""
    count = len(host.npus)
    if host.is_linked:
        radius = 0.5 / math.sin(math.pi / count)
        for number in range(count):
            angle = 2 * math.pi * number / count - math.pi / 2
            x, y = math.cos(angle) * radius, math.sin(angle) * radius
            yield Point(0.5 + radius + x, 0.5 + radius + y)
        return
    columns = math.ceil(count / rows)
    for number in range(count):
        row, column = divmod(number, columns)
        yield Point(column + 0.5, row + 0.5)
