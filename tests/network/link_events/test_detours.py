"""Messages take another way through a graph where a link is down."""

import pytest
from link_events_made import CHANGING, Losses, Sent, arrivals

from simastra.config import NetworkConfig
from simastra.network.link_events import Detours, LinkEvent

every_backend = pytest.mark.parametrize("backend", CHANGING)

MESSAGE = Sent(0, 0, 1, 5000)


def two_switches(**routing: object) -> NetworkConfig:
    """Two NPUs, each linked to two switches; 50 B/ns and 100 ns a link, 200 by the second."""
    links = [
        {"from": "npu[0:2]", "to": "switch.a", "bandwidth": 50, "latency": 100},
        {"from": "npu[0:2]", "to": "switch.b", "bandwidth": 50, "latency": 200},
    ]
    return NetworkConfig.parse({"graph": {"links": links, **routing}})


def alone(config: NetworkConfig, backend: str) -> int:
    return arrivals(backend, config, [MESSAGE], None)[0]


@every_backend
def test_a_message_is_sent_the_other_way(backend: str) -> None:
    config, losses = two_switches(), Losses()
    way = 2 * 200 if backend == "congestion-aware" else 2 * 200 - 100  # stored, forwarded or not
    # Lost after 50 ns at the first link; another 100 ns on each link of the other way.
    down = LinkEvent("links[0]", ((0, 2),), 50, 10**6, is_down=True)
    time = arrivals(backend, config, [MESSAGE], [down], losses)[0]
    assert time == 50 + way + 200
    assert [it.is_rerouted for it in losses.heard] == [True]
    assert str(losses.heard[0]).endswith("and take another way")


@every_backend
def test_what_is_sent_later_takes_the_other_way_at_once(backend: str) -> None:
    losses = Losses()
    down = LinkEvent("down", ((0, 2),), 0, is_down=True)
    time = arrivals(backend, two_switches(), [MESSAGE], [down], losses)[0]
    assert time == alone(two_switches(), backend) + 200
    assert not losses.heard


@every_backend
def test_without_another_way_it_waits(backend: str) -> None:
    down = [
        LinkEvent("a", ((0, 2),), 0, 3000, is_down=True),
        LinkEvent("b", ((0, 3),), 0, 2000, is_down=True),
    ]
    # The second way is there first.
    assert arrivals(backend, two_switches(), [MESSAGE], down)[0] in {
        2000 + alone(two_switches(), backend) + 200,
        3000 + alone(two_switches(), backend),
    }


def test_what_waits_at_a_link_leaves_it_too() -> None:
    losses = Losses()
    down = LinkEvent("links[0]", ((0, 2),), 50, is_down=True)
    sent = [MESSAGE, MESSAGE]
    seen = arrivals("congestion-aware", two_switches(), sent, [down], losses)
    assert seen == {0: 50 + 600, 1: 50 + 700}
    assert [(it.began, it.place, it.is_rerouted) for it in losses.heard] == [
        (0, None, True),
        (None, 0, True),
    ]


def test_a_table_of_routes_leaves_no_choice() -> None:
    table = [{"at": "npu[0:2]", "to": "npu[0:2]", "via": "switch.a"}]
    config = two_switches(routing={"name": "static", "routes": table})
    down = LinkEvent("down", ((0, 2),), 50, 1000, is_down=True)
    losses = Losses()
    seen = arrivals("congestion-unaware", config, [MESSAGE], [down], losses)
    assert seen[0] == 1000 + alone(config, "congestion-unaware")
    assert [it.is_rerouted for it in losses.heard] == [False]


def test_links_that_are_needed_stay() -> None:
    config = two_switches()
    assert config.graph is not None
    detours = Detours(config, config.graph)
    assert detours.without(frozenset()) is None
    found = detours.without(frozenset({(0, 2), (0, 3)}))
    assert found is not None
    assert [hop.src for hop in found.hops(0, 1)] == [0, 3]  # the first of them is gone
