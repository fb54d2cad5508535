"""Kriging: what objectives would come to at points that haven't been run, and how sure that is.

A Gaussian process with a constant mean and the kernel exp(-sum of theta_i * d_i), d_i being how far
two points are apart on axis i, from 0 to 1; names are 1 apart. The scales theta climb the
concentrated likelihood, one axis after the other, by a factor each time they are fitted (Jones,
Schonlau and Welch, Efficient Global Optimization of Expensive Black-Box Functions, J. Global Optim.
13, 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .encoding import Encoding, Places

Numbers: TypeAlias = NDArray[np.float64]

_FIRST_SCALE, _FACTOR = 0.3, 3.0
_LEAST_SCALE, _MOST_SCALE = 0.01, 10.0
_NUGGET = 1e-4  # of the variance: rounded times make no smooth function
_LEAST_VARIANCE = 1e-9
_LARGE = 1e12  # more than whitened values' squares come to


class Kriging:
    """What is known of one objective.

    Args:
        encoding: of the axes.
        points: that have been run, two or more.
        values: of each.
        scales: of each axis, to begin with; none to begin anew.
    """

    def __init__(
        self,
        encoding: Encoding,
        points: Sequence[Places],
        values: Numbers,
        scales: Sequence[float] = (),
    ) -> None:
        self._encoding = encoding
        self._points = np.array(points, dtype=float)
        self._mean = float(values.mean())
        self._spread = float(values.std()) or 1.0
        self._values = (values - self._mean) / self._spread
        self._apart = self._distances(self._points)
        self.scales = self._fitted(list(scales) or [_FIRST_SCALE] * len(encoding.counts))
        self._factor, self._whitened = self._solved(self.scales)
        self._deviation = self._spread * sqrt(float(np.mean(self._whitened**2)))

    def at(self, points: Sequence[Places]) -> tuple[Numbers, Numbers]:
        """The expected value at each point, and its standard deviation."""
        kernel = np.exp(-np.tensordot(self.scales, self._distances(np.array(points, float)), 1))
        away = np.linalg.solve(self._factor, kernel.T)
        variance = np.maximum(1 - (away * away).sum(axis=0), 0.0)
        mean = self._whitened @ away * self._spread + self._mean
        return mean, np.sqrt(variance) * self._deviation

    def _distances(self, points: Numbers) -> Numbers:
        """By axis, of each point from each that has been run."""
        away = np.abs(points[:, None, :] - self._points[None, :, :])
        ordered = np.array(self._encoding.is_ordered)
        ends = np.array(self._encoding.counts) - 1.0
        return np.moveaxis(np.where(ordered, away / ends, away > 0), 2, 0)

    def _fitted(self, scales: list[float]) -> list[float]:
        best = self._likelihood(scales)
        for axis in range(len(scales)):
            for scale in (scales[axis] / _FACTOR, scales[axis] * _FACTOR):
                tried = [*scales[:axis], scale, *scales[axis + 1 :]]
                is_allowed = _LEAST_SCALE <= scale <= _MOST_SCALE
                if is_allowed and (likelihood := self._likelihood(tried)) > best:
                    best, scales = likelihood, tried
        return scales

    def _likelihood(self, scales: Sequence[float]) -> float:
        """Its logarithm, but for what doesn't depend on the scales."""
        factor, whitened = self._solved(scales)
        variance = max(float(np.mean(whitened**2)), _LEAST_VARIANCE)
        return -0.5 * len(whitened) * log(variance) - float(np.log(np.diag(factor)).sum())

    def _solved(self, scales: Sequence[float]) -> tuple[Numbers, Numbers]:
        """The Cholesky factor of the points' correlations, and what it makes the values of.

        The last row of the factor of the matrix with the values beside it is just that, which
        spares solving for them.
        """
        count = len(self._values)
        beside = np.full((count + 1, count + 1), _LARGE)
        beside[:count, :count] = np.exp(-np.tensordot(scales, self._apart, 1)) + _NUGGET * np.eye(
            count
        )
        beside[count, :count] = self._values  # only what is below the diagonal is read
        factor = np.linalg.cholesky(beside)
        return factor[:count, :count], factor[count, :count]
