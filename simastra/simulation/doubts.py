"""Notices about the inputs taken together: what ASTRA-sim does in silence and few users mean.

Each doubt is one entry of a table; what it concerns is counted, and told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from simastra.collectives import AlgorithmChoice, split
from simastra.config import ConfigModel, NetworkConfig, SystemConfig
from simastra.notices import Notice, Severity
from simastra.system.algorithms import IMPLEMENTATION_KEYS
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.workload import CollectiveOperation, OperationRules

from .estimate import collective_estimate


@dataclass(frozen=True, slots=True)
class Context:
    """What a doubt may look at."""

    trace: Trace
    rules: OperationRules
    network: NetworkConfig
    choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]]

    @property
    def system(self) -> SystemConfig:
        """The system configuration."""
        return self.rules.system


@dataclass(frozen=True, slots=True)
class NodeDoubt:
    """A doubt about ET nodes.

    Attributes:
        code: the notice's code.
        concerns: whether it concerns a node.
        message: what is doubtful; follows the number of nodes.
        fix: what to write instead.
    """

    code: str
    concerns: Callable[[Node, Context], bool]
    message: Callable[[Sequence[Node], Context], str]
    fix: str


def doubts(
    trace: Trace,
    rules: OperationRules,
    models: Sequence[ConfigModel | None],
    network: NetworkConfig,
    choices: Mapping[CollectiveType, Sequence[AlgorithmChoice]],
) -> tuple[Notice, ...]:
    """All notices about a simulation's inputs, each once."""
    context = Context(trace, rules, network, choices)
    notices = [notice for model in models if model for notice in model.notices()]
    notices.extend(_node_notices(context))
    notices.extend(_algorithm_notices(context))
    notices.extend(_dialect_notices(context))
    notices.append(_unit_notice(network))
    return tuple(dict.fromkeys(notices))


# -- about nodes ------------------------------------------------------------------------------


def _is_dropped(node: Node, context: Context) -> bool:
    silent = node.is_cpu_op is None and context.rules.on_cpu(node)
    return silent and node.type in (
        NodeType.COMM_COLL,
        NodeType.COMM_SEND,
        NodeType.COMM_RECV,
    )


def _dropped_message(nodes: Sequence[Node], context: Context) -> str:
    estimate = sum(collective_estimate(node, context.system, context.network) for node in nodes)
    sized = [node for node in nodes if node.comm_size]
    about = (
        f"; run as communication, one after the other, they would take about {estimate} ns"
        if estimate
        else ""
    )
    unsized = "" if len(sized) == len(nodes) else f"; {len(nodes) - len(sized)} have no comm_size"
    return (
        "communicate but lack is_cpu_op, so that ASTRA-sim takes them for CPU operations and "
        f"nothing is sent{about}{unsized}"
    )


def _is_rounded(node: Node, context: Context) -> bool:
    operation = _collective_of(node, context)
    if operation is None or not operation.size:
        return False
    chunks = split(
        operation.collective,
        operation.size,
        context.system.preferred_dataset_splits,
        context.network.npus,
    )
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


def _involves_nothing(node: Node, context: Context) -> bool:
    operation = _collective_of(node, context)
    return operation is not None and operation.involved is not None and not any(operation.involved)


def _involves_too_few(node: Node, context: Context) -> bool:
    operation = _collective_of(node, context)
    if operation is None or not operation.involved or not any(operation.involved):
        return False
    return len(operation.involved) < context.network.dimensions


def _collective_of(node: Node, context: Context) -> CollectiveOperation | None:
    if node.type is not NodeType.COMM_COLL:
        return None
    operation = context.rules.operation(node)
    return operation if isinstance(operation, CollectiveOperation) else None


NODE_DOUBTS = (
    NodeDoubt(
        "dropped-communication",
        _is_dropped,
        _dropped_message,
        "give them is_cpu_op false and comm_size",
    ),
    NodeDoubt(
        "rounded-up",
        _is_rounded,
        _rounded_message,
        "make the size a multiple of preferred-dataset-splits and at least that times the NPUs",
    ),
    NodeDoubt(
        "nothing-involved",
        _involves_nothing,
        lambda _nodes, _context: "involve no dimension and end at once",
        "set involved_dim to true for each dimension that takes part",
    ),
    NodeDoubt(
        "few-involved",
        _involves_too_few,
        lambda _nodes, context: (
            f"have an involved_dim shorter than the network's {context.network.dimensions} "
            "dimensions; those it doesn't mention take no part"
        ),
        "give involved_dim one entry a dimension",
    ),
    NodeDoubt(
        "ctrl-deps-ignored",
        lambda node, context: bool(node.ctrl_deps) and not context.rules.dialect.follows_ctrl_deps,
        lambda _nodes, _context: "have control dependencies, which this version doesn't follow",
        "list them as data_deps, or use --compat master",
    ),
    NodeDoubt(
        "duplicate-dependency",
        lambda node, _context: len(set(node.data_deps)) < len(node.data_deps),
        lambda _nodes, _context: (
            "list a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs them"
        ),
        "list each dependency once",
    ),
    NodeDoubt(
        "silent-broadcast",
        lambda node, context: (
            node.comm_type is CollectiveType.BROADCAST
            and node.type is NodeType.COMM_COLL
            and not context.rules.on_cpu(node)
            and not context.rules.dialect.extended_collectives
        ),
        lambda _nodes, _context: "are broadcasts, for which nothing is sent",
        "use --extended-collectives to simulate them",
    ),
)
"""Doubts about nodes. To add one, add a line."""

