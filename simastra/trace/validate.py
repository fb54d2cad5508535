"""Checks that the nodes of one NPU can all run: every dependency exists and none goes in a circle.

ASTRA-sim runs what it can of such a trace and then stops without a word
(behaviour 7.2 #8 and #9); here it is an error that names the nodes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from simastra.errors import TraceError
from simastra.trace.nodes import Node

_Graph: TypeAlias = Mapping[int, tuple[int, ...]]  # node id -> ids that it waits for

_SHOWN_IDS = 12  # of a long cycle, in the error message


def check_nodes(nodes: Sequence[Node], source: Path | str, *, with_ctrl_deps: bool) -> None:
    """Check the dependencies of one NPU's nodes, in time linear in nodes and dependencies.

    A dependency that is listed twice counts once.

    Args:
        nodes: all nodes of one NPU, in any order.
        source: what error messages call them; a file's name.
        with_ctrl_deps: whether ctrl_deps are heeded too, and so checked (behaviour 1.9). Traces
            converted from PyTorch name nodes there that the file doesn't hold.

    Raises:
        TraceError: an id is used twice; a node waits for itself, for an id that no node has, or
            for nodes that in turn wait for it.
    """
    if _is_in_order(nodes, with_ctrl_deps=with_ctrl_deps):
        return
    graph: dict[int, tuple[int, ...]] = {}
    for node in nodes:
        if node.id in graph:
            raise TraceError(
                "two nodes have this id; ids must differ within one NPU's trace",
                source=source,
                node=node.id,
            )
        graph[node.id] = node.data_deps + node.ctrl_deps if with_ctrl_deps else node.data_deps
    _check_targets(graph, source)
    cycle = _find_cycle(graph)
    if cycle:
        raise TraceError(
            f"dependency cycle {_drawn(cycle)}: each node waits for the next, so none can run; "
            "remove one of these dependencies",
            source=source,
            node=cycle[0],
        )


def _is_in_order(nodes: Sequence[Node], *, with_ctrl_deps: bool) -> bool:
    """Whether each node stands after all that it waits for, as in most files; then all is well."""
    earlier: set[int] = set()
    for node in nodes:
        needed = node.data_deps + node.ctrl_deps if with_ctrl_deps else node.data_deps
        if node.id in earlier or not earlier.issuperset(needed):
            return False
        earlier.add(node.id)
    return True


def _check_targets(graph: _Graph, source: Path | str) -> None:
    for node, dependencies in graph.items():
        for dependency in dependencies:
            if dependency == node:
                raise TraceError(
                    "depends on itself, so it can't run; remove the dependency",
                    source=source,
                    node=node,
                )
            if dependency not in graph:
                raise TraceError(
                    f"depends on node {dependency}, which the trace doesn't hold; "
                    "add that node or remove the dependency",
                    source=source,
                    node=node,
                )


def _find_cycle(graph: _Graph) -> list[int]:
    """Return the ids along one cycle, each waiting for the next, or an empty list."""
    blocked = _never_runnable(graph)
    if not blocked:
        return []
    # Each blocked node waits for a blocked one, so a walk along these must return to its path.
    position: dict[int, int] = {}
    node = next(iter(blocked))
    while node not in position:
        position[node] = len(position)
        node = next(dependency for dependency in graph[node] if dependency in blocked)
    cycle = list(position)[position[node] :]
    start = cycle.index(min(cycle))  # one cycle has one text, wherever the walk met it
    return cycle[start:] + cycle[:start]


def _never_runnable(graph: _Graph) -> dict[int, int]:
    """Return the ids on cycles or behind them, in order; the values are of no use."""
    # Most nodes are listed after their dependencies, even where not all are.
    done: set[int] = set()
    for node, dependencies in graph.items():
        if done.issuperset(dependencies):
            done.add(node)
    # Kahn's algorithm on the rest.
    waiting_for = {
        node: len(set(dependencies) - done)
        for node, dependencies in graph.items()
        if node not in done
    }
    successors: dict[int, list[int]] = {node: [] for node in waiting_for}
    for node in waiting_for:
        for dependency in set(graph[node]) - done:
            successors[dependency].append(node)
    runnable = [node for node, count in waiting_for.items() if count == 0]
    while runnable:
        finished = runnable.pop()
        del waiting_for[finished]
        for node in successors[finished]:
            waiting_for[node] -= 1
            if waiting_for[node] == 0:
                runnable.append(node)
    return waiting_for


def _drawn(cycle: list[int]) -> str:
    ids = [str(node) for node in cycle]
    if len(ids) > _SHOWN_IDS:
        ids = [*ids[: _SHOWN_IDS - 1], f"... ({len(ids) - _SHOWN_IDS} more)", ids[-1]]
    return " -> ".join([*ids, str(cycle[0])])
