"""Groups of NPUs that are so well linked within that no cheapest cut need divide any of them.

Let m groups, an even number, have k NPUs each, on a switch of their own with links of bandwidth c,
and let the other links of an NPU have p together. Given a cut into halves, move each NPU that is
apart from the greater part of its group to that: D NPUs. In the groups that saves cD; outside, each
changes the cut by p at the most. Then move whole groups until the halves are equal again, D NPUs at
the most. So if c >= 2p, some cut that divides no group is as cheap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from simastra.units import BytesPerNs

from .merged import Capacities, Ends


def grouped(given: Capacities) -> Capacities | None:
    """The network with each group as one NPU, which has the same bisection bandwidth.

    None if there are no such groups.
    """
    inner = {
        switch
        for switch in range(given.npus, given.devices)
        if all(it < given.npus for it in given.both_ways[switch])
    }
    members: defaultdict[int, list[int]] = defaultdict(list)
    for npu in range(given.npus):
        switch = _own_switch(given, npu, inner)
        if switch is None:
            return None
        members[switch].append(npu)
    sizes = {len(it) for it in members.values()}
    are_whole = all(len(given.both_ways[switch]) == len(it) for switch, it in members.items())
    if len(members) % 2 or len(sizes) != 1 or sizes == {1} or not are_whole:
        return None
    return _joined(given, members) if _are_close(given, members) else None


def _are_close(given: Capacities, members: Mapping[int, Sequence[int]]) -> bool:
    """Whether each link within has twice the bandwidth or more that an NPU has outside."""
    within = min(min(it) for switch in members for it in given.both_ways[switch].values())
    outside = (
        [rates for other, rates in given.both_ways[npu].items() if other != switch]
        for switch, npus in members.items()
        for npu in npus
    )
    most: BytesPerNs = max(max(map(sum, zip(*it, strict=True)), default=0.0) for it in outside)
    return within >= 2 * most


def _joined(given: Capacities, members: Mapping[int, Sequence[int]]) -> Capacities:
    """The network with each group as one NPU."""
    place = {npu: number for number, npus in enumerate(members.values()) for npu in npus}
    others = [it for it in range(given.npus, given.devices) if it not in members]
    place |= {device: len(members) + number for number, device in enumerate(others)}
    links: defaultdict[Ends, float] = defaultdict(float)
    for (src, dst), rate in given.links.items():
        if src not in members and dst not in members and place[src] != place[dst]:
            links[place[src], place[dst]] += rate
    return Capacities(len(members), len(members) + len(others), dict(links))


def _own_switch(given: Capacities, npu: int, inner: Set[int]) -> int | None:
    """Of the switches that have NPUs alone, the one that has the most bandwidth to an NPU."""
    linked = given.both_ways[npu].items()
    found = [(min(rates), -other) for other, rates in linked if other in inner]
    return -max(found)[1] if found else None
