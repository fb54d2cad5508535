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
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload import Collective, Program
from simastra.workload.order import collectives_in_order


class _Turn(NamedTuple):
    """A collective of no process group: among whom, and the chunks before it."""

    scope: Scope
    before: int
    node: Node


def chunk_count_notices(context: Context) -> Iterator[Notice]:
    """Say where NPUs come to a common collective after unequal numbers of chunks in groups."""
    if not context.rules.dialect.groups_by_node or not context.platform.groups:
        return
    memberships = Memberships(context.platform)
    turns: dict[int, list[_Turn]] = {}
    first: dict[tuple[Scope, NpuId, int], tuple[NpuId, _Turn]] = {}
    for npu, program in enumerate(context.programs):
        if id(program) not in turns:
            turns[id(program)] = list(_turns(npu, program, context, memberships))
        for number, turn in enumerate(turns[id(program)]):
            key = (turn.scope, memberships.first_member(npu, turn.scope), number)
            other, theirs = first.setdefault(key, (npu, turn))
            if theirs.before != turn.before:
                yield Notice(
                    "streams-apart",
                    context.source(npu, turn.node),
                    f"{turn.node.name!r} comes after {turn.before} chunks in process groups on NPU "
                    f"{npu} and after {theirs.before} on NPU {other}; {context.reference} counts "
                    "them with those of all NPUs' collectives, so that tags differ and it never "
                    "finishes",
                    "give it a process group of all NPUs, which has a count of its own",
                )
                return


def _turns(
    npu: NpuId, program: Program, context: Context, memberships: Memberships
) -> Iterator[_Turn]:
    if all(operation.group for operation in context.collectives(program).distinct):
        return
    before = 0
    for index in collectives_in_order(program):
        operation = program.operations[index]
        assert isinstance(operation, Collective)
        question = memberships.asked(npu, operation)
        if not operation.group:
            if question is not None:
                yield _Turn(question[0], before, program.graph.nodes[index])
        elif question is not None:
            before += 1 if question[1].prefix is not None else context.chunks(operation).count
