"""Calls that let the host or a stream wait, and what Kineto's ``cuda_sync`` events tell of them."""

from dataclasses import dataclass
from enum import StrEnum

from simastra.units import Ns

_NO_STREAM = 2**32 - 1  # and -1: all streams, or none that is known
_HOST_WAITS = ("DeviceSynchronize", "StreamSynchronize", "EventSynchronize", "CtxSynchronize")
_ALL_STREAMS = ("DeviceSynchronize", "CtxSynchronize")
_STREAM_WAITS = "StreamWaitEvent"
_EVENT_RECORD = "EventRecord"


class CallKind(StrEnum):
    """What a runtime or driver call does for order."""

    WAITS_FOR_ALL = "the host waits for the device"
    WAITS_FOR_SOME = "the host waits for a stream"
    STREAM_WAITS = "a stream waits for another's event"
    RECORDS = "an event is put into a stream"


def call_kind(name: str) -> CallKind | None:
    """Return what a call does, by the names of CUDA's and HIP's functions; None if it starts work.

    >>> call_kind("hipDeviceSynchronize"), call_kind("cudaLaunchKernel")
    (<CallKind.WAITS_FOR_ALL: 'the host waits for the device'>, None)
    """
    if any(word in name for word in _HOST_WAITS):
        whole = any(word in name for word in _ALL_STREAMS)
        return CallKind.WAITS_FOR_ALL if whole else CallKind.WAITS_FOR_SOME
    if _STREAM_WAITS in name:
        return CallKind.STREAM_WAITS
    return CallKind.RECORDS if _EVENT_RECORD in name else None


@dataclass(frozen=True, slots=True, eq=False)
class SyncRecord:
    """What Kineto says of one call that synchronises.

    Attributes:
        correlation: the call's.
        start: when the waiting began, in ns.
        device: number of the GPU.
        stream: that waits, or that the host waits for; None if that isn't known.
        waits_on: stream in which the awaited event is; None if that isn't known.
        recorded_by: correlation of the call that put the event there; None if that isn't known.
    """

    correlation: int
    start: Ns
    device: int
    stream: int | None
    waits_on: int | None
    recorded_by: int | None


def stream_number(value: int | None) -> int | None:
    """Return a stream's number; None for what stands for no stream."""
    return None if value is None or not 0 <= value < _NO_STREAM else value
