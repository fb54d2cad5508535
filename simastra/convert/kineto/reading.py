"""From a device trace alone to what a linked trace holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.convert.link.events import CpuOp, Thread
from simastra.convert.link.kineto import DeviceTrace, load_device
from simastra.convert.pytorch.header import process_number
from simastra.convert.pytorch.kernel_arguments import NO_ARGUMENTS, kernel_arguments
from simastra.convert.pytorch.names import tells_communication
from simastra.convert.pytorch.operators import NO_VALUES, Operator
from simastra.convert.pytorch.read import LinkedTrace
from simastra.convert.pytorch.recorded_waits import RecordedWait
from simastra.errors import TraceError
from simastra.gc_policy import collector_paused
from simastra.units import LATEST_TIME, Ns

from .arguments import arguments_of
from .gaps import host_from_gaps
from .host import host_ops
from .host_waits import HostWaitForWork, find_host_waits
from .notices import notices_of
from .stream_waits import Waits, find_stream_waits
from .work import DeviceWork, StreamKey, find_work

_NO_THREAD = -1  # of a wait in a thread that has nothing else


def read_device_trace(path: Path | str) -> LinkedTrace:
    """Read a device trace, plain or gzip, as if it had been linked with a host trace.

    Raises:
        TraceError: it can't be read, is no device trace, or holds nothing that ran.
    """
    device = load_device(path, communicates=tells_communication)
    with collector_paused():
        return _assembled(device)


def _assembled(device: DeviceTrace) -> LinkedTrace:
    ops = host_ops(device)
    works = find_work(device, ops)
    if not ops and not works:
        raise TraceError(
            "it holds no operator, no call and no kernel; record a step with PyTorch's profiler",
            source=device.source,
        )
    waits, stream_waits = find_host_waits(device, works), find_stream_waits(device, works)
    if not ops:
        host = host_from_gaps(works)
        ops, works, waits, stream_waits = host.ops, host.works, host.waits, host.stream_waits
    distributed = device.distributed or {}
    numbers = _Numbers.of(ops, works, device.source)
    groups = distributed.get("pg_config")
    return LinkedTrace(
        str(device.source),
        tuple(numbers.operators(stream_waits)),
        {},
        process_number(distributed, "rank", device.source),  # type: ignore[arg-type]  # JSON
        process_number(distributed, "world_size", device.source) or 0,  # type: ignore[arg-type]
        () if groups is None else (groups,),  # type: ignore[arg-type]  # JSON
        has_host=False,
        waits=tuple(map(numbers.wait, waits)),
        notices=notices_of(device, works, stream_waits),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What everything is called in the linked trace.

    Attributes:
        order: operators, each followed by what it launched: so are the ids.
        ids: of all of them, from 1.
        calls: each operator's place in the order of the calls, which is not that in which a
            backend's threads begin what they were asked for.
        threads: numbers of the host's threads.
        streams: numbers of the streams, of all GPUs.
        origin: the earliest time.
    """

    order: tuple[CpuOp | DeviceWork, ...]
    ids: dict[CpuOp | DeviceWork, int]
    calls: dict[CpuOp, int]
    threads: dict[Thread, int]
    streams: dict[StreamKey, int]
    origin: Ns

    @classmethod
    def of(
        cls, ops: Sequence[CpuOp], works: Sequence[DeviceWork], source: Path | str
    ) -> "_Numbers":
        places = {op: at for at, op in enumerate(ops)}
        keyed: list[tuple[tuple[Ns, int, int], CpuOp | DeviceWork]] = [
            ((op.start, at, -1), op) for op, at in places.items()
        ]
        for at, work in enumerate(works):
            by = work.launcher
            key = (work.start, len(ops), at) if by is None else (by.start, places[by], at)
            keyed.append((key, work))
        keyed.sort(key=lambda pair: pair[0])
        order = tuple(entry for _, entry in keyed)
        origin = min(entry.start for entry in order)
        if max(entry.end for entry in order) - origin > LATEST_TIME:
            raise TraceError("it lasts for longer than 2^63 - 1 ns", source=source)
        ids = {entry: number for number, entry in enumerate(order, start=1)}
        return cls(
            order,
            ids,
            _calls(ops) or {op: ids[op] for op in ops},
            _thread_numbers(op.thread for op in ops),
            _stream_numbers(work.stream for work in works),
            origin,
        )

    def operators(self, stream_waits: Waits) -> list[Operator]:
        """All entries as a linked trace has them."""
        parents = _parents(entry for entry in self.order if isinstance(entry, CpuOp))
        return [
            self._of_host(entry, parents.get(entry))
            if isinstance(entry, CpuOp)
            else self._of_device(entry, stream_waits.get(entry, ()))
            for entry in self.order
        ]

    def wait(self, wait: HostWaitForWork) -> RecordedWait:
        """A wait of the host by these numbers."""
        return RecordedWait(
            self.threads.get(wait.thread, _NO_THREAD),
            wait.start - self.origin,
            wait.end - self.origin,
            tuple(self.ids[work] for work in wait.needs),
        )

    def _of_host(self, op: CpuOp, parent: CpuOp | None) -> Operator:
        number = self.ids[op]
        group = op.told.get("Process Group Name")
        return Operator(
            id=number,
            name=op.name,
            parent=None if parent is None else self.ids[parent],
            tid=self.threads[op.thread],
            rf_id=self.calls[op],
            start=op.start - self.origin,
            duration=op.end - op.start,
            exclusive_micros=0,
            category="",
            stream=0,
            inputs=arguments_of(op.told) if op.told else NO_VALUES,
            outputs=NO_VALUES,
            attributes={},
            pg_name=group if isinstance(group, str) else "",
            inter_thread_dep=None,
            sync_deps=(),
            wait=0,
            kernel=kernel_arguments(op.told) if op.told else NO_ARGUMENTS,
        )

    def _of_device(self, work: DeviceWork, waits_for: Iterable[DeviceWork]) -> Operator:
        # What nobody was seen to launch is in no thread's order of launches, but one of its own.
        by, gpu_op = work.launcher, work.gpu_op
        number = self.ids[work]
        return Operator(
            id=number,
            name=gpu_op.name,
            parent=None if by is None else self.ids[by],
            tid=-number if by is None or work.launch_is_guessed else self.threads[by.thread],
            rf_id=number if by is None else self.calls[by],
            start=work.start - self.origin,
            duration=gpu_op.duration,
            exclusive_micros=0,
            category=gpu_op.category,
            stream=self.streams[work.stream],
            inputs=NO_VALUES,
            outputs=NO_VALUES,
            attributes={},
            pg_name=gpu_op.group or "",
            inter_thread_dep=None,
            sync_deps=tuple(sorted({self.ids[awaited] for awaited in waits_for})),
            wait=0,
            kernel=kernel_arguments(gpu_op.communication),
        )


