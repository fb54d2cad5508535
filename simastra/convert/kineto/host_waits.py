"""When the host waited for the device: by the calls that wait, such as cudaDeviceSynchronize.

A copy during which its call went on was waited for, too: so are those of pageable memory, whatever
the call's name says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.convert.link.calls import CallKind, SyncRecord, call_kind
from simastra.convert.link.events import Launch, Thread
from simastra.convert.link.kineto import DeviceTrace
from simastra.units import Ns

from .work import DeviceWork, StreamKey

_SLACK: Ns = 2_000
"""The clocks of host and device may differ by so much where a call ends."""

_MOST = 0.9
"""A call that goes on for this share of its copy blocks; the clocks may differ by the rest."""
_PINNED = "Pinned"  # memory that copies don't wait for


@dataclass(frozen=True, slots=True)
class HostWaitForWork:
    """A stretch of a thread's time in which it waited for work of the device.

    Attributes:
        thread: which.
        start: in ns.
        end: in ns.
        needs: the work; of each stream the last.
    """

    thread: Thread
    start: Ns
    end: Ns
    needs: tuple[DeviceWork, ...]


def find_host_waits(device: DeviceTrace, works: Sequence[DeviceWork]) -> list[HostWaitForWork]:
    """Return when the host waited, in order of time.

    Args:
        device: the trace.
        works: in order of launch.
    """
    return sorted([*_of_calls(device, works), *_of_copies(works)], key=lambda wait: wait.start)


def _of_copies(works: Iterable[DeviceWork]) -> Iterator[HostWaitForWork]:
    for work in works:
        call = work.call
        if call is None or not work.is_copy or _PINNED in work.gpu_op.name:
            continue
        shared = min(work.end, call.end) - max(work.start, call.start)
        if shared >= _MOST * work.gpu_op.duration > 0:
            yield _wait(call, (work,))


def _of_calls(device: DeviceTrace, works: Iterable[DeviceWork]) -> Iterator[HostWaitForWork]:
    records = {record.correlation: record for record in device.syncs}
    last: dict[StreamKey, DeviceWork] = {}
    following = iter([*works, None])
    work = next(following)
    for call in sorted(device.calls, key=lambda call: call.start):
        while work is not None and work.issued < call.start:
            last[work.stream] = work
            work = next(following)
        kind = call_kind(call.name)
        if kind in {CallKind.WAITS_FOR_ALL, CallKind.WAITS_FOR_SOME}:
            needs = _needs(call, kind, records.get(call.correlation), last)
            if needs:
                yield _wait(call, needs)


def _needs(
    call: Launch,
    kind: CallKind | None,
    record: SyncRecord | None,
    last: Mapping[StreamKey, DeviceWork],
) -> tuple[DeviceWork, ...]:
    """What had been launched, and had ended when the call returned.

    A call that waits for one stream, of which nothing tells which, waited for what ended last.
    """
    ended = [work for work in last.values() if work.end <= call.end + _SLACK]
    if kind is CallKind.WAITS_FOR_ALL:
        return tuple(ended)
    known = None if record is None else record.stream or record.waits_on
    if record is not None and known is not None:
        return tuple(work for work in ended if work.stream == (record.device, known))
    return tuple(sorted(ended, key=lambda work: work.end)[-1:])


def _wait(call: Launch, needs: tuple[DeviceWork, ...]) -> HostWaitForWork:
    ended = min(call.end, max(work.end for work in needs))
    return HostWaitForWork(call.thread, call.start, max(call.start, ended), needs)
