"""A graph as a topology: which links a message crosses, and what the way costs."""

import pytest

from simastra.config import NetworkConfig
from simastra.network import LinkTiming, build_topology
from simastra.network.topology import check_routes
from simastra.network.topology.graph import GraphTopology


def topology(*links: dict[str, object], **more: object) -> GraphTopology:
    config = NetworkConfig.parse({"graph": {"links": list(links), **more}})
    built = build_topology(config)
    assert isinstance(built, GraphTopology)
    return built


STAR = {"from": "npu[0:4]", "to": "switch", "bandwidth": 50, "latency": 300}
TWO_TIERS = (
    {"from": "npu[0:2]", "to": "leaf.0", "bandwidth": 50, "latency": 100, "dimension": 0},
    {"from": "npu[2:4]", "to": "leaf.1", "bandwidth": 50, "latency": 100, "dimension": 0},
    {"from": "leaf[0:2]", "to": "spine", "bandwidth": 25, "latency": 700, "dimension": 1},
)


def test_devices_are_npus_first_and_hops_are_links_of_the_graph() -> None:
    star = topology(STAR)
    assert (star.npus, star.devices) == (4, 5)
    assert [(it.src, it.dst) for it in star.hops(3, 1)] == [(3, 4), (4, 1)]
    assert {it.link for it in star.hops(3, 1)} == {LinkTiming(300.0, 50.0)}
    assert star.hop_count(3, 1) == 2
    check_routes(star)


def test_a_way_costs_the_latency_of_all_its_links_and_the_least_rate() -> None:
    tiers = topology(*TWO_TIERS)
    assert tiers.hop_count(0, 3) == 4
    assert tiers.path(0, 3) == LinkTiming(100 + 700 + 700 + 100, 25.0)
    assert tiers.path(0, 1) == LinkTiming(200.0, 50.0)


def test_or_only_its_links_in_the_dimension_of_the_first() -> None:
    tiers = topology(*TWO_TIERS, charges="first-dimension")
    assert tiers.path(0, 3) == LinkTiming(200.0, 50.0)
    assert len(tiers.hops(0, 3)) == 4  # where messages queue, all links count


def test_a_message_to_its_own_sender_crosses_no_link() -> None:
    star = topology(STAR, {"from": "npu.0", "to": "npu.1", "bandwidth": 99, "latency": 1})
    assert star.hops(0, 0) == ()
    assert star.hop_count(0, 0) == 0
    assert star.path(0, 0) == LinkTiming(0.0, 50.0)  # its first link, not the fastest


def test_unless_the_graph_sends_it_out_and_back() -> None:
    star = topology(STAR, hairpin=True)
    assert [(it.src, it.dst) for it in star.hops(2, 2)] == [(2, 4), (4, 2)]
    assert star.hop_count(2, 2) == 2
    assert star.path(2, 2) == LinkTiming(600.0, 50.0)


def test_or_says_what_it_costs() -> None:
    star = topology(STAR, loopback={"bandwidth": 900, "latency": 7})
    assert star.path(1, 1) == LinkTiming(7.0, 900.0)
    assert star.hops(1, 1) == ()


def test_an_npu_alone_needs_no_link() -> None:
    alone = topology(nodes=[{"name": "npu.0"}])
    assert (alone.npus, alone.hops(0, 0)) == (1, ())
    assert alone.path(0, 0)[4096] == (0, 0)


@pytest.mark.parametrize("npus", [2, 3, 4, 5, 8, 9])
def test_a_ring_goes_the_shorter_way_and_clockwise_where_both_are_equal(npus: int) -> None:
    ring = topology({"ring": f"npu[0:{npus}]", "bandwidth": 50, "latency": 500})
    native = build_topology(
        NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[1], latency=[0])
    )
    for dst in range(1, npus):
        got = [(it.src, it.dst) for it in ring.hops(0, dst)]
        assert got == [(it.src, it.dst) for it in native.hops(0, dst)]
