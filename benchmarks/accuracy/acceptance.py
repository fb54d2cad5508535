"""What calibrated collectives have to reach, C1 to C7: bounds of errors, and of coverage."""

from collections.abc import Mapping
from types import MappingProxyType

from simastra.calibration.fit.bands import FitReference

from .splits import BUILDS, DATASHEET, GAP_LARGE, N_BETWEEN, N_BEYOND, OTHERS

BOUNDS: Mapping[tuple[str, FitReference], float] = MappingProxyType(
    {
        (BUILDS.name, FitReference.NONE): 0.05,
        (BUILDS.name, FitReference.RELATIVE): 0.05,
        (N_BETWEEN.name, FitReference.NONE): 0.07,
        (N_BETWEEN.name, FitReference.RELATIVE): 0.05,
        (N_BEYOND.name, FitReference.NONE): 0.10,
        (N_BEYOND.name, FitReference.RELATIVE): 0.075,
        (OTHERS.name, FitReference.RELATIVE): 0.075,
        (OTHERS.name, FitReference.FAR): 0.16,
        (GAP_LARGE.name, FitReference.RELATIVE): 0.065,
        (GAP_LARGE.name, FitReference.FAR): 0.10,
        (DATASHEET.name, FitReference.RELATIVE): 0.10,
        (DATASHEET.name, FitReference.FAR): 0.28,
    }
)
"""C1 to C6: the largest mean error, by split and by what there was beside the measurements."""

COVERAGE = (0.87, 0.93)
"""C7: what part bands of 90 % have to hold, pooled over systems, in each of these splits."""
