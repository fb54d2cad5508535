"""Whether collectives that are alike come in one order, whatever anything takes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from simastra.trace import DependencyGraph
from simastra.workload import Program

_MOST_STEPS = 256
"""Nodes that are looked at on the way from a collective to the next: mostly it is a few."""


class CollectiveOrders:
    """Knows of which collectives the turn is certain among those of their process group.

    Members match them by their turns alone where kind and size are the same.
    """

    def __init__(self) -> None:
        self._certain: dict[int, tuple[Program, frozenset[int]]] = {}
        self._known: dict[tuple[int, Sequence[int]], bool] = {}
        """Of the shape of a graph and places in it: programs that are alike share it."""

    def certain(self, program: Program) -> frozenset[int]:
        """Indices of the collectives that wait for those before them that are like them, and so
        on."""
        known = self._certain.get(id(program))
        if known is None:
            known = self._certain[id(program)] = program, frozenset(self._found(program))
        return known[1]

    def _found(self, program: Program) -> Iterable[int]:
        collectives = program.columns.collectives
        sets: dict[Hashable, list[int]] = {}
        # What is equal is alike; nodes may call it by other words.
        like = [sets.setdefault((it.group, it.kind, it.size), []) for it in collectives.distinct]
        for index, number in zip(collectives.index, collectives.which, strict=True):
            like[number].append(index)
        for places in sets.values():
            key = id(program.template), tuple(places)
            if key not in self._known:
                pairs = pairwise(places)
                self._known[key] = all(leads_to(program.graph, *pair) for pair in pairs)
            if self._known[key]:
                yield from places


def leads_to(graph: DependencyGraph, first: int, last: int) -> bool:
    """Whether a node waits for another; False, too, where that isn't found out quickly.

    Args:
        graph: of an NPU.
        first: index of the other.
        last: its index.
    """
    seen, ready = {first}, [first]
    for index in ready:  # which grows meanwhile
        for child in graph.children[index]:
            if child == last:
                return True
            if child not in seen:
                seen.add(child)
                ready.append(child)
        if len(ready) > _MOST_STEPS:
            break
    return False
