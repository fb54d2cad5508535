"""Split conformal prediction: how wide a band has to be, from errors that were made elsewhere."""

from collections.abc import Sequence
from math import ceil, inf


def conformal_quantile(scores: Sequence[float]) -> float:
    """The ⌈(m + 1)·0.9⌉-th of m scores: a new one of their kind is below it nine times in ten.

    Infinite where there are too few to say: fewer than nine.

    >>> conformal_quantile([float(it) for it in range(1, 20)])
    18.0
    >>> conformal_quantile([1.0] * 8)
    inf
    """
    # 0.9 as a fraction: as a float, (m + 1)·0.9 may lie above the whole number that it is.
    rank = ceil((len(scores) + 1) * 9 / 10)
    return sorted(scores)[rank - 1] if rank <= len(scores) else inf
