"""Points to begin with, and points instead of others, beside their definitions."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.sweep.modes.encoding import Encoding
from simastra.sweep.modes.first_points import covering, farthest
from simastra.sweep.modes.nearest import Nearest
from simastra.sweep.study.axes import Axis
from simastra.sweep.study.key_paths import KeyPath


def encoding(*counts: int, names: int = 0) -> Encoding:
    """Of axes with so many numbers each, and one with so many names."""
    key = (KeyPath.parse("generate.tp"),)
    axes = [Axis(f"axis{at}", key, tuple(range(count))) for at, count in enumerate(counts)]
    named = tuple(f"name {it}" for it in range(names))
    return Encoding([*axes, Axis("named", key, named)] if names else axes)


def test_far_points_are_the_corners() -> None:
    grid = encoding(5, 3)
    found = farthest(grid, list(range(15)), 4)
    assert sorted(map(grid.places, found)) == [(0, 0), (0, 2), (4, 0), (4, 2)]


def test_what_covers_a_line_lies_in_its_middle() -> None:
    assert covering(encoding(9), list(range(9)), 1) == [4]
    assert sorted(covering(encoding(9), list(range(9)), 9)) == list(range(9))


@pytest.mark.parametrize("design", [farthest, covering])
def test_first_points_differ_and_are_of_those_given(
    design: Callable[[Encoding, list[int], int], list[int]],
) -> None:
    some = [3, 40, 7, 22, 59, 11]
    assert sorted(design(encoding(5, 4, names=3), some, 10)) == sorted(some)
    assert len(set(design(encoding(5, 4, names=3), some, 4))) == 4


COUNTS = st.lists(st.integers(2, 4), min_size=1, max_size=3)


@given(COUNTS, st.data())
def test_the_nearest_point_is_allowed_and_none_is_nearer(
    counts: list[int], data: st.DataObject
) -> None:
    grid = encoding(*counts, names=3)
    size = grid.number_at([it - 1 for it in grid.counts]) + 1
    allowed = data.draw(st.sets(st.integers(0, size - 1)))
    taken = data.draw(st.sets(st.integers(0, size - 1)))
    start = data.draw(st.integers(0, size - 1))
    found = Nearest(grid, allowed.__contains__, seed=1).to(start, lambda it: it not in taken)
    steps = {it: _steps(grid, start, it) for it in allowed - taken}
    assert (found is None) == (not steps)
    if found is not None:
        assert steps[found] == min(steps.values())


def _steps(grid: Encoding, one: int, other: int) -> int:
    """How many values of single axes lie between two points."""
    places = zip(grid.places(one), grid.places(other), grid.is_ordered, strict=True)
    return sum(abs(a - b) if ordered else int(a != b) for a, b, ordered in places)
