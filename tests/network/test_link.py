"""Link: a SimPy store before a transmitter of one slot; times worked out by hand (4.1, 4.3)."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest
import simpy
from simpy.events import Event

from simastra.engine import Environment, LinkUsed, MessageQueued, Probe, Transmitting
from simastra.network import Link, LinkTiming, Message


class Transmissions(Probe):
    """What links tell."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int, int, int, int]] = []

    def on_transmitting(self, event: Transmitting) -> None:
        src, dst, size, start, end, _ = event
        self.heard.append((src, dst, size, start, end))


@pytest.fixture
def env() -> Environment:
    return Environment()


@pytest.fixture
def probe() -> Transmissions:
    return Transmissions()


def link_of(env: Environment, probe: Probe, src: int = 0, dst: int = 1) -> Link:
    """100 ns and 2 bytes a ns."""
    return Link(env, src, dst, LinkTiming(latency=100.0, bytes_per_ns=2.0), probe)


def sent(env: Environment, size: int, *route: Link) -> Message:
    message = Message(env, route[0].src, route[-1].dst, size)
    message.route = route
    route[0].send(message)
    return message


def arrivals(env: Environment, *messages: Message) -> list[int]:
    """Run to the end; when each message arrived."""
    times: dict[Event, int] = {}
    for message in messages:
        message.callbacks.append(lambda event: times.update({event: env.now}))
    env.run()
    return [times[message] for message in messages]


def holders(link: Link) -> list[Event]:
    return list(link.transmitter.users)


def test_a_lone_message_takes_its_size_over_bandwidth_and_the_latency(
    env: Environment, probe: Transmissions
) -> None:
    assert arrivals(env, sent(env, 1000, link_of(env, probe))) == [600]
    assert probe.heard == [(0, 1, 1000, 0, 500)]


def test_a_second_message_waits_for_the_transmitter_only(
    env: Environment, probe: Transmissions
) -> None:
    link = link_of(env, probe)
    assert arrivals(env, sent(env, 1000, link), sent(env, 400, link)) == [600, 800]
    assert probe.heard == [(0, 1, 1000, 0, 500), (0, 1, 400, 500, 700)]


def test_a_link_is_a_store_whose_items_wait_and_whose_transmitter_is_a_resource(
    env: Environment, probe: Transmissions
) -> None:
    link = link_of(env, probe)
    assert isinstance(link, simpy.Store)
    assert isinstance(link.transmitter, simpy.Resource)
    assert (list(link.items), link.transmitter.count, link.transmitter.capacity) == ([], 0, 1)
    first, second, third = (sent(env, 1000, link) for _ in range(3))
    assert list(link.items) == [second, third]
    assert holders(link) == [first]
    assert link.transmitter.count == 1
    assert repr(link) == "<Link 0 -> 1, busy, 2 waiting>"
    env.run(until=501)
    assert list(link.items) == [third]
    assert holders(link) == [second]
    env.run()
    assert (list(link.items), link.transmitter.count) == ([], 0)
    assert repr(link) == "<Link 0 -> 1, idle, 0 waiting>"


def test_what_is_put_into_a_link_is_sent(env: Environment, probe: Transmissions) -> None:
    link = link_of(env, probe)
    seen: list[int] = []

    def sender() -> Iterator[Event]:
        first, second = (Message(env, 0, 1, 1000) for _ in range(2))
        for message in (first, second):
            yield link.put(message)
            seen.append(env.now)
        yield second
        seen.append(env.now)

    env.process(sender())
    env.run()
    assert seen == [0, 0, 1100]
    assert probe.heard == [(0, 1, 1000, 0, 500), (0, 1, 1000, 500, 1000)]


def test_a_message_that_is_due_elsewhere_is_not_taken(
    env: Environment, probe: Transmissions
) -> None:
    link, other = link_of(env, probe), link_of(env, probe, 1, 2)
    message = sent(env, 1000, link, other)
    with pytest.raises(ValueError, match=r"Message\(0 -> 2.* isn't due at <Link 1 -> 2, idle"):
        other.put(message)
    env.run(until=700)
    assert message.hop == 1