def _calls(ops: Iterable[CpuOp]) -> dict[CpuOp, int]:
    """The record function ids, which count calls; nothing, if what communicates lacks them.

    What has none, such as a call of the runtime, has that of what its thread began before.
    """
    calls: dict[CpuOp, int] = {}
    last: dict[Thread, int] = {}
    for op in ops:
        if not op.rf_id and op.told:
            return {}
        last[op.thread] = calls[op] = op.rf_id or last.get(op.thread, 1)
    return calls


def _parents(ops: Iterable[CpuOp]) -> dict[CpuOp, CpuOp]:
    """The operator in which each ran, of the same thread; given by start, the longer first."""
    parents: dict[CpuOp, CpuOp] = {}
    stacks: dict[Thread, list[CpuOp]] = {}
    for op in ops:
        stack = stacks.setdefault(op.thread, [])
        while stack and (stack[-1].end <= op.start or stack[-1].end < op.end):
            stack.pop()
        if stack:
            parents[op] = stack[-1]
        stack.append(op)
    return parents


def _thread_numbers(threads: Iterable[Thread]) -> dict[Thread, int]:
    """The system's numbers, if they are numbers and differ; else 1, 2, ... as they come."""
    found = list(dict.fromkeys(threads))
    own = [thread.number for thread in found]
    plain = [number for number in own if isinstance(number, int) and 0 <= number < 2**31]
    if len(set(plain)) == len(found):
        return dict(zip(found, plain, strict=True))
    return {thread: number for number, thread in enumerate(found, start=1)}


def _stream_numbers(streams: Iterable[StreamKey]) -> dict[StreamKey, int]:
    """The streams' own numbers, if they differ; else those of further GPUs follow the first's."""
    found = sorted(set(streams))
    if len({number for _, number in found}) == len(found):
        return {stream: stream[1] for stream in found}
    return {stream: number for number, stream in enumerate(found, start=1)}
