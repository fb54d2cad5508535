"""What nodes are about, asked of columns: nodes that aren't there needn't be made for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from simastra.metrics import activity_bytes
from simastra.trace import Node, NodeMark, NodeType, marked, types_of
from simastra.workload import OperationRules


def activity_places(rules: OperationRules, nodes: Sequence[Node]) -> bytes:
    """What each node's time is spent on, by its place in `simastra.metrics.ACTIVITIES`."""
    facts = (types_of(nodes), marked(nodes, NodeMark.ON_CPU), marked(nodes, NodeMark.UNPLACED))
    # The three of a node together are a byte; thousands of bytes are put together at once.
    kinds, on_cpu, unplaced = map(int.from_bytes, facts)
    together = kinds | on_cpu << _ON_CPU | unplaced << _UNPLACED
    told = bytearray(_BYTES)
    for node_type, is_cpu_op in product(NodeType, (None, False, True)):
        byte = node_type | (is_cpu_op is True) << _ON_CPU | (is_cpu_op is None) << _UNPLACED
        activity = rules.activity(Node(0, "", node_type, is_cpu_op=is_cpu_op))
        (told[byte],) = activity_bytes([activity])
    return together.to_bytes(len(nodes)).translate(told)


_BYTES = 256
_ON_CPU = max(NodeType).bit_length()  # the bit after those of a type
_UNPLACED = _ON_CPU + 1
