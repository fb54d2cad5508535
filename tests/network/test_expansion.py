"""Networks of dimensions as graphs: the same devices, ways and prices as without."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.extensions import OWN_TOPOLOGIES

from simastra.config import NetworkConfig
from simastra.errors import ConfigError
from simastra.network import LinkTiming, build_topology
from simastra.network.expansion import expanded_graph
from simastra.network.routing import DimensionOrder
from simastra.network.topology import TOPOLOGIES, BasicTopology, RingTopology, Switch, Topology
from simastra.network.topology.graph import GraphTopology

TABLE = {**OWN_TOPOLOGIES, **TOPOLOGIES}
Shape = list[tuple[str, int]]
SHAPES = st.lists(
    st.tuples(st.sampled_from(sorted(TABLE)), st.integers(1, 6)), min_size=1, max_size=4
).filter(lambda shape: prod(npus for _, npus in shape) <= 100)
RATES = 50.0, 37.3, 12.5, 100.1
LATENCIES = 500.0, 0.3, 700.7, 0.0


def config_of(*shape: tuple[str, int]) -> NetworkConfig:
    return NetworkConfig(
        topology=[name for name, _ in shape],
        npus_count=[npus for _, npus in shape],
        bandwidth=RATES[: len(shape)],
        latency=LATENCIES[: len(shape)],
    )


def spelled_out(config: NetworkConfig) -> GraphTopology:
    graph = expanded_graph(config, TABLE)
    return GraphTopology(graph, DimensionOrder(graph))


def assert_same(native: Topology, spelled: Topology) -> None:
    assert spelled.devices == native.devices
    for src in range(native.npus):
        for dst in range(native.npus):
            assert spelled.hops(src, dst) == native.hops(src, dst)
            assert spelled.path(src, dst) == native.path(src, dst)


@given(shape=SHAPES)
def test_every_way_and_price_stays_also_that_to_oneself(shape: Shape) -> None:
    config = config_of(*shape)
    assert_same(build_topology(config, TABLE), spelled_out(config))


@pytest.mark.parametrize(
    ("shape", "hops", "price"),
    [
        # Alone, a switch sends it up and down; in a product it is charged, and crosses no link.
        ([("Switch", 4)], 2, LinkTiming(1000.0, 53.6870912)),
        ([("Switch", 4), ("Ring", 2)], 0, LinkTiming(1000.0, 53.6870912)),
        ([("Ring", 4), ("Switch", 2)], 0, LinkTiming(0.0, 53.6870912)),
        ([("FullyConnected", 3)], 0, LinkTiming(0.0, 53.6870912)),
        # Of a dimension of 1 NPU no link has the rate.
        ([("Ring", 1), ("Switch", 2)], 0, LinkTiming(0.0, 53.6870912)),
        ([("Ring", 1)], 0, LinkTiming(0.0, 53.6870912)),
        ([("Switch", 1)], 2, LinkTiming(1000.0, 53.6870912)),
    ],
)
def test_what_a_message_to_oneself_crosses_and_costs(
    shape: Shape, hops: int, price: LinkTiming
) -> None:
    spelled = spelled_out(config_of(*shape))
    assert len(spelled.hops(0, 0)) == hops
    assert spelled.path(0, 0) == price


def test_in_a_ring_of_two_on_and_back_are_the_same_links() -> None:
    graph = expanded_graph(config_of(("Ring", 2)))
    assert [(link.src, link.dst) for link in graph.links] == [(0, 1), (1, 0)]


def test_names_say_which_dimension_a_switch_belongs_to() -> None:
    graph = expanded_graph(config_of(("Switch", 2), ("Switch", 2)))
    assert [node.name for node in graph.nodes[4:]] == [
        *("switch.0.0", "switch.0.1", "switch.1.0", "switch.1.1")
    ]
    alone = expanded_graph(config_of(("Switch", 2)))
    assert [node.name for node in alone.nodes] == ["npu.0", "npu.1", "switch.0"]


def test_links_belong_to_their_dimensions() -> None:
    graph = expanded_graph(config_of(("Ring", 3), ("Switch", 2)))
    dimensions = {(it.src, it.dst): it.attributes.dimension for it in graph.links}
    assert (dimensions[0, 1], dimensions[0, 6]) == (0, 1)
    assert graph.charges == "first-dimension"
    assert expanded_graph(config_of(("Ring", 3))).charges == "route"


def test_a_graph_is_what_it_is_expanded_to() -> None:
    graph = expanded_graph(config_of(("Ring", 3)))
    assert expanded_graph(NetworkConfig(graph=graph)) is graph


class _Line(BasicTopology):
    def route(self, src: int, dst: int) -> tuple[int, ...]:
        step = 1 if dst >= src else -1
        return tuple(range(src, dst + step, step))


class _LongWayRound(RingTopology):  # type: ignore[misc]
    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return tuple((src + i) % self.npus for i in range((dst - src) % self.npus + 1))


class _Detour(BasicTopology):
    def route(self, src: int, dst: int) -> tuple[int, ...]:
        if src == dst:
            return (src,)
        third = next(it for it in range(self.npus) if it not in (src, dst))
        return (src, third, dst)


class _Uneven(Switch):  # type: ignore[misc]
    def link_between(self, src: int, dst: int) -> LinkTiming:
        return LinkTiming(float(src), 50.0)


class _Dear(RingTopology):  # type: ignore[misc]
    def path(self, src: int, dst: int, tag: int = 0) -> LinkTiming:
        return LinkTiming(1e6, 1.0)


class _ByTag(RingTopology):  # type: ignore[misc]
    multipath = True


@pytest.mark.parametrize("own", [_Line, _LongWayRound])
def test_topologies_of_ones_own_are_asked_for_their_ways(own: type[BasicTopology]) -> None:
    """Those derived from others, too: what these list isn't believed."""
    config = config_of(("Own", 5), ("Ring", 3))
    table = {**TOPOLOGIES, "Own": own}
    graph = expanded_graph(config, table)
    assert_same(build_topology(config, table), GraphTopology(graph, DimensionOrder(graph)))


@pytest.mark.parametrize("own", [_Detour, _Dear, _ByTag, _Uneven])
def test_ways_that_a_graph_would_not_take_are_refused(own: type[BasicTopology]) -> None:
    with pytest.raises(ConfigError, match=r"topology\[0\]: (can't be spelled out|charges some)"):
        expanded_graph(config_of(("Own", 4), ("Ring", 2)), {**TOPOLOGIES, "Own": own})


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        ([("FullyConnected", 600), ("Ring", 64)], r"npus_count.*too many devices or links"),
        ([("Ring", 2**21)], r"npus_count.*too many devices or links"),
        ([("Own", 257)], r"topology\[0\].*at most 256"),
    ],
)
def test_what_is_too_large_is_refused(shape: Shape, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        expanded_graph(config_of(*shape), {**TOPOLOGIES, "Own": RingTopology})
