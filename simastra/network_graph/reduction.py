"""Trees of switches that reduce: on the way up they add up what NPUs send, down they multicast it.

The switches of one NVLink domain have one level (NVIDIA, "NVLink SHARP", 2022), aggregation trees
of InfiniBand several (Graham et al., "Scalable hierarchical aggregation protocol (SHARP)", 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from simastra.errors import InputError
from simastra.units import NpuId
from simastra.view.ends import SwitchId

if TYPE_CHECKING:
    from .model import NetworkGraph


@dataclass(frozen=True, eq=False)
class ReductionTree:
    """Switches that reduce for some NPUs.

    Attributes:
        members: the NPUs, in the order of their positions.
        children: of each switch, the root first and none before what is above it, what is below:
            members and other switches.
    """

    members: Sequence[NpuId]
    children: Mapping[SwitchId, Sequence[int]]

    @property
    def root(self) -> SwitchId:
        """The switch at the top, where everything has been reduced."""
        return next(iter(self.children))

    @cached_property
    def parent(self) -> Mapping[int, SwitchId]:
        """The switch above each member, and above each switch but the root."""
        return {child: switch for switch, below in self.children.items() for child in below}

    @cached_property
    def positions_below(self) -> Mapping[int, Sequence[int]]:
        """Of members and switches, the positions of the members there, as children are ordered."""
        found: dict[int, Sequence[int]] = {it: (at,) for at, it in enumerate(self.members)}
        for switch in reversed([*self.children]):  # those below have come by then
            found[switch] = tuple(at for child in self.children[switch] for at in found[child])
        return found


def star(members: Sequence[NpuId], switch: SwitchId) -> ReductionTree:
    """One switch that joins all members."""
    return ReductionTree(members, {switch: members})


def graph_trees(graph: NetworkGraph, members: Sequence[NpuId]) -> tuple[ReductionTree, ...]:
    """The trees of fewest levels of a graph that join some NPUs, by their roots; none if none does.

    Devices that don't reduce may stand between two that are next to each other in a tree, NPUs
    mayn't. Where a member or a switch may hang from several, it hangs from that of the lowest
    number among those that are nearest to the root.

    Args:
        graph: the network.
        members: its NPUs, in the order of their positions.
    """
    near = {at: _near(graph, at) for at, node in enumerate(graph.nodes) if node.reduces}
    return tuple(_tree(graph, near, root, members) for root in _roots(near, members))


def let_switches_reduce(graph: NetworkGraph, but: Collection[str] = ("nic",)) -> NetworkGraph:
    """The same network with switches that reduce.

    Args:
        graph: the network.
        but: kinds of devices that are no switches, beside NPUs.

    Raises:
        InputError: if it has no switches.
    """
    nodes = tuple(
        replace(node, reduces=node.reduces or not (node.is_npu or node.kind in but))
        for node in graph.nodes
    )
    if not any(node.reduces for node in nodes):
        raise InputError("has no switches that could reduce")
    return replace(graph, nodes=nodes)


_Near: TypeAlias = Mapping[int, Sequence[int]]
"""Of each switch that reduces: the NPUs, and the other such switches, that are next to it."""


def _near(graph: NetworkGraph, switch: int) -> Sequence[int]:
    """From where a way leads to it, and back, past nothing that is an NPU or reduces."""
    out = _reached(graph, switch, lambda at: [link.dst for link in graph.out_links[at]])
    into = _reached(graph, switch, lambda at: [link.src for link in graph.in_links[at]])
    return sorted(out & into)


def _reached(graph: NetworkGraph, switch: int, onward: Callable[[int], Iterable[int]]) -> set[int]:
    seen, stack = {switch}, [switch]
    while stack:
        for device in onward(stack.pop()):
            if device not in seen:
                seen.add(device)
                if not (graph.nodes[device].is_npu or graph.nodes[device].reduces):
                    stack.append(device)
    seen.remove(switch)
    return {it for it in seen if graph.nodes[it].is_npu or graph.nodes[it].reduces}


def _roots(near: _Near, members: Sequence[NpuId]) -> Sequence[int]:
    """The switches that are over all members, and fewest levels above them."""
    over: dict[NpuId, set[int]] = {member: set() for member in members}
    for switch, others in near.items():
        for member in over.keys() & {*others}:
            over[member].add(switch)
    reached = {frozenset(switches) for switches in over.values()}  # members of a leaf share them
    while not (common := frozenset.intersection(*reached)):
        further = {each.union(*(near.keys() & {*near[it]} for it in each)) for each in reached}
        if further == reached:
            return ()
        reached = further
    return sorted(common)


def _tree(graph: NetworkGraph, near: _Near, root: int, members: Sequence[NpuId]) -> ReductionTree:
    """The tree of a root: members hang as near to it as may be."""
    wanted, above = {*members}, {root: root}
    level = [root]
    while level and not wanted <= above.keys():
        for switch in level:
            for device in near[switch]:
                if device in wanted or device in near:
                    above.setdefault(device, switch)
        level = [it for it in sorted(near) if it in above and above[it] in level and it != root]
    used: dict[int, dict[int, None]] = {}
    for member in members:
        at: int = member
        while at != root:
            used.setdefault(above[at], {})[at] = None
            at = above[at]
    order = [root]
    for switch in order:
        order += [child for child in used[switch] if child in used]
    names = {it: SwitchId(it, graph.nodes[it].name) for it in used}
    children = {
        names[switch]: tuple(names.get(child, child) for child in used[switch]) for switch in order
    }
    return ReductionTree(members, children)
