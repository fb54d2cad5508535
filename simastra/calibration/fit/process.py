"""A Gaussian process, exact: what residuals at measured points say of others."""

from dataclasses import dataclass

import numpy as np

from .kernels import Kernel
from .points import Floats, Points


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """Residuals as they are believed to be.

    Attributes:
        mean: of ln(time / base).
        sd: standard deviation of it, one measurement's noise included.
    """

    mean: Floats
    sd: Floats


class Residuals:
    """Residuals of the base that were measured.

    Args:
        kernel: their covariance.
        points: where.
        measured: ln(time / base) there.
    """

    def __init__(self, kernel: Kernel, points: Points, measured: Floats) -> None:
        self._kernel, self._points = kernel, points
        noise = kernel.noise**2 * np.eye(len(points))
        self._inverse = np.linalg.inv(kernel(points, points) + noise)
        self._weights = self._inverse @ measured

    def believed(self, points: Points) -> Belief:
        """What they say of other points, or of the same measured once more."""
        shared = self._kernel(points, self._points)
        known = ((shared @ self._inverse) * shared).sum(axis=1)
        variance = np.maximum(self._kernel.variance - known, 0) + self._kernel.noise**2
        return Belief(shared @ self._weights, np.sqrt(variance))

    @property
    def left_out(self) -> Floats:
        """Error of each from all others, in standard deviations (leave-one-out)."""
        return np.asarray(self._weights / np.sqrt(np.diag(self._inverse)))
