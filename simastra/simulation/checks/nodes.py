"""Doubts about ET nodes: what ASTRA-sim does with them in silence and few users mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simastra.collectives import EXTENDED_COLLECTIVES, split
from simastra.notices import Severity
from simastra.simulation.estimate import as_communication, is_dropped
from simastra.trace import CollectiveType, Node, NodeType
from simastra.workload import (
    CollectiveOperation,
    Operation,
    ReceiveOperation,
    ReplayOperation,
    SendOperation,
    SkipOperation,
)

from .context import Among, Context, NodeCheck


def _is_dropped(node: Node, _operation: Operation, context: Context) -> bool:
    return is_dropped(node, context.scenario)


def _dropped_message(nodes: Sequence[Node], context: Context) -> str:
    estimate = as_communication(context.scenario)
    meant = "" if estimate is None else f"; run as communication, {estimate}"
    unsized = sum(not node.comm_size for node in nodes)
    without = f"; {unsized} have no comm_size" if unsized else ""
    return (
        "communicate but lack is_cpu_op, so that ASTRA-sim takes them for CPU operations and "
        f"nothing is sent{meant}{without}"
    )


_MAY_BE_EMPTY = (CollectiveType.ALL_GATHER, *EXTENDED_COLLECTIVES)
"""Collectives for which nothing is sent if they have no bytes."""


def _is_rounded(_node: Node, operation: CollectiveOperation, context: Context) -> bool:
    if not operation.size and operation.collective in _MAY_BE_EMPTY:
        return False
    chunks = context.chunks(operation)
    return chunks.count * chunks.size != operation.size


def _rounded_message(nodes: Sequence[Node], context: Context) -> str:
    node = nodes[0]
    collective, size = node.comm_type or CollectiveType.ALL_REDUCE, node.comm_size or 0
    splits = context.system.preferred_dataset_splits
    chunks = split(collective, size, splits, context.network.npus)
    return (
        f"have sizes that {splits} chunks of one size can't make, so that more is simulated: "
        f"{chunks.count * chunks.size} bytes for {size} at the first"
    )


def _involves_nothing(_node: Node, operation: CollectiveOperation, _context: Context) -> bool:
    return operation.involved is not None and not any(operation.involved)


def _involves_too_few(_node: Node, operation: CollectiveOperation, context: Context) -> bool:
    if not operation.involved or len(operation.involved) >= context.network.dimensions:
        return False
    return any(operation.involved)


def _too_few_message(_nodes: Sequence[Node], context: Context) -> str:
    return (
        f"have an involved_dim shorter than the network's {context.network.dimensions} dimensions; "
        "those it doesn't mention take no part, where ASTRA-sim reads beyond the list and may hang"
    )


def _ignores_ctrl_deps(node: Node, _operation: Operation, context: Context) -> bool:
    return bool(node.ctrl_deps) and not context.rules.dialect.follows_ctrl_deps


def _repeats_a_dependency(node: Node, _operation: Operation, context: Context) -> bool:
    if context.rules.dialect.counts_dependencies_once:
        return False
    return len(set(node.data_deps)) < len(node.data_deps)


def _shares_a_tag(
    _node: Node, operation: SendOperation | ReceiveOperation, context: Context
) -> bool:
    return not context.rules.dialect.separate_tags and operation.tag < context.most_chunks


def _shared_tag_message(_nodes: Sequence[Node], context: Context) -> str:
    return (
        f"have tags below {context.most_chunks}; chunks of collectives are numbered from 0 and use "
        "their numbers as tags, so that messages of one size can go to the wrong one"
    )


def _is_a_silent_broadcast(node: Node, _operation: Operation, context: Context) -> bool:
    if node.comm_type is not CollectiveType.BROADCAST or node.type is not NodeType.COMM_COLL:
        return False
    return not context.rules.on_cpu(node) and not context.rules.dialect.extended_collectives


def _is_rounded_to_micros(node: Node, operation: Operation, context: Context) -> bool:
    replayed = isinstance(operation, ReplayOperation | SkipOperation)
    differs = node.duration != node.exact_duration
    return replayed and differs and not context.rules.dialect.exact_durations


def _is_timed_to_the_nanosecond(node: Node, operation: Operation, context: Context) -> bool:
    replayed = isinstance(operation, ReplayOperation)
    differs = node.duration != node.exact_duration
    return replayed and differs and context.rules.dialect.exact_durations


NODE_CHECKS: tuple[NodeCheck[Any], ...] = (
    NodeCheck(
        "dropped-communication",
        Among.COMMUNICATION,
        _is_dropped,
        _dropped_message,
        "give them is_cpu_op false and comm_size",
    ),
    NodeCheck(
        "rounded-up",
        Among.COLLECTIVE,
        _is_rounded,
        _rounded_message,
        "make the size a multiple of preferred-dataset-splits and at least that times the NPUs",
    ),
    NodeCheck(
        "nothing-involved",
        Among.COLLECTIVE,
        _involves_nothing,
        lambda _nodes, _context: (
            "involve no dimension and end at once, where ASTRA-sim never ends them"
        ),
        "set involved_dim to true for each dimension that takes part",
    ),
    NodeCheck(
        "few-involved",
        Among.COLLECTIVE,
        _involves_too_few,
        _too_few_message,
        "give involved_dim one entry a dimension",
    ),
    NodeCheck(
        "ctrl-deps-ignored",
        Among.DEPENDENT,
        _ignores_ctrl_deps,
        lambda _nodes, _context: "have control dependencies, which this version doesn't follow",
        "list them as data_deps, or use --compat master",
    ),
    NodeCheck(
        "duplicate-dependency",
        Among.DEPENDENT,
        _repeats_a_dependency,
        lambda _nodes, _context: (
            "list a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs them"
        ),
        "list each dependency once",
    ),
    NodeCheck(
        "shared-tags",
        Among.MESSAGE,
        _shares_a_tag,
        _shared_tag_message,
        "use higher tags, or --compat master",
    ),
    NodeCheck(
        "silent-broadcast",
        Among.COMMUNICATION,
        _is_a_silent_broadcast,
        lambda _nodes, _context: "are broadcasts, for which nothing is sent",
        "use --extended-collectives to simulate them",
    ),
    NodeCheck(
        "rounded-durations",
        Among.TIMED,
        _is_rounded_to_micros,
        lambda _nodes, _context: (
            "have durations in ns too (duration_nanos), which ASTRA-sim doesn't read, so that "
            "whole microseconds count"
        ),
        "use --exact-durations unless the cycles are to be ASTRA-sim's",
        Severity.INFO,
    ),
    NodeCheck(
        "exact-durations",
        Among.TIMED,
        _is_timed_to_the_nanosecond,
        lambda _nodes, _context: (
            "take their durations in ns (duration_nanos), which ASTRA-sim doesn't read, so that "
            "its cycles are others"
        ),
        "leave --exact-durations out for ASTRA-sim's cycles",
        Severity.INFO,
    ),
)
"""Doubts about nodes. To add one, add an entry."""
