"""The interval functions against the plain notion: a set of ns."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simastra.metrics import Interval, difference, intersection, length, union

INTERVALS = st.lists(st.builds(Interval, st.integers(-20, 40), st.integers(-20, 40)), max_size=8)


def as_set(intervals: tuple[Interval, ...] | list[Interval]) -> set[int]:
    return {time for start, end in intervals for time in range(start, end)}


def is_span_set(spans: tuple[Interval, ...]) -> bool:
    """Whether the intervals ascend, none of them empty and none touching the next."""
    return all(it.start < it.end for it in spans) and all(
        a.end < b.start for a, b in pairwise(spans)
    )


@given(INTERVALS)
def test_a_union_has_the_same_ns_in_its_only_form(intervals: list[Interval]) -> None:
    spans = union(intervals)
    assert as_set(spans) == as_set(intervals)
    assert is_span_set(spans)
    assert union(reversed(intervals)) == spans == union(spans)


@given(INTERVALS)
def test_length_counts_each_ns_once(intervals: list[Interval]) -> None:
    assert length(intervals) == len(as_set(intervals))


@given(INTERVALS, INTERVALS)
def test_an_intersection_has_the_ns_of_both(a: list[Interval], b: list[Interval]) -> None:
    common = intersection(a, b)
    assert as_set(common) == as_set(a) & as_set(b)
    assert is_span_set(common)


@given(INTERVALS, INTERVALS)
def test_a_difference_has_the_ns_of_the_first_alone(a: list[Interval], b: list[Interval]) -> None:
    rest = difference(a, b)
    assert as_set(rest) == as_set(a) - as_set(b)
    assert is_span_set(rest)


def test_intervals_that_touch_become_one() -> None:
    assert union([Interval(5, 9), Interval(0, 5)]) == (Interval(0, 9),)


def test_an_interval_without_ns_does_not_count() -> None:
    backwards = Interval(9, 2)
    assert union([Interval(4, 4), backwards]) == ()
    assert difference([Interval(0, 10)], [backwards]) == (Interval(0, 10),)


def test_long_times_are_exact() -> None:
    assert length([Interval(0, 2**63), Interval(2**63 + 1, 2**64)]) == 2**64 - 1
