"""Whether what a part says of itself counts: only where nothing came in between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from simastra.promises import is_just, states


class Base:
    """Promises nothing."""

    is_even = False

    def count(self) -> int:
        return 1


class Even(Base):
    """Keeps its promise."""

    is_even = True

    def count(self) -> int:
        return 2 * self.half()

    def half(self) -> int:
        return 1


class Same(Even):
    """Changes nothing."""

    __slots__ = ()


class Helper(Even):
    """Changes what the promise rests upon."""

    def half(self) -> float:  # type: ignore[override]  # the point
        return 0.5


class Beside(Base):
    """Comes between a class and its base in a mixture."""

    def half(self) -> int:
        return 3


class Behind(Even, Beside):
    """Says nothing itself, but its line of classes is another."""


class Renewed(Helper):
    """Promises anew."""

    is_even = True


@dataclass
class Holding(Base):
    """Has data of its own, one of which is computed when it is first asked for."""

    is_even = True
    times: int = 2

    @cached_property
    def table(self) -> list[int]:
        return [self.times]


def test_a_class_states_what_its_body_says() -> None:
    assert states(Base(), "is_even")
    assert states(Even(), "is_even")
    assert states(Renewed(), "is_even")
    assert not states(Even(), "is_odd")


def test_a_class_that_changes_nothing_inherits_it() -> None:
    assert states(Same(), "is_even")
    assert is_just(Same(), Even)


def test_a_class_that_changes_anything_does_not() -> None:
    assert not states(Helper(), "is_even")
    assert not is_just(Helper(), Even)
    assert not states(Behind(), "is_even")
    assert not is_just(Behind(), Even)
    assert not is_just(Beside(), Even)


def test_a_method_of_one_object_takes_its_promise_away_and_data_do_not() -> None:
    even = Even()
    even.extra = 7  # type: ignore[attr-defined]  # nobody's
    assert states(even, "is_even")
    even.half = lambda: 1  # type: ignore[method-assign]
    assert not states(even, "is_even")
    holding = Holding(times=4)
    assert holding.table == [4]
    assert states(holding, "is_even")
