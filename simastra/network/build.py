"""From a network configuration to a topology, and to a backend's options.

To add a backend: one file with a `Network`, one line in `BACKENDS` (docs/extending.md).
"""

from collections.abc import Mapping

from simastra.config import NetworkConfig, Part, PartOptions, read_options
from simastra.errors import InputError
from simastra.suggestions import unknown_name

from .backend import Backend, MakeNetwork, Queueing
from .congestion_aware import CongestionAware
from .congestion_unaware import CongestionUnaware
from .timing import LinkTiming
from .topology import (
    TOPOLOGIES,
    MakeTopology,
    Topology,
    TopologyEntry,
    check_routes,
    product,
)

BACKENDS: dict[str, Backend] = {
    "congestion-aware": Backend(CongestionAware, Queueing.AT_LINKS, is_exact=True),
    "congestion-unaware": Backend(CongestionUnaware, Queueing.NOWHERE, is_exact=True),
}
"""Network backends by their name on the command line."""


def build_dimensions(
    config: NetworkConfig, topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES
) -> tuple[Topology, ...]:
    """The topology of each dimension, looked up by name, with its links priced.

    Raises:
        ConfigError: if a name isn't in `topologies`, or its options aren't what it takes, or, of
            a topology of one's own, a route doesn't lead where it should.
    """
    dimensions = []
    for index, part in enumerate(config.topologies):
        key = f"topology[{index}]"
        if part.name not in topologies:
            raise config.error(unknown_name("topology", part.name, topologies), key)
        entry = TopologyEntry.of(topologies[part.name])
        options = read_options(part, entry.options, config.error, key)
        link = LinkTiming(config.latency[index], config.bytes_per_ns[index])
        made = entry.build(config.npus_count[index], link, options)
        if topologies[part.name] is not TOPOLOGIES.get(part.name):
            _check_own(made, config, key)
        dimensions.append(made)
    return tuple(dimensions)


def _check_own(topology: Topology, config: NetworkConfig, key: str) -> None:
    """Check what isn't in our own table, whose routes tests vouch for.

    Raises:
        ConfigError: if a route is wrong.
    """
    try:
        check_routes(topology)
    except InputError as error:
        raise config.error(str(error), key) from None


def build_topology(
    config: NetworkConfig, topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES
) -> Topology:
    """The whole network, a product of its dimensions.

    Raises:
        ConfigError: as `build_dimensions`.
    """
    return product(build_dimensions(config, topologies))


def backend_options(
    config: NetworkConfig, name: str, backends: Mapping[str, Backend | MakeNetwork] = BACKENDS
) -> PartOptions | None:
    """What the network file tells the backend of that name; None if it takes no options.

    Raises:
        ConfigError: if the file tells something to a backend that isn't in `backends`, or not what
            this one takes.
    """
    told = {part.name: part for part in config.backend_options}
    for other in told:
        if other not in backends:
            problem = unknown_name("backend", other, backends)
            raise config.error(problem, f"backend_options.{other}")
    part = told.get(name, Part(name))
    model = Backend.of(backends[name]).options
    return read_options(part, model, config.error, f"backend_options.{name}")