def test_what_a_link_does_itself_nobody_else_does(env: Environment, probe: Transmissions) -> None:
    link = link_of(env, probe)
    with pytest.raises(RuntimeError, match="leave by themselves; wait for one by `yield message`"):
        link.get()
    with pytest.raises(RuntimeError, match=r"grants its transmitter itself; `link.put\(message\)`"):
        link.transmitter.request()
    with pytest.raises(RuntimeError, match="takes its transmitter back itself"):
        link.transmitter.release(None)
    assert arrivals(env, sent(env, 1000, link)) == [600]


def test_the_two_directions_do_not_disturb_each_other(
    env: Environment, probe: Transmissions
) -> None:
    there, back = link_of(env, probe), link_of(env, probe, 1, 0)
    assert arrivals(env, sent(env, 1000, there), sent(env, 1000, back)) == [600, 600]


def test_each_of_three_hops_stores_the_whole_message(
    env: Environment, probe: Transmissions
) -> None:
    route = [link_of(env, probe, hop, hop + 1) for hop in range(3)]
    message = sent(env, 1000, *route)
    assert message.hop == 0
    assert arrivals(env, message) == [1800]
    assert probe.heard == [(0, 1, 1000, 0, 500), (1, 2, 1000, 600, 1100), (2, 3, 1000, 1200, 1700)]


def test_a_message_passing_through_waits_behind_the_next_links_own(
    env: Environment, probe: Transmissions
) -> None:
    first, second = link_of(env, probe), link_of(env, probe, 1, 2)
    passing, own = sent(env, 1000, first, second), sent(env, 3000, second)
    assert arrivals(env, passing, own) == [1500 + 600, 1600]


def test_arrival_and_release_are_each_truncated_to_whole_nanoseconds(
    env: Environment, probe: Transmissions
) -> None:
    link = Link(env, 0, 1, LinkTiming(latency=0.9, bytes_per_ns=3.0), probe)
    # 100 / 3 = 33.3: on the wire for 33; with the latency 34.2, there at 34.
    assert arrivals(env, sent(env, 100, link), sent(env, 100, link)) == [34, 33 + 34]


def test_a_message_arrives_before_the_link_is_free_again(
    env: Environment, probe: Transmissions
) -> None:
    link = Link(env, 0, 1, LinkTiming(latency=0.0, bytes_per_ns=2.0), probe)
    first = sent(env, 1000, link)
    seen: list[object] = []

    def answer(_event: object) -> None:
        second = sent(env, 600, link)
        seen.append((env.now, list(link.items) == [second]))

    first.callbacks.append(answer)
    env.run()
    assert seen == [(500, True)]  # it had to queue
    assert probe.heard[1] == (0, 1, 600, 500, 800)  # and went out within the same tick


def test_a_link_counts_what_it_has_put_on_the_wire(env: Environment, probe: Transmissions) -> None:
    link = link_of(env, probe)
    sent(env, 1000, link)
    sent(env, 401, link)
    assert (link.messages_carried, link.bytes_carried, link.busy_time) == (1, 1000, 500)
    env.run()
    assert (link.messages_carried, link.bytes_carried, link.busy_time) == (2, 1401, 700)


def test_a_message_that_must_wait_is_told_where_and_when(env: Environment) -> None:
    class Queue(Probe):
        def __init__(self) -> None:
            self.heard: list[tuple[object, ...]] = []

        def on_message_queued(self, event: MessageQueued) -> None:
            self.heard.append((event.link_src, event.link_dst, event.size, event.time))

        def on_link_used(self, event: LinkUsed) -> None:
            self.heard.append((event.link.src, event.link.dst, "used"))

    queue = Queue()
    link = link_of(env, queue)
    sent(env, 1000, link)
    env.call_later(7, lambda: sent(env, 400, link))
    env.run()
    assert queue.heard == [(0, 1, "used"), (0, 1, 400, 7)]


def test_a_message_that_has_arrived_is_freed_without_the_collector(env: Environment) -> None:
    message = ref(sent(env, 1000, link_of(env, Probe()), link_of(env, Probe(), 1, 2)))
    gc.disable()
    try:
        env.run(until=550)
        assert message() is not None
        env.run()
        assert message() is None
    finally:
        gc.enable()


def test_a_message_is_its_own_value_once_it_is_there(env: Environment) -> None:
    message = sent(env, 1000, link_of(env, Probe()))
    assert not message.triggered
    with pytest.raises(AttributeError):
        _ = message.value
    assert env.run(until=message) is message
    assert (message.triggered, message.processed, message.ok) == (True, True, True)
    assert message.value is message
