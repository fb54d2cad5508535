"""A network as a picture wants it: what devices are and which are linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from simastra.view.devices import DeviceNames


@dataclass(frozen=True)
class DeviceGraph:
    """A network as a picture wants it.

    Attributes:
        names: of its devices.
        kinds: what each device is, by its number: "npu", "switch", "nic".
        ends: the devices at the ends of each link, in any order, one way or both.
    """

    names: DeviceNames
    kinds: Sequence[str]
    ends: Sequence[tuple[int, int]]

    @property
    def npus(self) -> int:
        """Number of NPUs, which come first."""
        return self.names.npus

    @cached_property
    def neighbours(self) -> Sequence[Sequence[int]]:
        """Of each device those that it has a link with, in order of their numbers."""
        found: list[set[int]] = [set() for _ in self.kinds]
        for src, dst in self.ends:
            found[src].add(dst)
            found[dst].add(src)
        return [sorted(it) for it in found]

    def above(self, devices: tuple[int, ...]) -> tuple[int, ...]:
        """What devices of one height are linked to that is one link higher, by number."""
        known = self._above.get(devices)
        if known is None:
            height = self.heights[devices[0]] + 1
            near = {it for at in devices for it in self.neighbours[at]}
            known = tuple(sorted(it for it in near if self.heights[it] == height))
            self._above[devices] = known
        return known

    @cached_property
    def _above(self) -> dict[tuple[int, ...], tuple[int, ...]]:
        """What has been asked for: devices of one pod have the same above them."""
        return {}

    @cached_property
    def heights(self) -> Sequence[int]:
        """How many links each device is from the nearest NPU; those that reach none, above all."""
        heights = dict.fromkeys(range(self.npus), 0)
        front = list(heights)
        while front:
            further = dict.fromkeys(there for device in front for there in self.neighbours[device])
            front = [device for device in further if device not in heights]
            heights.update(dict.fromkeys(front, max(heights.values()) + 1))
        unreached = max(heights.values(), default=0) + 1
        return [heights.get(device, unreached) for device in range(len(self.kinds))]
