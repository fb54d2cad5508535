"""Mailbox: the k-th send meets the k-th receive of the same tag, ends and size (4.4, 3.9)."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network as network_config

from simastra.engine import (
    Completion,
    Environment,
    MessageArrived,
    MessageSent,
    Probe,
    ReceivePosted,
)
from simastra.network import (
    BACKENDS,
    Envelope,
    Mailbox,
    Network,
    RendezvousMailbox,
    build_topology,
)

ENVELOPE = Envelope(tag=1, src=0, dst=1, size=5368)
HOP = 599  # int(500 + 5368 / 53.687)
BUSY = 99


def network_of(env: Environment, npus: int = 3) -> Network:
    config = network_config(("FullyConnected", npus))
    return BACKENDS["congestion-aware"].build(env, build_topology(config), Probe())


@pytest.fixture
def env() -> Environment:
    return Environment()


@pytest.fixture
def mailbox(env: Environment) -> Mailbox:
    return Mailbox(env, network_of(env))


class Log:
    """Notes what happens when."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.entries: list[tuple[int, str]] = []

    def __call__(self, what: str) -> Callable[[], None]:
        return lambda: self.entries.append((self.env.now, what))


def test_sender_hears_before_receiver_within_the_arrival(
    env: Environment, mailbox: Mailbox
) -> None:
    log = Log(env)
    mailbox.receive(ENVELOPE, log("received"))
    mailbox.send(ENVELOPE, log("sent"))
    env.call_later(HOP, log("due in the tick"))
    env.run()
    assert log.entries == [(HOP, "sent"), (HOP, "received"), (HOP, "due in the tick")]


def test_a_receive_after_the_arrival_ends_by_a_later_event_of_its_tick(
    env: Environment, mailbox: Mailbox
) -> None:
    log = Log(env)
    mailbox.send(ENVELOPE, log("sent"))

    def receive() -> None:
        mailbox.receive(ENVELOPE, log("received"))
        log("receive returns")()

    env.call_later(1000, receive)
    env.call_later(1000, log("due already"))
    env.run()
    assert log.entries == [
        (HOP, "sent"),
        (1000, "receive returns"),
        (1000, "due already"),
        (1000, "received"),
    ]


def test_the_kth_message_goes_to_the_kth_receive(env: Environment, mailbox: Mailbox) -> None:
    log = Log(env)
    for number in range(3):
        mailbox.receive(ENVELOPE, log(f"received {number}"))
    for _ in range(3):
        mailbox.send(ENVELOPE)
    env.run()
    assert log.entries == [(HOP + k * BUSY, f"received {k}") for k in range(3)]


def test_early_messages_are_claimed_one_a_receive(env: Environment, mailbox: Mailbox) -> None:
    log = Log(env)
    mailbox.send(ENVELOPE)
    mailbox.send(ENVELOPE)
    env.run()
    assert mailbox.unexpected_messages == [ENVELOPE, ENVELOPE]
    for number in range(3):
        mailbox.receive(ENVELOPE, log(f"received {number}"))
    env.run()
    assert [what for _, what in log.entries] == ["received 0", "received 1"]
    assert mailbox.unexpected_messages == []
    assert mailbox.posted_receives == [ENVELOPE]


@pytest.mark.parametrize("difference", [{"size": 5369}, {"tag": 2}, {"src": 2}, {"dst": 2}])
def test_what_differs_in_anything_never_matches(
    env: Environment, mailbox: Mailbox, difference: dict[str, int]
) -> None:
    log = Log(env)
    expected = ENVELOPE._replace(**difference)
    mailbox.send(ENVELOPE, log("sent"))
    mailbox.receive(expected, log("received"))
    env.run()
    assert [what for _, what in log.entries] == ["sent"]
    assert mailbox.posted_receives == [expected]
    assert mailbox.unexpected_messages == [ENVELOPE]


class Records(Probe):
    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []

    def on_message_sent(self, event: MessageSent) -> None:
        src, dst, size, tag, time, _ = event
        self.heard.append(("sent", src, dst, size, tag, time))

    def on_receive_posted(self, event: ReceivePosted) -> None:
        src, dst, size, tag, time = event
        self.heard.append(("asked for", src, dst, size, tag, time))

    def on_message_arrived(self, event: MessageArrived) -> None:
        src, dst, size, tag, time = event
        self.heard.append(("arrived", src, dst, size, tag, time))


