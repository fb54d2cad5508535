"""Non-negative least squares, exactly, for a handful of unknowns."""

from itertools import combinations

import numpy as np

from .points import Floats


def nonnegative_least_squares(matrix: Floats, wanted: Floats) -> Floats:
    """The x ≥ 0 for which ‖matrix·x - wanted‖ is least.

    Where it is, what isn't 0 solves the ordinary problem of its own columns: so all 2^k sets of
    columns are tried. Of sets that are equally good, a smaller one counts, and of these the first.
    """
    scale = np.sqrt((matrix**2).sum(axis=0))
    scale[scale == 0] = 1.0
    scaled = matrix / scale
    best, least = np.zeros(matrix.shape[1]), float((wanted**2).sum())
    for chosen in _subsets(matrix.shape[1]):
        found, *_ = np.linalg.lstsq(scaled[:, chosen], wanted, rcond=None)
        left = float(((scaled[:, chosen] @ found - wanted) ** 2).sum())
        if (found >= 0).all() and left < least - _SAME * len(wanted):
            best, least = np.zeros(matrix.shape[1]), left
            best[chosen] = found
    return np.asarray(best / scale)


_SAME = 1e-15
"""Squares of relative errors that differ by less are equal."""


def _subsets(count: int) -> list[list[int]]:
    return [list(it) for size in range(1, count + 1) for it in combinations(range(count), size)]
