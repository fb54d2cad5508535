"""The bisection bandwidth of a network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from simastra.errors import MissingPackageError
from simastra.network_graph.model import NetworkGraph
from simastra.requirement import require
from simastra.units import BytesPerNs

from .cuts import least_cut, settled_cut
from .even_traffic import even_traffic_bound
from .grid import grid_bound
from .groups import grouped
from .halves import Half, candidate_halves, refined_half
from .merged import Capacities, capacities, merged
from .small import small_bisection
from .tree import tree_bisection

_ALMOST = 1 - 1e-9
_FLOWS = 3
_REFINED = 5
_REFINED_UP_TO = 512
_MOST_LINKS = 20_000


@dataclass(frozen=True, slots=True)
class Bisection:
    """The least bandwidth from one half of the NPUs to the other half, over all ways to halve them.

    Switches belong to the half where they make it least. Of an odd number of NPUs, one half has one
    more. It is counted one way; over links that are alike both ways as much goes back.

    Attributes:
        at_least: what it has been proved to be at the least.
        at_most: of some halves that have been found.
    """

    at_least: BytesPerNs
    at_most: BytesPerNs

    @property
    def is_exact(self) -> bool:
        """Whether the two are the same, up to rounding."""
        return self.at_least >= self.at_most * _ALMOST


def _networkx() -> ModuleType | None:
    """The library of graphs, if it is installed: the extra ``graph`` brings it."""
    try:
        return require("networkx", "graph", "a closer bound")
    except MissingPackageError:
        return None


def bisection(
    graph: NetworkGraph, library: Callable[[], ModuleType | None] = _networkx
) -> Bisection | None:
    """The bisection bandwidth; None if there is but one NPU.

    It is exact for trees of switches, for servers with NVLink inside that are joined by such, for
    grids, and for small networks. To find it for all graphs would take exponential time, as far as
    anybody knows (it is NP-hard).

    >>> from simastra.network_graph.generators import fat_tree
    >>> bisection(fat_tree(k=8, bandwidth="50GB/s"))
    Bisection(at_least=3200.0, at_most=3200.0)

    Args:
        graph: the network.
        library: gives networkx, or None. With it, bounds from above may be lower; it is asked for
            only where the answer isn't known without it.
    """
    if graph.npus < 2:  # noqa: PLR2004 - halves
        return None
    less = merged(capacities(graph))
    value = _exactly(less)
    if value is not None:
        return Bisection(value, value)
    lower = max(_lower_bounds(graph, less))
    upper = math.inf
    for cost in _upper_bounds(less, library):
        upper = min(upper, cost)
        if lower >= upper * _ALMOST:
            return Bisection(upper, upper)
    return Bisection(lower, upper)


def _exactly(less: Capacities) -> BytesPerNs | None:
    """The bisection bandwidth of a tree, or of a small network; None of others."""
    in_groups = grouped(less)
    if in_groups is not None:
        return _exactly(merged(in_groups))
    for exactly in (tree_bisection, small_bisection):
        value = exactly(less)
        if value is not None:
            return value
    return None


def _upper_bounds(
    less: Capacities, library: Callable[[], ModuleType | None]
) -> Iterator[BytesPerNs]:
    """What it costs to separate halves, in ever dearer ways to find some."""
    costs: list[tuple[float, int, Half]] = []
    for half in candidate_halves(less):
        for sending in (half, frozenset(range(less.npus)) - half):
            costs.append((settled_cut(less, sending), len(costs), sending))
            yield costs[-1][0]
    networkx = library()
    if networkx is None or len(less.links) > _MOST_LINKS:
        return
    if less.devices > less.npus:
        yield from (least_cut(less, it, networkx) for _, _, it in sorted(costs)[:_FLOWS])
    elif less.npus <= _REFINED_UP_TO:
        for half in (candidate for _, _, candidate in sorted(costs)[:_REFINED]):
            better = refined_half(less, half, networkx)
            yield settled_cut(less, better)
            yield settled_cut(less, frozenset(range(less.npus)) - better)


def _lower_bounds(graph: NetworkGraph, less: Capacities) -> Iterator[BytesPerNs]:
    """What it can't be below, for several reasons."""
    yield grid_bound(graph)
    yield even_traffic_bound(less)
    for dropped in _kinds(graph):
        # With fewer links no cut has more capacity.
        fewer = merged(capacities(graph).without(dropped))
        yield tree_bisection(fewer) or 0.0


def _kinds(graph: NetworkGraph) -> Iterator[list[int]]:
    """The devices of each kind but the NPUs."""
    kinds: dict[str, list[int]] = {}
    for device in range(graph.npus, graph.devices):
        kinds.setdefault(graph.nodes[device].kind, []).append(device)
    yield from kinds.values()