def test_messages_are_told_as_they_are_sent_asked_for_and_arrive(env: Environment) -> None:
    records, log = Records(), Log(env)
    mailbox = Mailbox(env, network_of(env), records)
    tag, src, dst, size = ENVELOPE
    told_before: list[int] = []
    mailbox.send(ENVELOPE, lambda: told_before.append(len(records.heard)))
    env.call_later(1000, lambda: mailbox.receive(ENVELOPE, log("received")))
    env.run()
    assert records.heard == [
        ("sent", src, dst, size, tag, 0),
        ("arrived", src, dst, size, tag, HOP),
        ("asked for", src, dst, size, tag, 1000),
    ]
    assert told_before == [2]
    assert log.entries == [(1000, "received")]


def test_a_message_that_nobody_waits_for_is_told_too(env: Environment) -> None:
    records = Records()
    Mailbox(env, network_of(env), records).send(ENVELOPE)
    env.run()
    tag, src, dst, size = ENVELOPE
    assert records.heard[1:] == [("arrived", src, dst, size, tag, HOP)]


def test_a_run_until_the_sender_hears_leaves_the_receiver_its_message(env: Environment) -> None:
    mailbox, log = Mailbox(env, network_of(env)), Log(env)
    heard = Completion(env)
    mailbox.send(ENVELOPE, heard.fire)
    mailbox.receive(ENVELOPE, log("received"))
    env.run(until=heard)
    env.run()
    assert log.entries == [(HOP, "received")]


@given(
    calls=st.lists(
        st.tuples(st.booleans(), st.integers(0, 1), st.sampled_from([1, 100])), max_size=20
    )
)
def test_as_many_meet_as_both_sides_have(calls: list[tuple[bool, int, int]]) -> None:
    env = Environment()
    mailbox = Mailbox(env, network_of(env))
    met: list[Envelope] = []
    sends: list[Envelope] = []
    receives: list[Envelope] = []
    for time, (is_send, tag, size) in enumerate(calls):
        envelope = Envelope(tag, 0, 1, size)
        if is_send:
            sends.append(envelope)
            env.call_later(100 * time, partial(mailbox.send, envelope))
        else:
            receives.append(envelope)
            env.call_later(
                100 * time, partial(mailbox.receive, envelope, partial(met.append, envelope))
            )
    env.run()
    for envelope in {*sends, *receives}:
        sent, expected = sends.count(envelope), receives.count(envelope)
        assert met.count(envelope) == min(sent, expected)
        assert mailbox.unexpected_messages.count(envelope) == max(0, sent - expected)
        assert mailbox.posted_receives.count(envelope) == max(0, expected - sent)


def test_with_rendezvous_the_receivers_handshake_goes_first(env: Environment) -> None:
    log = Log(env)
    mailbox = RendezvousMailbox(env, network_of(env), tag_offset=500_000_000)
    handshake = int(500 + 8192 / 53.6870912)
    mailbox.send(ENVELOPE, log("sent"))
    env.call_later(100, lambda: mailbox.receive(ENVELOPE, log("received")))
    env.run()
    arrival = 100 + handshake + HOP
    assert log.entries == [(arrival, "sent"), (arrival, "received")]
    carried = {(link.src, link.dst) for link in mailbox.network.links}
    assert carried == {(1, 0), (0, 1)}


def test_with_rendezvous_nothing_is_sent_to_somebody_who_does_not_expect_it(
    env: Environment,
) -> None:
    mailbox = RendezvousMailbox(env, network_of(env), tag_offset=500_000_000)
    mailbox.send(ENVELOPE)
    env.run()
    assert list(mailbox.network.links) == []
    assert mailbox.posted_receives == [Envelope(500_000_001, 1, 0, 8192)]


def test_a_mailbox_says_which_messages_are_handshakes(env: Environment) -> None:
    handshake = Envelope(500_000_001, 1, 0, 8192)
    mailbox = RendezvousMailbox(env, network_of(env), tag_offset=500_000_000)
    assert mailbox.handshake_tag_offset == 500_000_000
    kinds = (handshake, handshake._replace(size=8191), handshake._replace(tag=499_999_999))
    assert [mailbox.is_handshake(kind) for kind in kinds] == [True, False, False]
    plain = Mailbox(env, network_of(env))
    assert plain.handshake_tag_offset is None
    assert not plain.is_handshake(handshake)
