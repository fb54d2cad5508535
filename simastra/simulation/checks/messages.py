"""Sends and receives that don't fit each other, found without simulating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import TypeAlias

from simastra.notices import Notice
from simastra.simulation.platform import Platform
from simastra.system.tags import Tags
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload import ReceiveOperation, SendOperation

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
        ([kind for kind, sends, _ in kinds_in(nodes, npu) if sends is wanted], 1 if wanted else -1)
        for npu, nodes in npus.items()
        for wanted in (True, False)
    )
    halves = (
        (half for npu, nodes in npus.items() for half in halves_in(nodes, npu)) if unmet else ()
    )
    return half_notices((half for half in halves if half.envelope in unmet), sources)


_Halves: TypeAlias = tuple[Iterable[HalfKind], int]
"""What the other halves must have in common with some; and 1 for sends, -1 for receives."""

_TAG, _DST, _SRC, _SIZE = map(attrgetter, ("tag", "dst", "src", "size"))


def _kinds(context: Context, tags: Tags) -> Iterator[_Halves]:
    """The halves of a run, NPU by NPU."""
    for npu, program in enumerate(context.programs):
        operations = context.nodes(program, Among.MESSAGE).operations
        sends = [it for it in operations if isinstance(it, SendOperation)]
        receives = [it for it in operations if isinstance(it, ReceiveOperation)]
        tagged, sizes = map(tags.of_send, map(_TAG, sends)), map(_SIZE, sends)
        yield zip(tagged, repeat(npu), map(_DST, sends), sizes), 1
        tagged, sizes = map(tags.of_send, map(_TAG, receives)), map(_SIZE, receives)
        yield zip(tagged, map(_SRC, receives), repeat(npu), sizes), -1


def _unmet(halves: Iterable[_Halves]) -> Mapping[HalfKind, int]:
    """Of each kind of message that doesn't add up, how many more sends there are than receives."""
    # Plain tuples: a long trace has millions, of which next to nothing is left in the end.
    balance: dict[HalfKind, int] = {}
    for kinds, change in halves:
        for kind in kinds:
            left = balance.pop(kind, 0) + change
            if left:
                balance[kind] = left
    return balance
