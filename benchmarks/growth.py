"""How fast time grows: the exponent e of seconds ~ NPUs ** e."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

LEAST_SECONDS = 0.05
"""Shorter times are mostly what any run takes."""
_LARGEST = 3  # sizes that count: the small ones say little about the large ones


@dataclass(frozen=True, slots=True)
class Point:
    """A size and its time."""

    npus: int
    seconds: float


def exponent(points: Sequence[Point]) -> float | None:
    """Slope of the logarithms, fitted to the largest sizes; None where too few take their time.

    A family that grows in something else than its NPUs has no slope.

    >>> exponent([Point(64, 0.1), Point(128, 0.4), Point(256, 1.6)])
    2.0
    """
    counted = sorted(
        (point for point in points if point.seconds >= LEAST_SECONDS), key=lambda it: it.npus
    )[-_LARGEST:]
    if len({point.npus for point in counted}) < 2:  # noqa: PLR2004  # a slope takes two
        return None
    xs = [log(point.npus) for point in counted]
    ys = [log(point.seconds) for point in counted]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) ** 2 for x in xs)
    along = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return round(along / across, 2)
