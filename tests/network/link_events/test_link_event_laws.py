"""What holds of every backend whose links change."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_events_made import CHANGING, arrivals, link_events, networks, transfers

from simastra.config import NetworkConfig
from simastra.network import build_topology
from simastra.network.link_events import Flap, LinkEvent

every_backend = pytest.mark.parametrize("backend", CHANGING)


@every_backend
@given(data=st.data())
def test_without_events_nothing_changes(backend: str, data: st.DataObject) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus))
    link = next(iter(build_topology(config).links()))
    late = LinkEvent("late", ((link.src, link.dst),), at=10**12, is_down=True)
    plain = arrivals(backend, config, sent, None)
    assert arrivals(backend, config, sent, ()) == plain
    assert arrivals(backend, config, sent, (late,)) == plain


@every_backend
@given(data=st.data(), halvings=st.integers(1, 3), as_rate=st.booleans())
def test_slower_from_the_start_is_a_file_with_that_rate(
    backend: str, data: st.DataObject, halvings: int, *, as_rate: bool
) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus))
    slow = data.draw(st.integers(0, config.dimensions - 1))
    scale = 0.5**halvings
    bandwidth = list(config.bandwidth)
    bandwidth[slow] *= scale
    slower = NetworkConfig(
        topology=config.topology,
        npus_count=config.npus_count,
        bandwidth=bandwidth,
        latency=config.latency,
    )
    pairs = zip(build_topology(config).links(), build_topology(slower).links(), strict=True)
    changed = {(a.src, a.dst): b.link.bytes_per_ns for a, b in pairs if a.link != b.link}
    if as_rate:
        events = [LinkEvent(f"{it}", (it,), rate=rate) for it, rate in changed.items()]
    else:
        events = [LinkEvent("slow", tuple(changed), scale=scale)]
    expected = arrivals(backend, slower, sent, None)
    assert arrivals(backend, config, sent, events) == expected


@every_backend
@given(data=st.data())
def test_everything_arrives_once_and_in_order(backend: str, data: st.DataObject) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus))
    events = data.draw(link_events(config))
    seen = arrivals(backend, config, sent, events)
    assert sorted(seen) == list(range(len(sent)))
    assert seen == arrivals(backend, config, sent, events)
    lines = defaultdict(list)
    for number, it in enumerate(sent):
        lines[it.src, it.dst, it.size].append((it.time, number, seen[number]))
    for line in lines.values():
        times = [time for _, _, time in sorted(line)]
        assert times == sorted(times)


@every_backend
@given(data=st.data())
def test_a_lone_message_is_never_earlier(backend: str, data: st.DataObject) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus))[:1]
    events = data.draw(link_events(config))
    plain = arrivals(backend, config, sent, None)
    seen = arrivals(backend, config, sent, events)
    assert all(seen[number] >= time for number, time in plain.items())


@every_backend
@given(data=st.data(), start=st.integers(0, 3000), length=st.integers(1, 5000))
def test_a_link_that_is_down_for_a_while_makes_nothing_on_it_earlier(
    backend: str, data: st.DataObject, start: int, length: int
) -> None:
    """Between two NPUs, where nobody gets a turn that another has lost."""
    config = NetworkConfig(
        topology=["FullyConnected"], npus_count=[2], bandwidth=[50], latency=[500]
    )
    sent = data.draw(transfers(2))
    down = LinkEvent("down", ((0, 1),), start, start + length, is_down=True)
    plain = arrivals(backend, config, sent, None)
    seen = arrivals(backend, config, sent, [down])
    if backend == "fluid":  # which shares what is left among those that are left
        assert max(seen.values(), default=0) >= max(plain.values(), default=0)
    else:
        assert all(seen[number] >= time for number, time in plain.items())
    for number, it in enumerate(sent):
        if it.src == 1:
            assert seen[number] == plain[number]


@every_backend
@given(data=st.data(), wait=st.integers(1, 5000))
def test_a_network_that_comes_up_late_is_late_by_so_much(
    backend: str, data: st.DataObject, wait: int
) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus, latest=0))
    links = tuple({(it.src, it.dst): None for it in build_topology(config).links()})
    down = LinkEvent("down", links, 0, wait, is_down=True)
    plain = arrivals(backend, config, sent, None)
    seen = arrivals(backend, config, sent, [down])
    if len(sent) == 1:
        assert seen == {number: time + wait for number, time in plain.items()}
    elif seen:
        assert min(seen.values()) >= wait + min(plain.values())


@every_backend
@given(data=st.data())
def test_a_flap_is_as_many_events(backend: str, data: st.DataObject) -> None:
    config = data.draw(networks())
    sent = data.draw(transfers(config.npus))
    link = next((it.src, it.dst) for it in build_topology(config).links())
    down, up = data.draw(st.integers(1, 900)), data.draw(st.integers(1, 900))
    flap = LinkEvent("flap", (link,), 100, 4000, flap=Flap(down, up))
    each = [
        LinkEvent("flap", (link,), at, min(at + down, 4000), is_down=True)
        for at in range(100, 4000, down + up)
    ]
    assert arrivals(backend, config, sent, [flap]) == arrivals(backend, config, sent, each)
