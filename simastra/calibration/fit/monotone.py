"""Times that don't fall while sizes grow."""

from itertools import pairwise

import numpy as np

from .points import Floats, Mask


def rising(values: Floats) -> Floats:
    """The nearest values that don't fall (isotonic regression, by pooling adjacent violators).

    >>> rising(np.array([1.0, 3.0, 2.0, 4.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (mean * count + before * many) / (count + many), count + many
        pools.append((mean, count))
    return np.repeat([mean for mean, _ in pools], [count for _, count in pools])


def rising_between(values: Floats, fixed: Mask) -> Floats:
    """Values that rise between those that are fixed, and stay within the two around them.

    What is fixed was measured, and may fall: protocols change.

    >>> rising_between(np.array([1.0, 9.0, 3.0]), np.array([True, False, True])).tolist()
    [1.0, 3.0, 3.0]
    """
    result = values.copy()
    bounds = [-1, *np.flatnonzero(fixed).tolist(), len(values)]
    for left, right in pairwise(bounds):
        inside = slice(left + 1, right)
        around = [
            values[left] if left >= 0 else -np.inf,
            values[right] if right < len(values) else np.inf,
        ]
        result[inside] = np.clip(rising(values[inside]), min(around), max(around))
    return result
