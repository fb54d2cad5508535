"""The bisection bandwidth: closed forms, and all ways to find it against looking at all cuts."""

import math
from collections.abc import Callable
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.network_graph import (
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    clique_links,
    ring_links,
)
from simastra.network_graph.generators import (
    clos,
    dgx1_cube,
    dragonfly,
    fat_tree,
    hgx,
    hypercube,
    mesh,
    nvlink_ib,
    rail,
    torus,
)
from simastra.network_graph.measures import bisection
from simastra.network_graph.measures.bisecting.bounds import Bisection
from simastra.network_graph.measures.bisecting.cuts import least_cut, settled_cut
from simastra.network_graph.measures.bisecting.even_traffic import even_traffic_bound
from simastra.network_graph.measures.bisecting.grid import grid_bound, line_bound
from simastra.network_graph.measures.bisecting.groups import grouped
from simastra.network_graph.measures.bisecting.halves import candidate_halves, refined_half
from simastra.network_graph.measures.bisecting.merged import Capacities, capacities, merged
from simastra.network_graph.measures.bisecting.small import small_bisection
from simastra.network_graph.measures.bisecting.tree import tree_bisection, tree_bound

_ALMOST = pytest.approx


def exactly(network: NetworkGraph) -> float:
    """The bisection bandwidth, which must be known exactly, and without networkx."""
    found = bisection(network, lambda: None)
    assert found.is_exact, found
    return found.at_most


def switchless(npus: int, pairs: list[tuple[int, int]], rate: float = 1) -> NetworkGraph:
    assembly = GraphAssembly()
    for rank in range(npus):
        assembly.add_node(f"npu.{rank}", "npu")
    for src, dst in pairs:
        assembly.add_link(f"npu.{src}", f"npu.{dst}", LinkAttributes(rate, 1), both_ways=False)
    return assembly.graph()


@pytest.mark.parametrize("npus", [4, 10, 64, 201, 5000])
def test_a_ring_is_cut_at_two_links(npus: int) -> None:
    ring = switchless(npus, list(ring_links(range(npus))), rate=3)
    assert exactly(ring) == 2 * 3


@pytest.mark.parametrize("npus", [2, 4, 10, 40, 200])
def test_a_full_mesh_is_cut_at_a_quarter_of_the_square(npus: int) -> None:
    assert exactly(switchless(npus, list(clique_links(range(npus))))) == npus**2 / 4


@pytest.mark.parametrize("k", [4, 8, 10])
def test_a_fat_tree_has_full_bisection(k: int) -> None:
    assert exactly(fat_tree(k, bandwidth=1)) == k**3 / 8


