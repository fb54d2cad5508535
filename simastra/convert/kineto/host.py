"""The host's operators: those of the trace, and calls that are in none.

A trace that was recorded without operators (only CUDA's activities) has calls alone: each is then
an operator of its own, and what passes between two is the host's time, as ever.
"""

from collections.abc import Iterable

from simastra.convert.link.calls import CallKind, call_kind
from simastra.convert.link.events import CpuOp, Launch
from simastra.convert.link.kineto import DeviceTrace
from simastra.convert.link.nesting import find_launchers

from .work import by_thread

_OF_THE_DEVICE = (CallKind.STREAM_WAITS, CallKind.RECORDS)
_NO_PLACE = -1  # of what is no event of an operator


def host_ops(device: DeviceTrace) -> list[CpuOp]:
    """Return the host's operators by start, an operator before those that it contains."""
    waiting = [call for call in device.calls if call_kind(call.name) not in _OF_THE_DEVICE]
    ops = [*device.cpu_ops, *_uncovered(device, waiting)]
    ops.sort(key=lambda op: (op.start, -op.end))
    return ops


def _uncovered(device: DeviceTrace, waiting: Iterable[Launch]) -> list[CpuOp]:
    """Calls that no operator covers, as operators."""
    calls = {call.correlation: call for call in (*device.launches.values(), *waiting)}
    alone: list[Launch] = []
    for ops, some in by_thread(device.cpu_ops, calls.values()).values():
        found = find_launchers(ops, some, frozenset())
        alone += [
            call
            for call in some
            if call.correlation not in found or not found[call.correlation].covers
        ]
    return [
        CpuOp(call.name, call.thread, call.start, call.end, None, None, None, _NO_PLACE)
        for call in alone
    ]
