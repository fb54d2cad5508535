"""Every entry of TOPOLOGIES gives sound routes, alone and as a dimension of a grid."""

from itertools import pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.network import Grid
from simastra.network.topology import TOPOLOGIES, LineSymmetry, Ring, Topology

every_topology = pytest.mark.parametrize("name", TOPOLOGIES)
SIZES = st.integers(2, 40)


def topology_and_ends(name: str, data: st.DataObject) -> tuple[Topology, int, int]:
    topology = TOPOLOGIES[name](data.draw(SIZES))
    npus = st.integers(0, topology.npus - 1)
    return topology, data.draw(npus), data.draw(npus)


@every_topology
@given(data=st.data())
def test_a_route_leads_from_sender_to_receiver_through_known_devices(
    name: str, data: st.DataObject
) -> None:
    topology, src, dst = topology_and_ends(name, data)
    route = topology.route(src, dst)
    assert (route[0], route[-1]) == (src, dst)
    assert all(0 <= device < topology.devices for device in route)
    assert all(a != b for a, b in pairwise(route))


@every_topology
@given(data=st.data())
def test_a_route_visits_no_device_twice(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    if src != dst:
        assert len(set(topology.route(src, dst))) == len(topology.route(src, dst))


@every_topology
@given(data=st.data())
def test_hops_count_the_links_of_the_route(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    assert topology.hops(src, dst) == len(topology.route(src, dst)) - 1


@every_topology
@given(data=st.data())
def test_there_and_back_are_equally_far(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    assert topology.hops(src, dst) == topology.hops(dst, src)


@every_topology
@given(npus=SIZES)
def test_the_npus_are_among_the_devices(name: str, npus: int) -> None:
    topology = TOPOLOGIES[name](npus)
    assert topology.npus == npus
    assert topology.devices >= npus


@pytest.mark.parametrize(
    ("npus", "src", "dst", "route"),
    [
        (8, 0, 3, (0, 1, 2, 3)),
        (8, 0, 5, (0, 7, 6, 5)),
        (8, 6, 1, (6, 7, 0, 1)),
        (8, 2, 6, (2, 3, 4, 5, 6)),  # both ways are 4 long: clockwise
        (8, 6, 2, (6, 7, 0, 1, 2)),
        (2, 1, 0, (1, 0)),
        (5, 0, 3, (0, 4, 3)),
        (5, 3, 3, (3,)),
    ],
)
def test_a_ring_takes_the_shorter_way_and_clockwise_where_both_are_equal(
    npus: int, src: int, dst: int, route: tuple[int, ...]
) -> None:
    assert Ring(npus).route(src, dst) == route


@given(npus=SIZES, data=st.data())
def test_a_ring_never_goes_more_than_half_way_round(npus: int, data: st.DataObject) -> None:
    src, dst = (data.draw(st.integers(0, npus - 1)) for _ in range(2))
    assert Ring(npus).hops(src, dst) <= npus // 2


def test_a_switch_sends_a_message_to_its_own_sender_round() -> None:
    switch = TOPOLOGIES["Switch"](4)
    assert switch.route(1, 1) == (1, 4, 1)
    assert TOPOLOGIES["FullyConnected"](4).route(1, 1) == (1,)


SHAPES = st.lists(
    st.tuples(st.sampled_from(sorted(TOPOLOGIES)), st.integers(2, 5)), min_size=1, max_size=4
)


def grid_of(shape: list[tuple[str, int]]) -> Grid:
    return Grid(tuple(TOPOLOGIES[name](npus) for name, npus in shape))


def draw_pair(grid: Grid, data: st.DataObject) -> tuple[int, int]:
    npus = st.integers(0, grid.npus - 1)
    return data.draw(npus), data.draw(npus)


@given(shape=SHAPES, data=st.data())
def test_a_grid_route_connects_sender_and_receiver(
    shape: list[tuple[str, int]], data: st.DataObject
) -> None:
    grid = grid_of(shape)
    src, dst = draw_pair(grid, data)
    hops = grid.hops(src, dst)
    if src == dst and not hops:
        return
    assert (hops[0].src, hops[-1].dst) == (src, dst)
    assert all(a.dst == b.src for a, b in pairwise(hops))


@given(shape=SHAPES, data=st.data())
def test_a_grid_route_takes_each_differing_dimension_once_in_order(
    shape: list[tuple[str, int]], data: st.DataObject
) -> None:
    grid = grid_of(shape)
    src, dst = draw_pair(grid, data)
    if src == dst:
        return
    taken = [hop.dimension for hop in grid.hops(src, dst)]
    differing = [
        dimension
        for dimension in range(len(shape))
        if grid.coordinate(src, dimension) != grid.coordinate(dst, dimension)
    ]
    assert taken == sorted(taken)
    assert sorted(set(taken)) == differing
    assert grid.first_difference(src, dst) == differing[0]
    for dimension in differing:
        ends = grid.coordinate(src, dimension), grid.coordinate(dst, dimension)
        assert taken.count(dimension) == grid.topologies[dimension].hops(*ends)


@given(shape=SHAPES)
def test_coordinates_and_ids_say_the_same(shape: list[tuple[str, int]]) -> None:
    grid = grid_of(shape)
    assert grid.npus == prod(npus for _, npus in shape)
    for npu in range(grid.npus):
        coordinates = [grid.coordinate(npu, dimension) for dimension in range(len(shape))]
        assert npu == sum(c * s for c, s in zip(coordinates, grid.strides, strict=True))
        assert all(c < size for c, (_, size) in zip(coordinates, shape, strict=True))


@given(
    shape=st.lists(
        st.tuples(st.sampled_from(sorted(TOPOLOGIES)), st.integers(2, 4)), min_size=1, max_size=3
    )
)
def test_each_line_of_npus_has_a_switch_of_its_own(shape: list[tuple[str, int]]) -> None:
    grid = grid_of(shape)
    lines: dict[int, set[tuple[int, ...]]] = {}
    for src in range(grid.npus):
        for dst in range(grid.npus):
            for hop in grid.hops(src, dst):
                if hop.dst >= grid.npus and hop.src < grid.npus:
                    others = [grid.coordinate(hop.src, d) for d in range(len(shape))]
                    others[hop.dimension] = -1
                    lines.setdefault(hop.dst, set()).add((hop.dimension, *others))
    assert all(len(served) == 1 for served in lines.values())
    switched = [size for name, size in shape if name == "Switch"]
    assert len(lines) == sum(grid.npus // size for size in switched)
    assert sorted(lines) == list(range(grid.npus, grid.npus + len(lines)))


def test_a_route_through_three_dimensions_by_hand() -> None:
    grid = grid_of([("Ring", 4), ("FullyConnected", 3), ("Switch", 2)])
    # NPU 1 is (1, 0, 0), NPU 23 is (3, 2, 1). Dimension 2 has 12 switches: 24 to 35.
    hops = [(hop.src, hop.dst, hop.dimension) for hop in grid.hops(1, 23)]
    assert hops == [(1, 2, 0), (2, 3, 0), (3, 11, 1), (11, 35, 2), (35, 23, 2)]


def renumberings(topology: Topology, data: st.DataObject) -> list[int]:
    """Where one of the renumberings that the topology promises takes each NPU."""
    npus = range(topology.npus)
    match topology.symmetry:
        case LineSymmetry.ROTATIONS:
            by = data.draw(st.sampled_from(npus))
            return [(npu + by) % topology.npus for npu in npus]
        case LineSymmetry.PERMUTATIONS:
            return data.draw(st.permutations(npus))
        case LineSymmetry.NONE:
            return list(npus)


@every_topology
@given(data=st.data())
def test_renumberings_that_are_promised_take_routes_to_routes(
    name: str, data: st.DataObject
) -> None:
    """Devices other than NPUs may move too, but each to one place, and no two to the same."""
    topology = TOPOLOGIES[name](data.draw(st.integers(2, 12)))
    moved = renumberings(topology, data)
    places: dict[int, int] = dict(enumerate(moved))
    for src in range(topology.npus):
        for dst in range(topology.npus):
            image = topology.route(moved[src], moved[dst])
            route = topology.route(src, dst)
            assert len(image) == len(route)
            assert [places.setdefault(a, b) for a, b in zip(route, image, strict=True)] == [*image]
    assert len(set(places.values())) == len(places)


def test_what_is_promised_is_known() -> None:
    promised = {name: make(8).symmetry for name, make in TOPOLOGIES.items()}
    assert promised["Ring"] is LineSymmetry.ROTATIONS
    assert promised["Switch"] is promised["FullyConnected"] is LineSymmetry.PERMUTATIONS
