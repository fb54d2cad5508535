"""Checks of ET nodes: what ASTRA-sim does with them in silence and few users mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from typing import TYPE_CHECKING

from simastra.collectives import EXTENDED_COLLECTIVES, split
from simastra.deferred import deferred
from simastra.notices import Severity
from simastra.trace import COMMUNICATION_TYPES, CollectiveType, Node, NodeMark, NodeType
from simastra.workload import Collective, OperationKind, Program, chosen, places

from .context import Context
from .node_check import NodeCheck, verb

if TYPE_CHECKING:
    from . import estimate
else:  # few traces have communication that isn't sent
    estimate = deferred("simastra.simulation.checks.estimate")


def _unplaced(program: Program, context: Context) -> Sequence[int]:
    communicate = chosen(context.types(program), _COMMUNICATION)
    return places(context.marked(program, NodeMark.UNPLACED), communicate)


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


_COMMUNICATION = frozenset(COMMUNICATION_TYPES)

_MAY_BE_EMPTY = (CollectiveType.ALL_GATHER, *EXTENDED_COLLECTIVES)
"""Collectives for which nothing is sent if they have no bytes."""


def _rounded(program: Program, context: Context) -> Sequence[int]:
    def is_rounded(operation: Collective) -> bool:
        if operation.parts is not None:
            return False
        if not operation.size and operation.kind in _MAY_BE_EMPTY:
            return False
        chunks = context.chunks(operation)
        return chunks.count * chunks.size != operation.size

    return context.collectives(program).where(is_rounded)


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


def _involving_nothing(program: Program, context: Context) -> Sequence[int]:
    return context.collectives(program).where(
        lambda it: it.involved is not None and not any(it.involved)
    )


def _involving_too_few(program: Program, context: Context) -> Sequence[int]:
    most = context.network.dimensions
    return context.collectives(program).where(
        lambda it: it.involved is not None and any(it.involved) and len(it.involved) < most
    )


def _too_few_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'has', 'have')} an involved_dim shorter than the network's "
        f"{context.network.dimensions} dimensions; those it doesn't mention take no part, where "
        "ASTRA-sim reads beyond the list and may hang"
    )


def _sharing_tags(program: Program, context: Context) -> Sequence[int]:
    messages, most = program.messages, context.most_chunks
    if not messages.tag or min(messages.tag) >= most:
        return ()
    return tuple(compress(messages.index, map(most.__gt__, messages.tag)))


def _sharing_tags_message(nodes: Sequence[Node], context: Context) -> str:
    return (
        f"{verb(nodes, 'has a tag', 'have tags')} below {context.most_chunks}; chunks of "
        "collectives are numbered from 0 and use their numbers as tags, so that messages of one "
        "size can go to the wrong one"
    )


def _silent_broadcasts(program: Program, context: Context) -> Sequence[int]:
    collectives = chosen(context.types(program), {NodeType.COMM_COLL})
    nodes, on_cpu = program.graph.nodes, context.rules.on_cpu
    return [
        index
        for index in places(collectives, chosen(program.kinds, {OperationKind.REPLAY}))
        if (node := nodes[index]).comm_type is CollectiveType.BROADCAST and not on_cpu(node)
    ]


def _marked(mark: NodeMark, *kinds: OperationKind) -> Callable[[Program, Context], Sequence[int]]:
    """What fails if nodes with a mark do, of some kinds if those are given."""

    def failing(program: Program, context: Context) -> Sequence[int]:
        further = (chosen(program.kinds, {*kinds}),) if kinds else ()
        return places(context.marked(program, mark), *further)

    return failing


def _sends_chunks(context: Context) -> bool:
    """Whether collectives are sent in chunks: those that are priced take their time as a whole."""
    return context.platform.prices is None


NODE_CHECKS = (
    NodeCheck(
        "dropped-communication",
        _unplaced,
        _dropped_message,
        "give them is_cpu_op false and comm_size",
        applies=lambda context: context.rules.dialect.cpu_by_default,
    ),
    NodeCheck(
        "rounded-up",
        _rounded,
        _rounded_message,
        "make the size a multiple of preferred-dataset-splits and at least that times the NPUs",
        applies=_sends_chunks,
    ),
    NodeCheck(
        "nothing-involved",
        _involving_nothing,
        "[involves|involve] no dimension and [ends|end] at once, where ASTRA-sim never ends "
        "[it|them]",
        "set involved_dim to true for each dimension that takes part",
    ),
    NodeCheck(
        "few-involved",
        _involving_too_few,
        _too_few_message,
        "give involved_dim one entry a dimension",
    ),
    NodeCheck(
        "ctrl-deps-ignored",
        _marked(NodeMark.CONTROLLED),
        "[has|have] control dependencies, which this version doesn't follow",
        "list them as data_deps, or use --compat master",
        applies=lambda context: not context.rules.dialect.follows_ctrl_deps,
    ),
    NodeCheck(
        "duplicate-dependency",
        _marked(NodeMark.REPEATING),
        "[lists|list] a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs "
        "[it|them]",
        "list each dependency once",
        applies=lambda context: not context.rules.dialect.counts_dependencies_once,
    ),
    NodeCheck(
        "shared-tags",
        _sharing_tags,
        _sharing_tags_message,
        "use higher tags, or --compat master",
        applies=lambda context: _sends_chunks(context) and not context.rules.dialect.separate_tags,
    ),
    NodeCheck(
        "silent-broadcast",
        _silent_broadcasts,
        "[is a broadcast|are broadcasts], for which nothing is sent",
        "use --extended-collectives to simulate them",
        applies=lambda context: not context.rules.dialect.extended_collectives,
    ),
    NodeCheck(
        "rounded-durations",
        _marked(NodeMark.NANOSECONDS, OperationKind.REPLAY, OperationKind.SKIP),
        "[has a duration|have durations] in ns too (duration_nanos), which ASTRA-sim doesn't read, "
        "so that whole microseconds count",
        "use --exact-durations unless the cycles are to be ASTRA-sim's",
        Severity.INFO,
        applies=lambda context: not context.rules.dialect.exact_durations,
        of_durations=True,
    ),
    NodeCheck(
        "exact-durations",
        _marked(NodeMark.NANOSECONDS, OperationKind.REPLAY),
        "[takes its duration|take their durations] in ns (duration_nanos), which ASTRA-sim doesn't "
        "read, so that its cycles are others",
        "leave --exact-durations out for ASTRA-sim's cycles",
        Severity.INFO,
        applies=lambda context: context.rules.dialect.exact_durations,
        of_durations=True,
    ),
)
"""To add one, add an entry."""
