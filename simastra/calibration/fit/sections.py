"""Curves -> the sections of the calibration file, with bases and errors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from simastra.calibration.document import BaseSection, CollectiveSection, Curve
from simastra.calibration.interpolation import LogCurve
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name

from .base import base_section, fit_base
from .curves import FittedCurves
from .gathered import Times
from .points import Place


def collective_sections(fitted: Iterable[FittedCurves]) -> dict[str, CollectiveSection]:
    """One section for each collective; its base is that of one node, if it has any."""
    curves: dict[CollectiveType, list[Curve]] = defaultdict(list)
    bases: dict[CollectiveType, BaseSection] = {}
    for each in fitted:
        for kind, found in each.by_kind.items():
            curves[kind] += found
            if kind not in bases:
                bases[kind] = _base(each, kind)
    return {
        collective_name(kind): CollectiveSection(base=bases[kind], curves=tuple(curves[kind]))
        for kind in sorted(curves)
    }


def _base(fitted: FittedCurves, kind: CollectiveType) -> BaseSection:
    """That of the measurements, or of the curves where too few were measured to tell."""
    times: Times = {place: us for place, us in fitted.measured.items() if place.kind == kind}
    if len({it.npus for it in times}) == 1 or len(times) < _ENOUGH:
        times = _of_curves(kind, fitted.by_kind[kind])
    points = fitted.model.points(list(times))
    found = fit_base(points, np.array(list(times.values())))
    return base_section(found.parameters[kind.value], float(points.link[0]))


_ENOUGH = 8
"""Measurements of four parameters: two of each."""


def _of_curves(kind: CollectiveType, curves: Sequence[Curve]) -> Times:
    return {
        Place(kind, curve.npus, size): us
        for curve in curves
        for size, us in zip(curve.bytes, curve.us, strict=True)
    }


def errors(fitted: Iterable[FittedCurves]) -> dict[str, float]:
    """By collective: mean of |calibrated - measured| / measured over all measurements."""
    found: dict[CollectiveType, list[float]] = defaultdict(list)
    for each in fitted:
        for kind, curves in each.by_kind.items():
            for curve in curves:
                found[kind] += _of_curve(kind, curve, each.measured)
    return {collective_name(it): round(float(np.mean(found[it])), 5) for it in found if found[it]}


def _of_curve(kind: CollectiveType, curve: Curve, measured: Times) -> list[float]:
    at = LogCurve(curve.bytes, curve.us)
    return [
        abs(at(place.size) / us - 1)
        for place, us in measured.items()
        if (place.kind, place.npus) == (kind, curve.npus)
    ]
