"""Why a simulation stands still: who waits for what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.errors import SYMPTOMS, Cause, DeadlockError, Wait
from simastra.simulation.checks.groups import names_a_group
from simastra.workload import Collective

from .node import reason, wait_of
from .situation import Situation


def deadlock(situation: Situation) -> DeadlockError:
    """Explain why these processes can't go on. Nothing must be able to happen any more."""
    waits = list(_waits(situation))
    waits.sort(key=_rank)  # stable: by NPU otherwise
    unfinished = tuple(
        process.npu.npu for process in situation.processes if process.finish_time is None
    )
    remarks = tuple(_groups_not_read(situation))
    return DeadlockError(tuple(waits), _circle(waits), unfinished, situation.time, remarks)


def _waits(situation: Situation) -> Iterator[Wait]:
    for process in situation.processes:
        under_way = sorted(process.running)
        if not under_way and process.finish_time is None:  # it has never begun
            under_way = list(process.ready)[:1]
        for index in under_way:
            yield wait_of(process, index, reason(process, index, situation))


def _rank(wait: Wait) -> tuple[bool, bool]:
    """What explains the others comes first."""
    return wait.cause not in {Cause.STANDS_STILL, Cause.LINK_DOWN}, wait.cause in SYMPTOMS


def _groups_not_read(situation: Situation) -> Iterator[str]:
    """That collectives which wait name process groups, in a dialect that doesn't read them."""
    found = [
        (process.npu.npu, process.program.graph.nodes[index])
        for process in situation.processes
        for index in sorted(process.running)
        if isinstance(operation := process.program.operations[index], Collective)
        and operation.group == 0
        and names_a_group(process.program.graph.nodes[index])
    ]
    if found:
        npu, node = found[0]
        more, names = f" and {len(found) - 1} more that wait", "name their process groups"
        if len(found) == 1:
            more, names = "", "names its process group"
        yield (
            f"NPU {npu}'s node {node.id}{more} {names} (pg_name {node.pg_name!r}), which this "
            "dialect doesn't read: --compat master does"
        )


def _circle(waits: Sequence[Wait]) -> tuple[int, ...]:
    """A circle in the graph of who waits for whom, from its lowest NPU on."""
    waits_for: dict[int, list[int]] = {}
    for wait in waits:
        others = [peer for peer in wait.peers if peer != wait.npu]
        waits_for.setdefault(wait.npu, []).extend(others)
    left = _without_dead_ends(waits_for)
    if not left:
        return ()
    # Everybody left waits for somebody who is left, so that this walk must come back.
    path = [min(left)]
    while True:
        following = min(left[path[-1]])
        if following in path:
            circle = path[path.index(following) :]
            lowest = circle.index(min(circle))
            return tuple(circle[lowest:] + circle[:lowest])
        path.append(following)


def _without_dead_ends(waits_for: dict[int, list[int]]) -> dict[int, list[int]]:
    left = waits_for
    while True:
        kept = {
            npu: alive
            for npu, peers in left.items()
            if (alive := [peer for peer in peers if peer in left])
        }
        if kept == left:
            return kept
        left = kept
