"""What a thread waited for: the work of another thread before it began, or went on after a pause.

(docs/chakra.md 2.4, step 4.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from simastra.convert.link.events import CpuOp, Thread
from simastra.units import Ns

_PAUSE: Ns = 1_000_000  # Chakra's 1000 µs


@dataclass(slots=True)
class _State:
    """Where a thread stands: when its last operator ended, and for whom its group waited."""

    ended: Ns
    waits_for: CpuOp | None


def hand_overs(ops: Sequence[CpuOp]) -> dict[CpuOp, CpuOp]:
    """Return for each operator the one of another thread that its group of operators follows.

    A group ends at a pause of more than 1 ms. It follows whatever began last, on any other thread,
    before the group began; operators of a group that follows nothing are left out.

    Args:
        ops: of all threads, by start.
    """
    follows: dict[CpuOp, CpuOp] = {}
    states: dict[Thread, _State] = {}
    latest: list[CpuOp] = []  # what began last, and what began last on another thread than that
    for start, together in groupby(ops, key=lambda op: op.start):
        batch = list(together)
        for op in batch:
            state = states.get(op.thread)
            if state is None or start - state.ended > _PAUSE:
                state = states[op.thread] = _State(0, _elsewhere(latest, op.thread))
            state.ended = op.end
            if state.waits_for is not None:
                follows[op] = state.waits_for
        for op in batch:  # only now: at one time, nothing comes before anything
            latest = [op, *(other for other in latest if other.thread != op.thread)][:2]
    return follows


def _elsewhere(latest: list[CpuOp], thread: Thread) -> CpuOp | None:
    return next((op for op in latest if op.thread != thread), None)
