"""Nodes that simastra simulates and ASTRA-sim never finishes (behaviour 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.notices import Severity
from simastra.simulation.checks.context import Among, Context, NodeCheck
from simastra.trace import CollectiveType, Node, NodeType
from simastra.workload import CollectiveOperation, Operation, ReceiveOperation, SendOperation


def _is_metadata(node: Node, _operation: Operation, context: Context) -> bool:
    if node.type is not NodeType.METADATA:
        return False
    rules = context.rules
    return not (rules.dialect.cpu_nodes_compute and rules.on_cpu(node))


def _metadata_message(_nodes: Sequence[Node], context: Context) -> str:
    end = (
        "doesn't run them unless they are on the CPU, and never finishes"
        if context.rules.dialect.cpu_nodes_compute
        else "ends on them with a failed assertion, unless it is built without assertions"
    )
    return f"are METADATA nodes, which take no time here; {context.reference} {end}"


def _gathers_too_little(_node: Node, operation: CollectiveOperation, context: Context) -> bool:
    if operation.collective is not CollectiveType.ALL_GATHER:
        return False
    custom = context.scenario.platform.custom.prefix(operation.collective, operation.node)
    return custom is None and operation.size < context.system.preferred_dataset_splits


def _too_little_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"gather fewer bytes than preferred-dataset-splits, {nodes[0].comm_size or 0} of "
        f"{context.system.preferred_dataset_splits} at the first; {context.reference} never "
        "finishes them"
    )


def _is_empty_message(
    _node: Node, operation: SendOperation | ReceiveOperation, _context: Context
) -> bool:
    return not operation.size


def _is_undefined(node: Node, operation: Operation, context: Context) -> bool:
    if not context.rules.dialect.needs_involved_dim or node.involved_dim is not None:
        return False
    return isinstance(operation, CollectiveOperation | SendOperation | ReceiveOperation)


def _is_extended(_node: Node, operation: CollectiveOperation, _context: Context) -> bool:
    return operation.collective in EXTENDED_COLLECTIVES


def _is_cut(_node: Node, operation: CollectiveOperation, context: Context) -> bool:
    custom = context.scenario.platform.custom.prefix(operation.collective, operation.node)
    return custom is not None and context.chunks(operation).count > 1


REFERENCE_CHECKS: tuple[NodeCheck[Any], ...] = (
    NodeCheck(
        "metadata-node",
        Among.IDLE,
        _is_metadata,
        _metadata_message,
        "leave them out where ASTRA-sim is to read the trace",
    ),
    NodeCheck(
        "empty-gather",
        Among.COLLECTIVE,
        _gathers_too_little,
        _too_little_message,
        "give them at least that many bytes, or leave them out",
    ),
    NodeCheck(
        "empty-message",
        Among.MESSAGE,
        _is_empty_message,
        lambda _nodes, context: (
            f"are messages of 0 bytes, on which {context.reference} ends with a failed assertion"
        ),
        "give them a comm_size of at least 1",
    ),
    NodeCheck(
        "no-involved-dim",
        Among.COMMUNICATION,
        _is_undefined,
        lambda _nodes, context: (
            f"have no involved_dim, which means all dimensions here; {context.reference} reads "
            "memory that nobody has written then, and may crash"
        ),
        "give them involved_dim, true for each dimension that takes part",
        Severity.INFO,
    ),
    NodeCheck(
        "extended-collective",
        Among.COLLECTIVE,
        _is_extended,
        lambda _nodes, context: (
            f"are collectives that {context.reference} doesn't send anything for, or never finishes"
        ),
        "nothing need be done, unless results are to be compared",
        Severity.INFO,
    ),
    NodeCheck(
        "custom-in-chunks",
        Among.COLLECTIVE,
        _is_cut,
        lambda _nodes, context: (
            "are played from ETs once, whatever preferred-dataset-splits says; "
            f"{context.reference} waits for as many chunks, and never finishes"
        ),
        "set preferred-dataset-splits to 1 where ASTRA-sim is to run it",
    ),
)
"""Doubts about nodes. To add one, add an entry."""
