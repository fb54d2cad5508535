"""A ring's ways where messages share links, as long as none of them meets another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network import Hop, LinkTiming
from simastra.network.timing import in_series
from simastra.result import LinkRecord
from simastra.shortcut_use import Shortcut
from simastra.simulation.platform import Platform
from simastra.units import Bytes, NpuId, Ns

from .refusal import Refused
from .ring_links import RingExchange, RingLinks, next_of_each, shared_links

_Ends = tuple[int, int]


@dataclass(slots=True)
class _Carried:
    """What a link has carried, and when the last message has left it."""

    sender: NpuId
    link: LinkTiming
    free: Ns = 0
    size: Bytes = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways of messages of one tag: their links by member, and each way as one link."""

    links: list[list[_Carried]]
    whole: list[LinkTiming]


class FlowRingLinks(RingLinks):
    """Ways of messages that are on all their links at once, and that don't meet.

    A message that meets no other takes the latency of all its links, and its size over the least
    bandwidth; it must not meet the one before it of the same NPU either.

    Args:
        platform: of one dimension.
    """

    def __init__(self, platform: Platform) -> None:
        self._topology = platform.topology
        self._neighbours = next_of_each(platform.npus)
        self._ways: dict[int, _Ways] = {}
        self._carried: dict[_Ends, _Carried] = {}

    def play(
        self, starts: Sequence[Ns], first: Ns, exchanges: Sequence[RingExchange], tag: int
    ) -> list[Ns]:
        """As in the base class.

        Raises:
            Refused: too if a message would share links with the one before it.
        """
        ways = self._ways_of(tag if self._topology.multipath else 0)
        free = [max((it.free for it in links), default=0) for links in ways.links]
        ready = [start + first for start in starts]
        for size, passing in exchanges:
            if any(time < idle for time, idle in zip(ready, free, strict=True)):
                raise Refused("an NPU's message shares links with the one before", Shortcut.SKEW)
            # Rounded up. What is whole may come out as one more, which only refuses more.
            free = [
                time + int(-(-size // way.bytes_per_ns))
                for time, way in zip(ready, ways.whole, strict=True)
            ]
            there = [time + way[size][1] for time, way in zip(ready, ways.whole, strict=True)]
            ready = [
                max(come, own) + passing
                for come, own in zip([*there[-1:], *there[:-1]], ready, strict=True)
            ]
        total = sum(it.size for it in exchanges)
        for links, time in zip(ways.links, free, strict=True):
            for link in links:
                link.free = time
                link.size += total
                link.messages += len(exchanges)
        return ready

    def _ways_of(self, tag: int) -> _Ways:
        ways = self._ways.get(tag)
        if ways is None:
            routes = [self._topology.hops(*ends, tag) for ends in self._neighbours]
            whole = [in_series(hop.link for hop in route) for route in routes]
            links = [[self._of(npu, hop) for hop in route] for npu, route in enumerate(routes)]
            ways = self._ways[tag] = _Ways(links, whole)
        return ways

    def _of(self, npu: NpuId, hop: Hop) -> _Carried:
        carried = self._carried.setdefault((hop.src, hop.dst), _Carried(npu, hop.link))
        if carried.sender != npu:
            raise shared_links()
        return carried

    @property
    def records(self) -> tuple[LinkRecord, ...]:
        """What each link has carried, by the NPU whose messages it carries."""
        used = sorted(self._carried, key=lambda ends: self._carried[ends].sender)
        return tuple(
            LinkRecord(*ends, int(it.size / it.link.bytes_per_ns), it.size, it.messages)
            for ends in used
            for it in (self._carried[ends],)
            if it.messages
        )
