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
from .grid import grid_bound, line_bound
from .groups import grouped
from .halves import Half, candidate_halves, refined_half
from .merged import Capacities, capacities, merged
from .small import small_bisection
from .tree import tree_bisection, tree_bound

_ALMOST = 1 - 1e-9
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
) -> Bisection:
    """The bisection bandwidth; 0 if there is but one NPU.

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
    less = merged(capacities(graph))
    value = _exactly(less)
    if value is not None:
        return Bisection(value, value)
    lower = max(_lower_bounds(graph, less))
    upper, halves = math.inf, _Halves(less)
    for cost in halves.settled():
        upper = min(upper, cost)
        if lower >= upper * _ALMOST:
            return Bisection(upper, upper)
    lower = max(lower, line_bound(less))
    if lower < upper * _ALMOST:
        upper = min(upper, *halves.refined(library()))
    return Bisection(min(lower, upper), upper)


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


class _Halves:
    """Halves of a network, and what it costs to separate them: bounds from above."""

    def __init__(self, network: Capacities) -> None:
        self._network = network
        self._costs: list[tuple[BytesPerNs, int, Half]] = []

    def settled(self) -> Iterator[BytesPerNs]:
        """Of each half that may be cheap, with every switch where it costs less."""
        for half in candidate_halves(self._network):
            for sending in (half, frozenset(range(self._network.npus)) - half):
                cost = settled_cut(self._network, sending)
                self._costs.append((cost, len(self._costs), sending))
                yield cost

    def refined(self, library: ModuleType | None) -> list[BytesPerNs]:
        """Of the cheapest halves, with the least cuts through switches, or after NPUs have changed
        places where there are no switches; infinity if there is no library, or too much to do."""
        network, cheapest = self._network, [half for _, _, half in sorted(self._costs)[:_REFINED]]
        has_switches = network.devices > network.npus
        if library is None or len(network.links) > _MOST_LINKS:
            return [math.inf]
        if has_switches:
            return [least_cut(network, half, library) for half in cheapest]
        if network.npus > _REFINED_UP_TO:
            return [math.inf]
        better = [refined_half(network, half, library) for half in cheapest]
        others = [frozenset(range(network.npus)) - half for half in better]
        return [settled_cut(network, half) for half in (*better, *others)]


def _lower_bounds(graph: NetworkGraph, less: Capacities) -> Iterator[BytesPerNs]:
    """What it can't be below, for reasons that are quick to see."""
    yield grid_bound(graph)
    yield tree_bound(less)
    in_groups = grouped(less)
    if in_groups is not None:
        yield tree_bound(merged(in_groups))
    for dropped in _kinds(graph):
        # With fewer links no cut has more capacity.
        fewer = merged(capacities(graph).without(dropped))
        yield tree_bisection(fewer) or tree_bound(fewer)


def _kinds(graph: NetworkGraph) -> Iterator[list[int]]:
    """The devices of each kind but the NPUs."""
    kinds: dict[str, list[int]] = {}
    for device in range(graph.npus, graph.devices):
        kinds.setdefault(graph.nodes[device].kind, []).append(device)
    yield from kinds.values()
