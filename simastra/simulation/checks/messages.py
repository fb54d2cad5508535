"""Sends and receives that don't fit each other, found without simulating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simastra.notices import Notice
from simastra.simulation.platform import Platform
from simastra.system.tags import Tags
from simastra.trace import Node
from simastra.units import NpuId

from .context import Context
from .halves import HalfKind, half_notices, half_of, halves_in, kinds_in
from .unmet import NamedHalf, OfNpu, unmet_kinds


def message_notices(context: Context) -> tuple[Notice, ...]:
    """Say which sends have no receive of the same ends, tag and size, and the reverse."""
    tags = Tags(separate=context.rules.dialect.separate_tags)
    unmet = unmet_kinds(_of_runs(context, tags))
    found = (
        half_of(npu, program.graph.nodes[index], program.operations[index], tags)
        for npu in sorted({npu for _, *ends, _ in unmet for npu in ends})
        for program in (context.programs[npu],)
        for index in program.messages.index
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
    unmet = unmet_kinds((npu, _named(kinds_in(nodes, npu))) for npu, nodes in npus.items())
    halves = (
        (half for npu, nodes in npus.items() for half in halves_in(nodes, npu)) if unmet else ()
    )
    return half_notices((half for half in halves if half.envelope in unmet), sources)


def _of_runs(context: Context, tags: Tags) -> Iterator[OfNpu]:
    """The halves of a run, NPU by NPU."""
    for npu, program in enumerate(context.programs):
        it = program.messages
        yield npu, zip(it.is_send, it.partner, it.size, tags.of_sends(it.tag), strict=True)


def _named(kinds: Iterable[tuple[HalfKind, bool, Node]]) -> Iterator[NamedHalf]:
    for (tag, src, dst, size), sends, _ in kinds:
        yield sends, dst if sends else src, size, tag
