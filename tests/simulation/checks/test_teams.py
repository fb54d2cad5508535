"""How what the members of a team ask for differs."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from simastra.simulation.checks.teams import Team, first_difference
from simastra.simulation.memberships import Asked, Asking, Scope
from simastra.trace import CollectiveType

A, B, C = (Asked(CollectiveType.ALL_REDUCE, size, None, None) for size in (1, 2, 3))


def team(*plans: Sequence[Asked]) -> Team:
    """Of NPUs 10, 20 and so on."""
    askings = (Asking(plan, range(len(plan))) for plan in plans)
    return Team(Scope(0, None), {10 * npu: plan for npu, plan in enumerate(askings, 1)})


plans = st.lists(st.lists(st.sampled_from([A, B, C]), max_size=3), min_size=2, max_size=4)


@given(st.lists(st.integers(0, 1), max_size=4), st.lists(st.integers(0, 1), max_size=4))
def test_the_first_difference_is_where_both_have_something(one: list[int], two: list[int]) -> None:
    place = first_difference(one, two)
    alike = min(len(one), len(two)) if place is None else place
    assert one[:alike] == two[:alike]
    assert place is None or one[place] != two[place]


@given(plans)
def test_uneven_are_those_that_are_not_asked_for_equally_often(given: list[list[Asked]]) -> None:
    of = team(*given)
    found = {it.asked: it for it in of.uneven}
    for asked in (A, B, C):
        counts = {npu: plan.asked.count(asked) for npu, plan in of.plans.items()}
        assert (asked in found) == (len(set(counts.values())) > 1)
        if asked in found:
            told = {npu: count for count, npus in found[asked].counts for npu in npus}
            assert told == counts
            sizes = [len(npus) for _, npus in found[asked].counts]
            assert sizes == sorted(sizes)
            assert found[asked].fewest == found[asked].counts[0][1]


def test_of_equally_many_npus_those_that_ask_more_often_come_first() -> None:
    (uneven,) = team([A, A], [A]).uneven
    assert uneven.counts == [(2, [10]), (1, [20])]


@given(plans)
def test_lacking_and_surplus_make_the_usual_plan(given: list[list[Asked]]) -> None:
    of = team(*given)
    for npu, plan in of.plans.items():
        counts = Counter(plan.asked)
        assert counts + of.lacking(npu) == counts | Counter(of.usual)
        if len(given) > 2:
            assert counts - of.surplus(npu) == counts & Counter(of.usual)
        assert (npu in of.odd) == (len(plan.asked) != len(of.usual))
        place = of.differs_from(npu)
        assert list(plan.asked[:place]) == list(of.usual[:place])
        assert list(plan.asked[place : place + 1]) != list(of.usual[place : place + 1]) or (
            plan.asked == list(of.usual)
        )
    assert of.ask_equally_often == (len({len(plan) for plan in given}) == 1)


def test_the_usual_plan_is_most_members_and_of_several_the_longest() -> None:
    assert team([A], [B], [A]).usual == (A,)
    assert team([A], [A, B]).usual == (A, B)
    assert team([A, B], [A], [A]).odd == [10]


def test_of_two_members_neither_is_usual() -> None:
    two = team([A, A], [A, B])
    assert (two.surplus(10), two.surplus(20)) == (Counter([A]), Counter([B]))


def test_the_last_node_that_asks_is_the_last_in_order() -> None:
    assert Asking([A, B, A, C], [5, 9, 3, 7]).last(A) == 3
