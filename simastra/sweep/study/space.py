"""The points of a study: all combinations of its axes' values, as far as conditions allow them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .axes import Axis, Setting, Value


@dataclass(frozen=True, slots=True)
class SpaceCondition:
    """What a point must meet.

    Attributes:
        axes: names of those whose values it must know.
        holds: whether a setting of these, and perhaps of others, meets it.
    """

    axes: frozenset[str]
    holds: Callable[[Setting], bool]


@dataclass(frozen=True)
class Space:
    """Settings by number: the first axis is the outermost, so the last one changes fastest.

    Attributes:
        axes: what is varied.
        conditions: what a setting must meet.
    """

    axes: tuple[Axis, ...]
    conditions: Sequence[SpaceCondition] = ()

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

    def allows(self, setting: Setting) -> bool:
        """Whether a setting meets all conditions.

        Raises:
            ConfigError: that can't be said.
        """
        return all(it.holds(setting) for it in self.conditions)

    def numbers(self) -> Iterator[int]:
        """Numbers of those that conditions allow, ascending.

        A condition is asked as soon as its axes have their values, so that of a large space few
        settings are looked at if conditions allow few.
        """
        return self._from(0, 0, {})

    def _from(self, depth: int, number: int, setting: dict[str, Value]) -> Iterator[int]:
        """Those in which the outer axes have the values of `setting`."""
        if depth == len(self.axes):
            yield number
            return
        axis, conditions = self.axes[depth], self._decided.get(depth, ())
        for at, value in enumerate(axis.values):
            setting[axis.name] = value
            if all(it.holds(setting) for it in conditions):
                yield from self._from(depth + 1, number * len(axis.values) + at, setting)

    @cached_property
    def _decided(self) -> Mapping[int, list[SpaceCondition]]:
        """Conditions by the innermost axis that they must know."""
        decided: dict[int, list[SpaceCondition]] = {}
        for condition in self.conditions:
            known = [at for at, axis in enumerate(self.axes) if axis.name in condition.axes]
            decided.setdefault(max(known, default=0), []).append(condition)
        return decided
