"""Waits of the host for the device that a recording tells: calls such as cudaDeviceSynchronize.

A linked trace doesn't have these calls, a device trace does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.units import Ns

from .edges import EdgeReason, Edges
from .host_time import HostWait
from .threads import HostThread


@dataclass(frozen=True, slots=True)
class RecordedWait:
    """A stretch of a thread's time in which it waited for the device.

    Attributes:
        tid: the thread.
        start: in ns.
        end: in ns; what the thread began then, or later, waits for the work.
        needs: ids of the kernels and copies that it waited for.
    """

    tid: int
    start: Ns
    end: Ns
    needs: tuple[int, ...]


def order_recorded_waits(
    recorded: Sequence[RecordedWait], threads: Sequence[HostThread], edges: Edges
) -> list[HostWait]:
    """Let the next operator of a thread wait for what it waited for; return when it did."""
    by_tid = {thread.tid: thread for thread in threads}
    waits: list[HostWait] = []
    for wait in recorded:
        thread = by_tid.get(wait.tid)
        following = None if thread is None else thread.first_from(wait.end)
        if following is not None:
            for needs in wait.needs:
                edges.add(following.id, needs, EdgeReason.SYNC)
        waits.append(HostWait(wait.tid, wait.start, wait.end))
    return waits
