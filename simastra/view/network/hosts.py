"""Which NPUs belong together: those that links join directly, else those on one switch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .device_graph import DeviceGraph


@dataclass(frozen=True, slots=True)
class Host:
    """NPUs that are drawn together.

    Attributes:
        npus: in order of their ranks.
        is_linked: whether links join them directly, so that they lie on a circle.
    """

    npus: tuple[int, ...]
    is_linked: bool = False


_MOST_BELOW = 20_000  # NPUs below a switch, which are told one by one


def hosts_of(graph: DeviceGraph) -> list[Host]:
    """All NPUs by what they belong to, so that those of one pod are side by side."""
    linked = [Host(tuple(sorted(npus)), is_linked=True) for npus in _linked(graph)]
    alone = set(range(graph.npus)).difference(*(host.npus for host in linked))
    below = _npus_below(graph)
    homes: dict[int, list[int]] = {}
    for npu in sorted(alone):
        homes.setdefault(_home(graph, npu, below), []).append(npu)
    hosts = [*linked, *(Host(tuple(npus)) for npus in homes.values())]
    return sorted(hosts, key=lambda host: (_pods(graph, host.npus[0], below), host.npus))


def _linked(graph: DeviceGraph) -> Iterator[set[int]]:
    """NPUs that reach each other without a switch, where there are several."""
    seen: set[int] = set()
    for npu in range(graph.npus):
        if npu in seen:
            continue
        found, front = {npu}, [npu]
        while front:
            near = {it for at in front for it in graph.neighbours[at] if it < graph.npus}
            front = sorted(near - found)
            found |= near
        seen |= found
        if len(found) > 1:
            yield found


class _Below(NamedTuple):
    """The NPUs that links downwards lead to from a device: how many, the first, the last."""

    npus: int
    first: int
    last: int

    @property
    def is_rail(self) -> bool:
        """Whether their ranks don't follow each other."""
        return self.last - self.first >= self.npus


def _npus_below(graph: DeviceGraph) -> list[_Below]:
    """Of each device; many are told as all that there are."""
    below: list[frozenset[int]] = [frozenset({npu}) for npu in range(graph.npus)]
    below += [frozenset()] * (len(graph.kinds) - graph.npus)
    everybody = frozenset(range(graph.npus))
    for device in sorted(range(graph.npus, len(graph.kinds)), key=graph.heights.__getitem__):
        height = graph.heights[device]
        lower = [below[it] for it in graph.neighbours[device] if graph.heights[it] < height]
        few = sum(map(len, lower)) <= _MOST_BELOW
        below[device] = frozenset().union(*lower) if few else everybody
    known = {id(npus): npus for npus in below}
    told = {
        key: _Below(len(it), min(it, default=0), max(it, default=0)) for key, it in known.items()
    }
    return [told[id(npus)] for npus in below]


def _above(graph: DeviceGraph, npu: int) -> Iterator[Sequence[int]]:
    """The switches above an NPU, height by height."""
    front: tuple[int, ...] = (npu,)
    while front := graph.above(front):
        yield front


def _home(graph: DeviceGraph, npu: int, below: Sequence[_Below]) -> int:
    """The lowest switch above an NPU that it shares with others.

    Of several, one whose NPUs' ranks follow each other (of a host, not of a rail), else of the
    fewest.
    """
    for switches in _above(graph, npu):
        shared = [it for it in switches if below[it].npus > 1]
        if shared:
            return min(shared, key=lambda it: (below[it].is_rail, below[it].npus, it))
    return npu


def _pods(graph: DeviceGraph, npu: int, below: Sequence[_Below]) -> tuple[int, ...]:
    """The first NPU of each pod that an NPU is in, the widest pod first."""
    smallest = (min(below[it] for it in switches) for switches in _above(graph, npu))
    return tuple(it.first for it in reversed([*smallest]))
