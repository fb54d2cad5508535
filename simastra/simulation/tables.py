"""The tables that names in configuration files are looked up in, and further entries for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from simastra.collectives import ALGORITHMS, AlgorithmEntry
from simastra.config import MemoryType
from simastra.memory import MEMORY_MODELS, MakeMemory, MemoryModel
from simastra.network import BACKENDS, Backend, MakeNetwork
from simastra.network.topology import TOPOLOGIES, MakeTopology, TopologyEntry
from simastra.quick_dataclass import dataclass

if TYPE_CHECKING:
    from simastra.network.routing import MakeRouter, RouterEntry


@dataclass(frozen=True, slots=True)
class Tables:
    """Where names are looked up. To use something of your own, give a table with it added.

    >>> from simastra.collectives import RingAlgorithm
    >>> tables = Tables(algorithms={**ALGORITHMS, "mine": AlgorithmEntry(RingAlgorithm())})

    Attributes:
        topologies: by their names in the network YAML; a bare class is one without options.
        algorithms: by their names in the system JSON.
        backends: by their names on the command line; a bare function is a `Backend` that declares
            nothing.
        memories: by their types in the remote-memory JSON.
        routers: by their names in the graph of a network; a bare class is one without options.
            None for `simastra.network.routing.ROUTERS`, which only graphs import.
    """

    topologies: Mapping[str, TopologyEntry | MakeTopology] = field(
        default_factory=lambda: TOPOLOGIES
    )
    algorithms: Mapping[str, AlgorithmEntry] = field(default_factory=lambda: ALGORITHMS)
    backends: Mapping[str, Backend | MakeNetwork] = field(default_factory=lambda: BACKENDS)
    memories: Mapping[MemoryType, MemoryModel | MakeMemory | None] = field(
        default_factory=lambda: MEMORY_MODELS
    )
    routers: Mapping[str, RouterEntry | MakeRouter] | None = None
