"""Dependencies between ET nodes: which are ready.

What the NPUs that share a trace can share is here; what differs is a `Progress` each.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

from simastra.trace.nodes import Node

_FINISHED = -1
"""Stands for the number of unfinished parents of a node that has finished itself."""


class DependencyGraph:
    """The nodes of one trace in order of their ids, and who waits for whom.

    Args:
        nodes: of one NPU, checked (simastra.trace.check_nodes).
        with_ctrl_deps: whether control dependencies hold a node back too.

    A dependency that is listed twice counts once (ASTRA-sim never frees the node, 9.2 #8).
    """

    def __init__(self, nodes: Sequence[Node], *, with_ctrl_deps: bool) -> None:
        self.nodes = tuple(sorted(nodes, key=lambda node: node.id))
        index_of = {node.id: index for index, node in enumerate(self.nodes)}
        self.children: list[list[int]] = [[] for _ in self.nodes]
        """Indices of the nodes that wait for each node."""
        self.parents = [0] * len(self.nodes)
        """How many nodes each waits for."""
        for index, node in enumerate(self.nodes):
            needed = node.data_deps + node.ctrl_deps if with_ctrl_deps else node.data_deps
            for parent in dict.fromkeys(needed):
                self.children[index_of[parent]].append(index)
                self.parents[index] += 1


class Progress:
    """How far one NPU has come in its trace.

    Args:
        graph: the trace's dependencies.
    """

    __slots__ = ("_blocked_by", "_ready", "graph", "left")

    def __init__(self, graph: DependencyGraph) -> None:
        self.graph = graph
        self.left = len(graph.nodes)
        """Nodes that have not finished."""
        self._blocked_by = list(graph.parents)
        # A heap of indices; the nodes are in order of id, so it yields the lowest id first.
        self._ready = [index for index, parents in enumerate(graph.parents) if not parents]

    def take_ready(self) -> int | None:
        """Index of the ready node with the lowest id, which is then no longer listed."""
        return heappop(self._ready) if self._ready else None

    def take_all_ready(self) -> list[int]:
        """Indices of all ready nodes, ascending, which are then no longer listed."""
        taken = sorted(self._ready)
        self._ready.clear()
        return taken

    @property
    def has_ready(self) -> bool:
        """Whether any node is ready."""
        return bool(self._ready)

    def put_back(self, index: int) -> None:
        """List a node as ready that was taken and could not be issued."""
        heappush(self._ready, index)

    def finish(self, index: int) -> None:
        """Note that a node has finished, and list the children that nothing else holds back."""
        self.left -= 1
        self._blocked_by[index] = _FINISHED
        for child in self.graph.children[index]:
            self._blocked_by[child] -= 1
            if not self._blocked_by[child]:
                heappush(self._ready, child)

    @property
    def ready(self) -> list[int]:
        """Indices of the nodes that are ready and wait for a resource, ascending."""
        return sorted(self._ready)

    def is_finished(self, index: int) -> bool:
        """Whether a node has finished."""
        return self._blocked_by[index] == _FINISHED
