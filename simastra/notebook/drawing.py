"""A network drawn from its file alone, before anything is simulated."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.config import NetworkConfig
from simastra.network.expansion import expanded_graph
from simastra.network_graph import NetworkGraph
from simastra.report.network_drawing import description, network_svg


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A picture that a notebook shows where it is a cell's value.

    Attributes:
        svg: of it, which needs nothing else.
    """

    svg: str

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def draw(network: NetworkConfig | NetworkGraph, title: str = "") -> NetworkDrawing:
    """Draw a network: NPUs in hosts, switches in rows above them, links by kind and bandwidth.

    Of a very large one a part is drawn, and the picture says which.

    Args:
        network: a network of dimensions, one that is a graph, or the graph itself.
        title: what stands above it; its numbers of devices and links, if left out.

    Raises:
        ConfigError: if its topologies have no links that can be listed.
    """
    if isinstance(network, NetworkGraph):
        return NetworkDrawing(network_svg(network, title or description(network)))
    graph = expanded_graph(network)
    return NetworkDrawing(network_svg(graph, title or description(graph), network.npus_count))
