"""Every entry of TOPOLOGIES, and what others might add, gives sound routes, alone or multiplied."""

from itertools import pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.extensions import OWN_TOPOLOGIES

from simastra.network import LinkTiming
from simastra.network.timing import in_series
from simastra.network.topology import (
    TOPOLOGIES,
    LineSymmetry,
    MultiDimTopology,
    RingTopology,
    Switch,
    Topology,
    product,
)

TABLE = {**OWN_TOPOLOGIES, **TOPOLOGIES}
every_topology = pytest.mark.parametrize("name", TABLE)
SIZES = st.integers(2, 40)
LINK = LinkTiming(latency=99.5, bytes_per_ns=3.0)


def made(name: str, npus: int, link: LinkTiming = LINK) -> Topology:
    entry = TABLE[name]
    return entry.build(npus, link, entry.options() if entry.options else None)


def devices_on(topology: Topology, src: int, dst: int) -> list[int]:
    """The route, its sender included."""
    return [src, *(hop.dst for hop in topology.hops(src, dst))]


def topology_and_ends(name: str, data: st.DataObject) -> tuple[Topology, int, int]:
    topology = made(name, data.draw(SIZES))
    npus = st.integers(0, topology.npus - 1)
    return topology, data.draw(npus), data.draw(npus)


@every_topology
@given(data=st.data())
def test_a_route_leads_from_sender_to_receiver_through_known_devices(
    name: str, data: st.DataObject
) -> None:
    topology, src, dst = topology_and_ends(name, data)
    hops = topology.hops(src, dst)
    route = devices_on(topology, src, dst)
    assert route[-1] == dst
    assert [hop.src for hop in hops] == route[:-1]
    assert all(0 <= device < topology.devices for device in route)
    assert all(a != b for a, b in pairwise(route))


