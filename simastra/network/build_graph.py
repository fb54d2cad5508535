"""From a graph to a topology, by the router that it names.

To add a router: one file with a `Router`, one line in `ROUTERS` (docs/extending.md).
"""

from collections.abc import Mapping

from simastra.config import NetworkConfig, Part, read_options
from simastra.errors import ConfigError, InputError
from simastra.network_graph import NetworkGraph, check_connected
from simastra.suggestions import unknown_name

from .routing import ROUTERS, MakeRouter, Router, RouterEntry
from .topology import check_routes
from .topology.graph import GraphTopology

_ROUTING = "graph.routing"


def graph_topology(
    config: NetworkConfig,
    graph: NetworkGraph,
    routers: Mapping[str, RouterEntry | MakeRouter] | None = None,
) -> GraphTopology:
    """The topology of a graph.

    Args:
        config: whose graph it is.
        graph: its graph.
        routers: by their names; None for our own.

    Raises:
        ConfigError: if there is no such router, it takes other options, or there isn't a way from
            each NPU to each; or, of a router of one's own, one doesn't lead where it should.
    """
    known = ROUTERS if routers is None else routers
    topology = GraphTopology(graph, _router(config, graph, known))
    if graph.source not in ("", str(config.source)):  # the network file names it
        topology.files = (graph.source, *topology.files)
    name = graph.routing.name
    if known[name] != ROUTERS.get(name):
        try:
            check_routes(topology)
        except InputError as error:
            raise config.error(str(error), _ROUTING) from None
    return topology


def _router(
    config: NetworkConfig, graph: NetworkGraph, routers: Mapping[str, RouterEntry | MakeRouter]
) -> Router:
    choice = graph.routing
    if choice.name not in routers:
        raise config.error(unknown_name("router", choice.name, routers), _ROUTING)
    try:
        check_connected(graph)
    except InputError as error:
        raise config.error(str(error), "graph") from None
    entry = RouterEntry.of(routers[choice.name])
    part = Part(choice.name, choice.options)
    options = read_options(part, entry.options, config.error, _ROUTING)
    try:
        return entry.build(graph, options)
    except ConfigError:
        raise
    except InputError as error:
        raise config.error(str(error), "graph") from None
