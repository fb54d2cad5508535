"""The longest chains of dependencies in the nodes of one NPU.

Both kinds of dependency count. Those on nodes that the trace doesn't hold are passed over, as are
those of a node on itself: simastra.trace.check_nodes complains of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.trace import Node
from simastra.units import Ns


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """How far the dependencies force one NPU's nodes to run one after the other.

    Attributes:
        nodes: ids along the chain whose recorded durations add up to the most, first to last; of
            chains that last equally long, one with the most nodes.
        time: what they add up to, in ns. Communication mostly has no recorded duration.
        depth: nodes on the chain with the most nodes.
        width: the most nodes that have equally many before them, which could run side by side.
    """

    nodes: tuple[int, ...]
    time: Ns
    depth: int
    width: int


def critical_path(nodes: Sequence[Node]) -> CriticalPath | None:
    """Return the longest chains, or None if dependencies go in a circle.

    Args:
        nodes: of one NPU, in any order; of several with one id the last counts.
    """
    by_id = {node.id: node for node in nodes}
    parents = {node.id: _parents(node, by_id) for node in by_id.values()}
    order = _topological(parents)
    if len(order) < len(by_id):
        return None
    time: dict[int, Ns] = {}
    level: dict[int, int] = {}
    count: dict[int, int] = {}  # of nodes on the chain that `time` is of
    before: dict[int, int] = {}  # the last parent on it
    for node in order:
        time[node], count[node], level[node] = by_id[node].exact_duration, 1, 1
        if parents[node]:
            last = max(parents[node], key=lambda parent: (time[parent], count[parent]))
            before[node] = last
            time[node] += time[last]
            count[node] += count[last]
            level[node] += max(level[parent] for parent in parents[node])
    if not order:
        return CriticalPath((), 0, 0, 0)
    end = max(order, key=lambda node: (time[node], count[node]))
    return CriticalPath(
        _walked(end, before),
        time[end],
        max(level.values()),
        max(Counter(level.values()).values()),
    )


def _parents(node: Node, by_id: Mapping[int, Node]) -> tuple[int, ...]:
    listed = dict.fromkeys(node.data_deps + node.ctrl_deps)
    return tuple(parent for parent in listed if parent in by_id and parent != node.id)


def _topological(parents: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the ids, each after its parents; those on a circle and behind it are left out."""
    children: dict[int, list[int]] = {node: [] for node in parents}
    for node, listed in parents.items():
        for parent in listed:
            children[parent].append(node)
    waits_for = {node: len(listed) for node, listed in parents.items()}
    order = [node for node, count in waits_for.items() if not count]
    for node in order:  # which grows meanwhile
        for child in children[node]:
            waits_for[child] -= 1
            if not waits_for[child]:
                order.append(child)
    return order


def _walked(end: int, before: Mapping[int, int]) -> tuple[int, ...]:
    backwards = [end]
    while backwards[-1] in before:
        backwards.append(before[backwards[-1]])
    return tuple(reversed(backwards))
