"""Where the devices of any network are drawn: laws that hold for every graph, some pictures."""

import math
import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.view.devices import DeviceNames
from simastra.view.network import (
    UNIT,
    Canvas,
    DeviceGraph,
    NetworkLayout,
    Point,
    graph_layout,
    hosts,
    network_layout,
)
from simastra.view.network.rows import spread


def graph_of(npus: int, switches: int, ends: list[tuple[int, int]]) -> DeviceGraph:
    """A network whose switches are called by letters."""
    names = {device: f"s{device}" for device in range(npus, npus + switches)}
    return DeviceGraph(DeviceNames(npus, names), ["npu"] * npus + ["switch"] * switches, ends)


@st.composite
def graphs(draw: st.DrawFn) -> DeviceGraph:
    npus, switches = draw(st.integers(1, 24)), draw(st.integers(0, 10))
    device = st.integers(0, npus + switches - 1)
    pairs = draw(st.lists(st.tuples(device, device), max_size=60))
    return graph_of(npus, switches, [(a, b) for a, b in pairs if a != b])


@given(graphs())
def test_no_two_devices_of_any_network_lie_at_one_place(graph: DeviceGraph) -> None:
    layout = graph_layout(graph)
    assert list(layout.places) == list(range(len(graph.kinds)))
    assert len({(it.x, it.y) for it in layout.places.values()}) == len(graph.kinds)
    assert all(abs(it.x) <= 1.000001 and abs(it.y) <= 1.000001 for it in layout.places.values())


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_and_direction_of_links_change_nothing(
    graph: DeviceGraph, order: random.Random
) -> None:
    ends = [(b, a) for a, b in graph.ends]
    order.shuffle(ends)
    turned = graph_of(graph.npus, len(graph.kinds) - graph.npus, ends)
    assert graph_layout(turned).places == graph_layout(graph).places


@given(graphs())
def test_switches_further_from_npus_lie_higher(graph: DeviceGraph) -> None:
    if not graph_layout(graph).in_rows:
        return
    places, heights = graph_layout(graph).places, graph.heights
    for low, high in combinations(range(len(graph.kinds)), 2):
        if 1 <= heights[low] < heights[high]:
            assert places[high].y < places[low].y
        if heights[low] == 0 and heights[high] > 1:
            assert places[high].y < places[low].y


PAGE = Canvas(300, 260, radius=150, largest=13.0, digits=2)


@given(graphs())
def test_circles_of_devices_never_touch_each_other(graph: DeviceGraph) -> None:
    assert_devices_are_apart(graph_layout(graph, PAGE))


