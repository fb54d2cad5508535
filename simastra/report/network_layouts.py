"""Where the devices of a network lie, whether it is a product of dimensions or a graph."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.config import NetworkConfig
from simastra.network_graph.drawn import device_graph
from simastra.view.network import UNIT, Canvas, NetworkLayout, graph_layout
from simastra.view.network import network_layout as product_layout


def layout_of(
    network: NetworkConfig,
    links: Iterable[tuple[int, int]],
    canvas: Canvas = UNIT,
    *,
    wide: float = 1.0,
) -> NetworkLayout:
    """Return where to draw the devices of a network.

    Args:
        network: it.
        links: those to be drawn, by their ends; a graph lies where it does, whichever these are.
        canvas: what is drawn on.
        wide: how many times as wide as high a picture with rows of switches is.
    """
    if network.graph is None:
        return product_layout(network.npus_count, links, canvas)
    return graph_layout(device_graph(network.graph), canvas, network.npus_count, wide=wide)
