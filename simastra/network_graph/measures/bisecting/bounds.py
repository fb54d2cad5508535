"""The bisection bandwidth of a network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from simastra.network_graph.model import NetworkGraph
from simastra.units import BytesPerNs

from .cuts import least_cut, settled_cut
from .even_traffic import even_traffic_bound
from .grid import grid_bound
from .halves import candidate_halves
from .merged import Capacities, capacities, merged
from .small import small_bisection
from .tree import tree_bisection

_ALMOST = 1 - 1e-9
_FLOWS = 3
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


def bisection(graph: NetworkGraph, library: ModuleType | None = None) -> Bisection | None:
    """The bisection bandwidth; None if there is but one NPU.

    It is exact for trees of switches, even if NPUs have other links beside the tree, for grids, and
    for small networks. To find it for all graphs would take exponential time (it is NP-hard).

    Args:
        graph: the network.
        library: networkx, if it is there: with it, cuts through switches are the least ones.
    """
    if graph.npus < 2:  # noqa: PLR2004 - halves
        return None
    less = merged(capacities(graph))
    for exactly in (tree_bisection, small_bisection):
        value = exactly(less)
        if value is not None:
            return Bisection(value, value)
    lower = max(_lower_bounds(graph, less))
    upper = math.inf
    costs: list[tuple[float, frozenset[int]]] = []
    for half in candidate_halves(less, library):
        for sending in (half, frozenset(range(less.npus)) - half):
            costs.append((settled_cut(less, sending), sending))
            upper = min(upper, costs[-1][0])
        if lower >= upper * _ALMOST:
            return Bisection(upper, upper)
    if library is not None and len(less.links) <= _MOST_LINKS and less.devices > less.npus:
        costs.sort(key=lambda it: it[0])
        upper = min(upper, *(least_cut(less, it, library) for _, it in costs[:_FLOWS]))
    return Bisection(min(lower, upper), upper)


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
