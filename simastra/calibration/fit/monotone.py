"""Times that don't fall while sizes grow."""

import numpy as np

from .points import Floats


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


def highest_so_far(values: Floats) -> Floats:
    """The least rising values that are nowhere lower."""
    return np.maximum.accumulate(values)


def lowest_from_here(values: Floats) -> Floats:
    """The greatest rising values that are nowhere higher."""
    return np.minimum.accumulate(values[::-1])[::-1]
