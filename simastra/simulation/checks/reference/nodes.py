"""Nodes that simastra simulates and ASTRA-sim never finishes (behaviour 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.notices import Severity
from simastra.simulation.checks.context import Among, Context, Pairs
from simastra.simulation.checks.node_check import NodeCheck, verb
from simastra.trace import CollectiveType, Node, NodeType


def _metadata(pairs: Pairs, context: Context) -> Iterator[Node]:
    computes, on_cpu = context.rules.dialect.cpu_nodes_compute, context.rules.on_cpu
    metadata = (node for node, _ in pairs if node.type is NodeType.METADATA)
    return (node for node in metadata if not (computes and on_cpu(node)))


def _metadata_message(nodes: Sequence[Node], context: Context) -> str:
    end = (
        f"doesn't run {verb(nodes, 'it unless it is', 'them unless they are')} on the CPU, and "
        "never finishes"
        if context.rules.dialect.cpu_nodes_compute
        else f"ends on {verb(nodes, 'it', 'them')} with a failed assertion, unless it is built "
        "without assertions"
    )
    are = verb(nodes, "is a METADATA node, which takes", "are METADATA nodes, which take")
    return f"{are} no time here; {context.reference} {end}"


def _gathering_too_little(pairs: Pairs, context: Context) -> Iterator[Node]:
    least, prefix = context.system.preferred_dataset_splits, context.platform.custom.prefix
    gathers = (pair for pair in pairs if pair[1].kind is CollectiveType.ALL_GATHER)
    few = ((node, it) for node, it in gathers if it.size < least)
    return (node for node, it in few if prefix(it) is None)


def _too_little_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'gathers', 'gather')} fewer bytes than preferred-dataset-splits, "
        f"{nodes[0].comm_size or 0} of {context.system.preferred_dataset_splits}"
        f"{verb(nodes, '', ' at the first')}; {context.reference} never finishes "
        f"{verb(nodes, 'it', 'them')}"
    )


def _cut(pairs: Pairs, context: Context) -> Iterator[Node]:
    prefix = context.platform.custom.prefix
    played = ((node, it) for node, it in pairs if prefix(it) is not None)
    return (node for node, operation in played if context.chunks(operation).count > 1)


REFERENCE_CHECKS = (
    NodeCheck(
        "metadata-node",
        Among.IDLE,
        _metadata,
        _metadata_message,
        "leave them out where ASTRA-sim is to read the trace",
    ),
    NodeCheck(
        "empty-gather",
        Among.COLLECTIVE,
        _gathering_too_little,
        _too_little_message,
        "give them at least that many bytes, or leave them out",
    ),
    NodeCheck(
        "empty-message",
        Among.MESSAGE,
        lambda pairs, _context: (node for node, operation in pairs if not operation.size),
        "[is a message|are messages] of 0 bytes, on which {reference} ends with a failed assertion",
        "give them a comm_size of at least 1",
    ),
    NodeCheck(
        "no-involved-dim",
        Among.COMMUNICATING,
        lambda pairs, _context: (node for node, _ in pairs if node.involved_dim is None),
        "[has|have] no involved_dim, which means all dimensions here; {reference} reads memory "
        "that nobody has written then, and may crash",
        "give them involved_dim, true for each dimension that takes part",
        Severity.INFO,
        applies=lambda context: context.rules.dialect.needs_involved_dim,
    ),
    NodeCheck(
        "extended-collective",
        Among.COLLECTIVE,
        lambda pairs, _context: (
            node for node, operation in pairs if operation.kind in EXTENDED_COLLECTIVES
        ),
        "[is a collective|are collectives] that {reference} doesn't send anything for, or never "
        "finishes",
        "nothing need be done, unless results are to be compared",
        Severity.INFO,
    ),
    NodeCheck(
        "custom-in-chunks",
        Among.COLLECTIVE,
        _cut,
        "[is|are] played from ETs once, whatever preferred-dataset-splits says; {reference} waits "
        "for as many chunks, and never finishes",
        "set preferred-dataset-splits to 1 where ASTRA-sim is to run it",
        applies=lambda context: context.rules.dialect.custom_collectives,
    ),
)
"""To add one, add an entry."""
