"""The base of a collective's time, t₀ = c + h·s + b/β + γ·√b, from measurements.

Bytes are counted in what a link carries in a microsecond, so that systems can share a base.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simastra.calibration.document import BaseSection
from simastra.units import NS_PER_MICROSECOND, KiB

from .least_squares import nonnegative_least_squares
from .points import Floats, Points


@dataclass(frozen=True, slots=True)
class Base:
    """The four parameters of each collective.

    Attributes:
        parameters: by the collective's number: c and h in µs, then what b costs, 1 being a link's
            whole bandwidth, and what the root of b costs.
    """

    parameters: Mapping[int, Floats]

    def us(self, points: Points) -> Floats:
        """t₀ of each point, in µs."""
        known = np.stack([self.parameters[kind] for kind in points.kind.tolist()])
        return np.asarray((terms(points) * known).sum(axis=1))


def terms(points: Points) -> Floats:
    """What the four parameters are multiplied by."""
    moved = points.bus_bytes / points.link
    return np.stack([np.ones(len(points)), points.steps, moved, np.sqrt(moved)], axis=1)


def fit_base(points: Points, us: Floats) -> Base:
    """Fit each collective's base to measured times: least squares of relative errors."""
    rows = terms(points) / us[:, None]
    found = {}
    for kind in sorted(set(points.kind.tolist())):
        of_kind = points.kind == kind
        found[kind] = _fit(rows[of_kind])
    return Base(found)


_FASTEST = 1.5
"""So many times a link's bandwidth is more than any bus bandwidth that was measured (1.1)."""

_LEAST_SEEN = 0.3
"""Of a link's bandwidth: where no more was measured, bandwidth wasn't what was measured."""


def _fit(rows: Floats) -> Floats:
    """Parameters of one collective.

    Where small messages alone were measured, its bandwidth is the datasheet's: or else large ones
    would go at any speed. Where large ones alone were, its launch is what is usual.
    """
    ones = np.ones(len(rows))
    found = nonnegative_least_squares(rows, ones)
    if found[_WIRE] < 1 / _FASTEST and float(rows[:, _WIRE].max()) < _LEAST_SEEN:
        found = nonnegative_least_squares(np.delete(rows, _WIRE, axis=1), ones - rows[:, _WIRE])
        found = np.insert(found, _WIRE, 1.0)
    if found[_LAUNCH] == found[_HOP] == 0:
        found[_LAUNCH] = _USUAL_LAUNCH_US
    return found


_LAUNCH, _HOP, _WIRE, _ROOT = range(4)  # which of the four is whose

_USUAL_LAUNCH_US = 6.0
"""Where only large messages were measured, of which it is nothing."""


def base_section(parameters: Floats, link: float) -> BaseSection:
    """As the calibration file has it.

    Args:
        parameters: of one collective.
        link: bandwidth of the system's links, in bytes/µs.
    """
    launch, hop, wire, root = (float(it) for it in parameters)
    return BaseSection(
        launch_us=_rounded(launch),
        hop_us=_rounded(hop),
        gb_s=_rounded(link / NS_PER_MICROSECOND / max(wire, _LEAST_WIRE)),
        root_us_per_sqrt_kib=_rounded(root * float(np.sqrt(KiB / link))),
    )


_LEAST_WIRE = 1e-3
"""A bandwidth of a thousand links stands for none: in a file it has to be finite."""


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
