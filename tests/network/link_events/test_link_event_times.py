"""What single messages take when their link changes, in closed form."""

import pytest
from link_events_made import CHANGING, Losses, Sent, arrivals

from simastra.config import NetworkConfig
from simastra.network.link_events import LinkEvent

every_backend = pytest.mark.parametrize("backend", CHANGING)

PAIR = NetworkConfig(topology=["FullyConnected"], npus_count=[2], bandwidth=[50], latency=[500])
"""50 GiB/s: 5,368 bytes are on the wire for 99 ns, and arrive after 599."""

MESSAGE = Sent(0, 0, 1, 5368)


def time(backend: str, event: LinkEvent, losses: Losses | None = None) -> int:
    return arrivals(backend, PAIR, [MESSAGE], [event], losses)[0]


@every_backend
def test_what_is_on_the_wire_is_lost_and_sent_again_as_a_whole(backend: str) -> None:
    losses = Losses()
    event = LinkEvent("links[0]", ((0, 1),), 50, 200, is_down=True)
    assert time(backend, event, losses) == 200 + 599
    (lost,) = losses.heard
    assert (lost.link_src, lost.link_dst, lost.time, lost.began) == (0, 1, 50, 0)
    assert not lost.is_rerouted
    assert str(lost) == (
        "5,368 B from NPU 0 to NPU 1 are lost on link 0 -> 1 (links[0]), and are sent again over it"
    )


@every_backend
def test_what_has_left_the_sending_end_arrives(backend: str) -> None:
    losses = Losses()
    assert time(backend, LinkEvent("down", ((0, 1),), 99, 10_000, is_down=True), losses) == 599
    assert not losses.heard
    assert time(backend, LinkEvent("down", ((0, 1),), 98, 10_000, is_down=True)) == 10_599


@every_backend
def test_a_link_is_up_again_in_the_first_ns_after(backend: str) -> None:
    assert time(backend, LinkEvent("down", ((0, 1),), 0, 7, is_down=True)) == 7 + 599


@every_backend
def test_the_other_direction_goes_on(backend: str) -> None:
    assert time(backend, LinkEvent("down", ((1, 0),), 0, 10_000, is_down=True)) == 599


@every_backend
def test_a_slower_link_counts_from_the_next_transmission_or_at_once(backend: str) -> None:
    event = LinkEvent("slow", ((0, 1),), 50, scale=0.5)
    # Fluid: 50 ns at 53.687 B/ns, and the 2,683.65 bytes that are left at half of that.
    assert time(backend, event) == (649 if backend == "fluid" else 599)
    assert time(backend, LinkEvent("slow", ((0, 1),), 0, 10_000, scale=0.5)) == 500 + 199


def test_those_that_wait_go_after_the_one_that_was_lost() -> None:
    sent = [MESSAGE, MESSAGE, MESSAGE]
    down = LinkEvent("down", ((0, 1),), 150, 1000, is_down=True)
    assert arrivals("congestion-aware", PAIR, sent, [down]) == {0: 599, 1: 1599, 2: 1698}


def test_several_events_of_a_link_work_together() -> None:
    events = [
        LinkEvent("a", ((0, 1),), 0, 1000, scale=0.5),
        LinkEvent("b", ((0, 1),), 0, 500, scale=0.5),
        LinkEvent("c", ((0, 1),), 200, 400, is_down=True),
    ]
    sent = [Sent(0, 0, 1, 536), Sent(300, 0, 1, 536), Sent(500, 0, 1, 536), Sent(1000, 0, 1, 536)]
    # At 13.42, 13.42, 26.84 and 53.69 B/ns.
    expected = {0: 539, 1: 939, 2: 1019, 3: 1509}
    assert arrivals("congestion-unaware", PAIR, sent, events) == expected


@pytest.mark.parametrize(
    "bad", [{"at": 5, "until": 5}, {"at": 0, "flap": (1, 1)}], ids=["no time", "for ever"]
)
def test_an_event_has_an_end_after_its_beginning(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="links"):
        LinkEvent("links[0]", ((0, 1),), **bad)  # type: ignore[arg-type]  # as given
