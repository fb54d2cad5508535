"""Routes as tables: the links between each two NPUs that exchange messages, or what they cost."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simastra.network import Topology

from .layout import LINK, NONE, PAIR, Numbers, Records


class RouteTables:
    """What messages cross.

    Args:
        topology: of the network.
        pairs: senders and receivers, as sender times the number of NPUs plus receiver; ascending.
        queues_at_links: whether messages queue there; otherwise links don't matter.

    Attributes:
        starts: for each sender, where its pairs begin; and the end of the last one's.
        pairs: senders and receivers.
        routes: the links of their ways, one way after the other.
        links: those links.
        ends: the devices at the ends of each link.
    """

    def __init__(
        self, topology: Topology, pairs: NDArray[np.int64], *, queues_at_links: bool
    ) -> None:
        self._topology = topology
        self._routes: list[int] = []
        self._link_of: dict[tuple[int, int], int] = {}
        self._prices: list[tuple[float, float]] = []
        npus = topology.npus
        senders, receivers = np.divmod(pairs, npus)
        self.starts: Numbers = np.searchsorted(senders, np.arange(npus + 1)).astype(np.int32)
        ends = zip(senders.tolist(), receivers.tolist(), strict=True)
        rows = self._ways(ends) if queues_at_links else self._paths(ends)
        self.pairs: Records = np.array(list(rows), PAIR)
        self.routes: Numbers = np.array(self._routes, np.int32)
        self.links: Records = np.zeros(len(self._prices), LINK)
        if self._prices:
            self.links["latency"], self.links["bytes_per_ns"] = zip(*self._prices, strict=True)
        self.links["waiting"] = NONE
        self.ends = tuple(self._link_of)

    def _ways(
        self, ends: Iterable[tuple[int, int]]
    ) -> Iterable[tuple[int, int, int, int, float, float]]:
        for src, dst in ends:
            first = len(self._routes)
            for hop in self._topology.hops(src, dst):
                link = self._link_of.setdefault((hop.src, hop.dst), len(self._prices))
                if link == len(self._prices):
                    self._prices.append((hop.link.latency, hop.link.bytes_per_ns))
                self._routes.append(link)
            yield dst, first, len(self._routes), src, 0.0, 0.0

    def _paths(
        self, ends: Iterable[tuple[int, int]]
    ) -> Iterable[tuple[int, int, int, int, float, float]]:
        for src, dst in ends:
            path = self._topology.path(src, dst)
            yield dst, 0, 0, src, path.latency, path.bytes_per_ns
