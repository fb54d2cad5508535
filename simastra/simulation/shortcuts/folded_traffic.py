"""What the links of a folded run have carried, and what they would have."""

from __future__ import annotations

from typing import TypeAlias

from simastra.network import Network, NetworkLink

from .folded_topology import DeviceEnds

LinkSums: TypeAlias = dict[DeviceEnds, tuple[int, int, int]]
"""Busy time, bytes and messages of each link."""


class FoldedTraffic:
    """Adds up what links carry.

    Args:
        network: has the links.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def is_idle(self) -> bool:
        """Whether no link is busy."""
        return not any(link.is_busy for link in self._network.links)

    def sums(self) -> LinkSums:
        """What each link has carried so far."""
        return {(link.src, link.dst): _carried(link) for link in self._network.links}

    def sums_since(self, before: LinkSums) -> LinkSums:
        """What each link has carried since `sums` gave `before`."""
        sums = {}
        for ends, (busy, size, messages) in self.sums().items():
            busy_then, size_then, messages_then = before.get(ends, (0, 0, 0))
            sums[ends] = busy - busy_then, size - size_then, messages - messages_then
        return sums

    def add(self, sums: LinkSums) -> None:
        """Count what links would have carried."""
        for link in self._network.links:
            busy, size, messages = sums.get((link.src, link.dst), (0, 0, 0))
            link.count(busy, size, messages)


def _carried(link: NetworkLink) -> tuple[int, int, int]:
    return link.busy_time, link.bytes_carried, link.messages_carried
