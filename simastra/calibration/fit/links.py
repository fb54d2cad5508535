"""Messages between two NPUs: latency and bandwidth from measurements."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from simastra.calibration.document import LinkClass, LinkSection
from simastra.calibration.measurements import SendMeasurement
from simastra.calibration.priced import Knowledge
from simastra.units import NS_PER_MICROSECOND

from .conformal import conformal_quantile
from .least_squares import nonnegative_least_squares

_LEAST_HALF_WIDTH = 0.05  # by which hardware differs from one day to the next
_FEWEST_SIZES = 2


def fitted_links(sends: Iterable[SendMeasurement]) -> tuple[LinkSection, ...]:
    """What messages were measured to take, by what joins their NPUs."""
    by_link: dict[LinkClass, list[SendMeasurement]] = {}
    for send in sends:
        link = LinkClass.NODE if send.same_node else LinkClass.NIC
        by_link.setdefault(link, []).append(send)
    fitted = (_fitted(link, each) for link, each in by_link.items())
    return tuple(section for section in fitted if section is not None)


def _fitted(link: LinkClass, sends: Sequence[SendMeasurement]) -> LinkSection | None:
    """The latency and bandwidth with the least squares of relative errors; neither is negative.

    None, if that leaves no bandwidth: the largest messages are too small to tell.
    """
    if len({it.size for it in sends}) < _FEWEST_SIZES:
        return None
    rows = np.array([(1 / it.us, it.size / it.us) for it in sends])
    latency, per_byte = nonnegative_least_squares(rows, np.ones(len(rows))).tolist()
    if per_byte <= 0:
        return None
    off = [abs(math.log((latency + per_byte * it.size) / it.us)) for it in sends]
    covering = min(conformal_quantile(off), max(off))
    return LinkSection(
        link=link,
        latency_us=latency,
        gb_s=1 / (per_byte * NS_PER_MICROSECOND),
        situation=Knowledge.MEASURED,
        half_width=max(math.expm1(covering), _LEAST_HALF_WIDTH),
    )
