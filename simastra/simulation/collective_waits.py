"""Why a collective waits for ever: what the other members are doing instead."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.errors import Cause, Wait
from simastra.system import CollectiveRequest, Communicator
from simastra.workload import CollectiveOperation, NpuProcess

from .stream_waits import held_up_stream


def collective_wait(process: NpuProcess, index: int, processes: Sequence[NpuProcess]) -> Wait:
    """What a collective under way (or another node that nobody else concerns) waits for."""
    node = process.progress.graph.nodes[index]
    npu = process.npu.npu
    operation = process.rules.operation(node)
    if not isinstance(operation, CollectiveOperation):
        return Wait(npu, node.id, node.name, "is under way", (), Cause.UNKNOWN, "nothing ends it")
    communicator = process.npu.communicators[operation.group]
    turn, request = next(
        (turn, request)
        for turn, request in enumerate(communicator.issued)
        if request.node == node.id
    )
    what = f"takes part in {_described(request)}"
    others = [processes[member] for member in communicator.members if member != npu]
    for other in others:
        mismatch = _mismatch(process, other, operation.group, turn, request)
        if mismatch:
            return Wait(npu, node.id, node.name, what, (other.npu.npu,), *mismatch)
    absent = [
        other for other in others if len(_communicator(other, operation.group).issued) <= turn
    ]
    if absent:
        cause, explanation = _why_absent(absent[0], operation.group, turn)
        peers = tuple(other.npu.npu for other in absent)
        return Wait(npu, node.id, node.name, what, peers, cause, explanation)
    held_up = held_up_stream(process, processes)
    if held_up is not None:
        peer, explanation = held_up
        return Wait(npu, node.id, node.name, what, (peer,), Cause.STREAM_ORDER, explanation)
    return Wait(npu, node.id, node.name, what, (), Cause.UNKNOWN, "all members take part")


def _communicator(process: NpuProcess, group: int) -> Communicator:
    return process.npu.communicators[group]


def _mismatch(
    process: NpuProcess, other: NpuProcess, group: int, turn: int, request: CollectiveRequest
) -> tuple[Cause, str] | None:
    ours = _communicator(process, group)
    if group not in other.npu.communicators:
        return Cause.GROUP_MISMATCH, f"NPU {other.npu.npu} isn't in that group"
    theirs = _communicator(other, group)
    if tuple(theirs.members) != tuple(ours.members):
        return Cause.GROUP_MISMATCH, (
            f"NPU {other.npu.npu} takes part among NPUs {_listed(theirs.members)}, "
            f"this one among NPUs {_listed(ours.members)}"
        )
    if len(theirs.issued) <= turn or theirs.issued[turn].matches(request):
        return None
    return Cause.COLLECTIVE_MISMATCH, (
        f"as collective number {turn + 1} NPU {other.npu.npu} has node "
        f"{theirs.issued[turn].node}, {_described(theirs.issued[turn])}"
    )


def _why_absent(other: NpuProcess, group: int, turn: int) -> tuple[Cause, str]:
    npu = other.npu.npu
    if other.finish_time is not None:
        issued = len(_communicator(other, group).issued)
        return Cause.MISSING_COLLECTIVE, (
            f"NPU {npu} has finished with {issued} collectives and this is number {turn + 1}"
        )
    under_way = [other.progress.graph.nodes[index] for index in other.running]
    nodes = ", ".join(f"{node.id} ({node.name!r})" for node in under_way)
    return Cause.PARTNER_WAITS, f"NPU {npu} hasn't come to it and is at node {nodes}"


def _described(request: CollectiveRequest) -> str:
    return f"{request.collective.name} of {request.size} bytes"


_SHOWN_MEMBERS = 8


def _listed(members: Sequence[int]) -> str:
    shown = ", ".join(map(str, members[:_SHOWN_MEMBERS]))
    return shown if len(members) <= _SHOWN_MEMBERS else f"{shown}, ... ({len(members)} in all)"
