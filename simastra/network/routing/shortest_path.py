"""The shortest way: fewest hops, then least latency, then the links that are listed earlier."""

from __future__ import annotations

from typing import final

from simastra.errors import InputError
from simastra.network_graph import NetworkGraph

from .base import Router


@final
class ShortestPath(Router):
    """One way for each pair; found by breadth-first search from each sender when first asked."""

    def __init__(self, graph: NetworkGraph) -> None:
        super().__init__(graph)
        self._trees: dict[int, dict[int, int]] = {}
        """By senders: of each device that one reaches, the device before it."""

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """The way, the same for all tags.

        Raises:
            InputError: if there is none.
        """
        before = self._trees.get(src)
        if before is None:
            before = self._trees[src] = self._tree(src)
        if dst != src and dst not in before:
            names = self.graph.nodes[src].name, self.graph.nodes[dst].name
            raise InputError(f"there is no way from {names[0]} to {names[1]}")
        way = [dst]
        while way[-1] != src:
            way.append(before[way[-1]])
        return tuple(reversed(way))

    def _tree(self, src: int) -> dict[int, int]:
        """Of each device that `src` reaches, the one before it."""
        before: dict[int, int] = {}
        reached = {src: (0, 0.0)}
        frontier = [src]
        while frontier:
            further: list[int] = []
            for at in frontier:
                hops, latency = reached[at]
                for link in self.graph.out_links[at]:
                    cost = hops + 1, latency + link.latency
                    known = reached.get(link.dst)
                    if known is None:
                        further.append(link.dst)
                    if known is None or cost < known:
                        reached[link.dst] = cost
                        before[link.dst] = at
            frontier = further
        return before
