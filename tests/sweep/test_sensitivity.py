"""What the variance of a column comes from: against examples by hand, and its laws."""

import random
from itertools import product
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simastra.sweep.sensitivity import Sensitivity, sensitivity


def grid(**axes: list[int]) -> dict[str, list[int]]:
    """A column for each axis, over all combinations; the first is the outermost."""
    rows = list(product(*axes.values()))
    return {name: [row[place] for row in rows] for place, name in enumerate(axes)}


def whole(it: Sensitivity) -> float:
    """The sum of all parts."""
    assert it.higher is not None
    assert it.repeats is not None
    main = [part for part in it.main.values() if part is not None]
    return fsum([*main, *it.pairs.values(), it.higher, it.repeats])


def test_two_axes_by_hand() -> None:
    # Means of rows 2 and 6, of columns 3 and 5, of all 4; what is left is +1 or -1 in each cell.
    found = sensitivity("y", [2, 2, 4, 8], grid(a=[0, 1], b=[0, 1]))
    assert found.variance == 6  # (4 + 4 + 0 + 16) / 4
    assert found.main == {"a": pytest.approx(4 / 6), "b": pytest.approx(1 / 6)}
    assert found.pairs == {("a", "b"): pytest.approx(1 / 6)}
    assert (found.higher, found.repeats) == (0, 0)
    assert found.total == {"a": pytest.approx(5 / 6), "b": pytest.approx(2 / 6)}
    assert [(it.value, it.mean, it.points) for it in found.levels["b"]] == [(0, 3, 2), (1, 5, 2)]


def test_three_axes_that_only_do_something_together_by_hand() -> None:
    axes = grid(a=[-1, 1], b=[-1, 1], c=[-1, 1])
    values = [a * b * c for a, b, c in zip(*axes.values(), strict=True)]
    found = sensitivity("y", values, axes)
    assert set(found.main.values()) == {0}
    assert set(found.pairs.values()) == {0}
    assert (found.higher, found.repeats) == (1, 0)


def test_repeats_by_hand() -> None:
    # Two points a cell, 1 apart from its mean; the means are 1 and 5.
    found = sensitivity("y", [0, 2, 4, 6], {"a": [0, 0, 1, 1]})
    assert found.is_full
    assert found.variance == 5
    assert found.main == {"a": pytest.approx(4 / 5)}
    assert found.repeats == pytest.approx(1 / 5)


def test_a_missing_combination_leaves_estimates_and_says_so() -> None:
    axes = grid(a=[0, 1, 2], b=[0, 1])
    found = sensitivity("y", [0, 1, 10, 11, 20, None], axes)
    assert not found.is_full
    assert (found.points, found.pairs, found.higher, found.repeats) == (5, {}, None, None)
    # Between the means 0.5, 10.5, 20 of 2, 2 and 1 points: 291.2 of 292.2, less 2 * 1 / 2 of 1.
    assert found.main["a"] == pytest.approx((291.2 - 1) / 292.2, abs=1e-3)
    # Alike in a: 0 and 1, 10 and 11, each 0.5 from their mean.
    assert found.total["b"] == pytest.approx(0.25 / found.variance)


def test_an_axis_with_a_value_for_each_point_is_not_guessed_at() -> None:
    found = sensitivity("y", [3, 1, 2, 9], {"a": ["p", "q", "r", "s"], "b": [0, 0, 0, 1]})
    assert found.main["a"] is None


def test_numbers_that_are_many_are_taken_together() -> None:
    draw = random.Random(1)
    a, b = ([draw.random() for _ in range(400)] for _ in range(2))
    found = sensitivity("y", [3 * x + y for x, y in zip(a, b, strict=True)], {"a": a, "b": b})
    assert not found.is_full
    assert found.main["a"] == pytest.approx(0.9, abs=0.05)
    assert found.main["b"] == pytest.approx(0.1, abs=0.05)


def test_what_has_no_influence_is_estimated_as_having_none() -> None:
    draw = random.Random(7)
    parts = []
    for _ in range(200):
        values = [draw.random() for _ in range(60)]
        axis = [draw.randrange(6) for _ in range(60)]
        part = sensitivity("y", values, {"a": axis, "b": [draw.random() for _ in values]}).main["a"]
        parts.append(part or 0)
    assert fsum(parts) / len(parts) < 0.04  # 0.085 without taking off what chance gives


def test_a_constant_and_nothing_at_all() -> None:
    found = sensitivity("y", [5, 5], {"a": [0, 1], "b": [3, 3]})
    assert (found.variance, found.main) == (0, {"a": 0})
    assert sensitivity("y", [None, float("nan")], {"a": [0, 1]}).points == 0
    assert sensitivity("y", [], {}).main == {}


def test_values_may_be_lists_and_mappings() -> None:
    axis = [[25, 500], [25, 500], {"a": 1}, {"a": 1}]
    found = sensitivity("y", [1, 1, 2, 2], {"machine": axis})
    assert found.main == {"machine": 1}
    assert [it.value for it in found.levels["machine"]] == [[25, 500], {"a": 1}]


sizes = st.lists(st.integers(2, 4), min_size=1, max_size=4)
numbers = st.floats(-1e9, 1e9)


@given(sizes, st.data())
@settings(max_examples=60, deadline=None)
def test_the_parts_sum_to_the_variance_on_a_full_grid(
    counts: list[int], data: st.DataObject
) -> None:
    axes = grid(**{f"axis{place}": list(range(count)) for place, count in enumerate(counts)})
    points = len(axes["axis0"])
    values = data.draw(st.lists(numbers, min_size=points, max_size=points))
    repeated = data.draw(st.sampled_from([1, 2]))
    found = sensitivity(
        "y",
        [it + shift for shift in range(repeated) for it in values],
        {name: given * repeated for name, given in axes.items()},
    )
    assert found.is_full
    if found.variance > 1e-3:
        assert whole(found) == pytest.approx(1, abs=1e-6)


@given(sizes, st.data())
@settings(max_examples=60, deadline=None)
def test_an_additive_function_has_no_interactions(counts: list[int], data: st.DataObject) -> None:
    axes = grid(**{f"axis{place}": list(range(count)) for place, count in enumerate(counts)})
    terms = {
        name: data.draw(st.lists(st.integers(-99, 99), min_size=count, max_size=count))
        for name, count in zip(axes, counts, strict=True)
    }
    rows = zip(*axes.values(), strict=True)
    values = [sum(terms[name][at] for name, at in zip(axes, row, strict=True)) for row in rows]
    found = sensitivity("y", values, axes)
    assert all(part < 1e-9 for part in found.pairs.values())
    assert (found.higher or 0) < 1e-9


@given(sizes, st.randoms(use_true_random=False), st.floats(-100, 100), st.floats(0.1, 100))
@settings(max_examples=40, deadline=None)
def test_neither_order_nor_unit_matters(
    counts: list[int], draw: random.Random, shift: float, scale: float
) -> None:
    axes = grid(**{f"axis{place}": list(range(count)) for place, count in enumerate(counts)})
    values = [draw.randrange(1000) for _ in axes["axis0"]]
    order = list(range(len(values)))
    draw.shuffle(order)
    one = sensitivity("y", values, axes)
    other = sensitivity(
        "y",
        [shift + scale * values[at] for at in order],
        {name: [given[at] for at in order] for name, given in axes.items()},
    )
    if one.variance:
        assert other.main == pytest.approx(one.main, abs=1e-9)
        assert other.pairs == pytest.approx(one.pairs, abs=1e-9)
