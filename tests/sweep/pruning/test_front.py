"""Pareto fronts, beside their definition."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.sweep.pruning import CostFront, Costs, dominates, pareto

POINTS = st.integers(1, 4).flatmap(
    lambda size: st.lists(st.tuples(*[st.integers(0, 5).map(float)] * size), max_size=25)
)


@given(POINTS)
def test_on_the_front_are_those_that_no_other_dominates(points: list[Costs]) -> None:
    expected = [
        place
        for place, costs in enumerate(points)
        if not any(dominates(other, costs) for other in points)
    ]
    assert pareto(points) == expected


@given(POINTS)
def test_a_front_does_not_depend_on_the_order(points: list[Costs]) -> None:
    assert CostFront(points).points == CostFront(sorted(points, reverse=True)).points
    front = CostFront(points)
    assert all(front.dominates(it) or it in front.points for it in points)


def test_equal_points_are_all_on_it() -> None:
    assert pareto([(1, 2), (1, 2), (2, 1), (2, 2)]) == [0, 1, 2]
