"""Routes as tables: the links between each two NPUs that exchange messages, or what they cost."""

from __future__ import annotations

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
        pairs: senders and receivers; of ways that depend on tags they say nothing.
    """

    def __init__(
        self, topology: Topology, pairs: NDArray[np.int64], *, queues_at_links: bool
    ) -> None:
        self._topology = topology
        self._queues_at_links = queues_at_links
        self._routes: list[int] = []
        self._link_of: dict[tuple[int, int], int] = {}
        self._prices: list[tuple[float, float]] = []
        npus = topology.npus
        senders, receivers = np.divmod(pairs, npus)
        self.starts: Numbers = np.searchsorted(senders, np.arange(npus + 1)).astype(np.int32)
        ends = zip(senders.tolist(), receivers.tolist(), strict=True)
        known = not topology.multipath
        rows = ((dst, src, *(self.way(src, dst, 0) if known else _NOWHERE)) for src, dst in ends)
        self.pairs: Records = np.array(list(rows), PAIR)

    def way(self, src: int, dst: int, tag: int) -> tuple[int, float, float]:
        """Where the route of a message begins; latency and bandwidth of it where nobody queues."""
        if not self._queues_at_links:
            path = self._topology.path(src, dst, tag)
            return 0, path.latency, path.bytes_per_ns
        first = len(self._routes)
        for begin, end, timing in self._topology.hops(src, dst, tag):
            link = self._link_of.get((begin, end))
            if link is None:
                link = self._link_of[begin, end] = len(self._prices)
                self._prices.append((timing.latency, timing.bytes_per_ns))
            self._routes.append(link)
        self._routes.append(NONE)
        return first, 0.0, 0.0

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """The devices at the ends of each link."""
        return tuple(self._link_of)

    def routes(self, first: int = 0) -> Numbers:
        """The links of ways, one way after the other, each up to a `NONE`; from an index on."""
        return np.array(self._routes[first:], np.int32)

    def links(self, first: int = 0) -> Records:
        """The links, from one on."""
        prices = self._prices[first:]
        links = np.zeros(len(prices), LINK)
        if prices:
            links["latency"], links["bytes_per_ns"] = zip(*prices, strict=True)
        links["waiting"] = NONE
        return links


_NOWHERE = 0, 0.0, 0.0
