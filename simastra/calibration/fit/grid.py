"""Curves of the calibration file: a model's times on a grid of sizes, with their bands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simastra.calibration.document import Curve
from simastra.trace import CollectiveType
from simastra.units import Bytes, GiB

from .bands import band_table
from .model import Model
from .monotone import highest_so_far, lowest_from_here, rising
from .points import Floats, Place

SMALLEST: Bytes = 512
LARGEST: Bytes = 16 * GiB

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


def curve(model: Model, asked: CurveAsked) -> Curve:
    """One curve of a model, with the situation of each knot.

    Times don't fall with the size, and bands hold what was measured, whatever the model says.
    """
    measured = model.evidence.measured
    sizes = _knots(model, asked)
    places = [Place(asked.kind, asked.npus, size) for size in sizes]
    found = model.estimates(places)
    table, evidence = band_table(), model.evidence
    reaches = [table.of(evidence.reference, case, evidence.without) for case in found.cases]
    width = np.minimum(np.array(reaches) * found.sd, _WIDEST)
    at = np.array([measured.get(it, us) for it, us in zip(places, found.us.tolist(), strict=True)])
    low = np.minimum(found.us * np.exp(-width), at)
    high = np.maximum(found.us * np.exp(width), at)
    return Curve(
        npus=asked.npus,
        nodes=asked.nodes,
        situation=tuple(it.situation for it in found.cases),
        bytes=tuple(sizes),
        us=_rounded(np.exp(rising(np.log(found.us)))),
        low_us=_rounded(lowest_from_here(low)),
        high_us=_rounded(highest_so_far(high)),
    )


def _knots(model: Model, asked: CurveAsked) -> Sequence[Bytes]:
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
    """Seven digits are more than any clock has."""
    return tuple(float(f"{it:.7g}") for it in values.tolist())
