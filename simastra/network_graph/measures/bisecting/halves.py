"""Halves of the NPUs that may be cheap to separate."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import ModuleType

from .merged import Capacities

Half = frozenset[int]

_BALLS = 8
_REFINED_UP_TO = 512
_SEED = 1


def candidate_halves(given: Capacities, library: ModuleType | None) -> Iterator[Half]:
    """Halves by rank, balls round some NPUs, and what Kernighan and Lin make of those by rank.

    Args:
        given: the network.
        library: networkx, if it is there.
    """
    npus = given.npus
    yield from _by_rank(npus)
    for place in range(min(_BALLS, npus)):
        yield _ball(given, place * npus // _BALLS if npus > _BALLS else place)
    if library is not None and given.devices == npus <= _REFINED_UP_TO:
        graph = library.Graph()
        graph.add_nodes_from(range(npus))
        for src, linked in enumerate(given.both_ways):
            graph.add_weighted_edges_from((src, dst, sum(it)) for dst, it in linked.items())
        for half in (*_by_rank(npus), _ball(given, 0)):
            parts = (set(half), set(range(npus)) - half)
            better = library.community.kernighan_lin_bisection
            one, other = better(graph, parts, weight="weight", seed=_SEED)
            yield frozenset(one if len(one) == npus // 2 else other)


def _by_rank(npus: int) -> Iterator[Half]:
    """The first half of the ranks, and in even shares of the rest every other group of so many."""
    half = npus // 2
    yield frozenset(range(half))
    for size in range(1, half):
        if npus % (2 * size) == 0:
            yield frozenset(npu for npu in range(npus) if npu // size % 2 == 0)


def _ball(given: Capacities, centre: int) -> Half:
    """The half of the NPUs that is next to one of them, by the number of links."""
    found = [centre]
    met = {centre}
    waiting = deque(found)
    while waiting and len(found) < given.npus // 2:
        for other in given.both_ways[waiting.popleft()]:
            if other not in met:
                met.add(other)
                waiting.append(other)
                if other < given.npus:
                    found.append(other)
    others = (npu for npu in range(given.npus) if npu not in met)  # to which no link leads
    return frozenset([*found, *others][: given.npus // 2])
