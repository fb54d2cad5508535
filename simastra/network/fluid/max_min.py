"""Fair rates: max-min fairness, by progressive filling.

All flows start at 0 and grow alike. Where a link is full, the flows over it stay as they are; the
others grow on, until each has met a full link (Bertsekas and Gallager, Data Networks, 6.5.2).
Nothing else is max-min fair: nobody could have more without taking it from somebody who has no
more than he has. The sign of it, by which tests judge: each flow crosses a full link on which none
is faster.

Here the links are taken in the order in which they fill up, from a heap; so it takes time in
proportion to the hops of all routes, and to the logarithm of the links.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from simastra.units import BytesPerNs

_TIE = 1 + 2.0**-40
"""Links that fill up at shares as near as this do so at once: only floats tell them apart."""


class MaxMin(NamedTuple):
    """Fair rates.

    Attributes:
        rates: of each flow of a route, in bytes per ns.
        bottlenecks: of each route the link that was full first, by index.
    """

    rates: list[BytesPerNs]
    bottlenecks: list[int]


def max_min_rates(
    capacities: Sequence[BytesPerNs],
    routes: Sequence[Sequence[int]],
    counts: Sequence[int] | None = None,
) -> MaxMin:
    """Share links among flows.

    Args:
        capacities: of the links, in bytes per ns, greater than 0.
        routes: indices of the links that the flows cross, one at the least; a link that is there
            twice is crossed twice.
        counts: how many flows take each route; one each by default.

    >>> max_min_rates([10.0, 4.0], [[0], [0, 1], [1]]).rates  # the second link is full first
    [8.0, 2.0, 2.0]
    """
    numbers = [1] * len(routes) if counts is None else counts
    left = list(capacities)
    crossing, loads = _crossing(len(left), routes, numbers)
    rates = [0.0] * len(routes)
    bottlenecks = [-1] * len(routes)
    heap = [(left[link] / load, link) for link, load in enumerate(loads) if load]
    heapify(heap)
    while heap:
        share, link = heappop(heap)
        if not loads[link]:
            continue
        now = left[link] / loads[link]
        if now > share * _TIE:  # others over it have met full links since, and left it more
            heappush(heap, (now, link))
            continue
        for route in crossing[link]:
            if bottlenecks[route] < 0:
                rates[route], bottlenecks[route] = share, link
                for other in routes[route]:
                    left[other] -= share * numbers[route]
                    loads[other] -= numbers[route]
    return MaxMin(rates, bottlenecks)


def _crossing(
    links: int, routes: Sequence[Sequence[int]], counts: Sequence[int]
) -> tuple[list[list[int]], list[int]]:
    """Of each link the routes that cross it, and how many flows do."""
    crossing: list[list[int]] = [[] for _ in range(links)]
    loads = [0] * links
    for number, (route, count) in enumerate(zip(routes, counts, strict=True)):
        for link in route:
            crossing[link].append(number)
            loads[link] += count
    return crossing, loads
