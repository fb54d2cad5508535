"""The shortest path: fewest hops, then least latency, then the links that are listed earlier."""

from __future__ import annotations

from typing import final

from simastra.network_graph import NetworkGraph

from .base import Router
from .way_finder import WayFinder


@final
class ShortestPath(Router):
    """One way for each pair.

    Of all ways with the fewest hops those with the least latency, and where these part, the link
    that is listed earliest. NPUs pass messages on like any other device: where they also hang from
    switches, the number of hops decides whether a way leads through one.
    """

    def __init__(self, graph: NetworkGraph) -> None:
        super().__init__(graph)
        self._ways = WayFinder(graph)

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """As in the base class, the same for all tags."""
        return self._ways.first_way(src, dst)
