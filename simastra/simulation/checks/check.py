"""Notices about the inputs taken together: what ASTRA-sim does in silence and few users mean.

What a notice concerns is counted, and told once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod
from typing import Any

from simastra.config import ConfigModel, NetworkConfig
from simastra.gc_policy import collector_paused
from simastra.notices import Notice, Severity
from simastra.simulation.scenario import Scenario
from simastra.system.algorithms import IMPLEMENTATION_KEYS
from simastra.trace import CollectiveType, Node
from simastra.workload import CollectiveOperation, RooflineOperation

from .collectives import collective_notices
from .context import Among, Context, NodeCheck
from .groups import GROUP_CHECKS, group_notices
from .messages import custom_message_notices, message_notices
from .nodes import NODE_CHECKS
from .reference.nodes import REFERENCE_CHECKS
from .reference.programs import reference_notices
from .reference.traffic import traffic_notices

_CHECKS: tuple[NodeCheck[Any], ...] = (*NODE_CHECKS, *GROUP_CHECKS, *REFERENCE_CHECKS)


def check(scenario: Scenario) -> tuple[Notice, ...]:
    """All notices about a simulation's inputs, each once: the models' own, and those below."""
    context, platform = Context(scenario), scenario.platform
    models: Sequence[ConfigModel | None] = (
        platform.system,
        platform.network,
        platform.memory,
        platform.comm_groups,
    )
    notices = [notice for model in models if model for notice in model.notices()]
    with collector_paused():
        notices.extend(_node_notices(context))
        notices.extend(_empty_trace_notices(context))
        notices.extend(message_notices(context))
        notices.extend(custom_message_notices(platform))
        notices.extend(collective_notices(context, platform))
        notices.extend(traffic_notices(context))
    notices.extend(group_notices(context))
    notices.extend(reference_notices(context))
    notices.extend(_algorithm_notices(context))
    notices.extend(_dialect_notices(context))
    notices.extend(_roofline_notices(context))
    notices.append(_unit_notice(context.network))
    return tuple(dict.fromkeys(notices))


_SHOWN_NODES = 5
_LONGEST_NAME = 60


def _node_notices(context: Context) -> list[Notice]:
    if context.system.replay_only:
        return []
    found: dict[str, dict[str, list[Node]]] = {each.code: {} for each in _CHECKS}
    looked_at: set[int] = set()
    for program, source in context.distinct:
        # NPUs share many of their nodes; and of a million most are beyond all doubt.
        doubtful = {
            among: [pair for pair in among.of(program) if id(pair[0]) not in looked_at]
            for among in Among
        }
        if len(context.distinct) > 1:
            looked_at.update(map(id, program.graph.nodes))
        for each in _CHECKS:
            nodes = [pair[0] for pair in doubtful[each.among] if each.concerns(*pair, context)]
            if nodes:
                found[each.code].setdefault(source, []).extend(nodes)
    return [_node_notice(each, found[each.code], context) for each in _CHECKS if found[each.code]]


def _node_notice(
    check: NodeCheck[Any], found: Mapping[str, Sequence[Node]], context: Context
) -> Notice:
    """About nodes by the trace that they are in; those of the first one are named."""
    nodes = list(chain.from_iterable(found.values()))
    source, here = next(iter(found.items()))
    listed = ", ".join(f"{node.id} {_short(node.name)!r}" for node in here[:_SHOWN_NODES])
    more = f" and {len(here) - _SHOWN_NODES} more" if len(here) > _SHOWN_NODES else ""
    count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
    if len(found) > 1:
        # NPUs share nodes, and traces may have only such, so that neither can be counted in full.
        count, listed = f"{len(nodes)} different nodes of several traces", f"in this one {listed}"
    message = f"{count} ({listed}{more}) {check.message(nodes, context)}"
    return Notice(check.code, source, message, check.fix, check.severity)


def _short(name: str) -> str:
    """A node's name as far as it tells nodes apart: a kernel's goes on with its arguments."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."


def _empty_trace_notices(context: Context) -> list[Notice]:
    empty = [npu for npu, program in enumerate(context.programs) if not program.operations]
    if not empty:
        return []
    which = f"NPU {empty[0]} has" if len(empty) == 1 else f"{len(empty)} NPUs have"
    reads_them = context.rules.dialect.reads_empty_traces
    end = "" if reads_them else f"; {context.reference} ends with an exception"
    return [
        Notice(
            "empty-trace",
            context.trace.sources[empty[0]],
            f"{which} no nodes at all and nothing to do{end}",
            "look at what wrote the trace",
        )
    ]


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
    return {
        operation.collective
        for program, _ in context.distinct
        for operation in program.operations
        if isinstance(operation, CollectiveOperation)
    }


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


def _roofline_notices(context: Context) -> list[Notice]:
    """That a roofline without SI units is no roofline (behaviour 5.2)."""
    estimated = any(
        isinstance(operation, RooflineOperation)
        for program, _ in context.distinct
        for operation in program.operations
    )
    if context.rules.dialect.si_rates or not estimated:
        return []
    return [
        Notice(
            "roofline-without-peak",
            f"{context.system.source}: peak-perf",
            f"{context.rules.dialect.name} takes local-mem-bw in bytes a ns and this in operations "
            "a second, so that every computation on some bytes takes tensor_size / local-mem-bw",
            "use --compat master, or traces with durations",
            Severity.INFO,
        )
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
