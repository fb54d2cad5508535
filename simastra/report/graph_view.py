"""A trace as a graph to be drawn: all of it, or a window that a person can look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simastra.errors import TraceError
from simastra.trace import Node, NodeType

from .critical_path import critical_path


@dataclass(frozen=True, slots=True)
class ViewNode:
    """A node of the picture.

    Attributes:
        id: of the ET node.
        label: its name.
        type: decides the colour.
        duration: recorded, in ns.
        critical: whether it is on the critical path of the whole trace.
    """

    id: int
    label: str
    type: NodeType
    duration: int
    critical: bool


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A dependency: `child` waits for `parent`.

    Attributes:
        parent: id of the ET node that comes first.
        child: id of the one that waits.
        control: whether it is a control dependency rather than one of data.
        critical: whether the critical path goes along it.
    """

    parent: int
    child: int
    control: bool
    critical: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture of a trace, or of a part of it.

    Attributes:
        nodes: in the order of the trace.
        edges: those between `nodes`, by child.
        total: how many nodes the trace has.
    """

    nodes: tuple[ViewNode, ...]
    edges: tuple[GraphEdge, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GraphWindow:
    """Which part of a trace is shown.

    Attributes:
        around: id of the ET node in the middle; None for the beginning of the trace.
        depth: how many dependencies away from it a node may be, in either direction.
        max_nodes: how many nodes at most, those nearest to the middle, or of the lowest ids.
    """

    around: int | None = None
    depth: int = 3
    max_nodes: int = 1000


def graph_of(nodes: Sequence[Node], window: GraphWindow, source: str) -> Graph:
    """Return the part of one NPU's nodes that the window shows.

    A dependency on a node that the trace doesn't hold is left out. A trace whose dependencies go in
    a circle has no critical path.

    Raises:
        TraceError: the trace has no node `window.around`.
    """
    path = critical_path(nodes)
    chain = path.nodes if path else ()
    steps = set(pairwise(chain))
    shown = _shown(nodes, window, source)
    kept = [node for node in nodes if node.id in shown]
    on_chain = set(chain)
    return Graph(
        tuple(
            ViewNode(node.id, node.name, node.type, node.exact_duration, node.id in on_chain)
            for node in kept
        ),
        tuple(
            GraphEdge(parent, node.id, control, (parent, node.id) in steps)
            for node in kept
            for control, parents in ((False, node.data_deps), (True, node.ctrl_deps))
            for parent in dict.fromkeys(parents)
            if parent in shown
        ),
        len(nodes),
    )


def _shown(nodes: Sequence[Node], window: GraphWindow, source: str) -> set[int]:
    if window.around is None:
        return set(sorted(node.id for node in nodes)[: window.max_nodes])
    neighbours: dict[int, list[int]] = {node.id: [] for node in nodes}
    if window.around not in neighbours:
        raise TraceError(
            f"the trace has no node {window.around} to show; {_known(neighbours)}", source=source
        )
    for node in nodes:
        for parent in node.data_deps + node.ctrl_deps:
            if parent in neighbours:
                neighbours[parent].append(node.id)
                neighbours[node.id].append(parent)
    return _nearest(neighbours, window)


def _nearest(neighbours: Mapping[int, Iterable[int]], window: GraphWindow) -> set[int]:
    assert window.around is not None
    distance = {window.around: 0}
    queue = [window.around]
    for node in queue:  # which grows meanwhile
        if distance[node] == window.depth:
            break
        for neighbour in neighbours[node]:
            if neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                queue.append(neighbour)
    return set(queue[: window.max_nodes])


def _known(ids: Iterable[int]) -> str:
    found = sorted(ids)
    return f"its ids lie between {found[0]} and {found[-1]}" if found else "it is empty"
