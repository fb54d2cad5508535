"""Which of the nodes that an NPU has under way holds up another of its nodes."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.trace import DependencyGraph
from simastra.workload import NpuProcess


def holder(process: NpuProcess, index: int) -> int | None:
    """The node under way without whose end the node `index` can't end; the node itself if it is.

    That is a node whose resource it needs, or which it depends on, or whose resource a node needs
    that it depends on; the lowest if there are several, None if there is none.
    """
    if index in process.running:
        return index
    graph = process.program.graph
    blocked = _blocked_by(graph, index, process)
    for candidate in sorted(process.running):
        if candidate in blocked:
            return candidate
    for ready in sorted(blocked):
        holding = unit_holder(process, ready)
        if ready in process.ready and holding is not None:
            return holding
    return None


def unit_holder(process: NpuProcess, index: int) -> int | None:
    """The node under way that holds the resource which the node `index` needs, None if none does.

    A node that is under way itself is held by nobody.
    """
    needed = process.program.resources[index]
    if needed is None or index in process.running:
        return None
    resources = process.program.resources
    return next((node for node in sorted(process.running) if resources[node] == needed), None)


def _blocked_by(graph: DependencyGraph, index: int, process: NpuProcess) -> frozenset[int]:
    """The node itself and all unfinished ones that it depends on."""
    parents: dict[int, list[int]] = {}
    for parent, children in enumerate(graph.children):
        if not process.progress.is_finished(parent):
            for child in children:
                parents.setdefault(child, []).append(parent)
    found = {index}
    left = [index]
    while left:
        fresh = _unseen(parents.get(left.pop(), ()), found)
        found.update(fresh)
        left.extend(fresh)
    return frozenset(found)


def _unseen(nodes: Iterable[int], seen: set[int]) -> list[int]:
    return [node for node in nodes if node not in seen]
