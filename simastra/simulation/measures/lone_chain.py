"""The longest chain of nodes on one NPU: no message of another one is in it."""

from __future__ import annotations

from array import array
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simastra.trace import DependencyGraph
from simastra.units import NpuId, Ns

_TOO_LONG: Ns = 2**63  # for an array's numbers


@dataclass(frozen=True, slots=True)
class Alike:
    """NPUs whose programs have the same nodes in the same places, but for whom these address.

    Attributes:
        npus: which.
        times: what a node takes at the least on any of them, in ns, by its index, from the earliest
            start that a chain allows.
    """

    npus: Sequence[NpuId]
    times: Sequence[Ns]


@dataclass(frozen=True, slots=True)
class MessageChain:
    """A chain of nodes, each of which waits for the one before, on its NPU or by a message.

    Attributes:
        time: from the start to its end, in ns, at the least.
        npu: where it ends, or one like it.
    """

    time: Ns
    npu: NpuId


def longest_alone(alike: Sequence[Alike], graphs: Sequence[DependencyGraph]) -> MessageChain:
    """Return the longest chain of several that have nothing to do with each other.

    Of chains that are as long it is the one with the fewest nodes, and of these the first.

    Args:
        alike: NPUs.
        graphs: of each, whose nodes wait for earlier ones (`Children.come_later`).
    """
    latest = [
        max(_ends(it.times, graph), default=0) for it, graph in zip(alike, graphs, strict=True)
    ]
    longest = max(latest)
    equal = [at for at, time in enumerate(latest) if time == longest]
    if len(equal) > 1 and longest:
        equal.sort(key=lambda at: _fewest(alike[at].times, graphs[at], longest))
    return MessageChain(longest, alike[equal[0]].npus[0])


def _ends(times: Sequence[Ns], graph: DependencyGraph) -> Sequence[Ns]:
    """When each node is over, if all before it are as early as can be."""
    # Until one's turn comes, when the latest before it is over; none is later than their sum.
    ends: MutableSequence[Ns] = [0] * len(times)
    if sum(times) < _TOO_LONG:  # which takes a quarter of the memory
        ends = array("q", [0]) * len(times)
    starts, children = graph.children.flat
    for index, (first, last) in enumerate(pairwise(starts)):
        end = ends[index] = ends[index] + times[index]
        for child in children[first:last]:
            if ends[child] < end:  # noqa: PLR1730  # max() takes several times as long
                ends[child] = end
    return ends


def _fewest(times: Sequence[Ns], graph: DependencyGraph, longest: Ns) -> int:
    """How many nodes come one after the other, at the least, before one that is over then."""
    before = [0] * len(times)
    starts, children = graph.children.flat
    for index, (first, last) in enumerate(pairwise(starts)):
        for child in children[first:last]:
            before[child] = max(before[child], before[index] + 1)
    ends = _ends(times, graph)
    return min(count for count, end in zip(before, ends, strict=True) if end == longest)
