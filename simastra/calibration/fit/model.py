"""Times of a system's collectives, from its measurements and those of others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simastra.calibration.priced import Knowledge

from .bands import Deviation, FitReference
from .base import Base, fit_base
from .cases import Case, Known
from .kernels import Kernel, LibraryKernel, OwnKernel
from .library import SystemTables
from .points import Floats, Place, PointNumbering, Points, SystemHardware, joined
from .process import Residuals


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Of some places.

    Attributes:
        us: expected times in µs.
        deviations: how far ln of them may be off.
        cases: how each lies to what was measured.
    """

    us: Floats
    deviations: Sequence[Deviation]
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a model is made from.

    Attributes:
        hardware: the system.
        measured: its times in µs.
        tables: of other systems.
        without: systems of the library that were left out, since these are theirs.
    """

    hardware: SystemHardware
    measured: Mapping[Place, float]
    tables: Sequence[SystemTables] = ()
    without: Collection[str] = ()

    @property
    def has_relative(self) -> bool:
        """Whether a table is of the same generation."""
        return any(it.hardware.family == self.hardware.family for it in self.tables)

    @property
    def reference(self) -> FitReference:
        """What there is beside the system's own times."""
        if not self.tables:
            return FitReference.NONE
        return FitReference.RELATIVE if self.has_relative else FitReference.FAR


class CurveModel:
    """What is believed of one system.

    Args:
        evidence: from what; times of two places at least, if there are no tables.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        numbering = PointNumbering()
        # The library may have a system of that name, whose measurements are others all the same.
        self._system = replace(evidence.hardware, name=f"{evidence.hardware.name}, as measured")
        self._numbering = numbering
        own = numbering.points(self._system, list(evidence.measured))
        parts = [own, *(numbering.points(it.hardware, list(it.rows)) for it in evidence.tables)]
        times = [evidence.measured, *(it.rows for it in evidence.tables)]
        points = joined(parts)
        us = np.array([it for table in times for it in table.values()])
        kernel: Kernel = LibraryKernel() if evidence.tables else OwnKernel()
        self.base: Base = fit_base(points, us)
        self._residuals = Residuals(kernel, points, np.log(us / self.base.us(points)))
        self._known = Known.of(own, has_relative=evidence.has_relative)
        self._unlike = _unlike(self._residuals.left_out[: len(own)])
        self._measured_sd = self._sd_where_measured(own)

    def points(self, places: Sequence[Place]) -> Points:
        """Places of this system as points."""
        return self._numbering.points(self._system, places)

    def estimates(self, places: Sequence[Place]) -> Estimates:
        """What is believed of places whose collectives are in the evidence."""
        points = self.points(places)
        believed = self._residuals.believed(points)
        cases = self._known.cases(points)
        sd = believed.sd * self._unlike * self._known.farther(points) * self._widened(cases)
        return Estimates(
            self.base.us(points) * np.exp(believed.mean),
            [Deviation(it, self._measured_sd) for it in sd.tolist()],
            cases,
        )

    def _sd_where_measured(self, own: Points) -> float:
        if not len(own):
            return 0.0
        return float(self._residuals.believed(own).sd.mean()) * self._unlike

    def _widened(self, cases: Sequence[Case]) -> Floats:
        """How much less other numbers of NPUs say without a switch."""
        other = [it.situation in _OTHER_NPUS for it in cases]
        return np.where(other, 1.0 if self.evidence.hardware.has_switch else _NO_SWITCH, 1.0)


_OTHER_NPUS = (Knowledge.N_BETWEEN, Knowledge.N_BEYOND)

_NO_SWITCH = 6.0
"""Measured: 3 to 10 times as far off, on a cube mesh and on PCIe."""


_ENOUGH = 20
_MOST_ALIKE = 1.4
_PART, _NORMAL = 0.8, 1.28
"""The part of errors, and of standard deviations within which it lies where errors are normal."""


def _unlike(left_out: Floats) -> float:
    """How much farther off this system is, of itself, than those that bands were made from.

    Each measurement is predicted from the others. On systems of NVLink 80 % of errors are within
    1.4 times what they should be at the most; on PCIe it is up to twice as much.
    """
    if len(left_out) < _ENOUGH:
        return 1.0
    return max(float(np.quantile(np.abs(left_out), _PART)) / _NORMAL / _MOST_ALIKE, 1.0)
