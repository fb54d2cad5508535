"""The points of a study: all combinations of its axes' values, as far as conditions allow them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .axes import Axis, Setting


@dataclass(frozen=True, slots=True)
class Space:
    """Settings by number: the first axis is the outermost, so the last one changes fastest.

    Attributes:
        axes: what is varied.
        allows: whether a setting meets the study's conditions.
    """

    axes: tuple[Axis, ...]
    allows: Callable[[Setting], bool]

    @property
    def size(self) -> int:
        """How many settings there are, those included that conditions don't allow."""
        return math.prod(len(axis.values) for axis in self.axes)

    def setting(self, number: int) -> Setting:
        """One of them.

        Raises:
            IndexError: there is none of that number.
        """
        if not 0 <= number < self.size:
            raise IndexError(f"{number} is no point: there are {self.size}")
        values = []
        for axis in reversed(self.axes):
            number, at = divmod(number, len(axis.values))
            values.append((axis.name, axis.values[at]))
        return dict(reversed(values))

    def numbers(self) -> Iterator[int]:
        """Numbers of those that conditions allow, ascending."""
        return (number for number in range(self.size) if self.allows(self.setting(number)))
