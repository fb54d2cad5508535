"""What nodes are about, asked of columns: nodes that aren't there needn't be made for it."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.metrics import activity_bytes
from simastra.trace import Mark, Node, NodeType, marked, types_of
from simastra.workload import OperationRules


def activity_places(rules: OperationRules, nodes: Sequence[Node]) -> bytes:
    """What each node's time is spent on, by its place in `simastra.metrics.ACTIVITIES`."""
    facts = (types_of(nodes), marked(nodes, Mark.ON_CPU), marked(nodes, Mark.UNPLACED))
    # The three of a node together are a byte; thousands of bytes are put together at once.
    kinds, on_cpu, unplaced = map(int.from_bytes, facts)
    together = kinds | on_cpu << _ON_CPU | unplaced << _UNPLACED
    told = bytes(activity_bytes([rules.activity(_like(byte))])[0] for byte in range(_FACTS))
    return together.to_bytes(len(nodes)).translate(told.ljust(256, b"\0"))


_ON_CPU, _UNPLACED = 3, 4  # bits after those of a type
_FACTS = 1 << 5


def _like(facts: int) -> Node:
    """A node of which these are the facts."""
    is_cpu_op = None if facts >> _UNPLACED else bool(facts >> _ON_CPU)
    return Node(0, "", NodeType(facts % (1 << _ON_CPU)), is_cpu_op=is_cpu_op)
