"""The parents of a host trace's nodes, repaired where they lead nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.convert.link.host import HostOp
from simastra.errors import TraceError


@dataclass(frozen=True, slots=True)
class Tree:
    """Every node's parent.

    Attributes:
        parents: id of a node to its parent's; the process is its own.
        adopted: nodes whose parent isn't in the trace, and is their thread instead.
    """

    parents: dict[int, int]
    adopted: int


def find_parents(ops: Sequence[HostOp], source: Path | str) -> Tree:
    """Return the tree of these nodes.

    Raises:
        TraceError: the parents of a node lead in a circle.
    """
    ids = {op.id for op in ops}
    # The process comes first and is no thread's; its own thread number is 0.
    threads = {op.tid: op.id for op in reversed(ops) if op.is_root and op.parent != op.id}
    top = next((op.id for op in ops if op.parent == op.id), None)
    parents: dict[int, int] = {}
    adopted = 0
    for op in ops:
        parents[op.id] = op.parent
        if op.parent not in ids:
            adopted += 1
            guardian = threads.get(op.tid, top)
            parents[op.id] = op.id if guardian is None else guardian
    _refuse_circles(parents, source)
    return Tree(parents, adopted)


def _refuse_circles(parents: dict[int, int], source: Path | str) -> None:
    rooted: set[int] = set()
    for node in parents:
        path: dict[int, None] = {}
        at = node
        while at not in rooted and parents[at] != at:
            if at in path:
                raise TraceError(
                    f"its parents lead back to itself: {_circle(parents, at)}; a node's parent is "
                    "the operator within which it ran",
                    source=source,
                    node=at,
                )
            path[at] = None
            at = parents[at]
        rooted.update(path)
        rooted.add(at)


def _circle(parents: dict[int, int], start: int) -> str:
    nodes = [start]
    while parents[nodes[-1]] != start and len(nodes) < 8:  # noqa: PLR2004  # enough to see
        nodes.append(parents[nodes[-1]])
    return " -> ".join(map(str, [*nodes, start if parents[nodes[-1]] == start else "..."]))
