"""Dimension order: through meshes, hypercubes and twisted tori, and what is no such thing."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from simastra.errors import InputError
from simastra.network.routing import DimensionOrder
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph
from simastra.network_graph.model import NPU

Cables = Iterable[tuple[str, str, int | None]]


def graph_of(npus: int, cables: Cables, *, both_ways: bool = True) -> NetworkGraph:
    """A graph of links between devices, each with its dimension."""
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", NPU)
    for src, dst, dimension in cables:
        attributes = LinkAttributes(50.0, 500.0, dimension=dimension)
        assembly.add_link(src, dst, attributes, both_ways=both_ways)
    return assembly.graph()


def grid(pairs: Iterable[tuple[int, int, int]]) -> Cables:
    return [(f"npu.{src}", f"npu.{dst}", dimension) for src, dst, dimension in pairs]


def mesh(width: int, height: int) -> NetworkGraph:
    rows = [(y * width + x, y * width + x + 1) for y in range(height) for x in range(width - 1)]
    columns = [(at, at + width) for at in range(width * (height - 1))]
    pairs = [*((*it, 1) for it in columns), *((*it, 0) for it in rows)]
    return graph_of(width * height, grid(pairs))


def hypercube(dimensions: int) -> NetworkGraph:
    pairs = [
        (at, at | 1 << bit, bit)
        for at in range(2**dimensions)
        for bit in range(dimensions)
        if not at >> bit & 1
    ]
    return graph_of(2**dimensions, grid(pairs))


def twisted(width: int, twist: int) -> NetworkGraph:
    """A torus of two rows of twice the width, whose columns close `twist` places further on."""
    length = 2 * width
    rows = [
        (y * length + x, y * length + (x + 1) % length, 1) for y in (0, 1) for x in range(length)
    ]
    columns = [(x, length + x, 0) for x in range(length)]
    round_ = [(length + x, (x + twist) % length, 0) for x in range(length)]
    return graph_of(2 * length, grid([*columns, *round_, *rows]))


def test_through_a_mesh_it_goes_along_a_row_and_then_along_a_column() -> None:
    route = DimensionOrder(mesh(4, 3)).route
    assert route(0, 11) == (0, 1, 2, 3, 7, 11)
    assert route(11, 0) == (11, 10, 9, 8, 4, 0)
    assert route(5, 5) == (5,)
    assert route(1, 9) == (1, 5, 9)


def test_in_a_hypercube_it_flips_the_lowest_bit_first() -> None:
    assert DimensionOrder(hypercube(4)).route(0b0000, 0b1011) == (0b0000, 0b0001, 0b0011, 0b1011)


@pytest.mark.parametrize("graph", [mesh(3, 5), hypercube(4), twisted(3, 2), twisted(4, 4)])
def test_all_ways_are_links_of_dimensions_that_never_go_down(graph: NetworkGraph) -> None:
    router = DimensionOrder(graph)
    for src in range(graph.npus):
        for dst in range(graph.npus):
            way = router.route(src, dst)
            assert (way[0], way[-1]) == (src, dst)
            taken = [graph.link_between[ends].attributes.dimension for ends in pairwise(way)]
            assert taken == sorted(taken, key=lambda it: -1 if it is None else it)


def test_where_a_line_comes_by_twice_it_turns_off_at_the_nearer_place() -> None:
    """The line of 0 is 0, 8, 4, 12 and round; 8 and 12 are in the row of what is sought."""
    route = DimensionOrder(twisted(4, 4)).route
    assert route(0, 9) == (0, 8, 9)
    assert route(4, 13) == (4, 12, 13)


def test_of_two_equal_ways_it_takes_the_one_over_links_that_are_listed_earlier() -> None:
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0)]
    onward = graph_of(4, grid((*it, 0) for it in pairs))
    backward = graph_of(4, grid((b, a, 0) for a, b in reversed(pairs)))
    assert DimensionOrder(onward).route(0, 2) == (0, 1, 2)
    assert DimensionOrder(backward).route(0, 2) == (0, 3, 2)


def test_a_link_of_a_later_dimension_is_no_short_cut_along_an_earlier_one() -> None:
    """0 to 2 in one hop would leave dimension 0, along which both are in line."""
    pairs = [*((at, at + 1, 0) for at in (0, 1, 3, 4)), *((at, at + 3, 1) for at in range(3))]
    crossing = graph_of(6, grid([(0, 2, 1), *pairs]))
    assert DimensionOrder(graph_of(6, grid(pairs))).route(0, 5) == (0, 1, 2, 5)
    assert DimensionOrder(crossing).route(0, 4) == (0, 1, 4)


@pytest.mark.parametrize("sort", [sorted, lambda it: sorted(it, reverse=True)])
def test_numbers_of_dimensions_count_not_the_order_of_their_links(
    sort: Callable[[Iterable[tuple[int, int, int]]], list[tuple[int, int, int]]],
) -> None:
    pairs = sort([(0, 1, 3), (2, 3, 3), (0, 2, 7), (1, 3, 7)])
    assert DimensionOrder(graph_of(4, grid(pairs))).route(0, 3) == (0, 1, 3)


def test_a_link_without_a_dimension_is_refused() -> None:
    cables: Cables = [("npu.0", "a", 0), ("npu.1", "a", None)]
    with pytest.raises(InputError, match=r"from npu\.1 to a has none; write its dimension"):
        DimensionOrder(graph_of(2, cables))


def test_tiers_are_refused_with_two_npus_that_it_cannot_connect() -> None:
    leaves: Cables = [(f"npu.{npu}", f"leaf.{npu // 2}", 0) for npu in range(4)]
    spines: Cables = [(f"leaf.{leaf}", "spine", 1) for leaf in range(2)]
    with pytest.raises(InputError, match=r"no way from npu\.0 to npu\.2.*shortest-path"):
        DimensionOrder(graph_of(4, [*leaves, *spines]))


def test_where_links_go_one_way_alone_a_way_back_is_missed_when_asked_for() -> None:
    router = DimensionOrder(graph_of(3, grid([(0, 1, 0), (1, 2, 0)]), both_ways=False))
    assert router.route(0, 2) == (0, 1, 2)
    with pytest.raises(InputError, match=r"no way from npu\.2 to npu\.0"):
        router.route(2, 0)


def test_a_line_of_thousands_costs_no_more_to_a_neighbour() -> None:
    """All of these in a second: a search of whole lines would look at 10^9 links."""
    npus = 2**15
    router = DimensionOrder(graph_of(npus, grid((at, (at + 1) % npus, 0) for at in range(npus))))
    assert all(router.route(at, at + 1) == (at, at + 1) for at in range(npus - 1))
    hub = DimensionOrder(graph_of(npus, ((f"npu.{npu}", "hub", 0) for npu in range(npus))))
    assert all(hub.route(0, npu) == (0, npus, npu) for npu in range(1, npus))
