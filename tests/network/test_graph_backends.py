"""Both backends over graphs: what a message alone takes, and that the tag chooses its way."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.network import BACKENDS, Network, build_topology
from simastra.network.topology.graph import GraphTopology
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph, RoutingChoice
from simastra.network_graph.model import NPU

AWARE, UNAWARE = "congestion-aware", "congestion-unaware"


@st.composite
def graphs(draw: st.DrawFn) -> NetworkGraph:
    """Connected ones: each node is linked to one before it, and some to others."""
    npus, others = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    names = [*(f"npu.{it}" for it in range(npus)), *(f"s.{it}" for it in range(others))]
    assembly = GraphAssembly()
    for name in names:
        assembly.add_node(name, NPU if name.startswith("npu") else "switch")
    order = draw(st.permutations(names))
    rates = st.builds(LinkAttributes, st.floats(0.5, 100), st.floats(0, 1000))
    for place, name in enumerate(order[1:], 1):
        assembly.add_link(name, order[draw(st.integers(0, place - 1))], draw(rates))
    for _ in range(draw(st.integers(0, 4))):
        src, dst = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        if src != dst:
            assembly.add_link(src, dst, draw(rates))
    return assembly.graph()


def built(graph: NetworkGraph) -> GraphTopology:
    topology = build_topology(NetworkConfig(graph=graph))
    assert isinstance(topology, GraphTopology)
    return topology


def made(backend: str, topology: GraphTopology) -> tuple[Environment, Network]:
    env = Environment()
    return env, BACKENDS[backend].build(env, topology, Probe())


def pairs(npus: int) -> Iterator[tuple[int, int]]:
    return ((src, dst) for src in range(npus) for dst in range(npus) if src != dst)


@given(graphs(), st.integers(0, 2**24))
def test_a_message_alone_takes_what_the_links_of_its_way_take(
    graph: NetworkGraph, size: int
) -> None:
    topology = built(graph)
    for src, dst in pairs(graph.npus):
        devices = topology.router.route(src, dst)
        way = [graph.link_between[ends] for ends in pairwise(devices)]
        for backend, wanted in (
            (AWARE, sum(int(it.latency + size / it.bytes_per_ns) for it in way)),
            (UNAWARE, sum(it.latency for it in way) + size / min(it.bytes_per_ns for it in way)),
        ):
            env, network = made(backend, topology)
            env.run(network.transfer(src, dst, size))
            assert env.now == pytest.approx(wanted, abs=1)


@given(graphs(), st.integers(0, 2**20))
def test_without_queues_a_message_to_oneself_costs_its_bytes(
    graph: NetworkGraph, size: int
) -> None:
    env, network = made(UNAWARE, built(graph))
    env.run(network.transfer(0, 0, size))
    out = graph.out_links[0]
    assert env.now == (int(size / out[0].bytes_per_ns) if out else 0)


def spread(tags: int, routing: str) -> dict[tuple[int, int], int]:
    """What each link carries of messages from an NPU to another with eight spines between."""
    assembly = GraphAssembly()
    for name in ("npu.0", "npu.1"):
        assembly.add_node(name, NPU)
    for spine in range(8):
        for name in ("npu.0", "npu.1"):
            assembly.add_link(name, f"spine.{spine}", LinkAttributes(1.0, 10.0))
    topology = built(assembly.graph(RoutingChoice(routing)))
    env, network = made(AWARE, topology)
    for _ in range(2):
        for tag in range(tags):
            message = network.transfer(0, 1, 100, tag)
            ways = [(link.src, link.dst) for link in message.route]
            assert ways == [(it.src, it.dst) for it in topology.hops(0, 1, tag)]
    env.run()
    return {(it.src, it.dst): it.messages_carried for it in network.links}


def test_the_tag_chooses_among_ways_and_always_the_same() -> None:
    carried = spread(64, "ecmp")
    assert len(carried) == 16  # up and down each of eight
    assert all(count % 2 == 0 for count in carried.values())  # both messages of a tag went there
    assert sum(carried.values()) == 2 * 2 * 64


def test_where_it_does_not_matter_all_go_one_way() -> None:
    assert spread(64, "shortest-path") == {(0, 2): 128, (2, 1): 128}


def test_without_queues_too_a_way_is_priced_by_its_tag() -> None:
    assembly = GraphAssembly()
    for name in ("npu.0", "npu.1"):
        assembly.add_node(name, NPU)
    for spine, rate in (("slow", 1.0), ("fast", 10.0)):
        assembly.add_link("npu.0", spine, LinkAttributes(rate, 10.0))
        assembly.add_link("npu.1", spine, LinkAttributes(rate, 10.0))
    topology = built(assembly.graph(RoutingChoice("ecmp")))
    times = set()
    for tag in range(16):
        env, network = made(UNAWARE, topology)
        env.run(network.transfer(0, 1, 1000, tag))
        assert env.now == topology.path(0, 1, tag)[1000][1]
        times.add(env.now)
    assert times == {1020, 120}
