"""Places in a row: each as near as can be to where it should be, no two nearer than they may be."""

from collections.abc import Sequence

_OUTERMOST = 0.95  # of the reach, where there is room enough


def spread(wanted: Sequence[float], apart: float, reach: float) -> list[float]:
    """Places from left to right, in the order of `wanted`, which ascends.

    The squares of the distances to where they should be are as small as can be (the pool-adjacent-
    violators algorithm), before those beyond the ends are moved inwards.

    Args:
        wanted: where each should be.
        apart: the least distance of two; less, if they don't fit.
        reach: how far the row extends to either side of 0.

    >>> spread([0, 0, 0], 0.5, 1)
    [-0.5, 0.0, 0.5]
    """
    count = len(wanted)
    step = min(apart, 2 * reach / count)
    pools: list[tuple[float, int]] = []  # the sum of what is wanted less the steps; how many
    for number, place in enumerate(wanted):
        pool = (place - number * step, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1])
        pools.append(pool)
    means = [total / size for total, size in pools for _ in range(size)]
    edge = max((count - 1) * step / 2, reach * _OUTERMOST)
    return [
        min(max(mean + number * step, number * step - edge), edge - (count - 1 - number) * step)
        for number, mean in enumerate(means)
    ]
