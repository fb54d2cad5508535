"""One event of a Kineto trace, decoded; most are of no interest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeGuard

from simastra.convert.json_stream import Members
from simastra.convert.link.calls import SyncRecord, stream_number
from simastra.convert.link.events import NOTHING_TOLD, CpuOp, GpuOp, Launch, Thread
from simastra.errors import TraceError
from simastra.units import Ns

_COMPLETE = "X"  # phase of an event that has a start and a duration
_CPU = frozenset({"cpu_op", "user_annotation"})
_GPU = frozenset({"kernel", "gpu_memcpy", "gpu_memset"})
_CALLS = frozenset({"cuda_runtime", "cuda_driver"})  # AMD's HIP calls come as cuda_runtime
# It spans a whole step, and is no part of the program.
_NOT_WORK = "ProfilerStep"
_LARGEST = 10**17  # µs; some thousand years
_COMMUNICATION = (
    # Arguments by which PyTorch tells what a kernel communicates.
    "Collective name",
    "In msg nelems",
    "Out msg nelems",
    "dtype",
    "Group size",
    "In split size",
    "Out split size",
    "Process Group Ranks",
    "Global rank start",
    "Global rank stride",
    "Src Rank",
    "Dst Rank",
)
_SYNC = "cuda_sync"


@dataclass(slots=True)
class Reading:
    """What is kept while the events of one file are read.

    Attributes:
        source: the file.
        names: one string for all events of a name.
        threads: one object for all events of a thread.
        communicates: tells operators whose arguments are wanted by their names; None where a host
            trace has them, and has the order of the work, too.
        negative_durations: how many there were.
    """

    source: Path | str
    names: dict[str, str] = field(default_factory=dict)
    threads: dict[Thread, Thread] = field(default_factory=dict)
    communicates: Callable[[str], bool] | None = None
    negative_durations: int = 0


@dataclass(frozen=True, slots=True)
class _Event:
    """An event of interest, its number in the file, and the reading it is part of."""

    members: Members
    arguments: Members
    number: int
    reading: Reading

    def time(self, key: str) -> Ns:
        """A time of the file, µs with a fraction, as ns."""
        value = self.members.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.wrong(key, "a number of microseconds")
        if not -_LARGEST <= value <= _LARGEST:
            raise self.wrong(key, "a time in microseconds")
        return value * 1000 if isinstance(value, int) else round(value * 1000)

    def end(self, start: Ns) -> Ns:
        duration = self.time("dur") if "dur" in self.members else 0
        if duration < 0:
            self.reading.negative_durations += 1
        return start + max(0, duration)

    def name(self) -> str:
        value = self.members.get("name")
        if not isinstance(value, str):
            raise self.wrong("name", "a string")
        return self.reading.names.setdefault(value, value)

    def thread(self) -> Thread:
        process, number = self.members.get("pid"), self.members.get("tid")
        for key, value in (("pid", process), ("tid", number)):
            if not isinstance(value, int | str):
                raise self.wrong(key, "a number or a string")
        thread = Thread(process, number)
        return self.reading.threads.setdefault(thread, thread)

    def number_or_none(self, key: str) -> int | None:
        value = self.arguments.get(key)
        if isinstance(value, str) and value.isdecimal() and len(value) < 20:  # noqa: PLR2004  # 64 bits
            return int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def communication(self) -> dict[str, int | str]:
        told = ((key, self.arguments.get(key)) for key in _COMMUNICATION)
        return {key: value for key, value in told if _is_plain(value)}

    def wrong(self, key: str, wanted: str) -> TraceError:
        value = self.members.get(key)
        return TraceError(
            f"event {self.number} ({self.members.get('name')!r:.60}): {key!r} must be {wanted}, "
            f"not {value!r:.40}",
            source=self.reading.source,
        )


def _is_plain(value: object) -> TypeGuard[int | str]:
    return isinstance(value, int | str) and not isinstance(value, bool)


def read_event(
    value: object, number: int, reading: Reading
) -> CpuOp | Launch | GpuOp | SyncRecord | None:
    """Decode an event; None if it is of no interest.

    Args:
        value: the event's JSON.
        number: its place in the file, for messages.
        reading: of this file.

    Raises:
        TraceError: it makes no sense.
    """
    if not isinstance(value, dict):
        raise TraceError(
            f"event {number} must be an object, not {value!r:.40}", source=reading.source
        )
    category = value.get("cat")
    if value.get("ph") != _COMPLETE or not isinstance(category, str):
        return None
    arguments = value.get("args")
    event = _Event(value, arguments if isinstance(arguments, dict) else {}, number, reading)
    if category in _CPU:
        return _cpu_op(event)
    if category in _CALLS:
        return _launch(event)
    if category == _SYNC:
        return None if reading.communicates is None else _sync_record(event)
    return _gpu_op(event, category) if category in _GPU else None


def _cpu_op(event: _Event) -> CpuOp | None:
    name = event.name()
    if _NOT_WORK in name:
        return None
    start = event.time("ts")
    sequence = event.number_or_none("Sequence number")
    communicates = event.reading.communicates
    return CpuOp(
        name=name,
        thread=event.thread(),
        start=start,
        end=event.end(start),
        rf_id=event.number_or_none("Record function id"),
        sequence=None if sequence is None or sequence < 0 else sequence,
        external=event.number_or_none("External id"),
        place=event.number,
        told=event.arguments if communicates and communicates(name) else NOTHING_TOLD,
    )


def _launch(event: _Event) -> Launch | None:
    correlation = event.number_or_none("correlation")
    if correlation is None:
        return None
    start = event.time("ts")
    return Launch(correlation, event.thread(), start, event.end(start), event.name())


def _sync_record(event: _Event) -> SyncRecord | None:
    correlation = event.number_or_none("correlation")
    if correlation is None:
        return None
    return SyncRecord(
        correlation,
        event.time("ts"),
        event.number_or_none("device") or 0,
        stream_number(event.number_or_none("stream")),
        stream_number(event.number_or_none("wait_on_stream")),
        stream_number(event.number_or_none("wait_on_cuda_event_record_corr_id")),
    )


def _gpu_op(event: _Event, category: str) -> GpuOp:
    start = event.time("ts")
    group = event.arguments.get("Process Group Name")
    return GpuOp(
        category=category,
        name=event.name(),
        start=start,
        duration=event.end(start) - start,
        device=event.number_or_none("device") or 0,
        stream=event.number_or_none("stream") or 0,
        correlation=event.number_or_none("correlation"),
        external=event.number_or_none("External id"),
        group=str(group) if _is_plain(group) else None,
        communication=event.communication(),
    )
