"""Laws of flows on random networks: capacity, fairness at every nanosecond, bounds, order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy.core import Infinity

from simastra.engine import Environment, Flowed, Probe
from simastra.network import BACKENDS, Hop, LinkTiming, Message, Network, Topology
from simastra.network.timing import in_series


class RandomRoutes(Topology):
    """Links of given prices, and a given route for each pair: whatever a graph may look like."""

    def __init__(self, npus: int, routes: Mapping[tuple[int, int], tuple[Hop, ...]]) -> None:
        super().__init__(npus)
        self.routes = routes

    @property
    def devices(self) -> int:
        return self.npus + 3

    def hops(self, src: int, dst: int) -> tuple[Hop, ...]:
        return self.routes[src, dst]

    def path(self, src: int, dst: int) -> LinkTiming:
        return in_series(hop.link for hop in self.routes[src, dst])


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to be sent."""

    time: int
    src: int
    dst: int
    size: int


@st.composite
def machines(draw: st.DrawFn) -> RandomRoutes:
    npus = draw(st.integers(2, 5))
    prices = [
        LinkTiming(latency, rate) for latency in (0.0, 0.3, 99.5) for rate in (0.5, 7.0, 50.0)
    ]
    links: dict[tuple[int, int], LinkTiming] = {}
    routes = {}
    for src in range(npus):
        for dst in range(npus):
            between = draw(st.permutations(range(npus, npus + 3)))[: draw(st.integers(0, 3))]
            devices = (src, *between, dst)
            ends = list(pairwise(devices))
            for end in ends:
                links.setdefault(end, draw(st.sampled_from(prices)))
            routes[src, dst] = tuple(Hop(*end, links[end]) for end in ends)
    return RandomRoutes(npus, routes)


@st.composite
def traffics(draw: st.DrawFn) -> tuple[RandomRoutes, list[Sent]]:
    machine = draw(machines())
    npu = st.integers(0, machine.npus - 1)
    size = st.sampled_from([0, 1, 100, 101, 4096, 50_000])
    return machine, draw(
        st.lists(st.builds(Sent, st.integers(0, 300), npu, npu, size), max_size=20)
    )


def started(
    backend: str, machine: RandomRoutes, sent: Iterable[Sent], arrived: dict[int, int]
) -> tuple[Environment, Network]:
    env = Environment()
    network = BACKENDS[backend].build(env, machine, Probe())

    def arrive(number: int, _message: object) -> None:
        arrived[number] = env.now

    def send(number: int, it: Sent) -> None:
        message = network.transfer(it.src, it.dst, it.size)
        message.callbacks.append(partial(arrive, number))

    for number, it in enumerate(sent):
        env.call_later(it.time, partial(send, number, it))
    return env, network


class Heard(Probe):
    """What has flowed of each message, by its tag."""

    def __init__(self) -> None:
        self.parts: defaultdict[int, list[Flowed]] = defaultdict(list)

    def on_flowed(self, event: Flowed) -> None:
        self.parts[event.envelope.tag].append(event)


def arrivals(backend: str, machine: RandomRoutes, sent: list[Sent]) -> dict[int, int]:
    arrived: dict[int, int] = {}
    env, _ = started(backend, machine, sent, arrived)
    env.run()
    return arrived


def check_fairness(network: Network) -> None:
    """No link carries more than it can, and each flow has a full one on which none is faster."""
    limited: set[Message] = set()
    flows: dict[Message, None] = {}
    for link in network.links:
        flows.update(dict.fromkeys(link.on_wire))
        rates = [rate for _, rate in link.shares]
        assert sum(rates) <= link.bytes_per_ns * (1 + 1e-9)
        if sum(rates) >= link.bytes_per_ns * (1 - 1e-9):
            limited |= {it for it, rate in link.shares if rate >= max(rates) * (1 - 1e-9)}
    assert limited == set(flows)


