"""Points as a sampler sees them: a number of each axis' values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from simastra.sweep.study.axes import Axis, Value

Places: TypeAlias = tuple[int, ...]
"""Of a point: which of its values each axis has that has several."""


class Encoding:
    """Numbers the values of axes: in their order where that is one of numbers, else just names.

    A sampler may then take values that lie side by side for alike, whatever lies between them: an
    axis on a logarithmic scale has as many steps at either end.

    Args:
        axes: of a study.

    Attributes:
        is_ordered: of each axis that has several values, whether they are numbers in order.
        counts: how many values each of these has.
    """

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._axes = [axis for axis in axes if len(axis.values) > 1]
        self.is_ordered = [is_ordered(axis.values) for axis in self._axes]
        self.counts = [len(axis.values) for axis in self._axes]

    def distributions(self, optuna: Any) -> dict[str, Any]:
        """What Optuna chooses each axis from."""
        made = optuna.distributions
        return {
            axis.name: made.IntDistribution(0, count - 1)
            if ordered
            else made.CategoricalDistribution(range(count))
            for axis, count, ordered in zip(self._axes, self.counts, self.is_ordered, strict=True)
        }

    def number(self, chosen: Mapping[str, int]) -> int:
        """The number of the point that is chosen, in the order of the grid."""
        return self.number_at([chosen[axis.name] for axis in self._axes])

    def number_at(self, places: Sequence[int]) -> int:
        """The same of its places; an axis of one value changes no number."""
        number = 0
        for place, count in zip(places, self.counts, strict=True):
            number = number * count + place
        return number

    def places(self, number: int) -> Places:
        """The inverse of `number_at`."""
        found = []
        for count in reversed(self.counts):
            number, place = divmod(number, count)
            found.append(place)
        return tuple(reversed(found))

    def chosen(self, number: int) -> dict[str, int]:
        """The inverse of `number`: what Optuna is given so that it chooses that point."""
        names = (axis.name for axis in self._axes)
        return dict(zip(names, self.places(number), strict=True))

    def distance(self, one: Places, other: Places) -> float:
        """How unlike two points are: an axis from end to end counts 1, as other names do."""
        return math.hypot(
            *(
                (a - b) / (count - 1) if ordered else float(a != b)
                for a, b, count, ordered in zip(
                    one, other, self.counts, self.is_ordered, strict=True
                )
            )
        )


def is_ordered(values: Sequence[Value]) -> bool:
    """Whether values are numbers that ascend, or descend."""
    numbers = [it for it in values if isinstance(it, int | float) and not isinstance(it, bool)]
    return len(numbers) == len(values) and numbers in (sorted(numbers), sorted(numbers)[::-1])
