"""Which axis moves a column: analysis of variance over a sweep's points.

Where each combination of the axes' values occurs equally often, a column's variance is a sum: a
part for each axis alone (main effects), for each two that do together what neither does alone, for
three and more, and for points that are alike in all axes and still differ (W. Hoeffding, 1948;
I. M. Sobol', 1993, who divides each by the whole). Nothing is drawn at random, so the parts are
exact for the values that the axes have; they say nothing of values in between.

Where combinations are missing, axes may move together, and the sum doesn't hold. What an axis alone
accounts for is then estimated by the correlation ratio, less what chance alone would give it (T. L.
Kelley's epsilon squared, 1935), and of interactions nothing is said. What holds anyway is what an
axis changes where all others stay as they are, which is taken from the points that are so alike.
"""

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import fsum, isfinite, prod
from typing import Any, Self, TypeAlias

Levels: TypeAlias = Sequence[Hashable]
"""For each point, which value of an axis it has."""

_MOST_LEVELS = 8
"""Of an axis that is estimated: numbers that are more are taken together, as many points each."""

_ROUNDING = 1e-12
"""Parts below that are none: they come of adding floats."""


@dataclass(frozen=True, slots=True)
class FactorLevel:
    """One value of an axis: the mean of the points that have it, and how many they are."""

    value: object
    mean: float
    points: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the variance of a column comes from.

    Attributes:
        column: its name.
        points: that have a number there.
        variance: the mean square of their distances from the mean, in the column's unit squared.
        is_full: whether each combination of the axes' values occurs, and equally often.
        main: for each axis that varies, its own part of the variance, between 0 and 1. Estimated
            where not `is_full`; None where a point a value is too few to tell.
        pairs: for each two axes, what they do together beyond their main effects; empty where not
            `is_full`.
        higher: what three and more do together; None where not `is_full`.
        repeats: of points that are alike in all axes; None where not `is_full`.
        total: for each axis, the part among points that are alike in all others: what changing it
            alone changes. None where no two points are. On a full grid that is its own part and all
            interactions that it takes part in (the total effect).
        levels: for each axis, its values with the means of the column.
    """

    column: str
    points: int
    variance: float
    is_full: bool
    main: Mapping[str, float | None]
    pairs: Mapping[tuple[str, str], float]
    higher: float | None
    repeats: float | None
    total: Mapping[str, float | None]
    levels: Mapping[str, Sequence[FactorLevel]]

    def without(self, axes: Collection[str]) -> Self:
        """The same, saying nothing of what some axes do alone."""
        left = [name for name in self.main if name not in axes]
        return replace(
            self,
            main={name: self.main[name] for name in left},
            total={name: self.total[name] for name in left},
            levels={name: self.levels[name] for name in left},
        )

    def parts(self, most: int = 10) -> Iterator[tuple[str, float | None]]:
        """The parts in words: axes, the largest first, then pairs, more at once, and repeats.

        Args:
            most: how many pairs have a part of their own; the others come as one.
        """
        order = sorted(self.main, key=lambda it: (-(self.main[it] or 0), -(self.total[it] or 0)))
        yield from ((name, self.main[name]) for name in order)
        pairs = sorted(self.pairs.items(), key=lambda it: -it[1])
        yield from ((f"{a} \u00d7 {b}", part) for (a, b), part in pairs[:most] if part)
        others = fsum(part for _, part in pairs[most:])
        rest = {
            "other pairs": others,
            "three and more together": self.higher,
            "repeats": self.repeats,
        }
        yield from ((name, part) for name, part in rest.items() if part)


def sensitivity(
    column: str, values: Sequence[float | None], axes: Mapping[str, Sequence[object]]
) -> Sensitivity:
    """Say what the variance of a column comes from.

    Args:
        column: its name.
        values: of each point; None, or what is no finite number, where there is none.
        axes: by name, for each point the value of the axis. Such as never vary are left out.

    >>> both = sensitivity("sum", [0, 1, 2, 3], {"x": [0, 0, 2, 2], "y": [0, 1, 0, 1]})
    >>> both.variance, both.main, both.pairs
    (1.25, {'x': 0.8, 'y': 0.2}, {('x', 'y'): 0.0})
    """
    known = [at for at, it in enumerate(values) if it is not None and isfinite(it)]
    numbers = [float(values[at] or 0) for at in known]
    chosen = {name: [given[at] for at in known] for name, given in axes.items()}
    levels = {name: [_level(it) for it in given] for name, given in chosen.items()}
    levels = {name: given for name, given in levels.items() if len(set(given)) > 1}
    parts = _Parts(numbers)
    shown = {name: _means(chosen[name], given, numbers) for name, given in levels.items()}
    total = {name: parts.alike(levels, name) for name in levels}
    is_full = _is_full(levels, len(numbers))
    alone, pairs, higher, repeats = parts.split(levels) if is_full else parts.estimates(levels)
    return Sensitivity(
        column, len(known), parts.whole, is_full, alone, pairs, higher, repeats, total, shown
    )


_Split: TypeAlias = tuple[
    dict[str, float | None], dict[tuple[str, str], float], float | None, float | None
]


class _Parts:
    """Parts of the variance of numbers, one for each point."""

    def __init__(self, numbers: Sequence[float]) -> None:
        mean = fsum(numbers) / len(numbers) if numbers else 0.0
        self._distances = [it - mean for it in numbers]
        self.whole = self._mean(it * it for it in self._distances)

    def _mean(self, numbers: Iterable[float]) -> float:
        return fsum(numbers) / max(len(self._distances), 1)

    def between(self, *levels: Levels) -> float:
        """The variance of the means of the points that share the levels of some axes."""
        groups: dict[tuple[Hashable, ...], list[float]] = {}
        for key, distance in zip(zip(*levels, strict=True), self._distances, strict=True):
            groups.setdefault(key, []).append(distance)
        return self._mean(fsum(it) ** 2 / len(it) for it in groups.values())

    def split(self, levels: Mapping[str, Levels]) -> _Split:
        """The parts on a full grid: of each axis, of each two, of more, and of repeats."""
        alone = {name: self.between(given) for name, given in levels.items()}
        pairs = {
            (a, b): self.between(levels[a], levels[b]) - alone[a] - alone[b]
            for a, b in combinations(levels, 2)
        }
        cells = self.between(*levels.values()) if levels else 0.0
        higher = cells - fsum(alone.values()) - fsum(pairs.values())
        return (
            {name: self._part(it) for name, it in alone.items()},
            {pair: self._part(it) for pair, it in pairs.items()},
            self._part(higher),
            self._part(self.whole - cells),
        )

    def alike(self, levels: Mapping[str, Levels], axis: str) -> float | None:
        """The part among points that are alike in all axes but one; repeats count by their mean."""
        groups: dict[tuple[Hashable, ...], dict[Hashable, list[float]]] = {}
        others = [given for name, given in levels.items() if name != axis]
        for at, distance in enumerate(self._distances):
            group = groups.setdefault(tuple(given[at] for given in others), {})
            group.setdefault(levels[axis][at], []).append(distance)
        means = [[fsum(it) / len(it) for it in group.values()] for group in groups.values()]
        several = [it for it in means if len(it) > 1]
        squares = fsum((it - fsum(some) / len(some)) ** 2 for some in several for it in some)
        return self._part(squares / sum(map(len, several))) if several else None

    def estimates(self, levels: Mapping[str, Levels]) -> _Split:
        """What can be said where combinations are missing."""
        return {name: self._estimate(_grouped(it)) for name, it in levels.items()}, {}, None, None

    def _estimate(self, levels: Levels) -> float | None:
        count, groups = len(levels), len(set(levels))
        if count <= groups:
            return None
        between = self.between(levels)
        chance = (groups - 1) * (self.whole - between) / (count - groups)
        return self._part(between - chance)

    def _part(self, variance: float) -> float:
        part = variance / self.whole if self.whole > 0 else 0.0
        return min(part, 1.0) if part > _ROUNDING else 0.0


def _is_full(levels: Mapping[str, Levels], points: int) -> bool:
    if not points:
        return False
    counts: dict[tuple[Hashable, ...], int] = {}
    for key in zip(*levels.values(), strict=True):
        counts[key] = counts.get(key, 0) + 1
    wanted = prod(len(set(given)) for given in levels.values())
    return not levels or (len(counts) == wanted and len(set(counts.values())) == 1)


def _level(value: Any) -> Hashable:
    """A value as a key; lists and mappings as their JSON."""
    key: Hashable = json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value
    return key


def _grouped(levels: Levels) -> Levels:
    """Numbers that are many as few groups of neighbours; anything else as it is."""
    numbers = [it for it in levels if isinstance(it, int | float)]
    if len(numbers) < len(levels) or len(set(numbers)) <= _MOST_LEVELS:
        return levels
    ordered = sorted(numbers)
    first: dict[float, int] = {}
    for place, number in enumerate(ordered):
        first.setdefault(number, place * _MOST_LEVELS // len(ordered))
    return [first[it] for it in numbers]


def _means(
    values: Sequence[object], levels: Levels, numbers: Sequence[float]
) -> tuple[FactorLevel, ...]:
    """An axis' values with the means of the numbers, in the order in which they come."""
    groups: dict[Hashable, tuple[object, list[float]]] = {}
    for value, level, number in zip(values, levels, numbers, strict=True):
        groups.setdefault(level, (value, []))[1].append(number)
    return tuple(FactorLevel(value, fsum(it) / len(it), len(it)) for value, it in groups.values())
