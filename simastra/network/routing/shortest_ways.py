"""All ways of fewest hops, and of least latency among these, from one device to another."""

from __future__ import annotations

from collections.abc import Iterator

from .adjacency import Adjacency
from .search import Levels


class ShortestWays:
    """The ways that two searches, one from each end, have found where they meet.

    Args:
        adjacency: the links.
        there: what is around the sender.
        back: what is around the receiver, against the links.
        meeting: the level around the sender that has devices of the last level around the receiver.
        hops: number of links of each way.
    """

    def __init__(
        self, adjacency: Adjacency, there: Levels, back: Levels, meeting: int, hops: int
    ) -> None:
        self.hops = hops
        self._adjacency = adjacency
        self._meeting = meeting
        self._from_sender = [there[hop] for hop in range(meeting + 1)]
        self._to_receiver = [back[hop] for hop in range(hops - meeting + 1)]
        self._on_a_way: dict[int, bool] = {}
        """Of devices before the meeting, as far as anybody has asked."""
        self._least = self._least_latency()
        self._met: set[int] = set()
        """Where the searches meet, at whatever latency, once anybody has asked for all ways."""

    def _least_latency(self) -> int:
        """That of the ways on which the searches meet."""
        if self._adjacency.latency is not None:
            return self.hops * self._adjacency.latency
        small, large = sorted((self._from_sender[-1], self._to_receiver[-1]), key=len)
        return min(cost + large[device] for device, cost in small.items() if device in large)

    def onward(self, at: int, hops: int) -> Iterator[int]:
        """Where they go on from a device on one of them, in the order of its links.

        Args:
            at: the device.
            hops: how many of the links lie behind it.
        """
        if hops >= self._meeting:
            return self._closer(at, hops)
        return (each for each in self._further(at, hops) if self._leads_on(each, hops + 1))

    def partings(self, at: int, hops: int) -> tuple[int, ...]:
        """All of these at once; quicker, if there are many, than one by one."""
        if hops < self._meeting and not self._met:
            self._met = self._from_sender[-1].keys() & self._to_receiver[-1].keys()
        return tuple(self.onward(at, hops))

    def _closer(self, at: int, hops: int) -> Iterator[int]:
        left = self.hops - hops
        here, closer = self._to_receiver[left][at], self._to_receiver[left - 1]
        links = zip(self._adjacency.neighbours[at], self._adjacency.latencies[at], strict=True)
        return (device for device, latency in links if closer.get(device) == here - latency)

    def _further(self, at: int, hops: int) -> Iterator[int]:
        """Where shortest ways go on from a device this side of the meeting, wherever they lead."""
        here, further = self._from_sender[hops][at], self._from_sender[hops + 1]
        links = zip(self._adjacency.neighbours[at], self._adjacency.latencies[at], strict=True)
        return (device for device, latency in links if further.get(device) == here + latency)

    def _leads_on(self, device: int, hops: int) -> bool:
        """Whether a device this side of the meeting is on a way to the receiver."""
        if hops == self._meeting:
            left = self._to_receiver[-1].get(device)
            return left is not None and self._from_sender[hops][device] + left == self._least
        if self._met and hops == self._meeting - 1:
            meets = not self._met.isdisjoint(self._adjacency.neighbours[device])
            if self._adjacency.latency is not None or not meets:
                return meets
        known = self._on_a_way.get(device)
        return self._explored(device, hops) if known is None else known

    def _explored(self, device: int, hops: int) -> bool:
        """The same of one that nobody has asked about: depth first, without recursion."""
        stack = [(device, self._further(device, hops))]
        while stack:
            at, onward = stack[-1]
            following = hops + len(stack)
            unknown = None
            for each in onward:
                known = self._on_a_way.get(each)
                if known is None and following == self._meeting:
                    known = self._leads_on(each, following)
                if known:
                    self._on_a_way.update((passed, True) for passed, _ in stack)
                    return True
                if known is None:
                    unknown = each
                    break
            if unknown is None:
                self._on_a_way[at] = False
                stack.pop()
            else:
                stack.append((unknown, self._further(unknown, following)))
        return False
