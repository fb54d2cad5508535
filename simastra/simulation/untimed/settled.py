"""In which order an NPU begins what communicates, as far as no timing can change it.

An NPU takes the ready node of the lowest id when its communication unit becomes free (behaviour
2.2). Which nodes are ready then can depend on how long computations and other NPUs take. It doesn't
where all that a node waits for has certainly ended by then, and no node of a lower id could be
ready. What is certain is found out step by step: what the nodes begun so far depend on has ended.
So it is with the units of computations, whose orders help.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import chain, pairwise

from simastra.trace import DependencyGraph
from simastra.workload import Program, Resource, SkipOperation, Unit

_MOST_LOOKED_AT = 256
"""Ancestors that are looked at to compare when two nodes are ready; more are no certainty."""


def settled_orders(program: Program, *, at_once: bool) -> Mapping[Unit, Sequence[int]]:
    """For each unit the nodes that need it, in the order in which every run begins them.

    It ends where the next one can depend on the timing.

    Args:
        program: of an NPU.
        at_once: whether nodes that a skipped one frees are looked at in the same pass, as of
            `Dialect.issues_freed_nodes_at_once`.
    """
    known: dict[Unit, Sequence[int]] = {}
    others = {it for it in program.resources if it is not None} - set(Resource)
    computing = (Resource.CPU, Resource.GPU_COMPUTE)
    for unit in (*computing, *sorted(others), Resource.GPU_COMMUNICATION):
        order = _Settling(program, unit, known.values()).order()
        if not at_once:
            # Behind a skipped node others go before those that it frees, whatever their ids.
            skips = (isinstance(program.operations[it], SkipOperation) for it in order)
            order = order[: next((place for place, it in enumerate(skips, 1) if it), len(order))]
        known[unit] = order
    return known


class _Settling:
    """The search for one unit's order; nodes are meant by indices, which ascend with their ids.

    Args:
        program: of the NPU.
        unit: whose order is sought.
        known: orders of other units, in which each node ends before the next one begins.
    """

    def __init__(self, program: Program, unit: Unit, known: Iterable[Sequence[int]]) -> None:
        self._graph = program.graph
        self._needs_unit = [it == unit for it in program.resources]
        self._parents = _parents(program.graph)
        """Nodes that have ended when a node begins."""
        for before, behind in chain.from_iterable(map(pairwise, known)):
            self._parents[behind].append(before)
        self._waits_for = list(program.graph.parents)
        """How many parents are in the unit, or behind such, and haven't been begun."""
        self._has_ended = [False] * len(self._needs_unit)
        """Nodes that have certainly ended when the unit becomes free."""
        self._open_parents: dict[int, int] = {}
        """Of nodes that may be next, how many parents may not have ended then."""
        self._prompt: list[int] = []
        """A heap of those that are certainly ready then."""
        self._later = _Comparable(self._is_ready_before)
        """The others."""

    def order(self) -> Sequence[int]:
        found: list[int] = []
        self._reach(self._graph.roots)
        while (index := self._next()) is not None:
            found.append(index)
            self._end(index)
        return found

    def _next(self) -> int | None:
        """The one that is next in every run, None if there is none."""
        if self._prompt:
            if self._later.nodes and self._later.nodes[0] < self._prompt[0]:
                return None
            return heappop(self._prompt)
        if not self._later.nodes or self._later.has_doubts:
            return None
        first = self._later.nodes[0]
        self._later.remove(first)
        return first

    def _end(self, index: int) -> None:
        """Take the next one for ended, with all that it depends on."""
        self._open_parents.pop(index, None)
        left = [index]
        while left:
            node = left.pop()
            if self._has_ended[node]:
                continue
            self._has_ended[node] = True
            left.extend(self._parents[node])
            for child in self._graph.children[node]:
                self._close(child)
        self._reach(self._freed(index))

    def _close(self, child: int) -> None:
        """One more parent of a node that may be next has certainly ended."""
        if child in self._open_parents:
            self._open_parents[child] -= 1
            if not self._open_parents[child]:
                self._later.remove(child)
                heappush(self._prompt, child)

    def _freed(self, index: int) -> list[int]:
        freed = []
        for child in self._graph.children[index]:
            self._waits_for[child] -= 1
            if not self._waits_for[child]:
                freed.append(child)
        return freed

    def _reach(self, fresh: list[int]) -> None:
        """Go on from nodes whose parents come before the next node, to those that may be it."""
        left = list(fresh)
        while left:
            index = left.pop()
            if not self._needs_unit[index]:
                left.extend(self._freed(index))
                continue
            still_open = sum(not self._has_ended[parent] for parent in self._parents[index])
            if still_open:
                self._open_parents[index] = still_open
                self._later.add(index)
            else:
                heappush(self._prompt, index)

    def _is_ready_before(self, one: int, other: int) -> bool:
        """Whether a node is certainly ready when another is."""
        wanted = {it for it in self._parents[one] if not self._has_ended[it]}
        seen: set[int] = set()
        left = [other]
        while left and wanted and len(seen) < _MOST_LOOKED_AT:
            for parent in self._parents[left.pop()]:
                if parent not in seen and not self._has_ended[parent]:
                    seen.add(parent)
                    wanted.discard(parent)
                    left.append(parent)
        return not wanted


class _Comparable:
    """Nodes by their ids, and of which it isn't certain that they are ready when the next one is.

    Args:
        is_ready_before: whether a node is certainly ready when another one is.
    """

    def __init__(self, is_ready_before: Callable[[int, int], bool]) -> None:
        self.nodes: list[int] = []
        self._is_ready_before = is_ready_before
        self._doubtful: set[tuple[int, int]] = set()

    @property
    def has_doubts(self) -> bool:
        """Whether there is such a node."""
        return bool(self._doubtful)

    def add(self, node: int) -> None:
        """Put a node in its place."""
        place = bisect_left(self.nodes, node)
        before, behind = (
            self.nodes[place - 1 : place] if place else [],
            self.nodes[place : place + 1],
        )
        self._forget(before, behind)
        self.nodes.insert(place, node)
        self._compare(before, [node])
        self._compare([node], behind)

    def remove(self, node: int) -> None:
        """Take a node out."""
        place = bisect_left(self.nodes, node)
        before = self.nodes[place - 1 : place] if place else []
        behind = self.nodes[place + 1 : place + 2]
        self._forget(before, [node])
        self._forget([node], behind)
        del self.nodes[place]
        self._compare(before, behind)

    def _compare(self, one: list[int], other: list[int]) -> None:
        for pair in zip(one, other, strict=False):
            if not self._is_ready_before(*pair):
                self._doubtful.add(pair)

    def _forget(self, one: list[int], other: list[int]) -> None:
        self._doubtful.difference_update(zip(one, other, strict=False))


def _parents(graph: DependencyGraph) -> list[list[int]]:
    parents: list[list[int]] = [[] for _ in graph.nodes]
    for parent, children in enumerate(graph.children):
        for child in children:
            parents[child].append(parent)
    return parents
