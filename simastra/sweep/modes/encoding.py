"""Points as a sampler sees them: a number of each axis' values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simastra.sweep.study.axes import Axis, Value


class Encoding:
    """Numbers the values of axes: in their order where that is one of numbers, else just names.

    A sampler may then take values that lie side by side for alike, whatever lies between them: an
    axis on a logarithmic scale has as many steps at either end.

    Args:
        axes: of a study.
    """

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._axes = [axis for axis in axes if len(axis.values) > 1]
        self._all = axes

    def distributions(self, optuna: Any) -> dict[str, Any]:
        """What Optuna chooses each axis from."""
        made = optuna.distributions
        return {
            axis.name: made.IntDistribution(0, len(axis.values) - 1)
            if is_ordered(axis.values)
            else made.CategoricalDistribution(range(len(axis.values)))
            for axis in self._axes
        }

    def number(self, chosen: Mapping[str, int]) -> int:
        """The number of the point that is chosen, in the order of the grid."""
        number = 0
        for axis in self._all:
            number = number * len(axis.values) + chosen.get(axis.name, 0)
        return number


def is_ordered(values: Sequence[Value]) -> bool:
    """Whether values are numbers that ascend, or descend."""
    numbers = [it for it in values if isinstance(it, int | float) and not isinstance(it, bool)]
    return len(numbers) == len(values) and numbers in (sorted(numbers), sorted(numbers)[::-1])
