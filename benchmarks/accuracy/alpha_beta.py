"""What α-β, fitted to the same measurements, says: a latency for each step, and a bandwidth."""

from collections.abc import Mapping

import numpy as np

from simastra.calibration.fit.base import terms
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.least_squares import nonnegative_least_squares
from simastra.calibration.fit.points import Place, PointNumbering, SystemHardware

_TERMS = 3
"""c, h·s and b/β; the base's fourth, γ·√b, isn't α-β's."""


def alpha_beta(hardware: SystemHardware, seen: Times, asked: Times) -> Mapping[Place, float]:
    """Times of what is asked for, in µs; of collectives that weren't seen there are none."""
    numbering = PointNumbering()
    found: dict[Place, float] = {}
    for kind in {it.kind for it in seen}:
        of_kind = {place: us for place, us in seen.items() if place.kind is kind}
        wanted = [place for place in asked if place.kind is kind]
        us = np.array(list(of_kind.values()))
        rows = terms(numbering.points(hardware, list(of_kind)))[:, :_TERMS] / us[:, None]
        parameters = nonnegative_least_squares(rows, np.ones(len(us)))
        if wanted:
            said = terms(numbering.points(hardware, wanted))[:, :_TERMS] @ parameters
            found |= zip(wanted, said.tolist(), strict=True)
    return found
