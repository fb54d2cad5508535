"""Which NPUs belong together: those that links join directly, else those on one switch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def _npus_below(graph: DeviceGraph) -> dict[int, frozenset[int]]:
    """Of each switch the NPUs that links downwards lead to."""
    below = {npu: frozenset({npu}) for npu in range(graph.npus)}
    for device in sorted(range(graph.npus, len(graph.kinds)), key=graph.heights.__getitem__):
        lower = (
            below[it]
            for it in graph.neighbours[device]
            if graph.heights[it] < graph.heights[device]
        )
        below[device] = frozenset().union(*lower)
    return below


def _above(graph: DeviceGraph, npu: int) -> Iterator[list[int]]:
    """The switches above an NPU, height by height."""
    front = [npu]
    while front:
        height = graph.heights[front[0]]
        front = sorted(
            {it for at in front for it in graph.neighbours[at] if graph.heights[it] == height + 1}
        )
        if front:
            yield front


def _home(graph: DeviceGraph, npu: int, below: dict[int, frozenset[int]]) -> int:
    """The lowest switch above an NPU that it shares with others.

    Of several, one whose NPUs' ranks follow each other (of a host, not of a rail), else of the
    fewest.
    """
    for switches in _above(graph, npu):
        shared = [it for it in switches if len(below[it]) > 1]
        if shared:
            return min(shared, key=lambda it: (_is_rail(below[it]), len(below[it]), it))
    return npu


def _is_rail(npus: frozenset[int]) -> bool:
    return max(npus) - min(npus) >= len(npus)


def _pods(graph: DeviceGraph, npu: int, below: dict[int, frozenset[int]]) -> tuple[int, ...]:
    """The first NPU of each pod that an NPU is in, the widest pod first."""
    smallest = (
        min((below[it] for it in switches), key=lambda npus: (len(npus), min(npus)))
        for switches in _above(graph, npu)
    )
    return tuple(min(npus) for npus in reversed([*smallest]))
