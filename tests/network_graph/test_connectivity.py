"""Graphs whose NPUs don't all reach each other: where they fall apart, and what is said of it."""

from __future__ import annotations

import random

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import NetworkConfig
from simastra.errors import ConfigError, InputError
from simastra.network import build_topology
from simastra.network_graph import (
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    check_connected,
    find_cut,
)

PLAIN = LinkAttributes(bytes_per_ns=50.0, latency=500.0)


def graph(
    npus: int, *links: tuple[str, str], one_way: tuple[tuple[str, str], ...] = ()
) -> NetworkGraph:
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", "npu")
    for ends in links:
        assembly.add_link(*ends, PLAIN)
    for ends in one_way:
        assembly.add_link(*ends, PLAIN, both_ways=False)
    return assembly.graph()


def hanging(switch: str, npus: range) -> list[tuple[str, str]]:
    return [(f"npu.{npu}", switch) for npu in npus]


@given(st.integers(0, 10**6))
def test_there_is_a_cut_exactly_where_some_npu_does_not_reach_some_other(seed: int) -> None:
    draw = random.Random(seed)
    names = [*(f"npu.{npu}" for npu in range(draw.randint(1, 6))), "a", "b", "c"]
    links = [(draw.choice(names), draw.choice(names)) for _ in range(draw.randint(0, 14))]
    made = graph(len(names) - 3, one_way=tuple(it for it in links if it[0] != it[1]))
    oracle = networkx.DiGraph([(link.src, link.dst) for link in made.links])
    oracle.add_nodes_from(range(made.devices))
    reach = {npu: {npu} | networkx.descendants(oracle, npu) for npu in range(made.npus)}
    cut = find_cut(made)
    assert (cut is None) == all(set(range(made.npus)) <= it for it in reach.values())
    if cut is None:
        check_connected(made)
        return
    near, far = set(cut.near), set(cut.far)
    assert near | far == set(range(made.devices))
    assert not near & far
    assert min(near) < made.npus > min(far)  # NPUs in both
    assert not any(link.src in near and link.dst in far for link in made.links)
    assert cut.is_one_way == any(link.src in far and link.dst in near for link in made.links)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            graph(16, *hanging("a", range(12)), *hanging("b", range(12, 16))),
            "12 of 16 NPUs can't reach npu.12, npu.13, npu.14 and 1 more: no link leads from them "
            "into b or back; link them, or leave them out",
        ),
        (
            graph(5, *hanging("a", range(4))),
            "4 of 5 NPUs can't reach npu.4: no link leads from them into npu.4 or back; link them, "
            "or leave them out",
        ),
        (
            graph(6, *hanging("a", range(4)), *hanging("b", range(4, 6)), one_way=(("a", "b"),)),
            "npu.4, npu.5 can't reach 4 of 6 NPUs: no link leads out of b to them, only the other "
            "way; let one lead there, too",
        ),
        (
            graph(6, *hanging("a", range(4)), *hanging("b", range(4, 6)), one_way=(("b", "a"),)),
            "4 of 6 NPUs can't reach npu.4, npu.5: no link leads from them into b, only the other "
            "way; let one lead there, too",
        ),
    ],
)
def test_the_message_names_who_can_not_reach_whom_and_where_links_are_missing(
    made: NetworkGraph, message: str
) -> None:
    with pytest.raises(InputError) as error:
        check_connected(made)
    assert str(error.value) == message


def test_of_several_pieces_the_smallest_is_named() -> None:
    made = graph(9, *hanging("a", range(4)), *hanging("b", range(4, 6)), *hanging("c", range(6, 9)))
    cut = find_cut(made)
    assert cut is not None
    assert [made.nodes[it].name for it in cut.far] == ["npu.4", "npu.5", "b"]


def test_devices_without_npus_may_lie_apart() -> None:
    assert find_cut(graph(2, ("npu.0", "npu.1"), ("a", "b"), one_way=(("npu.0", "c"),))) is None
    assert find_cut(graph(1)) is None


def test_sixty_thousand_npus_without_links_are_told_at_once() -> None:
    cut = find_cut(graph(60_000))
    assert cut is not None
    assert cut.far == (59_999,)


def test_a_network_that_falls_apart_is_refused_before_it_runs() -> None:
    links = [
        {"from": f"npu[{begin}:{begin + 4}]", "to": f"leaf.{begin}", "bandwidth": 50, "latency": 5}
        for begin in (0, 4)
    ]
    config = NetworkConfig.parse({"graph": {"links": links}}, "pods.yml")
    with pytest.raises(ConfigError, match=r"pods\.yml: graph: 4 of 8 NPUs can't reach npu\.4, "):
        build_topology(config)
