"""A ring's ways where they differ: in length, in their links, or by the tags of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from simastra.network import Hop, LinkTiming
from simastra.result import LinkRecord
from simastra.simulation.platform import Platform
from simastra.units import Bytes, NpuId, Ns

from .ring_links import RingExchange, RingLinks, next_of_each, shared_links
from .ring_steps import UnevenStep, play_uneven

_Ends = tuple[int, int]
_NOTHING = LinkTiming(0.0, float("inf"))
"""Of a link that isn't there, behind the end of a shorter way."""


@dataclass(slots=True)
class _Carried:
    """What a link has carried, and when it is free."""

    free: Ns = 0
    busy: Ns = 0
    size: Bytes = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways of messages of one tag.

    Attributes:
        stages: for each place on a way, by member, the link there; None behind the end.
        timings: likewise, their prices.
        hops: by size, for each stage how long a message is on the wire there, and until it is at
            the end, by member.
    """

    stages: list[tuple[Hop | None, ...]]
    timings: list[list[LinkTiming]]
    hops: dict[Bytes, list[tuple[list[Ns], list[Ns]]]] = field(default_factory=dict)

    def step(self, exchange: RingExchange) -> UnevenStep:
        """An exchange of messages on these ways."""
        hops = self.hops.get(exchange.size)
        if hops is None:
            times = [[link[exchange.size] for link in stage] for stage in self.timings]
            hops = [([busy for busy, _ in it], [there for _, there in it]) for it in times]
            self.hops[exchange.size] = hops
        return UnevenStep(hops, exchange.passing)


class UnevenRingLinks(RingLinks):
    """Ways that differ, but don't meet.

    Args:
        platform: of one dimension.
    """

    def __init__(self, platform: Platform) -> None:
        self._topology = platform.topology
        self._queues = platform.queues_at_links
        self._neighbours = next_of_each(platform.npus)
        self._ways: dict[int, _Ways] = {}
        self._sender: dict[_Ends, NpuId] = {}
        """Whose messages a link carries."""
        self._carried: dict[_Ends, _Carried] = {}

    def play(
        self, starts: Sequence[Ns], first: Ns, exchanges: Sequence[RingExchange], tag: int
    ) -> list[Ns]:
        """As in the base class."""
        ways = self._ways_of(tag if self._topology.multipath else 0)
        steps = list(map(ways.step, exchanges))
        if not self._queues:
            return play_uneven(starts, first, steps, None)
        free = [[self._of(hop).free for hop in stage] for stage in ways.stages]
        ends = play_uneven(starts, first, steps, free)
        sizes = Counter(it.size for it in exchanges)
        for stage, times in zip(ways.stages, free, strict=True):
            for hop, time in zip(stage, times, strict=True):
                if hop is not None:
                    _count(self._of(hop), hop.link, sizes, time)
        return ends

    def _of(self, hop: Hop | None) -> _Carried:
        if hop is None:
            return _Carried()
        return self._carried.setdefault((hop.src, hop.dst), _Carried())

    def _ways_of(self, tag: int) -> _Ways:
        ways = self._ways.get(tag)
        if ways is None:
            ways = self._ways[tag] = self._by_links(tag) if self._queues else self._by_paths(tag)
        return ways

    def _by_links(self, tag: int) -> _Ways:
        routes = [self._topology.hops(*ends, tag) for ends in self._neighbours]
        for npu, route in enumerate(routes):
            for hop in route:
                if self._sender.setdefault((hop.src, hop.dst), npu) != npu:
                    raise shared_links()
        stages = list(zip_longest(*routes))
        timings = [[_NOTHING if hop is None else hop.link for hop in stage] for stage in stages]
        return _Ways(stages, timings)

    def _by_paths(self, tag: int) -> _Ways:
        return _Ways([], [[self._topology.path(*ends, tag) for ends in self._neighbours]])

    @property
    def records(self) -> tuple[LinkRecord, ...]:
        """What each link has carried, by the NPU whose messages it carries."""
        by_sender = sorted(self._carried, key=self._sender.__getitem__)
        return tuple(
            LinkRecord(*ends, it.busy, it.size, it.messages)
            for ends in by_sender
            for it in (self._carried[ends],)
            if it.messages
        )


def _count(carried: _Carried, link: LinkTiming, sizes: Counter[Bytes], free: Ns) -> None:
    carried.free = free
    for size, messages in sizes.items():
        carried.busy += messages * link[size][0]
        carried.size += messages * size
        carried.messages += messages
