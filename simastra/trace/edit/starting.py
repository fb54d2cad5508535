"""A trace that begins with a node of its own, from which all others follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simastra.trace.edit.mapping import each_distinct, edited
from simastra.trace.edit.selection import EVERYTHING
from simastra.trace.nodes import Node, NodeType
from simastra.trace.trace import Trace


def with_first_node(trace: Trace, name: str) -> tuple[Trace, int]:
    """Return a trace in which all nodes of an NPU follow from a METADATA node, and that node's id.

    The id is the same on all NPUs, beyond those of all other nodes, which keep theirs.

    Args:
        trace: without it.
        name: what it is called.
    """
    last = max((node.id for nodes in trace.distinct for node in nodes), default=0)
    first = Node(last + 1, name, NodeType.METADATA)

    def of_npu(nodes: Sequence[Node]) -> Sequence[Node]:
        if not nodes:
            return nodes
        return (*(it if it.data_deps else _after(it, first.id) for it in nodes), first)

    npus = each_distinct(trace, EVERYTHING, of_npu)
    return edited(trace, npus, f"begin with {name!r}"), first.id


def _after(node: Node, first: int) -> Node:
    return replace(node, data_deps=(first,))
