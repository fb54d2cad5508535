"""Rings and cliques: which links they have, and in which order."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from simastra.network_graph import (
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    RoutingChoice,
    clique_links,
    ring_links,
)
from simastra.network_graph.model import NPU


@pytest.mark.parametrize("members", [3, 4, 9])
def test_a_ring_has_two_links_a_member_and_lists_those_that_go_on_first(members: int) -> None:
    links = list(ring_links(range(members)))
    assert links[:members] == [(it, (it + 1) % members) for it in range(members)]
    assert links[members:] == [(b, a) for a, b in links[:members]]


def test_on_and_back_in_a_ring_of_two_are_the_same_links() -> None:
    assert list(ring_links([4, 7])) == [(4, 7), (7, 4)]


@pytest.mark.parametrize("shape", [ring_links, clique_links])
def test_one_alone_and_nobody_have_no_links(
    shape: Callable[[Sequence[int]], Iterator[tuple[int, int]]],
) -> None:
    assert list(shape([3])) == []
    assert list(shape([])) == []


def test_a_clique_has_every_pair_once_in_order_of_its_members() -> None:
    links = list(clique_links([2, 0, 1]))
    assert links == [(2, 0), (2, 1), (0, 2), (0, 1), (1, 2), (1, 0)]


def test_what_a_graph_charges_for_a_message_to_oneself_is_part_of_it() -> None:
    def graph(loopback: LinkAttributes | None) -> NetworkGraph:
        assembly = GraphAssembly()
        assembly.add_node("npu.0", NPU)
        return assembly.graph(RoutingChoice("static"), loopback=loopback, source="a.yml")

    own = LinkAttributes(50.0, 0.0)
    assert graph(own).loopback == own
    assert graph(own) != graph(None)
    assert graph(own).source == "a.yml"