@pytest.mark.parametrize(("ratio", "share"), [(1, 1), (3, 3)])
def test_oversubscription_divides_a_bisection_that_the_leafs_share(ratio: int, share: int) -> None:
    leafs = 8
    npus = leafs * ratio * (16 // (ratio + 1))
    network = clos(npus, radix=16, oversubscription=ratio, bandwidth=1)
    assert exactly(network) == _ALMOST(npus / 2 / share)


@pytest.mark.parametrize("shape", [(4, 4), (4, 8), (3, 4), (4, 4, 8), (8, 8, 8)])
def test_a_torus_is_cut_twice_across_its_longest_side(shape: tuple[int, ...]) -> None:
    assert exactly(torus(shape, bandwidth=1)) == _ALMOST(2 * math.prod(shape) / max(shape))


@pytest.mark.parametrize("shape", [(4, 4), (3, 8), (4, 4, 6)])
def test_a_mesh_is_cut_once_across_its_longest_side(shape: tuple[int, ...]) -> None:
    assert exactly(mesh(shape, bandwidth=1)) == _ALMOST(math.prod(shape) / max(shape))


@pytest.mark.parametrize("npus", [2, 8, 32, 1024])
def test_half_of_a_hypercube_is_linked_to_the_other_half(npus: int) -> None:
    assert exactly(hypercube(npus, bandwidth=1)) == _ALMOST(npus / 2)


@pytest.mark.parametrize(
    ("network", "rate"),
    [
        (dgx1_cube(), 150),
        (hgx(), 4 * 450),
        (hgx(nvswitches=4), 4 * 450),
        (rail(servers=32), 32 * 4 * 50),
        (rail(servers=32, spines=0), 32 * 4 * 50),
        (nvlink_ib(servers=16, leafs=4, spines=2, oversubscription=2), 16 * 4 * 50 / 2),
        (nvlink_ib(servers=16, leafs=4, spines=2, nics=1), 8 * 50),
    ],
)
def test_of_machines(network: NetworkGraph, rate: float) -> None:
    assert exactly(network) == _ALMOST(rate)


def test_a_twist_may_double_it() -> None:
    straight, twisted = torus("4x4"), torus("2x4", twist=True)
    assert exactly(torus("2x4", bandwidth=1)) == 4
    assert exactly(twisted) == 8 * 100
    assert straight.npus == 16
    found = bisection(torus("4x4x8", twist=True, bandwidth=1))
    assert found.at_most == 2 * exactly(torus("4x4x8", bandwidth=1))


def test_halves_of_an_odd_number_differ_by_one() -> None:
    star = GraphAssembly()
    for rank in range(5):
        star.add_node(f"npu.{rank}", "npu")
        star.add_link(f"npu.{rank}", "switch", LinkAttributes(10, 1))
    assert exactly(star.graph()) == 20


def test_one_npu_has_no_halves() -> None:
    assert bisection(switchless(1, [])) == Bisection(0, 0)


def test_npus_without_a_link_can_be_separated_for_nothing() -> None:
    assert exactly(switchless(4, [(0, 1), (1, 0), (2, 3), (3, 2)])) == 0


def test_two_rings_are_not_one() -> None:
    links = [*ring_links(range(12)), *ring_links(range(12, 24))]
    assert line_bound(capacities(switchless(24, links))) == 0
    assert exactly(switchless(24, links)) == 0


@given(st.lists(st.integers(1, 9), min_size=3, max_size=9))
def test_a_line_is_bounded_at_once_as_by_even_traffic_or_below(rates: list[int]) -> None:
    ring, mesh_of_all = list(ring_links(range(len(rates)))), list(clique_links(range(len(rates))))
    for pairs in (ring, mesh_of_all):
        weighed = {ends: float(rates[min(ends)]) for ends in pairs}
        line = Capacities(len(rates), len(rates), weighed)
        assert line_bound(line) <= even_traffic_bound(line) + 1e-9
        alike = Capacities(len(rates), len(rates), dict.fromkeys(pairs, 3.0))
        assert line_bound(alike) == _ALMOST(even_traffic_bound(alike))


def test_what_leads_one_way_only_counts_that_way() -> None:
    assert exactly(switchless(4, [(0, 1), (1, 2), (2, 3), (3, 0)])) == 1


@pytest.mark.parametrize("shape", ["4x8", "6x6", "4x4x4"])
def test_swaps_find_a_cheap_half_of_a_grid(shape: str) -> None:
    network = capacities(torus(shape, bandwidth=1))
    odd = frozenset(range(1, network.npus, 2))
    better = refined_half(network, odd, nx)
    assert len(better) == network.npus // 2
    assert settled_cut(network, better) < settled_cut(network, odd)


def test_with_networkx_a_bound_is_as_low_or_lower() -> None:
    for network in (torus("4x8", twist=True), dragonfly(routers=4), rail(servers=5, spines=0)):
        found, without = bisection(network), bisection(network, lambda: None)
        assert found.at_least == without.at_least <= found.at_most <= without.at_most


def test_what_is_not_known_exactly_is_said_to_lie_between() -> None:
    found = bisection(dragonfly(routers=4))
    assert not found.is_exact
    assert found.at_least < found.at_most == 1200


@st.composite
def networks(draw: st.DrawFn) -> Capacities:
    """Networks of a few NPUs and switches, with links of unlike rates each way, or one way only."""
    npus = draw(st.integers(2, 7))
    devices = npus + draw(st.integers(0, 4))
    order = draw(st.permutations(range(devices)))
    pairs = {(order[place], order[draw(st.integers(0, place - 1))]) for place in range(1, devices)}
    every = list(combinations(range(devices), 2))
    pairs |= set(draw(st.lists(st.sampled_from(every), max_size=6)))
    rates = draw(st.sampled_from([st.integers(1, 3), st.integers(0, 3)]))
    links = {}
    for src, dst in sorted(pairs):
        links[src, dst] = float(draw(rates))
        links[dst, src] = float(draw(rates))
    return Capacities(npus, devices, {ends: rate for ends, rate in links.items() if rate})


@given(networks())
def test_all_ways_agree_with_looking_at_all_cuts(network: Capacities) -> None:
    right = small_bisection(network)
    assert right is not None
    less = merged(network)
    assert small_bisection(less) == right
    in_tree = tree_bisection(less)
    assert in_tree is None or in_tree == right
    assert tree_bound(less) <= right + 1e-9
    assert line_bound(less) <= right + 1e-9
    assert even_traffic_bound(less) <= right + 1e-9
    for half in candidate_halves(less):
        assert len(half) == network.npus // 2
        cut = least_cut(less, half, nx)
        assert right <= cut <= settled_cut(less, half)
        assert cut == least_cut(network, half, nx)


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_trees_are_bisected_exactly(leafs: int, each: int, up: int, extra: int) -> None:
    """NPUs on a chain of switches, and some that hang on other NPUs."""
    links: dict[tuple[int, int], float] = {}
    npus = leafs * each + extra
    for number in range(leafs):
        switch = npus + number
        for npu in range(number * each, (number + 1) * each):
            links[npu, switch] = links[switch, npu] = 2.0
        if number:
            links[switch - 1, switch], links[switch, switch - 1] = float(up), 1.0
    for npu in range(leafs * each, npus):
        links[npu, npu - leafs * each] = links[npu - leafs * each, npu] = 1.0
    if extra > leafs * each or npus > 9:
        return
    network = Capacities(npus, npus + leafs, links)
    assert tree_bisection(network) == small_bisection(network)
    assert tree_bound(network) <= small_bisection(network) + 1e-9  # type: ignore[operator]


@pytest.mark.parametrize(
    ("network", "rate"),
    [
        (clos(2304, radix=96, oversubscription=3, bandwidth=1), 384),
        (rail(servers=258, nic_bandwidth=1), 1032),
        (nvlink_ib(servers=260, leafs=10, spines=2, oversubscription=2, nic_bandwidth=1), 520),
    ],
)
def test_large_trees_that_are_even_are_bisected_exactly(network: NetworkGraph, rate: float) -> None:
    assert exactly(network) == _ALMOST(rate)


def test_the_worst_link_of_a_tree_bounds_its_bisection() -> None:
    less = merged(capacities(clos(96, radix=16, oversubscription=3, bandwidth=1)))
    assert tree_bound(less) == tree_bisection(less) == 16
    assert tree_bound(capacities(fat_tree(4))) == 0  # no tree before switches are merged


@st.composite
def networks_of_groups(draw: st.DrawFn) -> Capacities:
    """Two or four groups of NPUs on a switch each, and switches outside."""
    count, each = draw(st.sampled_from([(2, 2), (2, 3), (2, 4), (4, 2)]))
    npus, outside = count * each, draw(st.integers(1, 2))
    first = npus + count
    links: dict[tuple[int, int], float] = {}
    for npu in range(npus):
        for other in draw(st.sets(st.integers(first, first + outside - 1))):
            links[npu, other] = float(draw(st.integers(1, 3)))
            links[other, npu] = float(draw(st.integers(1, 3)))
    out = [sum(rate for (src, _), rate in links.items() if src == npu) for npu in range(npus)]
    back = [sum(rate for (_, dst), rate in links.items() if dst == npu) for npu in range(npus)]
    rate = 2 * max(*out, *back) + draw(st.integers(-3, 2))
    for npu in range(npus):
        switch = npus + npu // each
        links[npu, switch] = links[switch, npu] = max(rate, 0.5)
    return Capacities(npus, first + outside, links)


@given(networks_of_groups())
def test_close_groups_may_count_as_one(network: Capacities) -> None:
    whole = grouped(network)
    if whole is not None:
        assert small_bisection(whole) == small_bisection(network)


@pytest.mark.parametrize(("bandwidth", "are_close"), [(126, True), (125, False)])
def test_groups_are_close_with_twice_the_bandwidth_within(
    bandwidth: int, *, are_close: bool
) -> None:
    network = rail(servers=2, spines=0, nvlink_bandwidth=bandwidth)
    assert (grouped(capacities(network)) is not None) == are_close
    assert grouped(capacities(rail(servers=3, spines=0))) is None  # an odd number


def test_spines_are_merged_and_so_are_cores_of_all_groups() -> None:
    network = fat_tree(4)
    less = merged(capacities(network))
    assert less.devices == network.npus + 8 + 4 + 1
    assert tree_bisection(less) is not None
    assert tree_bisection(capacities(network)) is None


@pytest.mark.parametrize("make", [torus, mesh])
@pytest.mark.parametrize("shape", ["5", "2x3", "3x3", "2x4", "2x2x2", "3x4"])
def test_a_grid_is_never_bounded_above_what_it_is(
    make: Callable[..., NetworkGraph], shape: str
) -> None:
    network = make(shape, bandwidth=3)
    right = small_bisection(capacities(network))
    assert right is not None
    assert 0 < grid_bound(network) <= right + 1e-9


def test_what_is_no_grid_has_no_bound_of_grids() -> None:
    assert grid_bound(fat_tree(4)) == 0
    assert grid_bound(torus("4x8", twist=True)) == 0
    assert grid_bound(switchless(4, list(ring_links(range(4))))) == 0  # without dimensions
    assert grid_bound(torus("4x8", bandwidth=1)) == _ALMOST(8)


def test_a_bound_is_exact_up_to_rounding() -> None:
    assert Bisection(0.1 + 0.2, 0.3).is_exact
    assert Bisection(1 / 3 * 0.9999999999, 1 / 3).is_exact
    assert not Bisection(0.29, 0.3).is_exact
