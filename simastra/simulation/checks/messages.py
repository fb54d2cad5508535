"""Sends and receives that don't fit each other, found without simulating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simastra.notices import Notice
from simastra.simulation.platform import Platform
from simastra.system.tags import Tags
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload import SendOperation

from .context import Among, Context
from .halves import HalfKind, half_notices, half_of, halves_in, kinds_in


def message_notices(context: Context) -> tuple[Notice, ...]:
    """Say which sends have no receive of the same ends, tag and size, and the reverse."""
    tags = Tags(separate=context.rules.dialect.separate_tags)
    unmet = _unmet(_kinds(context, tags))
    found = (
        half_of(npu, node, operation, tags)
        for npu in sorted({npu for _, *ends, _ in unmet for npu in ends})
        for node, operation in context.nodes(context.programs[npu], Among.MESSAGE)
    )
    halves = (half for half in found if half is not None and half.envelope in unmet)
    return half_notices(halves, context.sources)


def custom_message_notices(platform: Platform) -> Iterator[Notice]:
    """The same of the ETs of each collective that is played from ETs."""
    for prefix, graphs in platform.custom.loaded:
        sources = [f"{prefix}.{rank}.et" for rank in range(len(graphs))]
        halves = (
            half
            for rank, graph in enumerate(graphs)
            for half in halves_in(graph.nodes, rank, "rank")
        )
        yield from half_notices(halves, sources)


def trace_message_notices(
    npus: Mapping[NpuId, Sequence[Node]], sources: Mapping[NpuId, str]
) -> tuple[Notice, ...]:
    """The same of a trace that is only looked at: nodes are read as the file has them.

    Args:
        npus: the nodes of every NPU, by NPU.
        sources: what to call each NPU's nodes.
    """
    unmet = _unmet(
        (kind, sends) for npu, nodes in npus.items() for kind, sends, _ in kinds_in(nodes, npu)
    )
    halves = (
        (half for npu, nodes in npus.items() for half in halves_in(nodes, npu)) if unmet else ()
    )
    return half_notices((half for half in halves if half.envelope in unmet), sources)


def _kinds(context: Context, tags: Tags) -> Iterator[tuple[HalfKind, bool]]:
    """Each half of a run, by what its other half must have in common with it."""
    messages = {
        id(program): [
            (operation, tags.of_send(operation.tag))
            for _, operation in context.nodes(program, Among.MESSAGE)
        ]
        for _, program in context.distinct
    }
    for npu, program in enumerate(context.programs):
        for operation, tag in messages[id(program)]:
            if isinstance(operation, SendOperation):
                yield (tag, npu, operation.dst, operation.size), True
            else:
                yield (tag, operation.src, npu, operation.size), False


def _unmet(halves: Iterable[tuple[HalfKind, bool]]) -> Mapping[HalfKind, int]:
    """Of each kind of message that doesn't add up, how many more sends there are than receives."""
    # Plain tuples: a long trace has millions, of which next to nothing is left in the end.
    balance: dict[HalfKind, int] = {}
    for kind, sends in halves:
        left = balance.pop(kind, 0) + (1 if sends else -1)
        if left:
            balance[kind] = left
    return balance
