"""Pareto fronts: what nothing is better than in every respect.

Of two points one *dominates* the other if it is no worse in anything and better in something
(Ehrgott, Multicriteria Optimization, 2005, 2.1). Points that are equal don't dominate each other:
all of them are on the front, or none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Costs: TypeAlias = tuple[float, ...]
"""Values of a point's objectives; smaller is better in each."""


def dominates(first: Costs, second: Costs) -> bool:
    """Whether one point is no worse than another in anything, and better in something."""
    return first != second and all(one <= other for one, other in zip(first, second, strict=True))


class CostFront:
    """The front of points that have been added: each point's costs once.

    Args:
        points: to begin with.
    """

    def __init__(self, points: Iterable[Costs] = ()) -> None:
        self._points: list[Costs] = []
        for costs in points:
            self.add(costs)

    @property
    def points(self) -> Sequence[Costs]:
        """Their costs, ascending."""
        return self._points

    def add(self, costs: Costs) -> None:
        """Add a point, unless another dominates it; those that it dominates go."""
        if costs in self._points or self.dominates(costs):
            return
        self._points = [it for it in self._points if not dominates(costs, it)]
        self._points.insert(bisect_right(self._points, costs), costs)

    def dominates(self, costs: Costs) -> bool:
        """Whether one of them dominates a point."""
        # What dominates comes before: points are in lexicographic order.
        before = self._points[: bisect_right(self._points, costs)]
        return any(dominates(it, costs) for it in reversed(before))


def pareto(points: Sequence[Costs]) -> list[int]:
    """Return the places of those that no other dominates, ascending."""
    front = set(CostFront(points).points)
    return [place for place, costs in enumerate(points) if costs in front]
