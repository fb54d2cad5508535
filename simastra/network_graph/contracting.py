"""Graphs without the devices that only pass messages from one link to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from simastra.notices import Notice, Severity

from .model import SWITCH, GraphLink, LinkAttributes, NetworkGraph

_TWO = 2


def contracted(
    graph: NetworkGraph, *, keep: Collection[str] = (SWITCH,), drop: Collection[str] = ("port",)
) -> NetworkGraph:
    """Join devices that have two links, both ways, into one link: ports, slots, transceivers.

    Those that lead to a dead end stay, since no message passes there.

    Such a link has the sum of the latencies and the least of the bandwidths. Of several chains
    between the same two devices each keeps its first device, so that they stay several.

    Args:
        graph: to contract.
        keep: kinds of devices that stay, whatever their links; NPUs always do, and switches that
            reduce.
        drop: kinds of devices that go if they have one link or none: no message passes there.

    Returns:
        A graph with a remark that says how many are gone; the graph itself if none are.
    """
    unused = {
        number
        for number, node in enumerate(graph.nodes)
        if node.kind in drop and len(graph.out_links[number]) <= 1 and not node.is_npu
    }
    chains = list(_chains(graph, keep))
    pairs = Counter(frozenset((chain[0], chain[-1])) for chain in chains)
    direct = {frozenset((link.src, link.dst)) for link in graph.links}
    gone: set[int] = set()
    joined: list[list[int]] = []
    for chain in chains:
        ends = frozenset((chain[0], chain[-1]))
        if len(ends) < _TWO or any(_is_dead_end(graph, number) for number in ends):
            continue
        if pairs[ends] > 1 or ends in direct:
            chain = chain[1:]  # noqa: PLW2901  # the first device stays, as an end
        gone.update(chain[1:-1])
        joined.append(chain)
    if not (gone or unused):
        return graph
    left = _without(graph, gone | unused, joined)
    remark = _remark(graph, gone, unused, left.devices)
    return replace(left, remarks=(*graph.remarks, remark))


def _chains(graph: NetworkGraph, keep: Collection[str]) -> Iterator[list[int]]:
    """Devices in a row that have two neighbours, with what stands at both ends of them."""
    passing = {
        number
        for number, node in enumerate(graph.nodes)
        if not (node.is_npu or node.reduces or node.kind in keep) and _passes(graph, number)
    }
    seen: set[int] = set()
    for number in sorted(passing):
        if number in seen:
            continue
        first, second = (link.dst for link in graph.out_links[number])
        back = _onward(graph, number, first, passing)
        if back[-1] == number:
            seen.update(back)  # a circle that no NPU is on
            continue
        chain = [*reversed(back), number, *_onward(graph, number, second, passing)]
        seen.update(chain[1:-1])
        yield chain if chain[0] <= chain[-1] else chain[::-1]


def _passes(graph: NetworkGraph, number: int) -> bool:
    away = [link.dst for link in graph.out_links[number]]
    return len(away) == _TWO and set(away) == {link.src for link in graph.in_links[number]}


def _is_dead_end(graph: NetworkGraph, number: int) -> bool:
    """Whether no message has a reason to go there."""
    return len(graph.out_links[number]) == 1 and not graph.nodes[number].is_npu


def _onward(graph: NetworkGraph, before: int, number: int, passing: Collection[int]) -> list[int]:
    """From a neighbour of a device on, up to the first that isn't passed through."""
    start, row = before, [number]
    while number in passing and number != start:
        following = next(it.dst for it in graph.out_links[number] if it.dst != before)
        before, number = number, following
        row.append(number)
    return row


def _without(
    graph: NetworkGraph, gone: Collection[int], joined: Sequence[Sequence[int]]
) -> NetworkGraph:
    kept = [number for number in range(graph.devices) if number not in gone]
    numbers = {number: index for index, number in enumerate(kept)}
    order = {(link.src, link.dst): place for place, link in enumerate(graph.links)}
    placed = [
        (place, link.src, link.dst, link.attributes)
        for place, link in enumerate(graph.links)
        if link.src not in gone and link.dst not in gone
    ]
    for chain in joined:
        for way in (chain, chain[::-1]):
            steps = list(pairwise(way))
            if len(steps) > 1:
                place = max(order[step] for step in steps)
                placed.append((place, way[0], way[-1], _in_a_row(graph, steps)))
    placed.sort(key=lambda it: it[0])
    links = tuple(GraphLink(numbers[src], numbers[dst], made) for _, src, dst, made in placed)
    nodes = tuple(graph.nodes[number] for number in kept)
    return replace(graph, nodes=nodes, links=links)


def _in_a_row(graph: NetworkGraph, steps: Sequence[tuple[int, int]]) -> LinkAttributes:
    links = [graph.link_between[step].attributes for step in steps]
    slowest = links[_named_after(links)]
    alike = len({it.dimension for it in links}) == 1
    latency = sum(it.latency for it in links)
    return replace(slowest, latency=latency, dimension=slowest.dimension if alike else None)


def _named_after(links: Sequence[LinkAttributes]) -> int:
    """Which of the links in a row gives the joined one its kind, the same from either end.

    Of those as slow as each other, the cable between two ports rather than what is within boxes:
    one of a kind, or near the middle.
    """
    kinds = Counter(it.kind for it in links)

    def order(number: int) -> tuple[float, int, int, str]:
        off_middle = abs(2 * number + 1 - len(links))
        it = links[number]
        return it.bytes_per_ns, kinds[it.kind], off_middle, it.kind

    return min(range(len(links)), key=order)


def _remark(
    graph: NetworkGraph, gone: Collection[int], unused: Collection[int], remaining: int
) -> Notice:
    told = []
    if gone:
        told.append(
            f"{_counted(graph, gone)} with two links only became part of these, with the sum of "
            "the latencies and the least of the bandwidths"
        )
    if unused:
        told.append(f"{_counted(graph, unused)} with one link or none are left out")
    return Notice(
        code="contracted-devices",
        where=graph.source or "graph",
        message=f"{'; '.join(told)}; {remaining:,} devices remain",
        fix="give the graph the attribute contract: false to keep them, each storing messages "
        "before it forwards them in congestion-aware runs",
        severity=Severity.INFO,
    )


def _counted(graph: NetworkGraph, numbers: Collection[int]) -> str:
    """How many devices they are, and of which kinds."""
    kinds = Counter(graph.nodes[number].kind for number in numbers)
    each = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    return f"{len(numbers):,} device{'s' if len(numbers) > 1 else ''} ({each})"
