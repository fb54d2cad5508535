"""Ways through a graph without the links that are down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.config import NetworkConfig
from simastra.errors import InputError
from simastra.network.build_graph import graph_topology
from simastra.network.topology import Topology
from simastra.network_graph import NetworkGraph
from simastra.network_graph.connectivity import find_cut

from .event import Ends

if TYPE_CHECKING:
    from simastra.network.routing import MakeRouter, RouterEntry


class Detours:
    """Finds the ways that the graph's own router takes when some links aren't there.

    A link without which some NPU couldn't reach some other at all stays, and so do all where the
    router can't do without them, as a table of routes can't: messages wait for such links.

    Args:
        config: whose graph it is.
        graph: its graph.
        routers: by their names; None for our own.
    """

    def __init__(
        self,
        config: NetworkConfig,
        graph: NetworkGraph,
        routers: Mapping[str, RouterEntry | MakeRouter] | None = None,
    ) -> None:
        self._config = config
        self._graph = graph
        self._routers = routers
        self._known: dict[frozenset[Ends], Topology | None] = {frozenset(): None}

    def without(self, down: frozenset[Ends]) -> Topology | None:
        """The network without these links, as far as it can do without; None if it can't at all."""
        if down not in self._known:
            self._known[down] = self._found(down)
        return self._known[down]

    def _found(self, down: frozenset[Ends]) -> Topology | None:
        graph = self._least(down)
        if graph is self._graph:
            return None
        try:
            return graph_topology(self._config, graph, self._routers)
        except InputError:
            return None

    def _least(self, down: frozenset[Ends]) -> NetworkGraph:
        """The graph without as many of the links as it can do without; the first of them go."""
        whole = _without(self._graph, down)
        if find_cut(whole) is None:
            return whole
        least, gone = self._graph, set[Ends]()
        for link in sorted(down):
            fewer = _without(self._graph, {*gone, link})
            if find_cut(fewer) is None:
                least = fewer
                gone.add(link)
        return least


def _without(graph: NetworkGraph, links: Iterable[Ends]) -> NetworkGraph:
    gone = set(links)
    left = tuple(link for link in graph.links if (link.src, link.dst) not in gone)
    return replace(graph, links=left)
