"""Curves of the calibration file: a model's times on a grid of sizes, with their bands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simastra.calibration.document import Curve
from simastra.trace import CollectiveType
from simastra.units import Bytes, GiB

from .bands import band_table
from .model import CurveModel, Estimates
from .monotone import rising_between
from .points import Floats, Place

SMALLEST: Bytes = 512
LARGEST: Bytes = 16 * GiB

_SHORTEST, _LONGEST = 1e-9, 1e15
"""Microseconds that a calibration file can have."""

_WIDEST = 3.0
"""ln of how far the edges of a band lie from its middle at the most: 20 times."""


@dataclass(frozen=True, slots=True)
class CurveAsked:
    """A curve to be made.

    Attributes:
        kind: which collective.
        npus: how many take part.
        nodes: of how many nodes.
    """

    kind: CollectiveType
    npus: int
    nodes: int = 1


def curve(model: CurveModel, asked: CurveAsked) -> Curve:
    """One curve of a model, with the situation of each knot.

    Times don't fall where nothing was measured, and bands hold what was.
    """
    measured = model.evidence.measured
    sizes = _knots(model, asked)
    places = [Place(asked.kind, asked.npus, size) for size in sizes]
    found = model.estimates(places)
    known = np.array([place in measured for place in places])
    us = np.exp(rising_between(np.log(found.us), known))
    width = np.minimum(_widths(model, found), _WIDEST)
    at = np.array([measured.get(it, mid) for it, mid in zip(places, us.tolist(), strict=True)])
    return Curve(
        npus=asked.npus,
        nodes=asked.nodes,
        situation=tuple(it.situation for it in found.cases),
        bytes=tuple(sizes),
        us=_rounded(us),
        low_us=_rounded(np.minimum(us * np.exp(-width), at)),
        high_us=_rounded(np.maximum(us * np.exp(width), at)),
    )


def _widths(model: CurveModel, found: Estimates) -> Floats:
    """How far ln of each time may be off."""
    table, evidence = band_table(), model.evidence
    both = zip(found.cases, found.deviations, strict=True)
    return np.array(
        [table.width(evidence.reference, case, sd, evidence.without) for case, sd in both]
    )


def _knots(model: CurveModel, asked: CurveAsked) -> Sequence[Bytes]:
    """Sizes measured, and powers of two, unless something was measured right beside."""
    own = {
        it.size for it in model.evidence.measured if (it.kind, it.npus) == (asked.kind, asked.npus)
    }
    powers = [2**it for it in range(SMALLEST.bit_length() - 1, LARGEST.bit_length())]
    beside = {it for it in powers if any(size != it and _near(size, it) for size in own)}
    return sorted(own.union(powers) - (beside - own))


_BESIDE = 1.19  # a quarter of a doubling


def _near(size: Bytes, other: Bytes) -> bool:
    return max(size, other) <= _BESIDE * min(size, other)


def _rounded(values: Floats) -> tuple[float, ...]:
    """Seven digits are more than any clock has; longer than thirty years nothing takes."""
    return tuple(float(f"{it:.7g}") for it in np.clip(values, _SHORTEST, _LONGEST).tolist())
