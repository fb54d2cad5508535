"""Times between knots: monotone piecewise-cubic (PCHIP) of ln t over ln S, in plain Python.

Fritsch and Carlson, "Monotone piecewise cubic interpolation" (SIAM J. Numer. Anal. 17, 1980), with
the weighted harmonic mean for slopes of Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5, 1984).
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise


class LogCurve:
    """A time by size. Below the first knot it is constant; above the last it grows with the size.

    >>> curve = LogCurve([1024, 4096], [10.0, 20.0])
    >>> curve(512), round(curve(2048), 3), round(curve(8192), 3)
    (10.0, 14.142, 40.0)

    Args:
        sizes: of the knots, ascending, larger than 0.
        times: at each, larger than 0.
    """

    __slots__ = ("_sizes", "_slopes", "_times", "_x", "_y")

    def __init__(self, sizes: Sequence[float], times: Sequence[float]) -> None:
        self._sizes = tuple(sizes)
        self._times = tuple(times)
        self._x = tuple(map(math.log, sizes))
        self._y = tuple(map(math.log, times))
        self._slopes = _slopes(self._x, self._y)

    def __call__(self, size: float) -> float:
        """The time at a size; at a knot exactly its own."""
        if size <= self._sizes[0]:
            return self._times[0]
        if size >= self._sizes[-1]:
            return self._times[-1] * (size / self._sizes[-1])
        left = bisect_right(self._sizes, size) - 1
        if size == self._sizes[left]:
            return self._times[left]
        return math.exp(self._between(left, math.log(size)))

    def _between(self, left: int, x: float) -> float:
        """Hermite's cubic between two knots."""
        x0, x1 = self._x[left : left + 2]
        y0, y1 = self._y[left : left + 2]
        m0, m1 = self._slopes[left : left + 2]
        width = x1 - x0
        t = (x - x0) / width
        rest = 1 - t
        ends = (1 + 2 * t) * rest**2 * y0 + t**2 * (3 - 2 * t) * y1
        return ends + width * t * rest * (rest * m0 - t * m1)


def _slopes(x: Sequence[float], y: Sequence[float]) -> tuple[float, ...]:
    """At each knot, such that nothing between two knots is outside of both."""
    if len(x) == 1:
        return (0.0,)
    widths = [b - a for a, b in pairwise(x)]
    rises = [(b - a) / width for (a, b), width in zip(pairwise(y), widths, strict=True)]
    if len(rises) == 1:
        return (rises[0], rises[0])
    inner = map(_inner_slope, pairwise(widths), pairwise(rises))
    first = _end_slope((widths[0], widths[1]), (rises[0], rises[1]))
    last = _end_slope((widths[-1], widths[-2]), (rises[-1], rises[-2]))
    return (first, *inner, last)


def _inner_slope(widths: tuple[float, float], rises: tuple[float, float]) -> float:
    if rises[0] * rises[1] <= 0:
        return 0.0
    w0, w1 = 2 * widths[1] + widths[0], widths[1] + 2 * widths[0]
    return (w0 + w1) / (w0 / rises[0] + w1 / rises[1])


def _end_slope(widths: tuple[float, float], rises: tuple[float, float]) -> float:
    """At an end, by three points; the nearest is first."""
    slope = ((2 * widths[0] + widths[1]) * rises[0] - widths[0] * rises[1]) / sum(widths)
    if slope * rises[0] <= 0:
        return 0.0
    if rises[0] * rises[1] < 0 and abs(slope) > 3 * abs(rises[0]):
        return 3 * rises[0]
    return slope


def linear(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """A straight line from point to point; beyond them it is constant.

    >>> linear(1.5, [1, 2, 3], [10, 20, 40]), linear(9, [1, 2, 3], [10, 20, 40])
    (15.0, 40)
    """
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    left = bisect_right(xs, x) - 1
    share = (x - xs[left]) / (xs[left + 1] - xs[left])
    return ys[left] + share * (ys[left + 1] - ys[left])
