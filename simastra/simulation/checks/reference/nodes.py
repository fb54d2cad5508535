"""Nodes that simastra simulates and ASTRA-sim never finishes (behaviour 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import not_

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.notices import Severity
from simastra.simulation.checks.context import Context
from simastra.simulation.checks.node_check import NodeCheck, verb
from simastra.trace import CollectiveType, Node, NodeMark, NodeType
from simastra.workload import OperationKind, Program, chosen, places


def _metadata(program: Program, context: Context) -> Sequence[int]:
    computes, on_cpu = context.rules.dialect.cpu_nodes_compute, context.rules.on_cpu
    metadata = places(chosen(context.types(program), {NodeType.METADATA}))
    nodes = program.graph.nodes
    return [index for index in metadata if not (computes and on_cpu(nodes[index]))]


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


def _gathering_too_little(program: Program, context: Context) -> Sequence[int]:
    least, prefix = context.system.preferred_dataset_splits, context.platform.custom.prefix
    return context.collectives(program).where(
        lambda it: it.kind is CollectiveType.ALL_GATHER and it.size < least and prefix(it) is None
    )


def _too_little_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'gathers', 'gather')} fewer bytes than preferred-dataset-splits, "
        f"{nodes[0].comm_size or 0} of {context.system.preferred_dataset_splits}"
        f"{verb(nodes, '', ' at the first')}; {context.reference} never finishes "
        f"{verb(nodes, 'it', 'them')}"
    )


def _cut(program: Program, context: Context) -> Sequence[int]:
    prefix = context.platform.custom.prefix
    return context.collectives(program).where(
        lambda it: prefix(it) is not None and context.chunks(it).count > 1
    )


def _empty(program: Program, _context: Context) -> Sequence[int]:
    messages = program.messages
    if 0 not in messages.size:
        return ()
    return tuple(compress(messages.index, map(not_, messages.size)))


def _undirected(program: Program, context: Context) -> Sequence[int]:
    communicating = chosen(program.kinds, _COMMUNICATING)
    return places(communicating, context.marked(program, NodeMark.UNDIRECTED))


_COMMUNICATING = {OperationKind.COLLECTIVE, OperationKind.SEND, OperationKind.RECEIVE}

REFERENCE_CHECKS = (
    NodeCheck(
        "metadata-node",
        _metadata,
        _metadata_message,
        "leave them out where ASTRA-sim is to read the trace",
    ),
    NodeCheck(
        "empty-gather",
        _gathering_too_little,
        _too_little_message,
        "give them at least that many bytes, or leave them out",
    ),
    NodeCheck(
        "empty-message",
        _empty,
        "[is a message|are messages] of 0 bytes, on which {reference} ends with a failed assertion",
        "give them a comm_size of at least 1",
    ),
    NodeCheck(
        "no-involved-dim",
        _undirected,
        "[has|have] no involved_dim, which means all dimensions here; {reference} reads memory "
        "that nobody has written then, and may crash",
        "give them involved_dim, true for each dimension that takes part",
        Severity.INFO,
        applies=lambda context: context.rules.dialect.needs_involved_dim,
    ),
    NodeCheck(
        "extended-collective",
        lambda program, context: context.collectives(program).where(
            lambda it: it.kind in EXTENDED_COLLECTIVES
        ),
        "[is a collective|are collectives] that {reference} doesn't send anything for, or never "
        "finishes",
        "nothing need be done, unless results are to be compared",
        Severity.INFO,
    ),
    NodeCheck(
        "custom-in-chunks",
        _cut,
        "[is|are] played from ETs once, whatever preferred-dataset-splits says; {reference} waits "
        "for as many chunks, and never finishes",
        "set preferred-dataset-splits to 1 where ASTRA-sim is to run it",
        applies=lambda context: context.rules.dialect.custom_collectives,
    ),
)
"""To add one, add an entry."""
