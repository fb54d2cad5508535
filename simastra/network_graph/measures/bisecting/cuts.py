"""What it costs to cut a network between two groups of its NPUs."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from simastra.units import BytesPerNs

from .halves import Half
from .merged import Capacities

_ROUNDS = 8
_PARTS = 2**20
"""Of a byte a nanosecond: flows are looked for in whole numbers, so that they end."""


def settled_cut(given: Capacities, sending: Half) -> BytesPerNs:
    """The capacity of a cut from some NPUs to the others, with each switch where it costs less.

    With switches, it may not be the least one.
    """
    sides: list[bool | None] = [npu in sending for npu in range(given.npus)]
    sides += [None] * (given.devices - given.npus)
    for _ in range(_ROUNDS):
        before = list(sides)
        for device in range(given.npus, given.devices):
            sides[device] = _cheaper_side(given, device, sides)
        if sides == before:
            break
    return _capacity(given, sides)


def least_cut(given: Capacities, sending: Half, library: ModuleType) -> BytesPerNs:
    """The capacity of the least cut from some NPUs to the others.

    Args:
        given: the network.
        sending: the NPUs at one side.
        library: networkx.
    """
    graph = library.DiGraph()
    for (src, dst), rate in given.links.items():
        graph.add_edge(src, dst, capacity=round(rate * _PARTS))
    for npu in range(given.npus):
        graph.add_edge(*(("from", npu) if npu in sending else (npu, "to")))  # without a limit
    _, (near, _) = library.minimum_cut(graph, "from", "to")
    return _capacity(given, [device in near for device in range(given.devices)])


def _cheaper_side(given: Capacities, device: int, sides: Sequence[bool | None]) -> bool | None:
    """Where a switch costs less, given those that have a side; None if none of its like has one."""
    if_sending = if_other = 0.0
    is_known = False
    for other, (there, back) in given.both_ways[device].items():
        side = sides[other]
        is_known = is_known or side is not None
        if side is False:
            if_sending += there
        elif side is True:
            if_other += back
    if not is_known:
        return None
    if if_sending == if_other and sides[device] is not None:
        return sides[device]  # lest it change for ever
    return if_sending < if_other


def _capacity(given: Capacities, sides: Sequence[bool | None]) -> BytesPerNs:
    """Of all links from the sending side to the other."""
    return sum(rate for (src, dst), rate in given.links.items() if sides[src] and not sides[dst])
