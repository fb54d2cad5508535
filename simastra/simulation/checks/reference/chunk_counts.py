"""Whether ASTRA-sim numbers the chunks of all NPUs' collectives alike on every NPU.

Its master has one counter for the chunks of all of an NPU's collectives, beside one for each
process group. A collective of all NPUs tags its messages by the first: where NPUs have come through
unequal numbers of chunks in their groups, the tags differ and it never finishes. Here collectives
that are no group's have a counter of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simastra.notices import Notice
from simastra.simulation.checks.context import Context
from simastra.simulation.memberships import Memberships, Scope
from simastra.trace import CollectiveType, Node
from simastra.units import NpuId
from simastra.workload import CollectiveOperation, Program
from simastra.workload.order import collectives_in_order


class _Turn(NamedTuple):
    """A collective of no process group: along which dimensions, and the chunks before it."""

    dimensions: tuple[int, ...]
    before: int
    node: Node


def stream_notices(context: Context) -> Iterator[Notice]:
    """Say where NPUs come to a common collective after unequal numbers of chunks in groups."""
    if not context.rules.dialect.groups_by_node or not context.scenario.platform.groups:
        return
    memberships = Memberships(context.scenario.platform)
    turns: dict[int, list[_Turn]] = {}
    first: dict[tuple[tuple[int, ...], NpuId, int], tuple[NpuId, _Turn]] = {}
    for npu, program in enumerate(context.programs):
        if id(program) not in turns:
            turns[id(program)] = list(_turns(npu, program, context))
        for number, turn in enumerate(turns[id(program)]):
            key = (
                turn.dimensions,
                memberships.first_member(npu, Scope(0, turn.dimensions)),
                number,
            )
            other, theirs = first.setdefault(key, (npu, turn))
            if theirs.before != turn.before:
                yield Notice(
                    "streams-apart",
                    f"{context.trace.sources[npu]}, node {turn.node.id}",
                    f"{turn.node.name!r} comes after {turn.before} chunks in process groups on NPU "
                    f"{npu} and after {theirs.before} on NPU {other}; {context.reference} counts "
                    "them with those of all NPUs' collectives, so that tags differ and it never "
                    "finishes",
                    "give it a process group of all NPUs, which has a count of its own",
                )
                return


def _turns(npu: NpuId, program: Program, context: Context) -> Iterator[_Turn]:
    platform = context.scenario.platform
    before = 0
    for index in collectives_in_order(program):
        operation = program.operations[index]
        assert isinstance(operation, CollectiveOperation)
        if not operation.group:
            dimensions = _dimensions(operation, context)
            if dimensions:
                yield _Turn(dimensions, before, program.graph.nodes[index])
        elif len(platform.members(npu, operation.group)) > 1:
            before += _chunks(operation, context)


def _chunks(operation: CollectiveOperation, context: Context) -> int:
    if context.scenario.platform.custom.prefix(operation.collective, operation.node) is not None:
        return 1
    if operation.collective is CollectiveType.ALL_GATHER and not operation.size:
        return 0
    return context.chunks(operation).count


def _dimensions(operation: CollectiveOperation, context: Context) -> tuple[int, ...]:
    involved = operation.involved
    return tuple(
        index
        for index in range(context.network.dimensions)
        if involved is None or any(involved[index : index + 1])
    )
