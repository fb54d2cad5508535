"""Interpolation: through the knots, within them, and as PCHIP is defined."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.calibration.interpolation import LogCurve, linear

knots = st.lists(
    st.tuples(st.integers(1, 2**40), st.floats(1e-3, 1e9)),
    min_size=1,
    max_size=20,
    unique_by=lambda it: it[0],
).map(sorted)


@given(knots)
def test_it_passes_through_its_knots(knots: list[tuple[int, float]]) -> None:
    curve = LogCurve(*zip(*knots, strict=True))
    for size, time in knots:
        assert curve(size) == time


@given(knots, st.floats(0, 1))
def test_between_two_knots_it_stays_between_their_times(
    knots: list[tuple[int, float]], share: float
) -> None:
    curve = LogCurve(*zip(*knots, strict=True))
    for (a, low), (b, high) in pairwise(knots):
        time = curve(math.exp((1 - share) * math.log(a) + share * math.log(b)))
        assert min(low, high) * (1 - 1e-9) <= time <= max(low, high) * (1 + 1e-9)


def test_a_power_of_the_size_is_met_everywhere() -> None:
    curve = LogCurve([1, 8, 64, 100, 1000], [size**0.7 for size in (1, 8, 64, 100, 1000)])
    for size in (2, 50, 99, 500):
        assert curve(size) == pytest.approx(size**0.7, rel=1e-12)


def test_it_is_fritsch_and_carlsons() -> None:
    # By hand for y = 0, 1, 1, 4 at x = 0, 1, 2, 4: slopes 3/2, 0, 0, 5/2.
    x, y = [0, 1, 2, 4], [0.0, 1.0, 1.0, 4.0]
    curve = LogCurve([math.exp(it) for it in x], [math.exp(it) for it in y])
    assert math.log(curve(math.exp(0.5))) == pytest.approx(0.6875)
    assert math.log(curve(math.exp(1.5))) == pytest.approx(1.0)
    assert math.log(curve(math.exp(3.0))) == pytest.approx(1.875)


def test_a_line_goes_from_point_to_point() -> None:
    assert [linear(x, [1, 2], [5, 7]) for x in (0, 1, 1.25, 2, 3)] == [5, 5, 5.5, 7, 7]
