"""From a network configuration to a topology, and to a backend's options.

To add a backend: one file with a `Network`, one line in `BACKENDS` (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simastra.config import NetworkConfig, Part, PartOptions, read_options
from simastra.deferred import deferred
from simastra.engine import Environment, Probe
from simastra.errors import InputError
from simastra.suggestions import unknown_name

from .backend import Backend, MakeNetwork, Queueing
from .base import Network
from .congestion_aware import CongestionAware
from .congestion_unaware import CongestionUnaware
from .fluid_options import FluidOptions
from .timing import LinkTiming
from .topology import (
    TOPOLOGIES,
    MakeTopology,
    Topology,
    TopologyEntry,
    check_routes,
    product,
)

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices

    from . import build_graph, calibrated, fluid
    from .link_events import LinkEvents, aware, unaware
    from .link_events import fluid as changing_fluid
    from .routing import MakeRouter, RouterEntry
else:  # few networks are graphs, and most have another backend
    build_graph = deferred("simastra.network.build_graph")
    calibrated = deferred("simastra.network.calibrated")
    fluid = deferred("simastra.network.fluid")
    aware = deferred("simastra.network.link_events.aware")  # in few runs links change
    unaware = deferred("simastra.network.link_events.unaware")
    changing_fluid = deferred("simastra.network.link_events.fluid")


def _fluid(env: Environment, topology: Topology, probe: Probe, options: FluidOptions) -> Network:
    return fluid.Fluid(env, topology, probe, options)


def _calibrated(env: Environment, topology: Topology, probe: Probe, prices: Prices) -> Network:
    return calibrated.CalibratedNetwork(env, topology, probe, prices)


def _changing_aware(
    env: Environment, topology: Topology, probe: Probe, events: LinkEvents
) -> Network:
    return aware.ChangingAware(env, topology, probe, events)


def _changing_unaware(
    env: Environment, topology: Topology, probe: Probe, events: LinkEvents
) -> Network:
    return unaware.ChangingUnaware(env, topology, probe, events)


def _changing_fluid(
    env: Environment, topology: Topology, probe: Probe, options: FluidOptions, events: LinkEvents
) -> Network:
    return changing_fluid.ChangingFluid(env, topology, probe, options, events)


BACKENDS: dict[str, Backend] = {
    "congestion-aware": Backend(
        CongestionAware,
        Queueing.AT_LINKS,
        is_exact=True,
        respects_bandwidth=True,
        is_compiled=True,
        changing=_changing_aware,
        about="messages queue at links",
    ),
    "congestion-unaware": Backend(
        CongestionUnaware,
        Queueing.NOWHERE,
        is_exact=True,
        is_compiled=True,
        changing=_changing_unaware,
        about="messages don't meet",
    ),
    "fluid": Backend(
        _fluid,
        Queueing.SHARED,
        is_exact=True,
        respects_bandwidth=True,
        options=FluidOptions,
        changing=_changing_fluid,
        about="messages share links at once, by max-min fairness",
    ),
    "calibrated": Backend(
        _calibrated,
        Queueing.NOWHERE,
        is_calibrated=True,
        about="times as measured, of --calibration",
    ),
}
"""Network backends by their name on the command line."""


def build_dimensions(
    config: NetworkConfig, topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES
) -> tuple[Topology, ...]:
    """The topology of each dimension, looked up by name, with its links priced; none of a graph.

    Raises:
        ConfigError: if a name isn't in `topologies`, or its options aren't what it takes, or, of
            a topology of one's own, a route doesn't lead where it should.
    """
    dimensions = []
    for index, part in enumerate(config.topologies):
        key = f"topology[{index}]"
        if part.name not in topologies:
            raise config.error(unknown_name("topology", part.name, topologies), key)
        if config.graph is not None:
            continue
        entry = TopologyEntry.of(topologies[part.name])
        options = read_options(part, entry.options, config.error, key)
        link = LinkTiming(config.latency[index], config.bytes_per_ns[index])
        made = entry.build(config.npus_count[index], link, options)
        if topologies[part.name] != TOPOLOGIES.get(part.name):  # equal: another process has copies
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
    config: NetworkConfig,
    topologies: Mapping[str, TopologyEntry | MakeTopology] = TOPOLOGIES,
    routers: Mapping[str, RouterEntry | MakeRouter] | None = None,
) -> Topology:
    """The whole network: a product of its dimensions, or a graph.

    Raises:
        ConfigError: as `build_dimensions`; of a graph, if its router isn't in `routers`, takes
            other options, or doesn't find the ways, or there are none. None for our own routers.
    """
    return whole_network(config, build_dimensions(config, topologies), routers)


def whole_network(
    config: NetworkConfig,
    dimensions: Sequence[Topology],
    routers: Mapping[str, RouterEntry | MakeRouter] | None = None,
) -> Topology:
    """As `build_topology`, of dimensions that are built already.

    Raises:
        ConfigError: as there.
    """
    if config.graph is None:
        return product(dimensions)
    return build_graph.graph_topology(config, config.graph, routers)


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
