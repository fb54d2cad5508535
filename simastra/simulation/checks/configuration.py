"""Checks of the configuration: what it says that a simulation doesn't read, or reads otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import compress
from math import prod
from operator import not_

from simastra.config import NetworkConfig
from simastra.notices import Notice, Severity
from simastra.reading import is_reference
from simastra.simulation.platform import Platform
from simastra.system.algorithms import IMPLEMENTATION_KEYS, ROOTED_KEYS
from simastra.trace import CollectiveType, NodeType
from simastra.workload import OperationKind, Program, chosen, places

from .context import Context


def model_notices(platform: Platform) -> Iterator[Notice]:
    """What each configuration says of itself."""
    for model in (platform.system, platform.network, platform.memory, platform.comm_groups):
        if model:
            yield from model.notices()


def configuration_notices(context: Context) -> Iterator[Notice]:
    """What is doubtful in the configuration where this trace runs on it."""
    yield from _algorithm_notices(context)
    yield from _dialect_notices(context)
    yield from _roofline_notices(context)
    yield from _duration_notices(context)
    # A machine's numbers are converted, and a graph's are decimal unless it says otherwise.
    if context.network.graph is None and not is_reference(context.network.source):
        yield _unit_notice(context.network)


def _algorithm_notices(context: Context) -> list[Notice]:
    system, network = context.system, context.network
    used = _collectives_in(context)
    notices = []
    for collective, choices in context.platform.choices.items():
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
        operation.kind
        for _, program in context.distinct
        for operation in context.collectives(program).distinct
    }


def _dialect_notices(context: Context) -> list[Notice]:
    """Keys that the dialect doesn't read."""
    dialect = context.rules.dialect
    custom = [f"{key}-custom" for key in IMPLEMENTATION_KEYS.values()]
    unread = [] if dialect.custom_collectives else [*custom, "per-node-custom-implementation"]
    if not dialect.tracks_local_memory:
        unread.append("track-local-mem")
    rooted = () if dialect.extended_collectives else ROOTED_KEYS.values()
    of_rooted = "has no effect where collectives with a root aren't simulated"
    return [
        *_unread(context, unread, f"{dialect.name} doesn't read this key", "use --compat master"),
        *_unread(context, rooted, of_rooted, "use --extended-collectives"),
    ]


def _unread(context: Context, keys: Iterable[str], message: str, fix: str) -> Iterator[Notice]:
    """A notice for each key that is given."""
    for key in keys:
        if getattr(context.system, key.replace("-", "_")):
            yield Notice("no-effect-key", f"{context.system.source}: {key}", message, fix)


def _roofline_notices(context: Context) -> list[Notice]:
    """That a roofline without SI units is no roofline (behaviour 5.2)."""
    if context.rules.dialect.si_rates or not any(
        OperationKind.ROOFLINE in program.kinds for _, program in context.templates
    ):
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


def _duration_notices(context: Context) -> Iterator[Notice]:
    """That the roofline has no use for durations, and computations without operations take none."""
    if not context.system.roofline_enabled:
        return
    for npu, program in context.templates:  # others differ in what is sent only
        ignored = _ignoring_durations(program, context)
        if ignored:
            count = f"{len(ignored):,} computations have" if len(ignored) > 1 else "it has"
            yield Notice(
                "ignored-durations",
                context.source(npu, program.graph.nodes[ignored[0]]),
                f"{count} a duration and no operations (num_ops) or bytes (tensor_size), and the "
                f"roofline ({context.system.source}: roofline-enabled) takes 0 ns for that",
                "set roofline-enabled to 0, or say num_ops and tensor_size",
            )
            return


def _ignoring_durations(program: Program, context: Context) -> Sequence[int]:
    """Indices of the computations that have a duration, and take none."""
    rooflines, nodes = program.columns.rooflines, program.graph.nodes
    empty = compress(rooflines.index, map(not_, rooflines.num_ops))
    computing = chosen(context.types(program), {NodeType.COMP})
    skipped = places(chosen(program.kinds, {OperationKind.SKIP}), computing)
    return [it for it in merge(skipped, empty) if computing[it] and nodes[it].duration > 0]


def _unit_notice(network: NetworkConfig) -> Notice:
    return Notice(
        "network-gigabyte",
        f"{network.source}: bandwidth",
        f"a GB is 2^30 bytes here, so that {network.bandwidth[0]:g} GB/s are "
        f"{network.bytes_per_ns[0]:.6g} bytes a ns; in system and memory files it is 10^9 bytes",
        "multiply decimal GB/s by 0.931323 if that is what you mean",
        Severity.INFO,
    )
