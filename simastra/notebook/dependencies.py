"""What waits for what in a trace, as a picture: nodes from left to right, longest way first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.palette.nodes import node_colour
from simastra.report.graph_view import Graph, GraphEdge, GraphWindow, ViewNode, graph_of
from simastra.trace import Node, Trace, TraceBuilder
from simastra.units import NpuId, ns_to_micros
from simastra.view.colours import CRITICAL
from simastra.view.html import Markup, element
from simastra.view.network import Point
from simastra.view.phrases import left_out

_WIDTH, _HEIGHT = 140, 38  # of a node's box
_ACROSS, _DOWN = 185, 52  # from one box to the next
_LONGEST = 20  # letters of a name
_MARGIN = 8
_EDGE = "#7a8594"


@dataclass(frozen=True, slots=True)
class DependencyPicture:
    """A picture that a notebook shows where it is a cell's value.

    Attributes:
        svg: of it.
    """

    svg: str

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def dependencies(
    trace: Trace | TraceBuilder | Sequence[Node],
    *,
    npu: NpuId = 0,
    around: int | None = None,
    depth: int = 3,
    most: int = 60,
) -> DependencyPicture:
    """Draw the nodes of one NPU; each stands to the right of all that it waits for.

    Red is the critical path: the chain of dependencies with the longest durations in the trace,
    with no network or machine in sight. Control dependencies are dashed.

    Args:
        trace: of all NPUs, or the nodes of one.
        npu: whose nodes are drawn, of a `Trace`.
        around: id of the node in the middle; the nodes of the lowest ids, if left out.
        depth: how many dependencies away from it a node may be.
        most: how many nodes are drawn at most.

    Raises:
        TraceError: there is no node `around`.
    """
    nodes = _nodes(trace, npu)
    graph = graph_of(nodes, GraphWindow(around, depth, most), f"NPU {npu}")
    places = _places(graph)
    width = max((place.x for place in places.values()), default=0) + _WIDTH + _MARGIN
    height = max((place.y for place in places.values()), default=0) + _HEIGHT + _MARGIN
    rest = left_out(graph.total - len(graph.nodes), "nodes")
    note = element("text", rest, x=_MARGIN, y=height + 12)
    svg = element(
        "svg",
        *(_edge(edge, places) for edge in graph.edges),
        *(_box(node, places[node.id]) for node in graph.nodes),
        *((note,) if rest else ()),
        width=width,
        height=height + 16,
        font_family="sans-serif",
        font_size=11,
        role="img",
        aria_label=f"{len(graph.nodes)} nodes and their dependencies",
    )
    return DependencyPicture(svg)


def _nodes(trace: Trace | TraceBuilder | Sequence[Node], npu: NpuId) -> Sequence[Node]:
    match trace:
        case Trace():
            return trace.npus[npu]
        case TraceBuilder():
            return trace.nodes
        case _:
            return trace


def _places(graph: Graph) -> dict[int, Point]:
    """Left upper corners: as many columns to the right as the longest chain before is long."""
    parents: defaultdict[int, list[int]] = defaultdict(list)
    for edge in graph.edges:
        parents[edge.child].append(edge.parent)
    columns = _columns([node.id for node in graph.nodes], parents)
    filled: defaultdict[int, int] = defaultdict(int)
    places = {}
    for node in graph.nodes:
        column = columns[node.id]
        places[node.id] = Point(_MARGIN + column * _ACROSS, _MARGIN + filled[column] * _DOWN)
        filled[column] += 1
    return places


def _columns(ids: Sequence[int], parents: Mapping[int, Sequence[int]]) -> dict[int, int]:
    columns = dict.fromkeys(ids, 0)
    for _ in ids:  # no chain is longer than that; nodes in a circle stay where they are then
        moved = False
        for node in ids:
            column = max((columns[parent] + 1 for parent in parents.get(node, ())), default=0)
            if column != columns[node] and column < len(ids):
                columns[node], moved = column, True
        if not moved:
            break
    return columns


def _box(node: ViewNode, place: Point) -> Markup:
    name = node.label if len(node.label) <= _LONGEST else f"{node.label[: _LONGEST - 1]}…"
    lasts = f"{ns_to_micros(node.duration):g} µs" if node.duration else node.type.name
    middle = place.x + _WIDTH / 2
    return element(
        "g",
        element("title", f"{node.type.name} {node.id}: {node.label}"),
        element(
            "rect",
            x=place.x,
            y=place.y,
            width=_WIDTH,
            height=_HEIGHT,
            rx=6,
            fill=node_colour(node.type),
            stroke=CRITICAL if node.critical else _EDGE,
            stroke_width=2 if node.critical else 1,
        ),
        element("text", f"{node.id}: {name}", x=middle, y=place.y + 16, text_anchor="middle"),
        element("text", lasts, x=middle, y=place.y + 30, text_anchor="middle", opacity=0.7),
    )


def _edge(edge: GraphEdge, places: Mapping[int, Point]) -> Markup:
    start, end = places[edge.parent], places[edge.child]
    x1, y1 = start.x + _WIDTH, start.y + _HEIGHT / 2
    x2, y2 = end.x, end.y + _HEIGHT / 2
    half = (x1 + x2) / 2
    return element(
        "path",
        d=f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}",
        fill="none",
        stroke=CRITICAL if edge.critical else _EDGE,
        stroke_width=2 if edge.critical else 1,
        stroke_dasharray="4 3" if edge.control else None,
    )
