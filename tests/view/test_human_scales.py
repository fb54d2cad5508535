"""Differences as people read them, and what is alike told once."""

import pytest

from simastra.units import KiB
from simastra.view.alike import alike
from simastra.view.human import human_difference, human_size

SIGNS: list[tuple[int, str]] = [(1221, "+1.22 µs"), (-60, "-60 ns"), (0, "0 ns")]


@pytest.mark.parametrize(("time", "told"), SIGNS)
def test_differences_have_a_sign_unless_there_is_none(time: int, told: str) -> None:
    assert human_difference(time) == told


def test_differences_of_sizes_are_shown_as_sizes() -> None:
    assert human_difference(-3 * KiB, human_size) == "-3 KiB"


def test_what_is_alike_has_its_own_numbers() -> None:
    assert alike(["b", "a", "b"], [7, 3, 5]) == {"b": [7, 5], "a": [3]}


def test_each_value_has_a_number() -> None:
    with pytest.raises(ValueError, match="longer"):
        alike(["b", "a"], [7])