def assert_devices_are_apart(layout: NetworkLayout) -> None:
    for one, other in combinations(layout.places.values(), 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= 2 * layout.radius


@pytest.mark.parametrize("npus_count", [(128,), (4, 4, 8), (2,) * 6, (2, 2, 4)])
def test_many_npus_without_switches_are_drawn_so_small_that_none_touches(
    npus_count: tuple[int, ...],
) -> None:
    npus = math.prod(npus_count)
    layout = graph_layout(graph_of(npus, 0, []), PAGE, npus_count)
    assert layout.radius >= 2
    assert_devices_are_apart(layout)


@pytest.mark.parametrize("dimensions", [3, 4, 6])
def test_a_hypercube_fills_a_plane_rather_than_a_line(dimensions: int) -> None:
    layout = graph_layout(graph_of(2**dimensions, 0, []), npus_count=(2,) * dimensions)
    columns = {it.x for it in layout.places.values()}
    rows = {it.y for it in layout.places.values()}
    assert len(columns) == 2 ** math.ceil(dimensions / 2)
    assert len(rows) == 2 ** (dimensions // 2)


@given(
    st.lists(st.floats(-1, 1), min_size=1, max_size=40).map(sorted),
    st.floats(0.001, 0.5),
)
def test_a_row_keeps_its_order_and_its_distances(wanted: list[float], apart: float) -> None:
    placed = spread(wanted, apart, 1.0)
    step = min(apart, 2 / len(wanted))
    assert all(b - a >= step - 1e-9 for a, b in pairwise(placed))
    assert all(abs(it) <= 1 for it in placed)


def test_a_row_leaves_what_is_far_enough_apart_where_it_should_be() -> None:
    assert spread([-0.5, 0.1, 0.4], 0.2, 1.0) == pytest.approx([-0.5, 0.1, 0.4])
    assert spread([0.2, 0.2, 0.2], 0.2, 1.0) == pytest.approx([0.0, 0.2, 0.4])
    assert spread([1.0, 1.0], 0.2, 1.0) == pytest.approx([0.75, 0.95])


def clos(leaves: int, per_leaf: int, spines: int) -> DeviceGraph:
    npus = leaves * per_leaf
    up = [(npu, npus + npu // per_leaf) for npu in range(npus)]
    across = [(npus + it, npus + leaves + at) for it in range(leaves) for at in range(spines)]
    return graph_of(npus, leaves + spines, up + across)


def test_a_leaf_lies_amid_its_npus_and_spines_are_spread() -> None:
    places = graph_layout(clos(4, 2, 2)).places
    for leaf in range(4):
        assert places[8 + leaf].x == pytest.approx(
            (places[2 * leaf].x + places[2 * leaf + 1].x) / 2
        )
    assert [places[npu].y for npu in range(8)] == [places[0].y] * 8
    assert (places[12].x, places[12].y) == (-places[13].x, -1.0)
    assert places[12].x < -0.3


def test_hosts_lie_together_with_their_own_switch_below_and_rails_above() -> None:
    ends = [(npu, 8 + npu // 4) for npu in range(8)] + [(npu, 10 + npu % 4) for npu in range(8)]
    places = graph_layout(graph_of(8, 6, ends)).places
    assert [places[it].x for it in range(8)] == sorted(places[it].x for it in range(8))
    assert all(places[host].y > places[0].y for host in (8, 9))
    assert all(places[rail].y < places[0].y for rail in range(10, 14))


def test_npus_of_a_ring_lie_on_a_circle_beside_those_of_a_switch() -> None:
    ring = [(4 + it, 4 + (it + 1) % 6) for it in range(6)]
    places = graph_layout(
        graph_of(10, 1, [(0, 10), (1, 10), (2, 10), (3, 10), (4, 10), *ring])
    ).places
    x = sum(places[npu].x for npu in range(4, 10)) / 6
    y = sum(places[npu].y for npu in range(4, 10)) / 6
    radii = [math.dist((places[npu].x, places[npu].y), (x, y)) for npu in range(4, 10)]
    assert radii == pytest.approx([radii[0]] * 6, abs=1e-5)
    assert max(places[npu].x for npu in range(4)) < min(places[npu].x for npu in range(4, 10))


def test_routers_that_are_linked_to_each_other_lie_on_a_circle_inside_their_npus() -> None:
    routers = [(8 + a, 8 + b) for a, b in combinations(range(4), 2)]
    graph = graph_of(8, 4, [(npu, 8 + npu // 2) for npu in range(8)] + routers)
    layout = graph_layout(graph)
    assert not layout.in_rows
    radii = [math.hypot(layout.places[it].x, layout.places[it].y) for it in range(12)]
    assert radii[8:] == pytest.approx([0.55] * 4, abs=1e-5)
    assert min(radii[:8]) > 0.7
    assert not layout.in_rows


def test_npus_without_switches_lie_on_circles_by_their_dimensions() -> None:
    ring = graph_of(4, 0, [(0, 1), (1, 2), (2, 3), (3, 0)])
    assert graph_layout(ring).places[1] == Point(1.0, 0.0)
    assert graph_layout(ring, UNIT, (3,)).places == graph_layout(ring).places
    torus = graph_of(12, 0, [(0, 1)])
    assert graph_layout(torus, UNIT, (2, 2, 3)).places == network_layout((2, 2, 3), ()).places


def test_two_dimensions_of_which_one_has_one_npu_are_no_plane() -> None:
    line = graph_of(4, 0, [(0, 1), (1, 2), (2, 3)])
    for counts in ((4, 1), (1, 4)):
        assert graph_layout(line, UNIT, counts).places == network_layout(counts, ()).places


def test_npus_of_two_dimensions_lie_on_a_plane() -> None:
    places = graph_layout(graph_of(6, 0, [(0, 1)]), UNIT, (3, 2)).places
    assert [places[npu] for npu in (0, 2, 3, 5)] == [
        Point(-1.0, -0.5),
        Point(1.0, -0.5),
        Point(-1.0, 0.5),
        Point(1.0, 0.5),
    ]


def test_rows_that_are_broken_stay_within_the_picture() -> None:
    hosts = [(npu, 200 + npu // 2) for npu in range(200)]
    graph = graph_of(200, 101, hosts + [(npu, 300) for npu in range(0, 200, 2)])
    places = graph_layout(graph).places
    assert len({places[host].y for host in range(200, 300)}) > 1
    assert all(abs(it.y) <= 1.000001 for it in places.values())


def test_links_between_rows_are_nearly_straight_and_others_bend() -> None:
    canvas = Canvas(bow=0.1)
    places = {0: Point(0, 0), 1: Point(1, 0), 2: Point(0, -1)}
    rows = NetworkLayout(places, 2, canvas, in_rows=True)
    assert rows.curve(0, 2).bend == Point(-0.02, -0.5)
    assert rows.curve(0, 1).bend == Point(0.5, -0.1)


def test_a_label_is_as_large_as_fits_between_two_devices_if_that_can_be_read() -> None:
    names = DeviceNames(1, {1: "leaf.0", 2: "a-name-that-is-long"})
    places = {0: Point(0, 0), 1: Point(30, 0), 2: Point(60, 0)}
    layout = NetworkLayout(places, 1, Canvas(radius=9, largest=9), names, apart=30.0)
    assert layout.font(1, 6.5) == 6.5
    assert layout.font(1, 12.0) == 7.5  # 0.9 * 30 / (0.6 * 6)
    assert layout.font(0, 12.0) == 12.0
    assert layout.font(2, 12.0) == 0.0  # 2.37 can't be read
    assert NetworkLayout(places, 1, Canvas(), names).font(2, 12.0) == 12.0
    large = NetworkLayout(places, 1, Canvas(radius=99, largest=25), names, apart=48.0)
    assert large.font(1, 12.0) == 12.0


def test_the_least_distance_is_that_of_the_two_nearest_of_all() -> None:
    ring = [(it, (it + 1) % 60) for it in range(60)]
    layout = graph_layout(graph_of(90, 1, [*ring, *((it, 90) for it in (0, *range(60, 90)))]))
    places = [(it.x, it.y) for it in layout.places.values()]
    assert layout.apart == min(math.dist(*ends) for ends in combinations(places, 2))


def test_no_zero_on_a_circle_is_negative() -> None:
    routers = [(8 + a, 8 + b) for a, b in combinations(range(4), 2)]
    graph = graph_of(8, 4, [(npu, 8 + npu // 2) for npu in range(8)] + routers)
    numbers = [n for it in graph_layout(graph).places.values() for n in (it.x, it.y)]
    assert 0.0 in numbers
    assert all(math.copysign(1, n) == 1 for n in numbers if n == 0)


def test_a_thousand_npus_are_placed_apart() -> None:
    layout = graph_layout(clos(32, 32, 16), Canvas(300, 260, radius=150, largest=13, stretch=1.9))
    assert len(set(layout.places.values())) == 1024 + 48
    assert layout.is_legible
    assert max(it.x for it in layout.places.values()) <= 600 * 1.9


def test_devices_are_called_by_numbers_and_by_their_files_names() -> None:
    names = DeviceNames(2, {0: "npu.0", 1: "gpu.b", 2: "leaf.0"})
    assert [names[it] for it in range(4)] == ["NPU 0", "NPU 1", "leaf.0", "switch 3"]
    assert [names.in_full(it) for it in range(3)] == ["NPU 0", "NPU 1 (gpu.b)", "leaf.0"]
    assert [names.label(it) for it in range(4)] == ["0", "1", "leaf.0", "S3"]
    assert (names.link(0, 2), names.arrow(1, 2)) == ("NPU 0 to leaf.0", "gpu.b -> leaf.0")
    assert (names.number("leaf.0"), names.number("leaf.1")) == (2, None)
    assert DeviceNames(2).arrow(0, 2) == "0 -> 2"
    assert graph_layout(graph_of(1, 1, [(0, 1)])).label(1) == "s1"


def test_pods_lie_side_by_side_although_their_ranks_alternate() -> None:
    # NPUs 0 and 4 are on leaf 8, 1 and 5 on leaf 9; leaves 8 and 10 are of one pod.
    ends = [(npu, 8 + npu % 4) for npu in range(8)]
    ends += [(8, 12), (10, 12), (9, 13), (11, 13), (12, 14), (13, 14)]
    places = graph_layout(graph_of(8, 7, ends)).places
    assert sorted(range(8), key=lambda npu: places[npu].x) == [0, 4, 2, 6, 1, 5, 3, 7]


def test_many_npus_below_a_switch_are_counted_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = graph_layout(clos(8, 4, 4)).places
    monkeypatch.setattr(hosts, "_MOST_BELOW", 8)
    assert graph_layout(clos(8, 4, 4)).places == exact
