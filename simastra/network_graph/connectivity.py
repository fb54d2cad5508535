"""Whether every NPU reaches every other, and where a graph falls apart if not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simastra.errors import InputError
from simastra.view.phrases import listed

from .model import NetworkGraph

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """Two parts of a graph with NPUs in both, between which links are missing.

    Attributes:
        near: devices of the part from which no link leads to the other, NPUs first.
        far: those of the other part.
        is_one_way: whether links lead from `far` to `near`; else the parts aren't linked at all.
    """

    near: tuple[int, ...]
    far: tuple[int, ...]
    is_one_way: bool


def check_connected(graph: NetworkGraph) -> None:
    """Refuse a graph in which some NPU can't reach some other.

    Raises:
        InputError: it says which can't reach which, and where links are missing.
    """
    cut = find_cut(graph)
    if cut is not None:
        raise InputError(_message(graph, cut))


def find_cut(graph: NetworkGraph) -> Cut | None:
    """Where a graph falls apart; None if its NPUs are strongly connected (graph theory's word).

    Of a graph in several pieces, `far` is the one with the fewest NPUs.
    """
    onward = [[link.dst for link in links] for links in graph.out_links]
    back = [[link.src for link in links] for links in graph.in_links]
    from_first, to_first = _reached(onward, 0), _reached(back, 0)
    npus = range(graph.npus)
    if all(from_first[npu] and to_first[npu] for npu in npus):
        return None
    pieces = _pieces([[*out, *into] for out, into in zip(onward, back, strict=True)])
    counts = Counter(pieces[: graph.npus])
    if len(counts) > 1:
        least = min(reversed(counts), key=counts.__getitem__)
        return _cut([piece != least for piece in pieces], is_one_way=False)
    if all(from_first[npu] for npu in npus):
        return _cut([not it for it in to_first], is_one_way=True)
    return _cut(from_first, is_one_way=True)


def _cut(is_near: Sequence[bool], *, is_one_way: bool) -> Cut:
    near = tuple(device for device, it in enumerate(is_near) if it)
    far = tuple(device for device, it in enumerate(is_near) if not it)
    return Cut(near, far, is_one_way)


def _reached(neighbours: Sequence[Sequence[int]], start: int) -> list[bool]:
    """Of each device whether one gets there from `start`."""
    reached = [False] * len(neighbours)
    reached[start] = True
    stack = [start]
    while stack:
        for device in neighbours[stack.pop()]:
            if not reached[device]:
                reached[device] = True
                stack.append(device)
    return reached


def _pieces(neighbours: Sequence[Sequence[int]]) -> list[int]:
    """Of each device a number that its piece has alone: that of its first device."""
    piece = [-1] * len(neighbours)
    for first in range(len(neighbours)):
        stack = [first] if piece[first] < 0 else []
        while stack:
            at = stack.pop()
            if piece[at] < 0:
                piece[at] = first
                stack.extend(neighbours[at])
    return piece


def _message(graph: NetworkGraph, cut: Cut) -> str:
    near, far = (_names(graph, devices) for devices in (cut.near, cut.far))
    if len(near.npus) < len(far.npus):
        who = f"{listed(near.npus, _MOST_NAMED)} can't reach {len(far.npus)} of {graph.npus} NPUs"
        where = f"no link leads out of {near.place} to them"
    else:
        who = f"{len(near.npus)} of {graph.npus} NPUs can't reach {listed(far.npus, _MOST_NAMED)}"
        where = f"no link leads from them into {far.place}"
    if cut.is_one_way:
        return f"{who}: {where}, only the other way; let one lead there, too"
    return f"{who}: {where} or back; link them, or leave them out"


class _Names(NamedTuple):
    """What a part of a graph is called: its NPUs, and where it is: its switches, if it has any."""

    npus: list[str]
    place: str


def _names(graph: NetworkGraph, devices: Sequence[int]) -> _Names:
    npus = [graph.nodes[it].name for it in devices if it < graph.npus]
    others = [graph.nodes[it].name for it in devices if it >= graph.npus]
    return _Names(npus, listed(others or npus, _MOST_NAMED))
