"""The fluid backend's times by hand: who shares, from when, and what that costs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from simastra.config import NetworkConfig
from simastra.engine import Environment, LinkUsed, Probe
from simastra.errors import ConfigError
from simastra.network import BACKENDS, Network, backend_options, build_topology

SIZE = 50_000  # 1,000 ns at 50 GB/s


class _Used(Probe):
    def __init__(self) -> None:
        self.links: list[tuple[int, int, int]] = []

    def on_link_used(self, event: LinkUsed) -> None:
        self.links.append((event.link.src, event.link.dst, event.time))


def made(
    *dimensions: tuple[str, int], latency: float = 500.0, **told: Any
) -> tuple[Environment, Network, _Used]:
    config = NetworkConfig(
        topology=[name for name, _ in dimensions],
        npus_count=[npus for _, npus in dimensions],
        bandwidth=["50GB/s"] * len(dimensions),
        latency=[latency] * len(dimensions),
        backend_options={"fluid": told},
    )
    env, used = Environment(), _Used()
    options = backend_options(config, "fluid")
    return env, BACKENDS["fluid"].build(env, build_topology(config), used, options), used


def times(env: Environment, network: Network, *sent: Sequence[int]) -> list[int]:
    """Arrivals of messages of a time, a sender, a receiver, and perhaps a size."""
    arrived = [-1] * len(sent)

    def arrive(number: int, _message: object) -> None:
        arrived[number] = env.now

    def send(number: int, src: int, dst: int, size: int = SIZE) -> None:
        network.transfer(src, dst, size).callbacks.append(partial(arrive, number))

    for number, (time, *what) in enumerate(sent):
        env.call_later(time, partial(send, number, *what))
    env.run()
    return arrived


@pytest.mark.parametrize(
    ("topology", "dst", "time"),
    [("Ring", 1, 1500), ("Ring", 3, 2500), ("FullyConnected", 6, 1500), ("Switch", 6, 2000)],
)
def test_a_message_pays_latency_for_each_hop_and_the_wire_once(
    topology: str, dst: int, time: int
) -> None:
    env, network, _ = made((topology, 8))
    assert times(env, network, (0, 0, dst)) == [time]


def test_over_several_dimensions_all_of_the_way_is_paid() -> None:
    env, network, _ = made(("Ring", 4), ("Switch", 2))
    assert times(env, network, (0, 0, 7)) == [500 + 2 * 500 + 1000]


def test_two_that_meet_at_a_port_have_half_of_it_each() -> None:
    env, network, _ = made(("Switch", 4))
    assert times(env, network, (0, 0, 3), (0, 1, 3), (0, 2, 1)) == [3000, 3000, 2000]


def test_who_comes_later_shares_from_then_on_and_has_all_of_it_in_the_end() -> None:
    """The first has half its bytes on the wire when the second comes."""
    env, network, _ = made(("Switch", 4))
    assert times(env, network, (0, 0, 3), (500, 1, 3)) == [500 + 1000 + 1000, 1500 + 500 + 1000]


def test_what_one_link_keeps_from_a_flow_others_get_at_another() -> None:
    """0 -> 3 and 1 -> 3 share the port of 3; 0 -> 2 has the other half of 0's, then all of it."""
    env, network, _ = made(("Switch", 4))
    sent = [(0, 0, 3), (0, 1, 3), (0, 0, 2, 2 * SIZE)]
    assert times(env, network, *sent) == [3000, 3000, 2000 + 1000 + 1000]


def test_flows_of_a_pair_share_too() -> None:
    env, network, _ = made(("FullyConnected", 4))
    assert times(env, network, (0, 0, 1), (0, 0, 1), (0, 1, 0)) == [2500, 2500, 1500]


def test_a_message_is_there_when_its_last_ns_begins_and_leaves_its_links_when_that_ends() -> None:
    """Of the first, 25 bytes are left at 1 ns; all 175 take 3.5 ns, whoever has them."""
    env, network, _ = made(("FullyConnected", 2), latency=0.0)
    assert times(env, network, (0, 0, 1, 75), (1, 0, 1, 100)) == [1, 3]


def test_an_empty_message_takes_the_latency_alone_and_nobody_else_any_longer() -> None:
    env, network, _ = made(("Switch", 4))
    assert times(env, network, (0, 0, 3, 0), (0, 1, 3)) == [1000, 2000]


@pytest.mark.parametrize(("topology", "time"), [("Switch", 2000), ("FullyConnected", 1000)])
def test_a_message_to_its_own_sender(topology: str, time: int) -> None:
    """As in the congestion-unaware backend: over the switch, or serialisation alone."""
    env, network, _ = made((topology, 4))
    assert times(env, network, (0, 2, 2)) == [time]


def test_links_are_told_and_counted_as_they_are_used() -> None:
    env, network, used = made(("Switch", 4))
    times(env, network, (0, 0, 3), (7, 1, 3))
    assert used.links == [(0, 4, 0), (4, 3, 0), (1, 4, 7)]
    carried = [
        (it.src, it.messages_carried, it.bytes_carried, it.busy_time) for it in network.links
    ]
    assert carried == [(0, 1, SIZE, 1000), (4, 2, 2 * SIZE, 2000), (1, 1, SIZE, 1000)]
    assert not any(link.is_busy or link.shares or link.items for link in network.links)


