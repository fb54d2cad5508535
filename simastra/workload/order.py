"""What an NPU begins in which order, without a clock."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from simastra.dialect import Dialect
from simastra.trace import DependencyGraph, TraceProgress

from .operation import Unit
from .operation_kinds import OperationKind
from .program import Program
from .ready import ReadyNodes


def collectives_in_order(program: Program) -> tuple[int, ...]:
    """Indices of a program's collectives, in the order in which it begins them if no node takes
    time: the lowest id first of those that nothing holds back.

    That is the order of a run wherever dependencies settle it, as they do in traces whose NPUs
    agree on an order.
    """
    wanted = program.collectives
    if len(wanted) < 2 or program.graph.children.come_later:  # noqa: PLR2004 - one has no order
        return tuple(wanted)
    place = {index: place for place, index in enumerate(_walk(program.graph))}
    return tuple(sorted(wanted, key=place.__getitem__))


def begun_at_start(program: Program, dialect: Dialect) -> tuple[int, ...]:
    """Indices of the nodes that ASTRA-sim issues before the first event (behaviour 2.2).

    Where nodes that a skipped node frees have to wait for the next event (2.3), there may be none
    though there is something to do: then nothing ever happens.
    """
    ready, progress = ReadyNodes(program.resources), TraceProgress(program.graph)
    ready.add(program.graph.roots)
    busy: set[Unit | None] = set()
    begun = []
    while (index := ready.take(busy)) is not None:
        if program.kinds[index] != OperationKind.SKIP:
            begun.append(index)
            if program.resources[index] is not None:
                busy.add(program.resources[index])
        elif dialect.issues_freed_nodes_at_once:
            ready.add(progress.finish(index))
    return tuple(begun)


def skipped_alone(program: Program) -> int | None:
    """Index of a skipped node that others wait for, while nothing else can be under way.

    It comes after all that is before it and before all else, so that no event follows it. None if
    there is none.
    """
    if OperationKind.SKIP not in program.kinds:
        return None
    progress = TraceProgress(program.graph)
    ready = program.graph.roots
    heapify(ready)
    before: list[int] = []
    tried = 0
    while ready:
        index = heappop(ready)
        alone = not ready and program.kinds[index] == OperationKind.SKIP
        for freed in progress.finish(index):
            heappush(ready, freed)
        if alone and ready and tried < _MOST_TRIED:
            if _all_lead_to(index, before, program):
                return index
            tried += 1
        before.append(index)
    return None


_MOST_TRIED = 8
"""Candidates that are looked at: each takes as long as the trace before it."""


def _all_lead_to(end: int, before: Sequence[int], program: Program) -> bool:
    """Whether a node waits for all of those that take time among some earlier ones."""
    leads = {end}
    children = program.graph.children
    for index in reversed(before):
        if not leads.isdisjoint(children[index]):
            leads.add(index)
        elif program.kinds[index] != OperationKind.SKIP:
            return False
    return True


def _walk(graph: DependencyGraph) -> Sequence[int]:
    progress = TraceProgress(graph)
    ready = graph.roots
    heapify(ready)
    order = []
    while ready:
        index = heappop(ready)
        order.append(index)
        for freed in progress.finish(index):
            heappush(ready, freed)
    return order
