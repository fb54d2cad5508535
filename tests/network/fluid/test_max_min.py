"""Max-min fair rates: their certificate, a second implementation, and rates known by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.network.fluid import max_min_rates

Shared = tuple[list[float], list[list[int]], list[int]]


@st.composite
def shared_links(draw: st.DrawFn) -> Shared:
    links = draw(st.lists(st.sampled_from([0.5, 1.0, 12.5, 25.0, 53.6870912]), min_size=1))
    route = st.lists(st.integers(0, len(links) - 1), min_size=1, max_size=5)
    routes = draw(st.lists(route, max_size=12))
    counts = draw(st.lists(st.integers(1, 9), min_size=len(routes), max_size=len(routes)))
    return links, routes, counts


def by_growing_together(
    capacities: list[float], routes: list[list[int]], counts: list[int]
) -> list[Fraction]:
    """The definition, step by step, in fractions: all grow alike until a link is full."""
    rates = [Fraction(0)] * len(routes)
    growing = set(range(len(routes)))
    while growing:
        room = {}
        for link, capacity in enumerate(capacities):
            load = [counts[it] * routes[it].count(link) for it in range(len(routes))]
            used = sum((rates[it] * load[it] for it in range(len(routes))), Fraction(0))
            many = sum(load[it] for it in growing)
            if many:
                room[link] = (Fraction(capacity) - used) / many
        step = min(room.values())
        for it in growing:
            rates[it] += step
        full = {link for link, more in room.items() if more == step}
        growing -= {it for it in growing if full & set(routes[it])}
    return rates


@given(shared=shared_links())
def test_rates_are_those_of_flows_that_grow_together(shared: Shared) -> None:
    expected = by_growing_together(*shared)
    assert max_min_rates(*shared).rates == pytest.approx([float(it) for it in expected], rel=1e-9)


@given(shared=shared_links())
def test_each_flow_crosses_a_full_link_on_which_none_is_faster(shared: Shared) -> None:
    capacities, routes, counts = shared
    rates, bottlenecks = max_min_rates(*shared)
    used = [0.0] * len(capacities)
    fastest = [0.0] * len(capacities)
    for route, rate, count in zip(routes, rates, counts, strict=True):
        for link in route:
            used[link] += rate * count
            fastest[link] = max(fastest[link], rate)
    assert all(it <= capacity * (1 + 1e-9) for it, capacity in zip(used, capacities, strict=True))
    for route, rate, bottleneck in zip(routes, rates, bottlenecks, strict=True):
        assert bottleneck in route
        assert used[bottleneck] == pytest.approx(capacities[bottleneck], rel=1e-9)
        assert rate == pytest.approx(fastest[bottleneck], rel=1e-9)


@given(shared=shared_links())
def test_the_same_numbers_give_the_same_rates_to_the_bit(shared: Shared) -> None:
    assert max_min_rates(*shared) == max_min_rates(*shared)


@given(shared=shared_links(), data=st.data())
def test_flows_of_one_route_may_be_counted_or_listed(shared: Shared, data: st.DataObject) -> None:
    capacities, routes, counts = shared
    listed = [route for route, count in zip(routes, counts, strict=True) for _ in range(count)]
    order = data.draw(st.permutations(range(len(listed))))
    each = max_min_rates(capacities, [listed[it] for it in order]).rates
    counted = max_min_rates(*shared).rates
    together = [rate for rate, count in zip(counted, counts, strict=True) for _ in range(count)]
    assert each == pytest.approx([together[it] for it in order], rel=1e-9)


@pytest.mark.parametrize(
    ("capacities", "routes", "rates"),
    [
        ([50.0], [[0]] * 8, [6.25] * 8),
        ([10.0, 4.0], [[0], [0, 1], [1]], [8, 2, 2]),
        ([1.0, 1.0, 1.0], [[0, 1, 2], [0], [1], [2]], [0.5] * 4),  # the parking lot
        ([1.0, 2.0], [[0, 1], [1], [0]], [0.5, 1.5, 0.5]),
        ([6.0], [[0, 0], [0]], [2, 2]),  # one crosses it twice
        ([5.0], [], []),
    ],
)
def test_rates_by_hand(
    capacities: list[float], routes: list[list[int]], rates: list[float]
) -> None:
    assert max_min_rates(capacities, routes).rates == pytest.approx(rates)


def test_links_that_only_rounding_tells_apart_fill_up_together() -> None:
    """An all-to-all over a switch: every flow gets a seventh, to the bit."""
    npus = range(8)
    routes = [[src, 8 + dst] for src in npus for dst in npus if src != dst]
    assert set(max_min_rates([50.0] * 16, routes).rates) == {50.0 / 7}


def test_thousands_of_flows_take_no_quadratic_time() -> None:
    """Filling up link by link would look at 9 million flows here."""
    npus = 64
    routes = [[src, npus + dst] for src in range(npus) for dst in range(npus) if src != dst]
    capacities = [50.0 + it for it in range(2 * npus)]
    rates, _ = max_min_rates(capacities, routes)
    assert min(rates) == pytest.approx(50.0 / (npus - 1))
