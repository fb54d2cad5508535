"""The two backends' times by hand: what is charged, and what is not (behaviour 4.1-4.3, 4.6)."""

import pytest

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.errors import ConfigError
from simastra.network import BACKENDS, Network, build_topology
from simastra.network.topology import FullyConnected

SIZE = 53_687  # int(53687 / 53.687) is 999 ns at 50 GB/s


def network_of(
    backend: str, *dimensions: tuple[str, int], latency: float = 500.0
) -> tuple[Environment, Network]:
    names, npus = zip(*dimensions, strict=True)
    config = NetworkConfig(
        topology=names,
        npus_count=npus,
        bandwidth=[50.0] * len(names),
        latency=[latency * (d + 1) for d in range(len(names))],
    )
    env = Environment()
    return env, BACKENDS[f"congestion-{backend}"].build(env, build_topology(config), Probe())


@pytest.mark.parametrize(
    ("backend", "topology", "dst", "time"),
    [
        ("unaware", "Ring", 1, 1499),
        ("unaware", "Ring", 3, 3 * 500 + 999),  # latency a hop, the wire once
        ("unaware", "Ring", 6, 2 * 500 + 999),
        ("unaware", "FullyConnected", 6, 1499),
        ("unaware", "Switch", 6, 2 * 500 + 999),
        ("aware", "Ring", 1, 1499),
        ("aware", "Ring", 3, 3 * 1499),  # stored and forwarded
        ("aware", "Ring", 6, 2 * 1499),
        ("aware", "FullyConnected", 6, 1499),
        ("aware", "Switch", 6, 2 * 1499),
    ],
)
def test_one_message_from_npu_0_of_8(backend: str, topology: str, dst: int, time: int) -> None:
    env, network = network_of(backend, (topology, 8))
    env.run(until=network.transfer(0, dst, SIZE))
    assert env.now == time


def test_unaware_charges_the_first_differing_dimension_only() -> None:
    env, network = network_of("unaware", ("Ring", 4), ("Switch", 2))
    env.run(until=network.transfer(0, 7, SIZE))  # (0, 0) to (3, 1)
    assert env.now == 500 + 999


def test_unaware_charges_the_second_dimension_where_it_alone_differs() -> None:
    env, network = network_of("unaware", ("Ring", 4), ("Switch", 2))
    env.run(until=network.transfer(3, 7, SIZE))
    assert env.now == 2 * 1000 + 999


def test_aware_charges_every_hop_of_every_dimension() -> None:
    env, network = network_of("aware", ("Ring", 4), ("Switch", 2))
    env.run(until=network.transfer(0, 7, SIZE))
    assert env.now == (500 + 999) + 2 * (1000 + 999)
    assert [(link.src, link.dst) for link in network.links] == [(0, 3), (3, 11), (11, 7)]


def test_aware_makes_links_when_first_used() -> None:
    _, network = network_of("aware", ("FullyConnected", 1000))
    assert list(network.links) == []
    network.transfer(4, 2, 1)
    network.transfer(4, 2, 1)
    assert [(link.src, link.dst) for link in network.links] == [(4, 2)]


def test_messages_over_one_switch_port_queue_there() -> None:
    env, network = network_of("aware", ("Switch", 4))
    messages = [network.transfer(src, 3, SIZE) for src in range(3)]
    times: list[int] = []
    for message in messages:
        message.callbacks.append(lambda _event: times.append(env.now))
    env.run()
    assert times == [2 * 1499 + k * 999 for k in range(3)]


def test_unaware_messages_do_not_meet() -> None:
    env, network = network_of("unaware", ("Switch", 4))
    messages = [network.transfer(src, 3, SIZE) for src in range(3)]
    times: list[int] = []
    for message in messages:
        message.callbacks.append(lambda _event: times.append(env.now))
    env.run()
    assert times == [1999] * 3
    assert list(network.links) == []


def test_a_ring_of_two_has_one_link_each_way() -> None:
    env, network = network_of("aware", ("Ring", 2))
    env.run(until=network.transfer(1, 0, SIZE))
    assert (env.now, [(link.src, link.dst) for link in network.links]) == (1499, [(1, 0)])


@pytest.mark.parametrize(("topology", "time"), [("Switch", 2 * 1499), ("FullyConnected", 0)])
def test_a_message_to_its_own_sender(topology: str, time: int) -> None:
    env, network = network_of("aware", (topology, 4))
    env.run(until=network.transfer(2, 2, SIZE))
    assert env.now == time


def test_an_unknown_topology_is_an_error_that_names_the_entry_and_the_likely_name() -> None:
    config = NetworkConfig(
        topology=["Switch", "fullyconnected"], npus_count=[2, 2], bandwidth=[1, 1], latency=[0, 0]
    )
    with pytest.raises(ConfigError) as raised:
        build_topology(config)
    assert raised.value.key == "topology[1]"
    assert "did you mean 'FullyConnected'?" in str(raised.value)


def test_a_table_of_topologies_may_be_given() -> None:
    class Mesh(FullyConnected):  # type: ignore[misc]
        pass

    config = NetworkConfig(topology=["Mesh"], npus_count=[4], bandwidth=[1], latency=[0])
    assert isinstance(build_topology(config, {"Mesh": Mesh}), Mesh)
