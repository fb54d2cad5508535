"""Remove dependencies that go in a circle, as few as can easily be told.

A recording can't hold a circle, but a wrong one can, or two recordings linked to one trace.
"""

from collections.abc import Iterator, Mapping, Sequence

from .edges import Edges


def remove_cycles(edges: Edges, places: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Remove, of each circle, the dependencies that go against the nodes' order.

    Args:
        edges: what each node waits for.
        places: each node's place in the order in which the nodes began.

    Returns:
        the removed ones: node, and what it waited for.
    """
    removed: list[tuple[int, int]] = []
    for component in _Components({node: edges.of(node) for node in places}).found:
        members = set(component)
        for node in component:
            for needs in edges.of(node):
                if needs in members and places[needs] >= places[node]:
                    edges.remove(node, needs)
                    removed.append((node, needs))
    return tuple(sorted(removed))


class _Components:
    """The strongly connected components of two nodes or more (Tarjan, without recursion).

    Args:
        graph: each node's targets.
    """

    def __init__(self, graph: Mapping[int, Sequence[int]]) -> None:
        self.found: list[list[int]] = []
        self._graph = graph
        self._index: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._path: list[int] = []
        self._on_path: set[int] = set()
        for root in graph:
            if root not in self._index:
                self._search(root)

    def _search(self, root: int) -> None:
        calls = [self._enter(root)]
        while calls:
            node, targets = calls[-1]
            target = next(targets, None)
            if target is None:
                calls.pop()
                self._leave(node)
                if calls:
                    caller = calls[-1][0]
                    self._low[caller] = min(self._low[caller], self._low[node])
            elif target not in self._index:
                calls.append(self._enter(target))
            elif target in self._on_path:
                self._low[node] = min(self._low[node], self._index[target])

    def _enter(self, node: int) -> tuple[int, Iterator[int]]:
        self._index[node] = self._low[node] = len(self._index)
        self._path.append(node)
        self._on_path.add(node)
        return node, iter(self._graph[node])

    def _leave(self, node: int) -> None:
        if self._low[node] != self._index[node]:
            return
        start = len(self._path) - 1
        while self._path[start] != node:
            start -= 1
        component = self._path[start:]
        del self._path[start:]
        self._on_path.difference_update(component)
        if len(component) > 1:
            self.found.append(component)
