"""What a node that is under way waits for, whatever it is."""

from __future__ import annotations

from simastra.engine import Category
from simastra.errors import Cause, Wait
from simastra.workload import (
    Collective,
    MemoryOperation,
    NpuProcess,
    Operation,
    ReplayOperation,
    RooflineOperation,
)

from .collectives import collective_reason
from .messages import half_at, message_reason
from .participation import participation
from .reason import Reason
from .situation import Situation


def reason(
    process: NpuProcess, index: int, situation: Situation, chunk: int | None = None
) -> Reason:
    """What the node `index` waits for, which is under way; for one chunk of it, if one is given."""
    standstill = process.npu.standstill()
    if standstill:
        return Reason(Cause.STANDS_STILL, f"NPU {process.npu.npu} {standstill}")
    operation = process.program.operations[index]
    half = half_at(process, index)
    if half is not None:
        return message_reason(process, index, half, situation)
    if isinstance(operation, Collective):
        ours = participation(process, operation)
        return collective_reason(process, index, ours, situation, chunk)
    if situation.stands_still:
        return Reason(Cause.UNKNOWN, "nothing ends it")
    duration = process.own_duration(index)
    issued = situation.issued(process.npu.npu, process.program.graph.nodes[index].id)
    if duration is None or issued is None:
        return Reason(Cause.UNDER_WAY, "it needs no other NPU to send anything")
    end = process.npu.end_of(issued, duration)
    when = "never ends" if end is None else f"ends at {end:,} ns"
    lost = process.npu.lost(issued, duration)
    return Reason(Cause.UNDER_WAY, f"it needs nobody else and {when}{lost and f', {lost}'}")


def wait_of(process: NpuProcess, index: int, found: Reason) -> Wait:
    """The reason about a node, as data for a person."""
    node = process.program.graph.nodes[index]
    what = _what(process, index, process.program.operations[index])
    return Wait(
        process.npu.npu, node.id, node.name, what, found.peers, found.cause, found.explanation
    )


def _what(process: NpuProcess, index: int, operation: Operation) -> str:
    half = half_at(process, index)
    if half is not None:
        peer = f"{half.toward} NPU {half.peer}"
        return f"waits to {half.verb} {half.size:,} bytes {peer} with tag {half.tag}"
    match operation:
        case Collective():
            return f"takes part in {operation}"
        case ReplayOperation(duration, Category.IDLE):
            return f"waits {duration:,} ns for its job to begin"
        case ReplayOperation() | RooflineOperation():
            return f"computes for {process.own_duration(index):,} ns"
        case MemoryOperation(size):
            return f"accesses {size:,} bytes of remote memory"
        case _:
            return "is under way"
