"""Which process groups lie alike in a network, so that a collective takes as long in each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import permutations

from simastra.network import Topology
from simastra.units import NpuId

_LARGEST = 64
"""Of larger groups it takes longer to see how they lie than it may save."""


def shape(topology: Topology, members: Sequence[NpuId]) -> Hashable:
    """Equal for groups between whose members the same ways lead, shared in the same way.

    The devices on the ways from each member to each other one, and to the switches that may reduce
    for them, are numbered as they come; with the order of the members' numbers that is all that a
    collective by itself depends on. Where ways depend on messages' tags, no two groups are taken to
    lie alike.

    Args:
        topology: of the whole network.
        members: in order of positions.
    """
    if topology.multipath or len(members) > _LARGEST:
        return tuple(members)
    order = tuple(sorted(range(len(members)), key=members.__getitem__))
    numbers: dict[int, int] = {}
    ways = tuple(
        tuple(
            (
                numbers.setdefault(hop.src, len(numbers)),
                numbers.setdefault(hop.dst, len(numbers)),
                hop.link,
            )
            for hop in topology.hops(src, dst)
        )
        for src, dst in _ends(topology, members)
    )
    return order, ways


def _ends(topology: Topology, members: Sequence[NpuId]) -> Iterator[tuple[int, int]]:
    """Between whom messages may go."""
    yield from permutations(members, 2)
    for tree in topology.reduction_trees(members):
        for below, switch in tree.parent.items():
            yield below, switch
            yield switch, below
