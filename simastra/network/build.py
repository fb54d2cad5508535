"""From a network configuration to a backend that runs.

To add a backend: one file with a `Network`, one function here, one line in `BACKENDS`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.names import unknown_name

from .aware import CongestionAware
from .base import Network
from .grid import Grid
from .topology import TOPOLOGIES, Topology
from .unaware import CongestionUnaware


def _aware(env: Environment, config: NetworkConfig, grid: Grid, probe: Probe) -> Network:
    return CongestionAware(env, grid, config.latency, config.bytes_per_ns, probe)


def _unaware(env: Environment, config: NetworkConfig, grid: Grid, _probe: Probe) -> Network:
    return CongestionUnaware(env, grid, config.latency, config.bytes_per_ns)


MakeNetwork: TypeAlias = Callable[[Environment, NetworkConfig, Grid, Probe], Network]
"""Makes a backend for a network of that configuration and shape."""

BACKENDS: dict[str, MakeNetwork] = {
    "congestion-aware": _aware,
    "congestion-unaware": _unaware,
}
"""Network backends by their name on the command line."""

_KNOWN: tuple[tuple[MakeNetwork, bool], ...] = ((_aware, True), (_unaware, False))
"""The backends that shortcuts know, and whether messages queue at links."""


def has_links(make: MakeNetwork) -> bool | None:
    """Whether messages queue at the links of a backend; None where nothing is known about it.

    What makes it tells a backend, not its name: any name of the table may be given another.
    """
    return next((links for known, links in _KNOWN if known is make), None)


def build_grid(
    config: NetworkConfig, topologies: Mapping[str, type[Topology]] = TOPOLOGIES
) -> Grid:
    """Look the topologies up by name.

    Raises:
        ConfigError: if a name isn't in `topologies`.
    """
    shapes = []
    for dimension, name in enumerate(config.topology):
        if name not in topologies:
            problem = unknown_name("topology", name, topologies)
            raise config.error(problem, f"topology[{dimension}]")
        shapes.append(topologies[name](config.npus_count[dimension]))
    return Grid(tuple(shapes))
