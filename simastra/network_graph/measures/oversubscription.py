"""Tiers of switches above the NPUs, and how much more leads into each than up from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from simastra.network_graph.model import NetworkGraph
from simastra.units import BytesPerNs


@dataclass(frozen=True, slots=True)
class Tier:
    """Devices of one kind that are equally far from the NPUs.

    Attributes:
        number: links from the nearest NPU.
        kind: of device.
        devices: how many.
        down: bandwidth of all links from the tier below to these.
        up: bandwidth of all links from these to the tier above; 0 where there is none.
        worst: the oversubscription of that one of them that has the most; None where none is
            linked to a tier above.
    """

    number: int
    kind: str
    devices: int
    down: BytesPerNs
    up: BytesPerNs
    worst: float | None

    @property
    def oversubscription(self) -> float | None:
        """Bandwidth down over bandwidth up; None where nothing leads up."""
        return self.down / self.up if self.up else None


def tiers(graph: NetworkGraph) -> tuple[Tier, ...]:
    """All tiers but the NPUs', the lowest first; devices that no links join to NPUs are in none."""
    heights = tier_numbers(graph)
    down = [0.0] * graph.devices
    up = [0.0] * graph.devices
    for src, dst, link in graph.links:
        if heights[src] < heights[dst]:
            up[src] += link.bytes_per_ns
            down[dst] += link.bytes_per_ns
    groups: dict[tuple[int, str], list[int]] = {}
    for device in range(graph.npus, graph.devices):
        if heights[device] < graph.devices:
            groups.setdefault((heights[device], graph.nodes[device].kind), []).append(device)
    found = []
    for (number, kind), members in sorted(groups.items()):
        ratios = [down[it] / up[it] for it in members if up[it]]
        sums = sum(down[it] for it in members), sum(up[it] for it in members)
        found.append(Tier(number, kind, len(members), *sums, max(ratios, default=None)))
    return tuple(found)


def tier_numbers(graph: NetworkGraph) -> tuple[int, ...]:
    """Of each device how many links it is from the nearest NPU, in whichever direction; NPUs are 0.

    Devices that no NPU is linked to, not even by others, are as far as there are devices.
    """
    heights = [0 if node.is_npu else graph.devices for node in graph.nodes]
    waiting = deque(range(graph.npus))
    while waiting:
        device = waiting.popleft()
        for link in (*graph.out_links[device], *graph.in_links[device]):
            other = link.dst if link.src == device else link.src
            if heights[other] > heights[device] + 1:
                heights[other] = heights[device] + 1
                waiting.append(other)
    return tuple(heights)
