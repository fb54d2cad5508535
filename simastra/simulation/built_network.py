"""A network's topology as its configuration makes it: without a clock, so that runs share it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, final

from simastra.deferred import deferred
from simastra.network import build_dimensions, whole_network

from .tables import Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simastra.config import NetworkConfig
    from simastra.network import Topology, recognition
else:  # few networks are graphs
    recognition = deferred("simastra.network.recognition")


@final
class BuiltNetwork:
    """A network, built; ways that a router has found are kept, for variants of a simulation too.

    Args:
        network: its configuration.
        tables: where names are looked up.

    Attributes:
        dimensions: the topology of each dimension; none of a graph, which has no product.
        topology: the whole network's.

    Raises:
        ConfigError: as `build_topology`.
    """

    def __init__(self, network: NetworkConfig, tables: Tables) -> None:
        self._network = network
        self._tables = tables
        self.dimensions = build_dimensions(network, tables.topologies)
        self.topology = whole_network(network, self.dimensions, tables.routers)

    def when_of(self, network: NetworkConfig, tables: Tables) -> BuiltNetwork | None:
        """This one, if it was made of that very configuration, by these tables; else None."""
        return self if self._network is network and self._tables == tables else None

    @cached_property
    def lines(self) -> Sequence[Topology]:
        """The topology of each dimension, also where a graph spells them out; else none."""
        if self._network.graph is None:
            return self.dimensions
        return recognition.spelled_dimensions(self._network, self._tables.routers)