_SHOWN_NODES = 5


def _node_notices(context: Context) -> list[Notice]:
    if context.system.replay_only:
        return []
    found: dict[str, list[Node]] = {doubt.code: [] for doubt in NODE_DOUBTS}
    sources: dict[str, str] = {}
    seen: set[int] = set()
    for nodes, source in zip(context.trace.npus, context.trace.sources, strict=True):
        if id(nodes) in seen:
            continue
        seen.add(id(nodes))
        for node in nodes:
            for doubt in NODE_DOUBTS:
                if doubt.concerns(node, context):
                    found[doubt.code].append(node)
                    sources.setdefault(doubt.code, source)
    return [
        _node_notice(doubt, found[doubt.code], sources[doubt.code], context)
        for doubt in NODE_DOUBTS
        if found[doubt.code]
    ]


def _node_notice(doubt: NodeDoubt, nodes: Sequence[Node], source: str, context: Context) -> Notice:
    listed = ", ".join(f"{node.id} {node.name!r}" for node in nodes[:_SHOWN_NODES])
    more = f" and {len(nodes) - _SHOWN_NODES} more" if len(nodes) > _SHOWN_NODES else ""
    count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
    message = f"{count} ({listed}{more}) {doubt.message(nodes, context)}"
    return Notice(doubt.code, source, message, doubt.fix)


# -- about the configuration --------------------------------------------------------------------


def _algorithm_notices(context: Context) -> list[Notice]:
    system, network = context.system, context.network
    used = _collectives_in(context)
    notices = []
    for collective, choices in context.choices.items():
        if collective not in used or not choices:
            continue
        where = f"{system.source}: {IMPLEMENTATION_KEYS[collective]}"
        flat = any(choice.over_all_npus for choice in choices)
        if len(choices) < network.dimensions and not flat:
            taking_part = prod(network.npus_count[: len(choices)])
            notices.append(
                Notice(
                    "partial-collective",
                    where,
                    f"lists {len(choices)} of the network's {network.dimensions} dimensions: each "
                    f"collective is among {taking_part} NPUs, not all {network.npus}",
                    "list one algorithm a dimension",
                )
            )
        notices.extend(
            Notice(
                "runs-as-all-reduce",
                f"{where}[{index}]",
                f"{choice.name} performs a whole ALL_REDUCE where {collective.name} is asked for",
                "use ring, direct or halvingDoubling",
            )
            for index, choice in enumerate(choices)
            if choice.algorithm.runs_as(collective) is not collective
        )
    return notices


def _collectives_in(context: Context) -> set[CollectiveType]:
    distinct = {id(nodes): nodes for nodes in context.trace.npus}.values()
    operations = (_collective_of(node, context) for nodes in distinct for node in nodes)
    return {operation.collective for operation in operations if operation is not None}


def _dialect_notices(context: Context) -> list[Notice]:
    """Keys that the dialect doesn't read."""
    system, dialect = context.system, context.rules.dialect
    custom = dialect.custom_collectives
    unread = {
        "all-reduce-implementation-custom": not custom and system.all_reduce_implementation_custom,
        "reduce-scatter-implementation-custom": (
            not custom and system.reduce_scatter_implementation_custom
        ),
        "all-gather-implementation-custom": not custom and system.all_gather_implementation_custom,
        "all-to-all-implementation-custom": not custom and system.all_to_all_implementation_custom,
        "per-node-custom-implementation": not custom and system.per_node_custom_implementation,
        "track-local-mem": not dialect.tracks_local_memory and system.track_local_mem,
    }
    return [
        Notice(
            "no-effect-key",
            f"{system.source}: {key}",
            f"{dialect.name} doesn't read this key",
            "use --compat master",
        )
        for key, given in unread.items()
        if given
    ]


def _unit_notice(network: NetworkConfig) -> Notice:
    return Notice(
        "network-gigabyte",
        f"{network.source}: bandwidth",
        f"a GB is 2^30 bytes here, so that {network.bandwidth[0]:g} GB/s are "
        f"{network.bytes_per_ns[0]:.6g} bytes a ns; in system and memory files it is 10^9 bytes",
        "multiply decimal GB/s by 0.931323 if that is what you mean",
        Severity.INFO,
    )
