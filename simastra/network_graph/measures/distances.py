"""How far NPUs are from each other, in links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network_graph.model import NetworkGraph

_EXACT_UP_TO = 4096
_SAMPLED = 32


@dataclass(frozen=True, slots=True)
class Hops:
    """Lengths of the shortest ways between NPUs, in links.

    Attributes:
        diameter: the most; None if there is no way between some two NPUs.
        mean: of all pairs of different NPUs that have a way.
        is_exact: whether all NPUs were asked; otherwise `diameter` is the least that it can be,
            and `mean` an estimate, both from as many evenly spread ones as `sampled`.
        sampled: how many NPUs were asked for their ways to all others.
    """

    diameter: int | None
    mean: float
    is_exact: bool
    sampled: int


def hops(graph: NetworkGraph, exact_up_to: int = _EXACT_UP_TO) -> Hops:
    """Lengths of the shortest ways between NPUs, whatever the routing.

    Args:
        graph: the network.
        exact_up_to: for how many NPUs all pairs are looked at.
    """
    is_exact = graph.npus <= exact_up_to
    asked = graph.npus if is_exact else _SAMPLED
    sources = [place * graph.npus // asked for place in range(asked)]
    most, total, pairs = _spread(graph, sources)
    is_whole = pairs == asked * (graph.npus - 1)
    return Hops(most if is_whole else None, total / pairs if pairs else 0.0, is_exact, asked)


def _spread(graph: NetworkGraph, sources: Sequence[int]) -> tuple[int, int, int]:
    """The most links, their sum, and the number of ways, from some NPUs to all others.

    All begin at once: a device has a number with a bit for each source that has reached it.
    """
    next_to = [tuple(link.dst for link in links) for links in graph.out_links]
    reached = [0] * graph.devices
    fresh = {npu: 1 << place for place, npu in enumerate(sources)}
    for npu, bit in fresh.items():
        reached[npu] = bit
    far = most = total = pairs = 0
    while fresh:
        far += 1
        arriving: dict[int, int] = {}
        for device, bits in fresh.items():
            for other in next_to[device]:
                arriving[other] = arriving.get(other, 0) | bits
        fresh = {it: new for it, bits in arriving.items() if (new := bits & ~reached[it])}
        for device, bits in fresh.items():
            reached[device] |= bits
        arrived = sum(bits.bit_count() for device, bits in fresh.items() if device < graph.npus)
        if arrived:
            most, total, pairs = far, total + far * arrived, pairs + arrived
    return most, total, pairs