@every_topology
@given(data=st.data())
def test_a_route_visits_no_device_twice(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    if src != dst:
        route = devices_on(topology, src, dst)
        assert len(set(route)) == len(route)


@every_topology
@given(data=st.data())
def test_hops_count_the_links_of_the_route(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    assert topology.hop_count(src, dst) == len(topology.hops(src, dst))


@every_topology
@given(data=st.data())
def test_there_and_back_are_equally_far(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    assert topology.hop_count(src, dst) == topology.hop_count(dst, src)


@every_topology
@given(data=st.data())
def test_a_path_is_its_links_in_series(name: str, data: st.DataObject) -> None:
    topology, src, dst = topology_and_ends(name, data)
    links = [hop.link for hop in topology.hops(src, dst)]
    if links:
        assert topology.path(src, dst) == in_series(links)
    else:
        assert topology.path(src, dst) == LinkTiming(0.0, LINK.bytes_per_ns)


@every_topology
@given(data=st.data())
def test_one_link_has_one_price(name: str, data: st.DataObject) -> None:
    topology = made(name, data.draw(st.integers(2, 12)))
    pairs = [(src, dst) for src in range(topology.npus) for dst in range(topology.npus)]
    prices: dict[tuple[int, int], LinkTiming] = {}
    for hop in (hop for pair in pairs for hop in topology.hops(*pair)):
        assert prices.setdefault((hop.src, hop.dst), hop.link) == hop.link


@every_topology
@given(npus=st.integers(1, 12))
def test_the_links_that_are_listed_are_those_that_routes_take(name: str, npus: int) -> None:
    topology = made(name, npus)
    taken = {hop for src in range(npus) for dst in range(npus) for hop in topology.hops(src, dst)}
    listed = list(topology.links())
    assert len(set(listed)) == len(listed)
    assert set(listed) == taken


@every_topology
@given(npus=SIZES)
def test_the_npus_are_among_the_devices(name: str, npus: int) -> None:
    topology = made(name, npus)
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
    assert RingTopology(npus, LINK).route(src, dst) == route


@given(npus=SIZES, data=st.data())
def test_a_ring_never_goes_more_than_half_way_round(npus: int, data: st.DataObject) -> None:
    src, dst = (data.draw(st.integers(0, npus - 1)) for _ in range(2))
    assert RingTopology(npus, LINK).hop_count(src, dst) <= npus // 2


def test_a_switch_sends_a_message_to_its_own_sender_round() -> None:
    switch = Switch(4, LINK)
    assert switch.route(1, 1) == (1, 4, 1)
    assert made("FullyConnected", 4).hops(1, 1) == ()
    assert product([switch]).hops(1, 1) == switch.hops(1, 1)
    assert product([switch, switch]).hops(1, 1) == ()


def test_a_ring_of_thousands_prices_long_ways_without_walking_them() -> None:
    ring = RingTopology(2**40, LINK)
    assert ring.path(0, 2**39) == LinkTiming(2**39 * 99.5, 3.0)


SHAPES = st.lists(
    st.tuples(st.sampled_from(sorted(TABLE)), st.integers(2, 5)), min_size=1, max_size=4
)


def price(dimension: int) -> LinkTiming:
    """Of a dimension's links, each dimension another."""
    return LinkTiming(100.0 * (dimension + 1), 50.0)


def grid_of(shape: list[tuple[str, int]]) -> MultiDimTopology:
    return MultiDimTopology(
        [made(name, npus, price(dimension)) for dimension, (name, npus) in enumerate(shape)]
    )


def dimension_of(link: LinkTiming) -> int:
    return round(link.latency / 100.0) - 1


def draw_pair(grid: Topology, data: st.DataObject) -> tuple[int, int]:
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
    taken = [dimension_of(hop.link) for hop in grid.hops(src, dst)]
    differing = [
        dimension
        for dimension in range(len(shape))
        if grid.coordinate(src, dimension) != grid.coordinate(dst, dimension)
    ]
    assert taken == sorted(taken)
    assert sorted(set(taken)) == differing
    assert grid.hop_count(src, dst) == len(taken)
    along = {
        dimension: (grid.coordinate(src, dimension), grid.coordinate(dst, dimension))
        for dimension in differing
    }
    first = differing[0]
    assert grid.path(src, dst) == grid.dimensions[first].path(*along[first])
    for dimension, ends in along.items():
        assert taken.count(dimension) == grid.dimensions[dimension].hop_count(*ends)


@given(shape=SHAPES, data=st.data())
def test_a_product_of_products_is_the_product(
    shape: list[tuple[str, int]], data: st.DataObject
) -> None:
    """A product is a topology like any other; only switches are numbered in another order."""
    flat = grid_of(shape)
    nested = product([product(flat.dimensions[:2]), *flat.dimensions[2:]])
    src, dst = draw_pair(flat, data)
    if src == dst:
        return
    assert [hop.link for hop in nested.hops(src, dst)] == [hop.link for hop in flat.hops(src, dst)]
    assert nested.devices == flat.devices


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
        st.tuples(st.sampled_from(sorted(TABLE)), st.integers(2, 4)), min_size=1, max_size=3
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
                    dimension = dimension_of(hop.link)
                    others[dimension] = -1
                    lines.setdefault(hop.dst, set()).add((dimension, *others))
    assert all(len(served) == 1 for served in lines.values())
    switched = [size for name, size in shape if name == "Switch"]
    assert len(lines) == sum(grid.npus // size for size in switched)
    assert sorted(lines) == list(range(grid.npus, grid.npus + len(lines)))


def test_a_route_through_three_dimensions_by_hand() -> None:
    grid = grid_of([("Ring", 4), ("FullyConnected", 3), ("Switch", 2)])
    # NPU 1 is (1, 0, 0), NPU 23 is (3, 2, 1). Dimension 2 has 12 switches: 24 to 35.
    hops = [(hop.src, hop.dst, dimension_of(hop.link)) for hop in grid.hops(1, 23)]
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
    topology = made(name, data.draw(st.integers(2, 12)))
    moved = renumberings(topology, data)
    places: dict[int, int] = dict(enumerate(moved))
    for src in range(topology.npus):
        for dst in range(topology.npus):
            image, route = (
                devices_on(topology, *ends) for ends in ((moved[src], moved[dst]), (src, dst))
            )
            assert len(image) == len(route)
            hops = zip(topology.hops(src, dst), topology.hops(moved[src], moved[dst]), strict=True)
            assert all(hop.link == other.link for hop, other in hops)
            assert [places.setdefault(a, b) for a, b in zip(route, image, strict=True)] == [*image]
    assert len(set(places.values())) == len(places)


def test_what_is_promised_is_known() -> None:
    promised = {name: made(name, 8).symmetry for name in TOPOLOGIES}
    assert promised["Ring"] is LineSymmetry.ROTATIONS
    assert promised["Switch"] is promised["FullyConnected"] is LineSymmetry.PERMUTATIONS
