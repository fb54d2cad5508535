"""The device side of a recording: what ran when, on CPU threads and on GPU streams, by Kineto.

(docs/chakra.md 2.4, step 2.)
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from simastra.convert.json_stream import JsonArray, Members
from simastra.convert.link.events import (
    CpuOp,
    GpuOp,
    Launch,
    Reading,
    read_event,
)
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
    """

    source: Path | str
    distributed: Members | None
    cpu_ops: tuple[CpuOp, ...]
    launches: dict[Correlation, Launch]
    gpu_ops: tuple[GpuOp, ...]
    repeated_launches: int
    negative_durations: int

    @property
    def rank(self) -> int | None:
        """The rank that it was recorded on, if it says so."""
        rank = (self.distributed or {}).get("rank")
        return rank if isinstance(rank, int) and not isinstance(rank, bool) else None


@collector_paused()
def load_device(path: Path | str) -> DeviceTrace:
    """Read a device trace, plain or gzip.

    Raises:
        TraceError: it can't be read, isn't a device trace, or an event makes no sense.
    """
    with recognising(path, InputRole.DEVICE, unless=_FOREIGN.values()):
        return _load(path)


def _load(path: Path | str) -> DeviceTrace:
    array = JsonArray(path, _ARRAY, _FOREIGN)
    reading = Reading(path)
    cpu_ops: list[CpuOp] = []
    gpu_ops: list[GpuOp] = []
    launches: dict[Correlation, Launch] = {}
    repeated = 0
    for number, element in enumerate(array):
        match read_event(element.value, number, reading):
            case CpuOp() as op:
                cpu_ops.append(op)
            case GpuOp() as op:
                gpu_ops.append(op)
            case Launch() as launch:
                earlier = launches.setdefault(launch.correlation, launch)
                if earlier is not launch:
                    repeated += 1
                    if launch.start < earlier.start:
                        launches[launch.correlation] = launch
            case None:
                pass
    cpu_ops.sort(key=lambda op: (op.start, -op.end))
    wanted = {op.correlation for op in gpu_ops}
    info = array.header.get("distributedInfo")
    return DeviceTrace(
        source=path,
        distributed=info if isinstance(info, dict) else None,
        cpu_ops=tuple(cpu_ops),
        launches={key: launch for key, launch in launches.items() if key in wanted},
        gpu_ops=tuple(gpu_ops),
        repeated_launches=repeated,
        negative_durations=reading.negative_durations,
    )
