"""The search for the choices of the least time."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from simastra.simulation.selection.search import least

TIMES = st.lists(st.integers(0, 50), min_size=12, max_size=12)
SLACKS = st.lists(st.integers(0, 20), min_size=12, max_size=12)


@given(times=TIMES, slacks=SLACKS)
def test_few_combinations_are_all_looked_at(times: list[int], slacks: list[int]) -> None:
    combinations = list(product("abc", "wxyz"))
    known = dict(zip(combinations, times, strict=True))
    bounds = {it: max(0, known[it] - slack) for it, slack in zip(combinations, slacks, strict=True)}
    asked: list[tuple[str, ...]] = []

    def time(it: tuple[str, ...]) -> int:
        asked.append(it)
        return known[it]

    tried = least(["abc", "wxyz"], bounds.__getitem__, time)
    assert len(tried) == len(combinations)
    assert tried[0].time == min(times)
    assert len(asked) == len(set(asked))
    for it in tried:
        assert it.time == known[it.options] if it.options in asked else it.bound > min(times)
    timed = [it.time for it in tried if it.time is not None]
    assert timed == sorted(timed)


def test_of_equals_the_one_listed_first_is_taken() -> None:
    tried = least(["ab", "ab"], lambda it: 0, lambda it: 7)
    assert tried[0].options == ("a", "a")


@given(times=TIMES)
def test_of_many_no_single_change_is_faster(times: list[int]) -> None:
    known = dict(zip(product("abc", "abcd"), times, strict=True))
    tried = least(["abc", "abcd"], lambda it: 0, known.__getitem__, most=5)
    (inner, outer), found = tried[0].options, tried[0].time
    assert found is not None
    assert all(known[it, outer] >= found for it in "abc")
    assert all(known[inner, it] >= found for it in "abcd")
