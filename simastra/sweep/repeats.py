"""Points that differ in seeds alone, and how far they scatter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from math import fsum
from typing import Any, NamedTuple

from .status import FAILED
from .study.objectives import Objective
from .study.statistic import STATISTICS
from .values import is_number


class Repeats(NamedTuple):
    """Points that differ in seeds alone: their rows, and an objective's numbers there."""

    places: Sequence[int]
    numbers: Sequence[float]

    @property
    def mean(self) -> float:
        """Of the numbers."""
        return fsum(self.numbers) / len(self.numbers)

    @property
    def range(self) -> float:
        """From the least to the most, as a part of the mean."""
        mean = abs(self.mean)
        return (max(self.numbers) - min(self.numbers)) / mean if mean else 0.0


class Scatter(NamedTuple):
    """How far points scatter that differ in seeds alone, each group's range as a part of its mean.

    Attributes:
        groups: of such points, two or more each.
        mean: of the ranges.
        most: the widest range.
        best: the group whose mean is best: a single best point may only have been lucky.
    """

    groups: int
    mean: float
    most: float
    best: Repeats


def scatter_of(
    numbers: Sequence[float | None], fixed: Sequence[Sequence[object]], objective: Objective
) -> Scatter | None:
    """How far points scatter that differ in seeds alone; None where no two do.

    Args:
        numbers: the objective at each point; None where it isn't known.
        fixed: the values of each axis that chooses no seed, for each point.
        objective: which of the numbers are better.
    """
    repeats = list(_repeats(numbers, fixed))
    if not repeats:
        return None
    ranges = [it.range for it in repeats]
    best = min(repeats, key=lambda it: objective.cost(it.mean))
    return Scatter(len(ranges), fsum(ranges) / len(ranges), max(ranges), best)


def _repeats(
    numbers: Sequence[float | None], fixed: Sequence[Sequence[object]]
) -> Iterator[Repeats]:
    """The groups of two or more."""
    groups: dict[str, list[tuple[int, float]]] = {}
    for place, (number, *key) in enumerate(zip(numbers, *fixed, strict=True)):
        if number is not None:
            groups.setdefault(json.dumps(key, sort_keys=True), []).append((place, number))
    for group in groups.values():
        if len(group) > 1:
            yield Repeats([place for place, _ in group], [number for _, number in group])


def together(
    given: Sequence[Any], groups: Iterable[Sequence[int]], statistic: str
) -> Sequence[Any]:
    """A column with a row for each group of repeats, whose places are given.

    Of numbers that differ it has a statistic of theirs (a name of `STATISTICS`), else what all
    repeats have: nothing, unless one of them has failed.
    """
    return [_together([given[at] for at in group], statistic) for group in groups]


def _together(values: Sequence[Any], statistic: str) -> Any:
    if all(it == values[0] for it in values):
        return values[0]
    if all(map(is_number, values)):
        return STATISTICS[statistic](values)
    return next((it for it in values if it in FAILED), None)
