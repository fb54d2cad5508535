"""The least that a bisection bandwidth can be, from traffic of every NPU to every other one.

If each sends one byte a nanosecond to each other, n^2/4 cross from one half to the other one (of an
even number n). If by some routing no link has to carry more than c times its bandwidth, the links
between any two halves have a bandwidth of n^2/4/c or more. (The embedding of the complete graph, as
in F. T. Leighton, Introduction to Parallel Algorithms and Architectures, 1992.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from simastra.units import BytesPerNs

from .merged import Capacities, Ends

_MOST_STEPS = 4_000_000
"""Links looked at, from all NPUs together: some seconds."""


def even_traffic_bound(given: Capacities) -> BytesPerNs:
    """What shortest ways say, with equal parts on all of them.

    0 if that would take too long, or no way leads from some NPUs to others.

    NPUs with one link count where it leads to: their own link carries n - 1.
    """
    carried, weights = _without_leaves(given)
    sources = [device for device, weight in enumerate(weights) if weight]
    if len(sources) * len(given.links) > _MOST_STEPS:
        return 0.0
    for source in sources:
        if not _add_loads(given, source, weights, carried):
            return 0.0
    n = given.npus
    worst = max((load / given.links[ends] for ends, load in carried.items()), default=0.0)
    return (n // 2) * (n - n // 2) / worst if worst else 0.0


def _without_leaves(given: Capacities) -> tuple[dict[Ends, float], list[int]]:
    """The loads of links of NPUs that have no other, and how many NPUs each device stands for."""
    carried = dict.fromkeys(given.links, 0.0)
    weights = [1] * given.npus + [0] * (given.devices - given.npus)
    for npu in range(given.npus):
        if len(given.both_ways[npu]) == 1:
            ((other, rates),) = given.both_ways[npu].items()
            if other < given.npus or not all(rates):
                continue
            weights[npu], weights[other] = 0, weights[other] + 1
            for ends in ((npu, other), (other, npu)):
                carried[ends] += given.npus - 1
    return carried, weights


def _add_loads(
    given: Capacities, source: int, weights: Sequence[int], carried: dict[Ends, float]
) -> bool:
    """Add what a device sends to all others, over all shortest ways in equal parts.

    Returns:
        whether there is a way to all NPUs.

    (U. Brandes, A Faster Algorithm for Betweenness Centrality, 2001.)
    """
    far = {source: 0}
    ways = {source: 1.0}
    before: dict[int, list[int]] = {source: []}
    waiting = deque([source])
    order = []
    while waiting:
        device = waiting.popleft()
        order.append(device)
        for other, (there, _) in given.both_ways[device].items():
            if not there:
                continue
            if other not in far:
                far[other], ways[other], before[other] = far[device] + 1, 0.0, []
                waiting.append(other)
            if far[other] == far[device] + 1:
                ways[other] += ways[device]
                before[other].append(device)
    received = {device: float(weights[device]) for device in order}
    for device in reversed(order):
        share = received[device] / ways[device]
        for earlier in before[device]:
            part = share * ways[earlier]
            received[earlier] += part
            carried[earlier, device] += part * weights[source]
    return sum(weights[device] for device in order) == given.npus
