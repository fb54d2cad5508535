"""Files that a network file names in turn: a graph in another spelling, a router's table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.config import NetworkConfig
from simastra.deferred import deferred
from simastra.network_graph import NetworkGraph, RoutingChoice

if TYPE_CHECKING:
    from simastra.network import routing
    from simastra.network.routing import static_table
else:  # few networks are graphs
    routing = deferred("simastra.network.routing")
    static_table = deferred("simastra.network.routing.static_table")


def files_named(network: NetworkConfig) -> tuple[str, ...]:
    """The files, whether they can be read or not; what own routers name is not known here."""
    graph = network.graph
    if graph is None:
        return ()
    others = () if graph.source in ("", str(network.source)) else (graph.source,)
    return (
        *others,
        *(str(static_table.folder_of_routing(graph) / path) for _, path in _paths(graph.routing)),
    )


def with_routing_for(graph: NetworkGraph, folder: Path) -> NetworkGraph:
    """The same graph, as a file in another folder has to name the files of its routing."""
    here = static_table.folder_of_routing(graph)
    moved = {
        option: os.path.relpath(here / path, folder)
        for option, path in _paths(graph.routing)
        if not Path(path).is_absolute() and here.resolve() != folder.resolve()
    }
    if not moved:
        return graph
    choice = replace(graph.routing, options={**graph.routing.options, **moved})
    return replace(graph, routing=choice)


def _paths(choice: RoutingChoice) -> Iterator[tuple[str, str]]:
    """The options that name files."""
    entry = routing.ROUTERS.get(choice.name)
    model = None if entry is None else entry.options
    for option in () if model is None else model.paths:
        if isinstance(path := choice.options.get(option), str):
            yield option, path
