"""Breadth-first search around devices, a level at a time, and kept for whoever asks next."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from .adjacency import Adjacency

_MOST_KEPT = 3_000_000
"""Devices in the levels that are kept, all together; some 40 bytes each."""


class Levels:
    """Devices around one by their distance, with the least latency at that distance.

    Args:
        adjacency: the links.
        centre: where the search begins.
        both_ways: whether each link has its like in the other direction.

    Attributes:
        size: number of devices in all levels that are known.
    """

    def __init__(self, adjacency: Adjacency, centre: int, *, both_ways: bool) -> None:
        self._adjacency = adjacency
        self.centre = centre
        self._levels: list[dict[int, int]] = [{centre: 0}]
        self._seen = None if both_ways else {centre}
        """Devices of all levels; where links go both ways, the last two are enough."""
        self.size = 1

    def __len__(self) -> int:
        """Number of levels that are known."""
        return len(self._levels)

    def __getitem__(self, hops: int) -> Mapping[int, int]:
        """The devices at that distance, each with its least latency; it must be known."""
        return self._levels[hops]

    def grow(self) -> None:
        """Find the next level; it is empty if there is none."""
        latency = self._adjacency.latency
        found = self._costly() if latency is None else self._alike(latency)
        if self._seen is not None:
            self._seen.update(found)
        self._levels.append(found)
        self.size += len(found)

    def _alike(self, latency: int) -> dict[int, int]:
        """Where all links have the same latency, so do all devices of a level."""
        last = self._levels[-1]
        around = chain.from_iterable(map(self._adjacency.neighbours.__getitem__, last))
        reached = dict.fromkeys(around, latency * len(self._levels))
        for known in self._known():
            for device in [device for device in reached if device in known]:
                del reached[device]
        return reached

    def _costly(self) -> dict[int, int]:
        found: dict[int, int] = {}
        known = self._known()
        for device, so_far in self._levels[-1].items():
            neighbours = self._adjacency.neighbours[device]
            latencies = self._adjacency.latencies[device]
            for neighbour, latency in zip(neighbours, latencies, strict=True):
                cost = so_far + latency
                best = found.get(neighbour)
                if best is None:
                    if not any(neighbour in level for level in known):
                        found[neighbour] = cost
                elif cost < best:
                    found[neighbour] = cost
        return found

    def _known(self) -> list[set[int] | dict[int, int]]:
        return [*self._levels[-2:]] if self._seen is None else [self._seen]


class Searches:
    """The levels around many devices, each kept as long as there is room."""

    def __init__(self, adjacency: Adjacency, *, both_ways: bool) -> None:
        self.adjacency = adjacency
        self._both_ways = both_ways
        self._kept: dict[int, Levels] = {}
        self._size = 0

    def around(self, device: int) -> Levels:
        """The levels around a device, as far as they are known."""
        levels = self._kept.get(device)
        if levels is None:
            levels = Levels(self.adjacency, device, both_ways=self._both_ways)
            self._kept[device] = levels
            self._size += levels.size
        return levels

    def level(self, levels: Levels, hops: int) -> Mapping[int, int]:
        """The next level, or a known one; to make room, the oldest levels are forgotten."""
        if hops == len(levels):
            before = levels.size
            levels.grow()
            if self._kept.get(levels.centre) is levels:
                self._size += levels.size - before
            while self._size > _MOST_KEPT:
                oldest = next(iter(self._kept))
                self._size -= self._kept.pop(oldest).size
        return levels[hops]
