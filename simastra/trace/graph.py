"""Dependencies between ET nodes: which are free to run.

What NPUs with the same trace can share is a `DependencyGraph`; what differs is a `Progress` each.
"""

from collections.abc import Sequence

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

    @property
    def roots(self) -> list[int]:
        """Indices of the nodes that wait for none, ascending."""
        return [index for index, parents in enumerate(self.parents) if not parents]


class Progress:
    """How far one NPU has come in its trace.

    Args:
        graph: the trace's dependencies.

    Attributes:
        left: how many nodes have not finished.
    """

    __slots__ = ("_blocked_by", "graph", "left")

    def __init__(self, graph: DependencyGraph) -> None:
        self.graph = graph
        self.left = len(graph.nodes)
        self._blocked_by = list(graph.parents)

    def finish(self, index: int) -> list[int]:
        """Note that a node has finished; indices of the nodes that are free now because of it."""
        self.left -= 1
        blocked_by = self._blocked_by
        blocked_by[index] = _FINISHED
        freed = []
        for child in self.graph.children[index]:
            blocked_by[child] -= 1
            if not blocked_by[child]:
                freed.append(child)
        return freed

    def is_finished(self, index: int) -> bool:
        """Whether a node has finished."""
        return self._blocked_by[index] == _FINISHED
