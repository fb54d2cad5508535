"""What a node that is under way waits for, whatever it is."""

from __future__ import annotations

from simastra.errors import Cause, Wait
from simastra.simulation.participants import described, participation
from simastra.workload import (
    CollectiveOperation,
    MemoryOperation,
    NpuProcess,
    Operation,
    ReplayOperation,
    RooflineOperation,
)

from .collective_waits import collective_finding
from .finding import Finding
from .message_waits import half_of, message_finding
from .situation import Situation


def finding(
    process: NpuProcess, index: int, situation: Situation, chunk: int | None = None
) -> Finding:
    """What the node `index` waits for, which is under way; for one chunk of it, if one is given."""
    operation = process.program.operations[index]
    half = half_of(operation)
    if half is not None:
        return message_finding(process, index, half, situation)
    if isinstance(operation, CollectiveOperation):
        node = process.program.graph.nodes[index]
        ours = participation(process, operation.group, node.id)
        return collective_finding(process, ours, situation, chunk)
    if situation.stands_still:
        return Finding(Cause.UNKNOWN, "nothing ends it")
    return Finding(Cause.UNDER_WAY, "it needs nobody else and ends in its time")


def wait_of(process: NpuProcess, index: int, found: Finding) -> Wait:
    """The finding about a node, as data for a person."""
    node = process.program.graph.nodes[index]
    what = _what(process, index, process.program.operations[index])
    return Wait(
        process.npu.npu, node.id, node.name, what, found.peers, found.cause, found.explanation
    )


def _what(process: NpuProcess, index: int, operation: Operation) -> str:
    half = half_of(operation)
    if half is not None:
        return half.what
    match operation:
        case CollectiveOperation(group=group):
            node = process.program.graph.nodes[index]
            return f"takes part in {described(participation(process, group, node.id).request)}"
        case ReplayOperation(duration):
            return f"computes for {duration} ns"
        case RooflineOperation(num_ops, tensor_size):
            duration = process.npu.compute.roofline_duration(num_ops, tensor_size)
            return f"computes for {duration} ns"
        case MemoryOperation(size):
            return f"accesses {size} bytes of remote memory"
        case _:
            return "is under way"
