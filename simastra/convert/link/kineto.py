"""The device side of a recording: what ran when, on CPU threads and on GPU streams, by Kineto.

(docs/chakra.md 2.4, step 2.)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from simastra.convert.json_stream import JsonArray, Members
from simastra.convert.link.calls import SyncRecord, call_kind
from simastra.convert.link.decoding import Reading, read_event
from simastra.convert.link.events import CpuOp, GpuOp, Launch
from simastra.foreign import InputRole
from simastra.gc_policy import collector_paused
from simastra.trace.recognising import recognising

_ARRAY = "traceEvents"
_FOREIGN = {
    "nodes": "this is a host trace (with 'nodes'); name the device trace, which Kineto wrote, "
    "second and the host trace first",
}

Correlation: TypeAlias = int
"""The number that a launch and what it launched share."""


@dataclass(frozen=True, slots=True)
class DeviceTrace:
    """A device trace. Times are ns.

    Attributes:
        source: its path.
        distributed: its ``distributedInfo``: rank, world size and process groups, if it has one.
        cpu_ops: by start; an operator before those that it contains.
        launches: runtime and driver calls by correlation.
        gpu_ops: kernels, copies and sets, in the file's order.
        repeated_launches: calls left out because an earlier one has their correlation.
        negative_durations: events whose duration was below 0 and is taken for 0.
        calls: runtime and driver calls by which the host or a stream waits, in the file's order;
            none where the trace is read to be linked.
        syncs: what Kineto says of these.
    """

    source: Path | str
    distributed: Members | None
    cpu_ops: tuple[CpuOp, ...]
    launches: dict[Correlation, Launch]
    gpu_ops: tuple[GpuOp, ...]
    repeated_launches: int
    negative_durations: int
    calls: tuple[Launch, ...] = ()
    syncs: tuple[SyncRecord, ...] = ()

    @property
    def rank(self) -> int | None:
        """The rank that it was recorded on, if it says so."""
        rank = (self.distributed or {}).get("rank")
        return rank if isinstance(rank, int) and not isinstance(rank, bool) else None


@collector_paused()
def load_device(
    path: Path | str, *, communicates: Callable[[str], bool] | None = None
) -> DeviceTrace:
    """Read a device trace, plain or gzip.

    Args:
        path: of the file.
        communicates: given where there is no host trace: tells by their names which operators'
            arguments are kept; and the calls by which the host or a stream waits are kept, too.

    Raises:
        TraceError: it can't be read, isn't a device trace, or an event makes no sense.
    """
    with recognising(path, InputRole.DEVICE, unless=_FOREIGN.values()):
        return _load(Reading(path, communicates=communicates))


@dataclass(slots=True)
class _Events:
    """What is kept of a file's events while they are read; see `DeviceTrace`."""

    keeps_calls: bool
    cpu_ops: list[CpuOp] = field(default_factory=list)
    gpu_ops: list[GpuOp] = field(default_factory=list)
    launches: dict[Correlation, Launch] = field(default_factory=dict)
    repeated: int = 0
    calls: list[Launch] = field(default_factory=list)
    syncs: list[SyncRecord] = field(default_factory=list)

    def add(self, event: CpuOp | Launch | GpuOp | SyncRecord | None) -> None:
        match event:
            case CpuOp():
                self.cpu_ops.append(event)
            case GpuOp():
                self.gpu_ops.append(event)
            case SyncRecord():
                self.syncs.append(event)
            case Launch():
                self._add_launch(event)
            case None:
                pass

    def _add_launch(self, launch: Launch) -> None:
        if self.keeps_calls and call_kind(launch.name) is not None:
            self.calls.append(launch)
        earlier = self.launches.setdefault(launch.correlation, launch)
        if earlier is not launch:
            self.repeated += 1
            if launch.start < earlier.start:
                self.launches[launch.correlation] = launch


def _load(reading: Reading) -> DeviceTrace:
    array = JsonArray(reading.source, _ARRAY, _FOREIGN)
    events = _Events(keeps_calls=reading.communicates is not None)
    for number, element in enumerate(array):
        events.add(read_event(element.value, number, reading))
    events.cpu_ops.sort(key=lambda op: (op.start, -op.end))
    wanted = {op.correlation for op in events.gpu_ops}
    info = array.header.get("distributedInfo")
    return DeviceTrace(
        source=reading.source,
        distributed=info if isinstance(info, dict) else None,
        cpu_ops=tuple(events.cpu_ops),
        launches={key: launch for key, launch in events.launches.items() if key in wanted},
        gpu_ops=tuple(events.gpu_ops),
        repeated_launches=events.repeated,
        negative_durations=reading.negative_durations,
        calls=tuple(events.calls),
        syncs=tuple(events.syncs),
    )
