"""Dependencies between ET nodes: which are free to run.

What NPUs with the same trace can share is a `DependencyGraph`; what differs, `TraceProgress`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, compress, count, islice
from operator import attrgetter, gt, lt, not_

from simastra.trace.nodes import Node

_FINISHED = -1
"""Stands for the number of unfinished parents of a node that has finished itself."""


class Children:
    """For each node, the indices of the nodes that wait for it, ascending.

    They lie one node's after the other's, 4 bytes each: a list for each node takes ten times that.

    Args:
        starts: where each node's begin, and one more for the end of the last one's.
        flat: all of them.
        come_later: whether they all come after the node that they wait for; None if it has to be
            found out.
    """

    __slots__ = ("_all", "_come_later", "_starts")

    def __init__(
        self, starts: array[int], flat: array[int], *, come_later: bool | None = None
    ) -> None:
        self._starts = starts
        self._all = flat
        self._come_later = come_later

    @classmethod
    def of(cls, parents: Sequence[Sequence[int]]) -> Children:
        """The same relation the other way round.

        Args:
            parents: for each node, those that it waits for.
        """
        counts = [0] * len(parents)
        for indices in parents:
            for parent in indices:
                counts[parent] += 1
        starts = array("i", accumulate(counts, initial=0))
        flat = array("i", [0]) * starts[-1]
        free = starts[:]
        for index, indices in enumerate(parents):
            for parent in indices:
                flat[free[parent]] = index
                free[parent] += 1
        return cls(starts, flat)

    @property
    def flat(self) -> tuple[array[int], array[int]]:
        """Where each node's begin, and one more for the end of the last one's; and all of them."""
        return self._starts, self._all

    @property
    def come_later(self) -> bool:
        """Whether every node waits for nodes of lower ids only, as most tools number them."""
        if self._come_later is None:
            starts = self._starts
            parents = list(map(lt, starts, islice(starts, 1, None)))
            lowest = map(self._all.__getitem__, compress(starts, parents))
            self._come_later = all(map(gt, lowest, compress(count(), parents)))
        return self._come_later

    def __getitem__(self, index: int) -> Sequence[int]:
        return self._all[self._starts[index] : self._starts[index + 1]]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[Sequence[int]]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Children):
            return NotImplemented
        return self._starts == other._starts and self._all == other._all

    __hash__ = None  # type: ignore[assignment]  # that is how a class says so


class DependencyGraph:
    """The nodes of one trace in order of their ids, and who waits for whom.

    Args:
        nodes: of one NPU, checked (simastra.trace.check_nodes).
        with_ctrl_deps: whether control dependencies hold a node back too.

    Attributes:
        nodes: in order of their ids.
        children: for each node, indices of the nodes that wait for it.
        parents: how many nodes each waits for.

    A dependency that is listed twice counts once (ASTRA-sim never frees the node, 7.2 #8).
    """

    def __init__(self, nodes: Sequence[Node], *, with_ctrl_deps: bool) -> None:
        self.nodes: Sequence[Node] = tuple(sorted(nodes, key=attrgetter("id")))
        parents = _parents(self.nodes, with_ctrl_deps=with_ctrl_deps)
        self.children = Children.of(parents)
        self.parents = array("i", map(len, parents))

    @classmethod
    def between(
        cls, nodes: Sequence[Node], children: Children, parents: array[int]
    ) -> DependencyGraph:
        """The graph of nodes whose dependencies are known.

        Args:
            nodes: in order of their ids.
            children: as of a graph.
            parents: as of a graph.
        """
        graph = cls.__new__(cls)
        graph.nodes, graph.children, graph.parents = nodes, children, parents
        return graph

    def with_nodes(self, nodes: Sequence[Node]) -> DependencyGraph:
        """The same dependencies between other nodes, which have the same ids.

        Args:
            nodes: in order of their ids.
        """
        graph = self.between(nodes, self.children, self.parents)
        graph._roots = self._roots  # found once for all of them
        return graph

    def index_of(self, node: Node) -> int:
        """The index of the node that has the id of `node`."""
        return bisect_left(self.nodes, node.id, key=attrgetter("id"))

    def has_shape_of(self, other: DependencyGraph) -> bool:
        """Whether as many nodes wait for each other in the same way, whatever their ids."""
        return self.children is other.children or self.children == other.children

    @property
    def roots(self) -> list[int]:
        """Indices of the nodes that wait for none, ascending; a list of the caller's own."""
        return list(self._roots)

    @cached_property
    def _roots(self) -> tuple[int, ...]:
        return tuple(compress(count(), map(not_, self.parents)))


class TraceProgress:
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
        self._blocked_by = array("i", graph.parents)

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


def _parents(nodes: Sequence[Node], *, with_ctrl_deps: bool) -> list[Sequence[int]]:
    """For each node, the indices of those that it waits for."""
    index_of = {node.id: index for index, node in enumerate(nodes)}
    parents: list[Sequence[int]] = []
    for node in nodes:
        needed = node.data_deps + node.ctrl_deps if with_ctrl_deps else node.data_deps
        if len(needed) > 1:
            needed = tuple(dict.fromkeys(needed))
        parents.append([index_of[parent] for parent in needed] if needed else ())
    return parents
