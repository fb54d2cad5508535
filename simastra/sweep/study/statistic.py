"""What repeats of a point come to, taken together."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil, fsum
from statistics import median
from types import MappingProxyType


def percentile(numbers: Sequence[float], part: float) -> float:
    """The least number that so large a part of them doesn't exceed (nearest rank).

    >>> percentile([5, 1, 4, 2, 3], 0.5), percentile([5, 1, 4, 2, 3], 0.99)
    (3, 5)
    """
    return sorted(numbers)[max(0, ceil(part * len(numbers)) - 1)]


def _mean(numbers: Sequence[float]) -> float:
    return fsum(numbers) / len(numbers)


STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {
        "median": median,
        "mean": _mean,
        "p50": partial(percentile, part=0.5),
        "p90": partial(percentile, part=0.9),
        "p99": partial(percentile, part=0.99),
        "min": min,
        "max": max,
    }
)
"""What repeats come to, taken together, by name."""
