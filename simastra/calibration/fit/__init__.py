"""Fits calibrations to measurements; the only part of simastra.calibration that needs numpy.

fitting        fit_calibration: measurements -> CalibrationFile
gathered       measurements by what is fitted together; points: as columns; thinned: fewer
model          base and residuals of a system, from its measurements and the library's
base           t₀ = c + h·s + b/β + γ·√b, by least_squares
process        residuals as a Gaussian process, with kernels
library        the reference library of public systems
links          messages between two NPUs
bands          how far 90 % bands reach, by cases; conformal: how that is found
grid, curves, sections   what goes into the file; monotone: times that never fall
compute_gemm, compute_training   computations: products alone, and amid a training step;
compute_simplex                  the least of a function
"""

from simastra.requirement import require

require("numpy", "calibrate", "simastra.calibration.fit")

from .fitting import fit_calibration  # noqa: E402 - this imports numpy

__all__ = ["fit_calibration"]
