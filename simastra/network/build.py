"""From a network configuration to a backend that runs.

To add a backend: one file with a `Network`, one line in `BACKENDS` (docs/extending.md).
"""

from collections.abc import Mapping

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.names import unknown_name

from .aware import CongestionAware
from .backend import Backend, Queueing
from .base import Network
from .grid import Grid
from .topology import TOPOLOGIES, Topology
from .unaware import CongestionUnaware


def _aware(env: Environment, config: NetworkConfig, grid: Grid, probe: Probe) -> Network:
    return CongestionAware(env, grid, config.latency, config.bytes_per_ns, probe)


def _unaware(env: Environment, config: NetworkConfig, grid: Grid, _probe: Probe) -> Network:
    return CongestionUnaware(env, grid, config.latency, config.bytes_per_ns)


BACKENDS: dict[str, Backend] = {
    "congestion-aware": Backend(_aware, Queueing.AT_LINKS, is_exact=True),
    "congestion-unaware": Backend(_unaware, Queueing.NOWHERE, is_exact=True),
}
"""Network backends by their name on the command line."""


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