@given(traffic=traffics())
def test_rates_are_max_min_fair_at_the_end_of_every_nanosecond(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    arrived: dict[int, int] = {}
    env, network = started("fluid", *traffic, arrived)
    settled = -1
    while env.peek() != Infinity:
        env.step()
        late = settled == env.now  # what sets out after that waits for the next nanosecond
        if env.peek() > env.now and not late:
            check_fairness(network)
            settled = env.now
    assert len(arrived) == len(traffic[1])


@given(traffic=traffics())
def test_no_link_carries_more_than_its_bandwidth_allows(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    machine, sent = traffic
    arrived = arrivals("fluid", machine, sent)
    bytes_over: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, it in enumerate(sent):
        for hop in machine.hops(it.src, it.dst):
            bytes_over[hop.src, hop.dst].append(number)
    for ends, numbers in bytes_over.items():
        hop = next(
            hop for route in machine.routes.values() for hop in route if (hop.src, hop.dst) == ends
        )
        first = min(sent[number].time for number in numbers)
        carried = sum(sent[number].size for number in numbers) / hop.link.bytes_per_ns
        last = max(arrived[number] for number in numbers)
        assert last >= int(first + carried)  # the last one is cut to its nanosecond


@given(traffic=traffics())
def test_what_is_told_of_flows_is_all_that_was_sent(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    machine, sent = traffic
    env, heard = Environment(), Heard()
    network = BACKENDS["fluid"].build(env, machine, heard)
    for tag, it in enumerate(sent):
        env.call_later(it.time, partial(network.transfer, it.src, it.dst, it.size, tag))
    env.run()
    assert set(heard.parts) == {tag for tag, it in enumerate(sent) if it.size}
    for tag, parts in heard.parts.items():
        it, hops = sent[tag], machine.hops(sent[tag].src, sent[tag].dst)
        assert [part.time for part in parts] == [it.time, *(part.until for part in parts[:-1])]
        assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
        assert {part.began for part in parts} == {it.time}
        for part in parts:
            assert part.bottleneck is None or part.bottleneck in part.links
            assert part.bottleneck is None or it.src in part.sharers
        for number, hop in enumerate(hops):
            carried = sum(
                part.uses[number] * hop.link.bytes_per_ns * (part.until - part.time)
                for part in parts
            )
            assert carried == pytest.approx(it.size, abs=1e-3)
            assert max(part.uses[number] for part in parts) <= 1 + 1e-9


@given(traffic=traffics())
def test_nothing_is_faster_than_it_would_be_alone(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    machine, sent = traffic
    together = arrivals("fluid", machine, sent)
    unaware = arrivals("congestion-unaware", machine, sent)
    assert all(together[number] >= unaware[number] for number in together)


@given(traffic=traffics())
def test_where_nothing_is_shared_times_are_those_of_the_unaware_backend(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    machine, sent = traffic
    unaware = arrivals("congestion-unaware", machine, sent)
    fluid = arrivals("fluid", machine, sent)
    ways = [{(hop.src, hop.dst) for hop in machine.hops(it.src, it.dst)} for it in sent]
    for number in fluid:
        others = [way for other, way in enumerate(ways) if other != number]
        if not any(ways[number] & other for other in others):
            assert fluid[number] == unaware[number]
    for number, it in enumerate(sent):
        assert arrivals("fluid", machine, [it]) == {0: unaware[number]}


@given(traffic=traffics())
def test_messages_of_a_pair_and_size_stay_in_order(
    traffic: tuple[RandomRoutes, list[Sent]],
) -> None:
    machine, sent = traffic
    order = list(arrivals("fluid", machine, sent))
    lines: defaultdict[tuple[int, int, int], list[tuple[int, int]]] = defaultdict(list)
    for number in order:
        it = sent[number]
        lines[it.src, it.dst, it.size].append((it.time, number))
    assert all(line == sorted(line) for line in lines.values())


@given(machine=machines(), size=st.integers(1, 10**7), data=st.data())
def test_adding_a_message_never_lets_all_end_before_those_of_a_full_link(
    machine: RandomRoutes, size: int, data: st.DataObject
) -> None:
    """Equal flows of one pair end together, at so many times the size over the bandwidth."""
    npu = st.integers(0, machine.npus - 1)
    src, dst, many = data.draw(npu), data.draw(npu), data.draw(st.integers(1, 9))
    path = machine.path(src, dst)
    expected = int(path.latency + many * size / path.bytes_per_ns)
    arrived = arrivals("fluid", machine, [Sent(0, src, dst, size)] * many)
    assert set(arrived.values()) <= {expected, expected + 1}
    exact = path.latency + many * size / path.bytes_per_ns
    if abs(exact - round(exact)) > 1e-5:
        assert set(arrived.values()) == {expected}


@pytest.mark.parametrize("latency", [0.0, 0.3])
def test_messages_of_less_than_a_nanosecond_share_it_too(latency: float) -> None:
    machine = RandomRoutes(2, {(0, 1): (Hop(0, 1, LinkTiming(latency, 7.0)),)})
    arrived = arrivals("fluid", machine, [Sent(0, 0, 1, 2)] * 4)
    assert set(arrived.values()) == {1}


@pytest.mark.parametrize("senders", [1, 2, 3, 7, 11, 97, 300])
@pytest.mark.parametrize("size", [1000, 8 * 2**20, 53_687])
def test_an_incast_of_equal_flows_ends_at_all_of_them_over_the_bandwidth(
    senders: int, size: int
) -> None:
    wire = LinkTiming(500.0, 50.0)
    switch = senders + 1
    routes = {
        (src, 0): (Hop(src, switch, wire), Hop(switch, 0, wire)) for src in range(1, senders + 1)
    }
    sent = [Sent(0, src, 0, size) for src in range(1, senders + 1)]
    arrived = arrivals("fluid", RandomRoutes(senders + 1, routes), sent)
    assert set(arrived.values()) == {int(1000 + senders * size / 50)}
