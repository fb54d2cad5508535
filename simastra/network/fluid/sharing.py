"""Who shares links with whom, and what each gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from simastra.units import BytesPerNs

from .flow import Flow, FlowPath, SharedLink
from .max_min import max_min_rates


class Share(NamedTuple):
    """What the flows of a way get.

    Attributes:
        flows: all of the way.
        rate: of each, in bytes per ns.
        bottleneck: the link that sets it: full, and nobody is faster on it.
    """

    flows: Sequence[Flow]
    rate: BytesPerNs
    bottleneck: SharedLink


class Sharing:
    """Computes rates.

    Args:
        npus: number of NPUs: the devices of lower numbers.
        efficiency: the part of a link's bandwidth that is left if so many NPUs send over it to one
            NPU; None where all of it is.
    """

    def __init__(self, npus: int, efficiency: Callable[[int], float] | None = None) -> None:
        self._npus = npus
        self._efficiency = efficiency
        self._round = 0

    def shares(self, touched: Iterable[SharedLink]) -> list[Share]:
        """The rates of all flows that share links with one that crosses these, directly or not."""
        ways = self._ways(touched)
        links = {link: None for way in ways for link in way.links}
        numbers = {link: number for number, link in enumerate(links)}
        fair = max_min_rates(
            [self.capacity(link) for link in links],
            [[numbers[link] for link in way.links] for way in ways],
            [len(flows) for flows in ways.values()],
        )
        order = list(links)
        return [
            Share(flows, rate, order[bottleneck])
            for flows, rate, bottleneck in zip(ways.values(), *fair, strict=True)
        ]

    def capacity(self, link: SharedLink) -> BytesPerNs:
        """What a link carries in all: its bandwidth, or less of it in an incast."""
        if self._efficiency is None or link.dst >= self._npus:
            return link.bytes_per_ns
        senders = len({flow.src for flow in link.flows})
        return link.bytes_per_ns * self._efficiency(senders)

    def _ways(self, touched: Iterable[SharedLink]) -> dict[FlowPath, list[Flow]]:
        """The flows of the component by their ways, found link by link."""
        self._round += 1
        found: dict[FlowPath, list[Flow]] = {}
        links = list(touched)
        for link in links:  # it grows meanwhile
            if link.seen == self._round:
                continue
            link.seen = self._round
            for flow in link.flows:
                if flow.seen != self._round:
                    flow.seen = self._round
                    if flow.way in found:
                        found[flow.way].append(flow)
                    else:
                        found[flow.way] = [flow]
                        links.extend(flow.way.links)
        return found
