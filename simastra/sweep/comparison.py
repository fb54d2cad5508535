"""Which of some points are best: of all, or of each part of those that are alike in some axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import fsum

from simastra.view.table import Cell

from .pruning import pareto
from .values import cell_of


def alike_in(axes: Sequence[Sequence[object]], points: int) -> dict[tuple[Cell, ...], list[int]]:
    """The places of points that have the same values of some axes, by these.

    >>> alike_in([["a", "b", "a"]], points=3)
    {('a',): [0, 2], ('b',): [1]}
    """
    parts: dict[tuple[Cell, ...], list[int]] = {}
    for place in range(points):
        key = tuple(cell_of(axis[place]) for axis in axes)
        parts.setdefault(key, []).append(place)
    return parts


def best_of_each(
    parts: Iterable[Sequence[int]], costs: Sequence[float | None]
) -> Iterator[list[int]]:
    """Of each part the places of those that cost least; of one without costs, nothing."""
    for part in parts:
        least = min((it for at in part if (it := costs[at]) is not None), default=None)
        if least is not None:
            yield [at for at in part if costs[at] == least]


def parts_of_means(
    numbers: Sequence[float | None], parts: Iterable[Sequence[int]]
) -> list[float | None]:
    """Numbers, each as a part of the mean of those in its part; 0 where that is 0."""
    relative = list(numbers)
    for part in parts:
        known = [it for at in part if (it := numbers[at]) is not None]
        mean = fsum(known) / len(known) if known else 0.0
        for at in part:
            if (number := numbers[at]) is not None:
                relative[at] = number / mean if mean else 0.0
    return relative


def front_of(costs: Sequence[Sequence[float] | None]) -> list[int]:
    """Which of some points no other is better than: their places, ascending.

    Args:
        costs: of each point, one for each objective, the less the better; None for one that has
            none, which is not on the front.

    >>> front_of([(1, 9), (5, 5), (5, 6), None, (9, 1), (1, 9)])
    [0, 1, 4, 5]
    """
    known = [at for at, it in enumerate(costs) if it is not None]
    return [known[at] for at in pareto([tuple(costs[at] or ()) for at in known])]
