"""A trace that has nothing of the host, only kernels: what passed between was the host's time.

A kernel that began right when the one before on its stream ended follows it. Another one was
launched by the host, which took the time from the last end of any kernel, or from its last launch,
until it began; where it began right at an end on another stream, it waited for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from simastra.convert.link.events import CpuOp, Thread
from simastra.units import Ns

from .host_waits import HostWaitForWork
from .stream_waits import Waits
from .work import DeviceWork, StreamKey

_THREAD = Thread(0, 0)
_NO_PLACE = -1


@dataclass(slots=True)
class HostOfGaps:
    """The host that gaps tell of.

    Attributes:
        ops: its operators, in order of time.
        works: what ran on the device, with these as launchers; what began first has none.
        waits: when the host waited.
        stream_waits: which kernels waited for one of another stream.
    """

    ops: list[CpuOp] = field(default_factory=list)
    works: list[DeviceWork] = field(default_factory=list)
    waits: list[HostWaitForWork] = field(default_factory=list)
    stream_waits: Waits = field(default_factory=dict)


def host_from_gaps(works: Sequence[DeviceWork]) -> HostOfGaps:
    """Return what the host did, as far as gaps between kernels tell."""
    host = HostOfGaps()
    running: list[tuple[Ns, int, DeviceWork]] = []
    free: dict[StreamKey, Ns] = {}
    latest: DeviceWork | None = None
    for number, work in enumerate(sorted(works, key=lambda work: (work.start, work.end))):
        while running and running[0][0] <= work.start:
            latest = heappop(running)[2]
        placed = work
        if free.get(work.stream) != work.start:
            placed = _launched(host, work, latest)
        host.works.append(placed)
        free[work.stream] = max(work.end, free.get(work.stream, 0))
        heappush(running, (work.end, number, placed))
    return host


def _launched(host: HostOfGaps, work: DeviceWork, latest: DeviceWork | None) -> DeviceWork:
    """The kernel with the operator that launched it, which is added to the host."""
    if not host.works:
        return work
    began = host.ops[-1].end if host.ops else host.works[0].start
    since = began if latest is None else max(latest.end, began)
    if latest is not None and latest.end == work.start:
        host.stream_waits[work] = [latest]
        return work
    if since == work.start:
        return replace(work, launcher=host.ops[-1]) if host.ops else work
    if latest is not None and latest.end >= began:
        host.waits.append(HostWaitForWork(_THREAD, began, latest.end, (latest,)))
    name = f"host, before {work.gpu_op.name}"
    host.ops.append(CpuOp(name, _THREAD, since, work.start, None, None, None, _NO_PLACE))
    return replace(work, launcher=host.ops[-1])
