"""From names and options in a network file to topologies and backends."""

import pytest
from pydantic import Field

from simastra.config import NetworkConfig, PartOptions
from simastra.engine import Environment, Probe
from simastra.errors import ConfigError
from simastra.network import (
    BACKENDS,
    Backend,
    LinkTiming,
    Network,
    Queueing,
    Topology,
    backend_options,
    build_dimensions,
    build_topology,
)
from simastra.network.topology import (
    TOPOLOGIES,
    BasicTopology,
    FullyConnected,
    MultiDimTopology,
    TopologyEntry,
)


class Slack(PartOptions):
    """How far away a centre is."""

    latency: float = Field(default=7.0, ge=0)


class Star(BasicTopology):
    """All go by NPU 0, over links of a latency of their own."""

    def __init__(self, npus: int, link: LinkTiming, options: Slack) -> None:
        super().__init__(npus, LinkTiming(options.latency, link.bytes_per_ns))

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        return tuple(dict.fromkeys((src, 0, dst))) if src != dst else (src,)


STAR = {**TOPOLOGIES, "Star": TopologyEntry(Star, Slack)}


def config(*topologies: object, **more: object) -> NetworkConfig:
    many = len(topologies)
    return NetworkConfig.parse(
        {
            "topology": list(topologies),
            "npus_count": [4, 3, 2][:many],
            "bandwidth": [50, 25, 10][:many],
            "latency": [500, 600, 700][:many],
            **more,
        },
        "net.yml",
    )


def test_each_dimension_has_its_links_price() -> None:
    dimensions = build_dimensions(config("FullyConnected", "Switch"))
    links = [topology.hops(0, 1)[0].link for topology in dimensions]
    assert [topology.npus for topology in dimensions] == [4, 3]
    assert [link.latency for link in links] == [500, 600]
    assert links[0].bytes_per_ns == 2 * links[1].bytes_per_ns


def test_one_dimension_is_the_network_and_several_are_multiplied() -> None:
    assert isinstance(build_topology(config("FullyConnected")), FullyConnected)
    both = build_topology(config("FullyConnected", "Switch"))
    assert isinstance(both, MultiDimTopology)
    assert (both.npus, both.devices) == (12, 12 + 4)


def test_without_queues_a_message_to_its_own_sender_pays_for_the_first_dimension() -> None:
    both = build_topology(config("Switch", "Ring"))
    assert both.path(5, 5).latency == 2 * 500
    assert build_topology(config("Ring", "Switch")).path(5, 5).latency == 0


def test_a_topology_is_told_its_options_or_their_defaults() -> None:
    plain, far = build_dimensions(config("Star", {"name": "Star", "latency": 9}), STAR)
    assert [topology.path(1, 2).latency for topology in (plain, far)] == [2 * 7, 2 * 9]


def test_wrong_options_of_a_topology_are_told_by_file_and_key() -> None:
    with pytest.raises(ConfigError) as raised:
        build_dimensions(config("Ring", {"name": "Star", "latency": -1}), STAR)
    assert str(raised.value).startswith("net.yml: topology[1].latency: must be at least 0, not -1")


class Slow(Network):
    """Never used."""

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, options: Slack | None = None
    ) -> None:
        self.given = (env, topology, probe)
        self.options = options

    transfer = Network.transfer
    links = Network.links


Slow.__abstractmethods__ = frozenset()  # it only takes what it is given
TABLE = {**BACKENDS, "slow": Backend(Slow, options=Slack), "bare": Slow}
TOLD = {"slow": {"latency": 3}}


def test_a_backend_is_told_its_options_or_their_defaults() -> None:
    assert backend_options(config("Ring", backend_options=TOLD), "slow", TABLE) == Slack(latency=3)
    assert backend_options(config("Ring"), "slow", TABLE) == Slack(latency=7)
    assert backend_options(config("Ring", backend_options=TOLD), "bare", TABLE) is None
    assert backend_options(config("Ring"), "congestion-aware") is None


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [
        ("slow", {"slow": {"latency": -3}}, "backend_options.slow.latency: must be at least 0"),
        ("slow", {"slwo": {}}, "backend_options.slwo: unknown backend 'slwo'; did you mean 'slow'"),
        ("bare", {"bare": {"a": 1}}, "backend_options.bare.a: bare takes no options"),
    ],
)
def test_wrong_options_of_a_backend_are_told_by_file_and_key(
    name: str, told: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        backend_options(config("Ring", backend_options=told), name, TABLE)
    assert str(raised.value).startswith(f"net.yml: {said}")


def test_a_backend_is_made_of_what_it_declares() -> None:
    env, topology, probe = Environment(), build_topology(config("Ring")), Probe()
    told, untold = (
        Backend.of(TABLE["slow"]).build(env, topology, probe, options)
        for options in (Slack(latency=3), None)
    )
    bare = Backend.of(TABLE["bare"]).build(env, topology, probe)
    assert isinstance(told, Slow)
    assert isinstance(untold, Slow)
    assert isinstance(bare, Slow)
    assert told.given == bare.given == (env, topology, probe)
    assert [made.options for made in (told, untold, bare)] == [Slack(latency=3), Slack(), None]


def test_what_is_not_declared_is_not_relied_upon() -> None:
    entry = Backend.of(Slow)
    assert (entry.queueing, entry.is_exact, entry.options) == (None, False, None)
    assert TopologyEntry.of(FullyConnected).options is None
    assert Backend(Slow, Queueing.NOWHERE).is_exact is False
