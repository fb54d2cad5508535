"""Checks of ET nodes: what ASTRA-sim does with them in silence and few users mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simastra.collectives import EXTENDED_COLLECTIVES, split
from simastra.deferred import deferred
from simastra.notices import Severity
from simastra.trace import CollectiveType, Node, NodeType
from simastra.workload import ReplayOperation, SkipOperation

from .context import Among, Context, Pairs
from .node_check import NodeCheck, verb

if TYPE_CHECKING:
    from . import estimate
else:  # few traces have communication that isn't sent
    estimate = deferred("simastra.simulation.checks.estimate")


def _dropped(pairs: Pairs, context: Context) -> Iterator[Node]:
    silent = (node for node, _ in pairs if node.is_cpu_op is None)
    return (node for node in silent if estimate.is_dropped(node, context.experiment))


def _dropped_message(nodes: Sequence[Node], context: Context) -> str:
    time = estimate.as_communication(context.experiment)
    meant = "" if time is None else f"; run as communication, {time}"
    unsized = sum(not node.comm_size for node in nodes)
    without = f"; {unsized} {'has' if unsized == 1 else 'have'} no comm_size" if unsized else ""
    return (
        f"{verb(nodes, 'communicates but lacks', 'communicate but lack')} is_cpu_op, so that "
        f"ASTRA-sim takes {verb(nodes, 'it for a CPU operation', 'them for CPU operations')} and "
        f"nothing is sent{meant}{without}"
    )


_MAY_BE_EMPTY = (CollectiveType.ALL_GATHER, *EXTENDED_COLLECTIVES)
"""Collectives for which nothing is sent if they have no bytes."""


def _rounded(pairs: Pairs, context: Context) -> Iterator[Node]:
    for node, operation in pairs:
        if operation.parts is None and (operation.size or operation.kind not in _MAY_BE_EMPTY):
            chunks = context.chunks(operation)
            if chunks.count * chunks.size != operation.size:
                yield node


def _rounded_message(nodes: Sequence[Node], context: Context) -> str:
    node = nodes[0]
    collective, size = node.comm_type or CollectiveType.ALL_REDUCE, node.comm_size or 0
    splits = context.system.preferred_dataset_splits
    chunks = split(collective, size, splits, context.network.npus)
    return (
        f"{verb(nodes, 'has a size', 'have sizes')} that {splits} chunks of one size can't make, "
        f"so that more is simulated: {chunks.count * chunks.size} bytes for {size}"
        f"{verb(nodes, '', ' at the first')}"
    )


def _involving_nothing(pairs: Pairs, _context: Context) -> Iterator[Node]:
    named = ((node, it.involved) for node, it in pairs if it.involved is not None)
    return (node for node, involved in named if not any(involved))


def _involving_too_few(pairs: Pairs, context: Context) -> Iterator[Node]:
    most = context.network.dimensions
    short = ((node, it.involved) for node, it in pairs if it.involved and len(it.involved) < most)
    return (node for node, involved in short if any(involved))


def _too_few_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'has', 'have')} an involved_dim shorter than the network's "
        f"{context.network.dimensions} dimensions; those it doesn't mention take no part, where "
        "ASTRA-sim reads beyond the list and may hang"
    )


def _repeating_a_dependency(pairs: Pairs, _context: Context) -> Iterator[Node]:
    return (node for node, _ in pairs if len(set(node.data_deps)) < len(node.data_deps))


def _sharing_tags(pairs: Pairs, context: Context) -> Iterator[Node]:
    return (node for node, operation in pairs if operation.tag < context.most_chunks)


def _sharing_tags_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'has a tag', 'have tags')} below {context.most_chunks}; chunks of "
        "collectives are numbered from 0 and use their numbers as tags, so that messages of one "
        "size can go to the wrong one"
    )


def _silent_broadcasts(pairs: Pairs, context: Context) -> Iterator[Node]:
    broadcasts = (node for node, _ in pairs if node.comm_type is CollectiveType.BROADCAST)
    on_cpu = context.rules.on_cpu
    return (node for node in broadcasts if node.type is NodeType.COMM_COLL and not on_cpu(node))


def _rounded_to_micros(pairs: Pairs, _context: Context) -> Iterator[Node]:
    replayed = (node for node, it in pairs if isinstance(it, ReplayOperation | SkipOperation))
    return (node for node in replayed if node.duration != node.exact_duration)


def _timed_to_the_nanosecond(pairs: Pairs, _context: Context) -> Iterator[Node]:
    replayed = (node for node, operation in pairs if isinstance(operation, ReplayOperation))
    return (node for node in replayed if node.duration != node.exact_duration)


def _sends_chunks(context: Context) -> bool:
    """Whether collectives are sent in chunks: those that are priced take their time as a whole."""
    return context.platform.prices is None


NODE_CHECKS = (
    NodeCheck(
        "dropped-communication",
        Among.COMMUNICATION,
        _dropped,
        _dropped_message,
        "give them is_cpu_op false and comm_size",
    ),
    NodeCheck(
        "rounded-up",
        Among.COLLECTIVE,
        _rounded,
        _rounded_message,
        "make the size a multiple of preferred-dataset-splits and at least that times the NPUs",
        applies=_sends_chunks,
    ),
    NodeCheck(
        "nothing-involved",
        Among.COLLECTIVE,
        _involving_nothing,
        "[involves|involve] no dimension and [ends|end] at once, where ASTRA-sim never ends "
        "[it|them]",
        "set involved_dim to true for each dimension that takes part",
    ),
    NodeCheck(
        "few-involved",
        Among.COLLECTIVE,
        _involving_too_few,
        _too_few_message,
        "give involved_dim one entry a dimension",
    ),
    NodeCheck(
        "ctrl-deps-ignored",
        Among.DEPENDENT,
        lambda pairs, _context: (node for node, _ in pairs if node.ctrl_deps),
        "[has|have] control dependencies, which this version doesn't follow",
        "list them as data_deps, or use --compat master",
        applies=lambda context: not context.rules.dialect.follows_ctrl_deps,
    ),
    NodeCheck(
        "duplicate-dependency",
        Among.DEPENDENT,
        _repeating_a_dependency,
        "[lists|list] a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs "
        "[it|them]",
        "list each dependency once",
        applies=lambda context: not context.rules.dialect.counts_dependencies_once,
    ),
    NodeCheck(
        "shared-tags",
        Among.MESSAGE,
        _sharing_tags,
        _sharing_tags_message,
        "use higher tags, or --compat master",
        applies=lambda context: _sends_chunks(context) and not context.rules.dialect.separate_tags,
    ),
    NodeCheck(
        "silent-broadcast",
        Among.COMMUNICATION,
        _silent_broadcasts,
        "[is a broadcast|are broadcasts], for which nothing is sent",
        "use --extended-collectives to simulate them",
        applies=lambda context: not context.rules.dialect.extended_collectives,
    ),
    NodeCheck(
        "rounded-durations",
        Among.TIMED,
        _rounded_to_micros,
        "[has a duration|have durations] in ns too (duration_nanos), which ASTRA-sim doesn't read, "
        "so that whole microseconds count",
        "use --exact-durations unless the cycles are to be ASTRA-sim's",
        Severity.INFO,
        applies=lambda context: not context.rules.dialect.exact_durations,
    ),
    NodeCheck(
        "exact-durations",
        Among.TIMED,
        _timed_to_the_nanosecond,
        "[takes its duration|take their durations] in ns (duration_nanos), which ASTRA-sim doesn't "
        "read, so that its cycles are others",
        "leave --exact-durations out for ASTRA-sim's cycles",
        Severity.INFO,
        applies=lambda context: context.rules.dialect.exact_durations,
    ),
)
"""To add one, add an entry."""
