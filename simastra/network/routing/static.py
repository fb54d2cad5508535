"""Routes as a table has them."""

from __future__ import annotations

from typing import final

from simastra.errors import ConfigError
from simastra.network_graph import NetworkGraph

from .base import Router
from .static_table import StaticOptions, read_table, source_of_routing
from .way_finder import WayFinder


@final
class Static(Router):
    """The whole route that a table has for a pair; else hop by hop where it says the next one.

    Where it says nothing, a message takes the next hop of the shortest path, as `shortest-path`.

    Raises:
        ConfigError: if the table can't be read, an entry is wrong, or its next hops send a message
            round in a circle.
    """

    def __init__(self, graph: NetworkGraph, options: StaticOptions) -> None:
        super().__init__(graph)
        self._table = read_table(graph, options)
        self.files = self._table.files
        self._shortest = WayFinder(graph)
        self._told = {receiver for _, receiver in self._table.next_hops}
        """Receivers of which the table says a next hop."""
        self._check_arrival()

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """As in the base class, the same for all tags."""
        whole = self._table.ways.get((src, dst))
        if whole is not None:
            return whole
        if dst not in self._told:
            return self._shortest.first_way(src, dst)
        return tuple(self._by_hops(src, dst))

    def _by_hops(self, src: int, dst: int) -> list[int]:
        """The way by next hops, and by shortest paths to where the next of them is said.

        Raises:
            ConfigError: if it comes back to where it was.
        """
        next_hops = self._table.next_hops
        way = [src]
        sent_on = set()
        while way[-1] != dst:
            at = way[-1]
            if (at, dst) in next_hops:
                if at in sent_on:
                    raise self._circle(way, dst)
                sent_on.add(at)
                way.append(next_hops[at, dst])
                continue
            for device in self._shortest.first_way(at, dst)[1:]:
                way.append(device)
                if (device, dst) in next_hops:
                    break
        return way

    def _check_arrival(self) -> None:
        """Follow each next hop to the end; circles have one, since shortest paths have none."""
        arrive: set[tuple[int, int]] = set()
        for at, dst in self._table.next_hops:
            if (at, dst) not in arrive:
                arrive.update((device, dst) for device in self._by_hops(at, dst))

    def _circle(self, way: list[int], dst: int) -> ConfigError:
        names = [node.name for node in self.graph.nodes]
        circle = ", ".join(names[device] for device in way[way.index(way[-1]) :])
        return ConfigError(
            f"what goes to {names[dst]} comes back to where it was: {circle}; let the next hop of "
            "one of these be another",
            source=source_of_routing(self.graph),
            key="graph.routing",
        )
