"""Messages between two NPUs: what the file says of their link, or else what the datasheet does."""

from collections.abc import Mapping
from types import MappingProxyType

from .document import CalibrationFile, LinkClass, LinkSection
from .priced import Situation

_LATENCY_US: Mapping[LinkClass, float] = MappingProxyType(
    {LinkClass.NODE: 10.0, LinkClass.NIC: 20.0}
)
_REACHED: Mapping[LinkClass, float] = MappingProxyType({LinkClass.NODE: 0.8, LinkClass.NIC: 0.92})
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
        situation=Situation.DATASHEET,
    )
