"""Times of one collective by size, among as many NPUs and nodes, with their bands."""

import math
from bisect import bisect_left
from collections.abc import Iterable

from simastra.units import NS_PER_MICROSECOND, Bytes

from .document import Curve
from .estimate import Widths
from .interpolation import LogCurve, linear
from .priced import FAR_APART, Knowledge


class PricedCurve:
    """A curve of the file, at any size.

    Between knots the band is as wide as at those, in proportion.

    Attributes:
        npus: how many take part.
        nodes: of how many nodes.
    """

    __slots__ = ("_above", "_below", "_bytes", "_mid", "_situations", "_x", "nodes", "npus")

    def __init__(self, curve: Curve) -> None:
        self.npus = curve.npus
        self.nodes = curve.nodes
        self._bytes = curve.bytes
        self._situations = curve.situations
        self._x = tuple(map(math.log, curve.bytes))
        self._mid = LogCurve(curve.bytes, [NS_PER_MICROSECOND * it for it in curve.us])
        both = list(zip(curve.low_us, curve.us, curve.high_us, strict=True))
        self._below = tuple(math.log(mid / low) for low, mid, _ in both)
        self._above = tuple(math.log(high / mid) for _, mid, high in both)

    def time(self, size: Bytes) -> float:
        """The expected time, in ns."""
        return self._mid(max(size, 1))

    @property
    def shortest(self) -> float:
        """What the smallest size takes, in ns."""
        return self._mid(self._bytes[0])

    def widths(self, size: Bytes) -> Widths:
        """How far it may be off."""
        x = math.log(max(size, 1))
        return Widths(linear(x, self._x, self._below), linear(x, self._x, self._above))

    def situation(self, size: Bytes) -> Knowledge:
        """How the time at a size is known."""
        index = bisect_left(self._bytes, size)
        if index < len(self._bytes) and self._bytes[index] == size:
            return self._situations[index]
        around = self._situations[max(index - 1, 0) : index + 1]
        return least_known((*around, self._between(index)))

    def _between(self, index: int) -> Knowledge:
        """What lies before knot `index` and behind the one before."""
        if not 0 < index < len(self._bytes):
            return Knowledge.SIZE_GAP
        ratio = self._bytes[index] / self._bytes[index - 1]
        return Knowledge.SIZE_GAP if ratio > FAR_APART else Knowledge.BETWEEN_SIZES


def least_known(situations: Iterable[Knowledge]) -> Knowledge:
    """The one of several of which the least is known."""
    return max(situations, key=lambda it: it.rank)
