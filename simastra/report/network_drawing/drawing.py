"""What is drawn and where, of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network_graph import NetworkGraph
from simastra.network_graph.drawn import device_graph, first_part
from simastra.view.network import Canvas, NetworkLayout, graph_layout
from simastra.view.phrases import part_shown

from .lines import Line, lines_of

HEIGHT = 600
_MOST_NPUS, _MOST_OTHERS, _MOST_LINES = 1536, 1536, 5000
WIDE = 1.9
"""How many times as wide as high a picture with rows of switches is."""

_CANVAS = Canvas(HEIGHT / 2, reach=HEIGHT / 2 - 40, radius=150, largest=14.0, digits=1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn and where.

    Attributes:
        graph: what is drawn of the network.
        layout: where its devices lie.
        lines: its links.
        width: of the picture; its height is `HEIGHT`.
        left_out: what of the network isn't drawn, in words; empty if nothing.
    """

    graph: NetworkGraph
    layout: NetworkLayout
    lines: Sequence[Line]
    width: float
    left_out: str


def drawing_of(graph: NetworkGraph, npus_count: Sequence[int] = ()) -> Drawing:
    """Lay a network out; of one too large to be seen the first NPUs, and it is said.

    Args:
        graph: the network.
        npus_count: NPUs along each logical dimension, by which they lie where there is no switch.
    """
    shown = first_part(graph, _MOST_NPUS, _MOST_OTHERS)
    layout = graph_layout(device_graph(shown), _CANVAS, npus_count, wide=WIDE)
    lines = lines_of(shown)
    said = [
        part_shown(shown.npus, graph.npus, "NPUs", "the first"),
        part_shown(
            shown.devices - shown.npus,
            graph.devices - graph.npus,
            "other devices",
            "those next to them",
        ),
        part_shown(min(len(lines), _MOST_LINES), len(lines), "links between these", "the first"),
    ]
    return Drawing(
        shown,
        layout,
        lines[:_MOST_LINES],
        HEIGHT * layout.canvas.stretch,
        " ".join(filter(None, said)),
    )