def test_a_link_shows_who_shares_it_at_what_rate() -> None:
    env, network, _ = made(("Switch", 4))
    messages = [network.transfer(src, 3, SIZE) for src in (0, 1)]
    assert [rate for link in network.links for _, rate in link.shares] == [50.0, 50.0, 0.0, 0.0]
    env.run(until=1)
    shares = {(link.src, link.dst): link.shares for link in network.links}
    assert shares[4, 3] == ((messages[0], 25.0), (messages[1], 25.0))
    assert [link.on_wire for link in network.links if link.src == 1] == [(messages[1],)]


def test_a_cap_of_the_nic_holds_for_all_that_an_npu_sends_and_for_all_that_it_receives() -> None:
    """On a fully connected network no two of these share a link."""
    sent = [(0, 0, 1), (0, 0, 2), (0, 3, 2)]
    env, network, _ = made(("FullyConnected", 4))
    assert times(env, network, *sent) == [1500] * 3
    env, network, _ = made(("FullyConnected", 4), nic_cap="50GB/s")
    assert times(env, network, *sent) == [2500] * 3
    env, network, _ = made(("FullyConnected", 4), nic_cap="200Gb/s")
    assert times(env, network, (0, 0, 1)) == [2500]
    assert [(link.src, link.dst) for link in network.links] == [(0, 1)]


@pytest.mark.parametrize(("senders", "efficiency"), [(1, 1.0), (2, 0.9), (5, 0.75), (9, 0.6)])
def test_an_incast_has_the_measured_part_of_the_last_link(senders: int, efficiency: float) -> None:
    env, network, _ = made(("Switch", 10), incast={2: 0.9, 8: 0.6})
    sent = [(0, src, 0) for src in range(1, senders + 1)]
    assert set(times(env, network, *sent)) == {int(1000 + senders * 1000 / efficiency)}


def test_several_messages_of_one_sender_are_no_incast() -> None:
    env, network, _ = made(("Switch", 4), incast={2: 0.5})
    assert times(env, network, (0, 1, 0), (0, 1, 0), (0, 2, 3), (0, 2, 0, 0)) == [3000] * 2 + [
        2000,
        1000,
    ]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"nic_cap": 50}, "nic_cap: must be a bandwidth with its unit, such as 50GB/s"),
        ({"nic_cap": "0GB/s"}, "nic_cap: must be larger than 0"),
        ({"nic_cap": "1e-30GB/s"}, "nic_cap: is too small: 1e-30 bytes per ns is below 1e-09"),
        (
            {"incast": {1: 0.5}},
            "incast: has 1 for a number of senders; write a whole number from 2",
        ),
        ({"incast": {"a": 0.5}}, "incast: has 'a' for a number of senders"),
        ({"incast": {2: 1.5}}, "incast: has 1.5 for 2 senders; write the part of the bandwidth"),
        ({"incast": {2: 0}}, "incast: has 0 for 2 senders"),
        ({"incast": {2: True}}, "incast: has true for 2 senders"),
        ({"incast": 0.5}, "incast: must be a mapping of numbers of senders to parts"),
        ({"nic": "1GB/s"}, "nic: unknown key 'nic'; did you mean 'nic_cap'?"),
    ],
)
def test_wrong_options_are_told_by_key(told: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        made(("Switch", 4), **told)
    assert f"backend_options.fluid.{said}" in str(raised.value)


def test_messages_of_one_way_share_it_and_those_of_other_tags_may_take_another() -> None:
    hosts = {"from": "npu[0:2]", "to": "leaf[0:2]", "bandwidth": "100GB/s", "latency": 100}
    spines = {"from": "leaf[0:2]", "to": "spine[0:2]", "bandwidth": "50GB/s", "latency": 200}
    links = [hosts, {**spines, "pairs": "all"}]
    topology = build_topology(NetworkConfig.parse({"graph": {"links": links, "routing": "ecmp"}}))
    ways: dict[int, list[int]] = {}
    for tag in range(32):
        ways.setdefault(topology.hops(0, 1, tag)[1].dst, []).append(tag)
    (one, same, *_), (other, *_) = ways.values()

    def arrivals(*tags: int) -> list[int]:
        env, arrived = Environment(), []
        network = BACKENDS["fluid"].build(env, topology, Probe())
        for tag in tags:
            message = network.transfer(0, 1, SIZE, tag)
            message.callbacks.append(lambda _: arrived.append(env.now))
        env.run()
        return arrived

    alone = 2 * 100 + 2 * 200 + 1000
    assert arrivals(one, other) == [alone, alone]  # a host's link carries both
    assert arrivals(one, same) == [alone + 1000, alone + 1000]
    assert arrivals(one, other, same) == [alone, alone + 1000, alone + 1000]
