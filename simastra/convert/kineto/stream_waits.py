"""Which kernels waited for a kernel of another stream.

Kineto's ``cuda_sync`` events tell it exactly. Where they weren't recorded, a call such as
cudaStreamWaitEvent doesn't say which event it waits for: PyTorch waits for its collectives in the
order in which it launched them, so it was for the next of these that had ended when the kernel
began. And a kernel that could have begun long before, but began just when a kernel of another
stream had ended, evidently waited for it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from simastra.convert.link.calls import CallKind, SyncRecord, call_kind
from simastra.convert.link.events import Launch, Thread
from simastra.convert.link.kineto import DeviceTrace
from simastra.units import Ns

from .work import DeviceWork, StreamKey

_HELD: Ns = 20_000
"""A kernel whose launch and stream were ready for less than that before it began wasn't held."""
_RIGHT_AFTER: Ns = 10_000
"""A kernel that begins within this of another's end began right after it."""

Waits = dict[DeviceWork, list[DeviceWork]]
"""What kernels waited for on other streams."""


def find_stream_waits(device: DeviceTrace, works: Sequence[DeviceWork]) -> Waits:
    """Return what each kernel waited for on other streams.

    Args:
        device: the trace.
        works: in order of launch.
    """
    waits: Waits = defaultdict(list)
    records = {record.correlation: record for record in device.syncs}
    calls = sorted(device.calls, key=lambda call: call.start)
    waiting = [call for call in calls if call_kind(call.name) is CallKind.STREAM_WAITS]
    recorded = {call.correlation: call.start for call in calls}
    told = _Told(works)
    guessed = _Guessed(works)
    for call in waiting:
        record = records.get(call.correlation)
        found = guessed.of(call) if record is None else told.of(call, record, recorded)
        if found is not None:
            waits[found[0]].append(found[1])
    for waiter, awaited in _evident(works):
        waits[waiter].append(awaited)
    return waits


class _Told:
    """Waits that ``cuda_sync`` events tell."""

    def __init__(self, works: Sequence[DeviceWork]) -> None:
        self._streams: dict[StreamKey, list[DeviceWork]] = defaultdict(list)
        for work in works:
            self._streams[work.stream].append(work)

    def of(
        self, call: Launch, record: SyncRecord, recorded: dict[int, Ns]
    ) -> tuple[DeviceWork, DeviceWork] | None:
        """The next work of the stream that waits, and the last before the event."""
        if record.stream is None or record.waits_on is None:
            return None
        waiting = self._streams.get((record.device, record.stream), [])
        awaited = self._streams.get((record.device, record.waits_on), [])
        event = recorded.get(record.recorded_by or 0, call.start)
        at = bisect_right(waiting, call.start, key=_issued)
        before = bisect_right(awaited, event, key=_issued)
        return (waiting[at], awaited[before - 1]) if at < len(waiting) and before else None


class _Guessed:
    """Waits of calls that don't say for which event: for collectives, in the order of these."""

    def __init__(self, works: Sequence[DeviceWork]) -> None:
        self._threads: dict[Thread, list[DeviceWork]] = defaultdict(list)
        self._pending: dict[StreamKey, list[DeviceWork]] = defaultdict(list)
        self._seen: set[DeviceWork] = set()
        for work in works:
            if work.call is not None:
                self._threads[work.call.thread].append(work)
            if work.communicates:
                self._pending[work.stream].append(work)

    def of(self, call: Launch) -> tuple[DeviceWork, DeviceWork] | None:
        """The thread's next kernel, unless that communicates, and the collective it waits for."""
        own = self._threads[call.thread]
        at = bisect_right(own, call.start, key=_issued)
        if at == len(own) or own[at].communicates:
            return None
        waiter = own[at]
        awaited = self._launched_just_before(own[at - 1] if at else None)
        if awaited is not None and awaited.end > waiter.start:
            return None  # of a stream that has no kernels: PyTorch keeps the buffers by it
        awaited = awaited or self._next(call, waiter)
        if awaited is None:
            return None
        pending = self._pending[awaited.stream]
        if awaited in pending:
            del pending[: pending.index(awaited) + 1]
        return waiter, awaited

    def _launched_just_before(self, work: DeviceWork | None) -> DeviceWork | None:
        """A collective, at the first call after its launch: that call is about it."""
        if work is None or not work.communicates or work in self._seen:
            return None
        self._seen.add(work)
        return work

    def _next(self, call: Launch, waiter: DeviceWork) -> DeviceWork | None:
        """Of the collectives that nothing waits for yet, and that may be the one, the next."""
        heads = [
            some[0]
            for some in self._pending.values()
            if some and some[0].issued < call.start and some[0].end <= waiter.start
        ]
        return max(heads, key=_issued, default=None)


def _evident(works: Sequence[DeviceWork]) -> Iterator[tuple[DeviceWork, DeviceWork]]:
    """Kernels that were held, and what they were held by."""
    ends = sorted(works, key=_end)
    free: dict[StreamKey, Ns] = {}
    for work in sorted(works, key=lambda work: work.start):
        call_end = work.start if work.call is None else work.call.end
        ready = max(call_end, free.get(work.stream, call_end))
        free[work.stream] = max(work.end, free.get(work.stream, 0))
        if work.start - ready < _HELD:
            continue
        at = bisect_right(ends, work.start, key=_end)
        while at and ends[at - 1].end >= max(ready, work.start - _RIGHT_AFTER):
            at -= 1
            if ends[at].stream != work.stream:
                yield work, ends[at]
                break


def _issued(work: DeviceWork) -> Ns:
    return work.issued


def _end(work: DeviceWork) -> Ns:
    return work.end
