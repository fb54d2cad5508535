"""Halves of the NPUs that may be cheap to separate."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import ModuleType

from .merged import Capacities

Half = frozenset[int]

_BALLS = 8
_SEED = 1


def candidate_halves(given: Capacities) -> Iterator[Half]:
    """Halves by rank, and balls round some NPUs."""
    npus = given.npus
    yield from _by_rank(npus)
    for place in range(min(_BALLS, npus)):
        yield _ball(given, place * npus // _BALLS if npus > _BALLS else place)


def refined_half(given: Capacities, half: Half, library: ModuleType) -> Half:
    """What Kernighan and Lin make of a half: NPUs change places as long as that is cheaper.

    Args:
        given: a network without switches.
        half: the half.
        library: networkx.
    """
    graph = library.Graph()
    graph.add_nodes_from(range(given.npus))
    for src, linked in enumerate(given.both_ways):
        graph.add_weighted_edges_from((src, dst, sum(it)) for dst, it in linked.items())
    parts = (set(half), set(range(given.npus)) - half)
    better = library.community.kernighan_lin_bisection
    one, other = better(graph, parts, weight="weight", seed=_SEED)
    return frozenset(one if len(one) == given.npus // 2 else other)


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
