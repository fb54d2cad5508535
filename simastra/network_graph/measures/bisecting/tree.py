"""The bisection of a tree, exactly, or from below if it is large."""

from __future__ import annotations

import math
from itertools import repeat

from simastra.units import BytesPerNs

from .merged import Capacities

_MOST_NPUS = 2048
"""Above, it takes too long: the time grows with the square."""

Costs = list[float]
"""The cheapest cut of part of a tree, by the number of its NPUs that are on the sending side."""


def tree_bisection(given: Capacities) -> BytesPerNs | None:
    """The bisection bandwidth of a tree; None if it is no tree, or has very many NPUs.

    From the leaves to the root: of each part of the tree the cheapest cuts with so many NPUs on the
    sending side, with the part's own root on either side.
    """
    order = _from_root(given) if given.npus <= _MOST_NPUS else None
    if order is None:
        return None
    costs: dict[int, tuple[Costs, Costs]] = {}
    for device, parent in reversed(order):
        own = costs.pop(device, ([0.0], [0.0]))
        if device < given.npus:
            own = ([math.inf, *own[0]], [*own[1], math.inf])
        if parent is None:
            half = given.npus // 2
            return min(side[count] for side in own for count in (half, given.npus - half))
        there, back = given.both_ways[device][parent]
        above = costs.get(parent, ([0.0], [0.0]))
        from_sending = [
            min(pair) for pair in zip(own[0], (it + back for it in own[1]), strict=True)
        ]
        from_other = [min(pair) for pair in zip((it + there for it in own[0]), own[1], strict=True)]
        costs[parent] = (_joined(above[0], from_sending), _joined(above[1], from_other))
    return None


def tree_bound(given: Capacities) -> BytesPerNs:
    """The least that the bisection bandwidth of a tree can be; 0 if it is no tree.

    If NPUs of one half send to as many of the other, each x bytes a nanosecond, the link above a
    part of m NPUs carries at most m times x, and at most as much as the others receive. All links
    can carry that with the x of the worst of them.
    """
    order = _from_root(given)
    if order is None:
        return 0.0
    below = [1] * given.npus + [0] * (given.devices - given.npus)
    least = math.inf
    for device, parent in reversed(order):
        if parent is None:
            break
        below[parent] += below[device]
        crossing = min(below[device], given.npus - below[device])
        if crossing:
            least = min(least, min(given.both_ways[device][parent]) / crossing)
    return least * (given.npus // 2)


def _from_root(given: Capacities) -> list[tuple[int, int | None]] | None:
    """All devices that are linked, each with the one before it, from the first NPU; None if some
    have two ways to each other, or an NPU none."""
    order: list[tuple[int, int | None]] = [(0, None)]
    met = {0}
    for device, parent in order:
        for other in given.both_ways[device]:
            if other == parent:
                continue
            if other in met:
                return None
            met.add(other)
            order.append((other, device))
    return order if all(npu in met for npu in range(given.npus)) else None


def _joined(one: Costs, other: Costs) -> Costs:
    """The cheapest cuts of two parts together."""
    shorter, longer = sorted((one, other), key=len)
    best = [math.inf] * (len(one) + len(other) - 1)
    for shift, cost in enumerate(shorter):
        if cost < math.inf:
            place = slice(shift, shift + len(longer))
            best[place] = map(min, best[place], map(float.__add__, longer, repeat(cost)))
    return best
