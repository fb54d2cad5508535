"""Every entry of BACKENDS, and what others might add, keeps the laws of `Network`, and its word."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.extensions import OWN_BACKENDS
from support.played import PLAYED

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.network import BACKENDS, Backend, Network, Queueing, build_topology
from simastra.network.topology import TOPOLOGIES

TABLE = {**OWN_BACKENDS, **PLAYED}
every_backend = pytest.mark.parametrize("backend", TABLE)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A message to be sent."""

    time: int
    src: int
    dst: int
    size: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that has arrived; `number` is its transfer's index."""

    number: int
    time: int


@st.composite
def networks(draw: st.DrawFn) -> NetworkConfig:
    dimensions = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(TOPOLOGIES)),
                st.integers(2, 4),
                st.sampled_from([0.5, 12.5, 50.0, 400.0]),
                st.sampled_from([0.0, 1.0, 99.5, 500.0]),
            ),
            min_size=1,
            max_size=3,
        )
    )
    names, npus, bandwidth, latency = zip(*dimensions, strict=True)
    return NetworkConfig(topology=names, npus_count=npus, bandwidth=bandwidth, latency=latency)


@st.composite
def workloads(draw: st.DrawFn) -> tuple[NetworkConfig, list[Transfer]]:
    config = draw(networks())
    npu = st.integers(0, config.npus - 1)
    transfer = st.builds(
        Transfer,
        time=st.integers(0, 300),
        src=npu,
        dst=npu,
        size=st.sampled_from([1, 100, 101, 4096, 100_000]),
    ).filter(lambda transfer: transfer.src != transfer.dst)
    return config, draw(st.lists(transfer, max_size=25))


def network_of(backend: str, env: Environment, config: NetworkConfig) -> Network:
    return TABLE[backend].build(env, build_topology(config), Probe())


def arrivals(backend: str, config: NetworkConfig, transfers: list[Transfer]) -> list[Arrival]:
    """Carry everything out; the arrivals in order."""
    env = Environment()
    network = network_of(backend, env, config)
    seen: list[Arrival] = []

    def send(number: int, transfer: Transfer) -> None:
        message = network.transfer(transfer.src, transfer.dst, transfer.size)
        message.callbacks.append(lambda _event: seen.append(Arrival(number, env.now)))

    for number, transfer in enumerate(transfers):
        env.call_later(transfer.time, partial(send, number, transfer))
    env.run()
    return seen


@every_backend
@given(workload=workloads())
def test_everything_sent_arrives_once(
    backend: str, workload: tuple[NetworkConfig, list[Transfer]]
) -> None:
    config, transfers = workload
    numbers = [arrival.number for arrival in arrivals(backend, config, transfers)]
    assert sorted(numbers) == list(range(len(transfers)))


@every_backend
@given(workload=workloads())
def test_messages_of_one_size_between_one_pair_stay_in_order(
    backend: str, workload: tuple[NetworkConfig, list[Transfer]]
) -> None:
    config, transfers = workload
    lines: defaultdict[Transfer, list[tuple[int, int]]] = defaultdict(list)
    for arrival in arrivals(backend, config, transfers):
        transfer = transfers[arrival.number]
        lines[replace(transfer, time=0)].append((transfer.time, arrival.number))
    assert all(line == sorted(line) for line in lines.values())


@every_backend
@given(workload=workloads())
def test_nothing_is_faster_than_latency_and_bandwidth(
    backend: str, workload: tuple[NetworkConfig, list[Transfer]]
) -> None:
    config, transfers = workload
    topology = build_topology(config)
    for arrival in arrivals(backend, config, transfers):
        transfer = transfers[arrival.number]
        _, least = topology.hops(transfer.src, transfer.dst)[0].link[transfer.size]
        assert arrival.time - transfer.time >= least


@every_backend
@given(workload=workloads())
def test_the_same_calls_give_the_same_arrivals(
    backend: str, workload: tuple[NetworkConfig, list[Transfer]]
) -> None:
    config, transfers = workload
    assert arrivals(backend, config, transfers) == arrivals(backend, config, transfers)


@every_backend
@given(config=networks(), size=st.integers(1, 10**7), factor=st.floats(1, 10), data=st.data())
def test_more_bandwidth_never_slows_a_lone_message(
    backend: str, config: NetworkConfig, size: int, factor: float, data: st.DataObject
) -> None:
    src = data.draw(st.integers(0, config.npus - 1))
    dst = data.draw(st.integers(0, config.npus - 1).filter(lambda npu: npu != src))
    wider = NetworkConfig(
        topology=config.topology,
        npus_count=config.npus_count,
        bandwidth=[bandwidth * factor for bandwidth in config.bandwidth],
        latency=config.latency,
    )
    lone = [Transfer(0, src, dst, size)]
    assert arrivals(backend, wider, lone)[0].time <= arrivals(backend, config, lone)[0].time


@every_backend
@given(config=networks(), sizes=st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)))
def test_a_larger_lone_message_is_never_faster(
    backend: str, config: NetworkConfig, sizes: tuple[int, int]
) -> None:
    times = [
        arrivals(backend, config, [Transfer(0, 0, config.npus - 1, size)])[0].time
        for size in sorted(sizes)
    ]
    assert times[0] <= times[1]


@every_backend
def test_a_message_says_what_it_is_and_is_the_event_of_its_arrival(backend: str) -> None:
    env = Environment()
    config = NetworkConfig(
        topology=["FullyConnected"], npus_count=[3], bandwidth=[50], latency=[500]
    )
    message = network_of(backend, env, config).transfer(0, 2, 5368, tag=7)
    assert (message.src, message.dst, message.size, message.tag) == (0, 2, 5368, 7)
    assert network_of(backend, env, config).transfer(1, 2, 8).tag == 0
    assert env.run(until=message) is message
    least = 599  # int(500 + 5368 / 53.687)
    assert env.now == least if TABLE[backend].is_exact else env.now >= least


def test_what_is_declared_is_known() -> None:
    declared = {name: (entry.queueing, entry.is_exact) for name, entry in BACKENDS.items()}
    assert declared["congestion-aware"] == (Queueing.AT_LINKS, True)
    assert declared["congestion-unaware"] == (Queueing.NOWHERE, True)
    assert declared["fluid"] == (Queueing.SHARED, True)


def test_a_bare_function_is_a_backend_that_declares_nothing() -> None:
    entry = Backend.of(BACKENDS["congestion-aware"].make)
    assert (entry.queueing, entry.is_exact) == (None, False)
    assert Backend.of(entry) is entry


@every_backend
@given(workload=workloads())
def test_where_messages_wait_is_as_declared(
    backend: str, workload: tuple[NetworkConfig, list[Transfer]]
) -> None:
    """Together with others each arrives as alone, unless they wait at a link that both cross."""
    config, transfers = workload
    queueing, topology = TABLE[backend].queueing, build_topology(config)
    together = {arrival.number: arrival.time for arrival in arrivals(backend, config, transfers)}
    ways = [set(topology.hops(it.src, it.dst)) for it in transfers]
    for number, transfer in enumerate(transfers):
        others = ways[:number] + ways[number + 1 :]
        at_links = queueing in {Queueing.AT_LINKS, Queueing.SHARED}
        meets = at_links and any(ways[number] & other for other in others)
        if queueing is not None and not meets:
            assert together[number] == arrivals(backend, config, [transfer])[0].time
