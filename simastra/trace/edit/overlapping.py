"""Whether computations and collectives of an NPU may run side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from simastra.trace.edit.mapping import each_distinct, edited
from simastra.trace.edit.selection import EVERYTHING
from simastra.trace.nodes import Node, NodeType
from simastra.trace.trace import Trace

_KINDS = (NodeType.COMP, NodeType.COMM_COLL)


def block_collectives(trace: Trace) -> Trace:
    """Let no computation run beside a collective: as a program whose collectives all block.

    In the order in which an NPU comes to its nodes, by ids, each collective waits for the one
    before and for the computations since, and computations wait for the collective before them.
    Only control dependencies are added, which ASTRA-sim's master heeds, and ``hoti2024`` doesn't.

    Args:
        trace: what is edited.
    """
    npus = each_distinct(trace, EVERYTHING, _blocking)
    return edited(trace, npus, "overlap off")


def free_collectives(trace: Trace) -> Trace:
    """Let computations run beside collectives wherever data allow it.

    Control dependencies between a collective and a computation or another collective are left out.
    What a node waits for by ``data_deps`` stays: that is what it needs.

    Args:
        trace: what is edited.
    """
    npus = each_distinct(trace, EVERYTHING, _free)
    return edited(trace, npus, "overlap on")


def _blocking(nodes: Sequence[Node]) -> Sequence[Node]:
    added: dict[int, tuple[int, ...]] = {}
    collective: tuple[int, ...] = ()
    computations: list[int] = []
    for node in _in_order(nodes):
        if node.type is NodeType.COMP:
            added[node.id] = collective
            computations.append(node.id)
        elif node.type is NodeType.COMM_COLL:
            added[node.id] = (*collective, *computations)
            collective, computations = (node.id,), []
    new = tuple(_with_control(it, added.get(it.id, ())) for it in nodes)
    return nodes if all(a is b for a, b in zip(new, nodes, strict=True)) else new


def _with_control(node: Node, added: Sequence[int]) -> Node:
    missing = [it for it in added if it not in node.data_deps and it not in node.ctrl_deps]
    return replace(node, ctrl_deps=(*node.ctrl_deps, *missing)) if missing else node


def _free(nodes: Sequence[Node]) -> Sequence[Node]:
    types = {it.id: it.type for it in nodes}

    def kept(node: Node, needed: int) -> bool:
        both = node.type, types.get(needed)
        return NodeType.COMM_COLL not in both or not all(it in _KINDS for it in both)

    new = []
    for node in nodes:
        control = tuple(it for it in node.ctrl_deps if kept(node, it))
        same = control == node.ctrl_deps
        new.append(node if same else replace(node, ctrl_deps=control))
    return nodes if all(a is b for a, b in zip(new, nodes, strict=True)) else tuple(new)


def _in_order(nodes: Sequence[Node]) -> list[Node]:
    """The nodes as they come, by ids among those whose dependencies have come.

    What waits in a circle, or for a node that isn't there, is left out.
    """
    by_id = {it.id: it for it in nodes}
    children: dict[int, list[int]] = {}
    missing: dict[int, int] = {}
    for node in nodes:
        needed = {*node.data_deps, *(it for it in node.ctrl_deps if it in by_id)}
        missing[node.id] = len(needed)
        for it in needed:
            children.setdefault(it, []).append(node.id)
    ready = [id for id, count in missing.items() if not count]
    heapify(ready)
    ordered = []
    while ready:
        id = heappop(ready)
        ordered.append(by_id[id])
        for child in children.get(id, ()):
            missing[child] -= 1
            if not missing[child]:
                heappush(ready, child)
    return ordered
