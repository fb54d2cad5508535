"""Messages between two NPUs: as measured, as the file says, or else as the datasheet does."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from .document import CalibrationFile, LinkClass, LinkSection
from .estimate import Widths
from .priced import Knowledge
from .several_nodes import NIC_REACHED

_LATENCY_US: Mapping[LinkClass, float] = MappingProxyType(
    {LinkClass.NODE: 10.0, LinkClass.NIC: 20.0}
)
_REACHED: Mapping[LinkClass, float] = MappingProxyType(
    {LinkClass.NODE: 0.8, LinkClass.NIC: NIC_REACHED}
)
"""Of the datasheet's bandwidth."""


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
        situation=Knowledge.DATASHEET,
    )


def widths(link: LinkSection) -> Widths:
    """How far a message's time may be off."""
    if link.half_width is None:
        return Widths.usual(link.situation)
    return Widths(math.log1p(link.half_width), math.log1p(link.half_width))
