"""A trace that has nothing of the host, only kernels: what passed between was the host's time.

Of each time in which nothing ran, one operator takes the length. It waits for what ended before,
and launches what began after, until nothing ran again. What began first, nothing launches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simastra.convert.link.events import CpuOp, Thread

from .host_waits import HostWaitForWork
from .work import StreamKey, Work

_THREAD = Thread(0, 0)
_NO_PLACE = -1


def host_from_gaps(
    works: Sequence[Work],
) -> tuple[list[CpuOp], list[Work], list[HostWaitForWork]]:
    """Return the operators, the work with these as launchers, and when the host waited for it."""
    ops: list[CpuOp] = []
    launched: list[Work] = []
    waits: list[HostWaitForWork] = []
    last: dict[StreamKey, Work] = {}
    since = 0  # when the host went on the last time
    for busy in _busy(works):
        start, by = busy[0].start, None
        if last:
            before = max(work.end for work in last.values())
            waits.append(HostWaitForWork(_THREAD, since, before, tuple(last.values())))
            name = f"host, before {busy[0].gpu_op.name}"
            by = CpuOp(name, _THREAD, before, start, None, None, None, _NO_PLACE)
            ops.append(by)
        since = start
        for work in (replace(work, launcher=by) for work in busy):
            launched.append(work)
            latest = last.get(work.stream)
            last[work.stream] = work if latest is None or work.end >= latest.end else latest
    return ops, launched, waits


def _busy(works: Sequence[Work]) -> Iterator[list[Work]]:
    """Stretches of time in which something ran."""
    stretch: list[Work] = []
    end = 0
    for work in sorted(works, key=lambda work: (work.start, work.end)):
        if stretch and work.start > end:
            yield stretch
            stretch = []
        end = max(end, work.end) if stretch else work.end
        stretch.append(work)
    if stretch:
        yield stretch
