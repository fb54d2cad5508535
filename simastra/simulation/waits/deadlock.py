"""Why a simulation stands still: who waits for what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.errors import SYMPTOMS, DeadlockError, Wait

from .situation import Situation
from .waiting import finding, wait_of


def deadlock(situation: Situation) -> DeadlockError:
    """Explain why these processes can't go on. Nothing must be able to happen any more."""
    waits = list(_waits(situation))
    waits.sort(key=lambda wait: wait.cause in SYMPTOMS)  # stable: by NPU otherwise
    unfinished = tuple(
        process.npu.npu for process in situation.processes if process.finish_time is None
    )
    return DeadlockError(tuple(waits), _circle(waits), unfinished, situation.time)


def _waits(situation: Situation) -> Iterator[Wait]:
    for process in situation.processes:
        for index in sorted(process.running):
            yield wait_of(process, index, finding(process, index, situation))


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
