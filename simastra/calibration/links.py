"""Messages between two NPUs: as measured, as the file says, or else as the datasheet does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from simastra.units import NS_PER_MICROSECOND

from .document import CalibrationFile, LinkClass, LinkSection
from .estimate import Widths
from .priced import COVERAGE, Situation

if TYPE_CHECKING:  # what runs need no logs
    from .measurements import SendMeasurement

_LATENCY_US: Mapping[LinkClass, float] = MappingProxyType(
    {LinkClass.NODE: 10.0, LinkClass.NIC: 20.0}
)
_REACHED: Mapping[LinkClass, float] = MappingProxyType({LinkClass.NODE: 0.8, LinkClass.NIC: 0.92})
"""Of the datasheet's bandwidth."""

_LEAST_HALF_WIDTH = 0.05  # by which hardware differs from one day to the next
_FEWEST_SIZES = 2


def link_section(file: CalibrationFile, link: LinkClass) -> LinkSection | None:
    """What is known of a link; None if that is nothing."""
    for section in file.p2p:
        if section.link is link:
            return section
    system = file.system
    bandwidth = system.link_gb_s if link is LinkClass.NODE else system.nic_gb_s
    if bandwidth is None:
        return None
    return LinkSection(
        link=link,
        latency_us=_LATENCY_US[link],
        gb_s=_REACHED[link] * bandwidth,
        situation=Situation.DATASHEET,
    )


def measured_links(sends: Iterable[SendMeasurement]) -> tuple[LinkSection, ...]:
    """What messages were measured to take, by what joins their NPUs."""
    by_link: dict[LinkClass, list[SendMeasurement]] = {}
    for send in sends:
        link = LinkClass.NODE if send.same_node else LinkClass.NIC
        by_link.setdefault(link, []).append(send)
    fitted = (_fitted(link, each) for link, each in by_link.items())
    return tuple(section for section in fitted if section is not None)


def widths(link: LinkSection) -> Widths:
    """How far a message's time may be off."""
    if link.half_width is None:
        return Widths.usual(link.situation)
    return Widths(math.log1p(link.half_width), math.log1p(link.half_width))


def _fitted(link: LinkClass, sends: Sequence[SendMeasurement]) -> LinkSection | None:
    """The latency and bandwidth with the least squares of relative errors; neither is negative.

    None, if that leaves no bandwidth: the largest messages are too small to tell.
    """
    if len({it.size for it in sends}) < _FEWEST_SIZES:
        return None
    latency, per_byte = _least_squares([(1 / it.us, it.size / it.us) for it in sends])
    if per_byte <= 0:
        return None
    off = sorted(abs(math.log((latency + per_byte * it.size) / it.us)) for it in sends)
    covering = off[min(math.ceil(COVERAGE * (len(off) + 1)), len(off)) - 1]
    return LinkSection(
        link=link,
        latency_us=latency,
        gb_s=1 / (per_byte * NS_PER_MICROSECOND),
        situation=Situation.MEASURED,
        half_width=max(math.expm1(covering), _LEAST_HALF_WIDTH),
    )


def _least_squares(rows: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The two factors, 0 or more, for which the rows' sums are nearest to 1."""
    aa, ab, bb = (sum(a**i * b ** (2 - i) for a, b in rows) for i in (2, 1, 0))
    a1, b1 = (sum(column) for column in zip(*rows, strict=True))
    determinant = aa * bb - ab * ab
    if determinant > 0:
        both = (a1 * bb - b1 * ab) / determinant, (b1 * aa - a1 * ab) / determinant
        if min(both) >= 0:
            return both
    return 0.0, b1 / bb
