"""A column holds the numbers that it was made of, each in 8 bytes where that is enough."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.number_column import number_column
from simastra.on_demand import AT_ONCE


@given(st.lists(st.integers(-(2**64), 2**64)))
def test_it_holds_the_numbers(numbers: list[int]) -> None:
    column = number_column(iter(numbers))
    assert list(column) == numbers
    assert isinstance(column, array) == all(-(2**63) <= it < 2**63 for it in numbers)


@pytest.mark.parametrize("place", [0, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_one_that_is_too_large_changes_no_other(place: int) -> None:
    numbers = list(range(2 * AT_ONCE + 5))
    numbers[place] = 2**63
    assert number_column(numbers) == numbers
