"""What nodes are about, asked of columns: nodes that aren't there needn't be made for it."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.metrics import activity_bytes
from simastra.trace import Mark, Node, NodeType, marked, types_of
from simastra.workload import OperationRules


def activity_places(rules: OperationRules, nodes: Sequence[Node]) -> bytes:
    """What each node's time is spent on, by its place in `simastra.metrics.ACTIVITIES`."""
    on_cpu, unplaced = marked(nodes, Mark.ON_CPU), marked(nodes, Mark.UNPLACED)
    facts = list(zip(types_of(nodes), on_cpu, unplaced, strict=True))
    told = {it: activity_bytes([rules.activity(_like(*it))])[0] for it in set(facts)}
    return bytes(map(told.__getitem__, facts))


def _like(node_type: int, on_cpu: int, unplaced: int) -> Node:
    """A node that is where nodes of which this is known are."""
    return Node(0, "", NodeType(node_type), is_cpu_op=None if unplaced else bool(on_cpu))
