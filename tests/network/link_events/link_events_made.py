"""Transfers over networks whose links change, and when they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from simastra.config import NetworkConfig
from simastra.engine import Environment, MessageLost, Probe
from simastra.network import BACKENDS, build_topology
from simastra.network.link_events import Detours, LinkEvent, LinkEvents, link_changes
from simastra.network.topology import TOPOLOGIES

CHANGING = [name for name, entry in BACKENDS.items() if entry.changing is not None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to be sent."""

    time: int
    src: int
    dst: int
    size: int


class Losses(Probe):
    """Hears of messages that are lost."""

    def __init__(self) -> None:
        self.heard: list[MessageLost] = []

    def on_message_lost(self, event: MessageLost) -> None:
        self.heard.append(event)


def arrivals(
    backend: str,
    config: NetworkConfig,
    sent: Sequence[Sent],
    events: Sequence[LinkEvent] | None = (),
    probe: Probe | None = None,
) -> dict[int, int]:
    """When each message arrives, by its number; with None for events, of the plain backend."""
    env = Environment()
    entry, topology = BACKENDS[backend], build_topology(config)
    changing = None
    if events is not None:
        detours = None if config.graph is None else Detours(config, config.graph)
        changing = LinkEvents(link_changes(events), detours)
    network = entry.build(env, topology, probe or Probe(), events=changing)
    seen: dict[int, int] = {}

    def note(number: int, _event: object) -> None:
        assert number not in seen
        seen[number] = env.now

    def send(number: int, it: Sent) -> None:
        network.transfer(it.src, it.dst, it.size).callbacks.append(partial(note, number))

    for number, it in enumerate(sent):
        env.call_later(it.time, partial(send, number, it))
    env.run()
    return seen


@st.composite
def networks(draw: st.DrawFn, most_dimensions: int = 2) -> NetworkConfig:
    """Networks of dimensions."""
    dimensions = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(TOPOLOGIES)),
                st.integers(2, 4),
                st.sampled_from([0.5, 12.5, 50.0]),
                st.sampled_from([0.0, 1.0, 99.5, 500.0]),
            ),
            min_size=1,
            max_size=most_dimensions,
        )
    )
    names, npus, bandwidth, latency = zip(*dimensions, strict=True)
    return NetworkConfig(topology=names, npus_count=npus, bandwidth=bandwidth, latency=latency)


def transfers(npus: int, latest: int = 2000) -> st.SearchStrategy[list[Sent]]:
    """Some messages between different NPUs."""
    npu = st.integers(0, npus - 1)
    one = st.builds(
        Sent,
        time=st.integers(0, latest),
        src=npu,
        dst=npu,
        size=st.sampled_from([1, 100, 101, 4096, 100_000]),
    )
    return st.lists(one.filter(lambda it: it.src != it.dst), max_size=12)


@st.composite
def link_events(draw: st.DrawFn, config: NetworkConfig) -> list[LinkEvent]:
    """Events of some of a network's links, all of which end."""
    links = sorted({(it.src, it.dst) for it in build_topology(config).links()})
    events = []
    for number in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, 3000))
        events.append(
            LinkEvent(
                f"links[{number}]",
                tuple(draw(st.lists(st.sampled_from(links), min_size=1, max_size=3, unique=True))),
                at,
                at + draw(st.integers(1, 5000)),
                scale=draw(st.sampled_from([0.5, 0.1, 1.0])),
                is_down=draw(st.booleans()),
            )
        )
    return events
