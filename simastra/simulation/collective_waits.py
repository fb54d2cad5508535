"""Why a collective waits for ever: what the other members are doing instead."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.errors import Cause, Wait
from simastra.network import Envelope
from simastra.system import CollectiveRequest
from simastra.workload import CollectiveOperation, NpuProcess

from .participants import Participation, described, participation
from .stream_waits import custom_wait, held_up_stream, tag_collision


def collective_wait(
    process: NpuProcess,
    index: int,
    processes: Sequence[NpuProcess],
    unmet_receives: Sequence[Envelope],
) -> Wait:
    """What a collective under way (or another node that nobody else concerns) waits for."""
    node = process.program.graph.nodes[index]
    npu = process.npu.npu
    operation = process.program.operations[index]
    if not isinstance(operation, CollectiveOperation):
        return Wait(npu, node.id, node.name, "is under way", (), Cause.UNKNOWN, "nothing ends it")
    ours = participation(process, operation.group, node.id)
    what = f"takes part in {described(ours.request)}"
    peers, cause, explanation = (
        _mismatch(ours, processes)
        or _absence(ours, processes)
        or custom_wait(process, unmet_receives)
        or tag_collision(process, processes)
        or held_up_stream(process, processes)
        or ((), Cause.UNKNOWN, "all members take part")
    )
    return Wait(npu, node.id, node.name, what, peers, cause, explanation)


def _mismatch(
    ours: Participation, processes: Sequence[NpuProcess]
) -> tuple[tuple[int, ...], Cause, str] | None:
    """A member that has begun something else in this one's place."""
    for member in ours.others:
        problem = _mismatch_with(ours, processes[member])
        if problem:
            return (member,), *problem
    return None


def _mismatch_with(ours: Participation, other: NpuProcess) -> tuple[Cause, str] | None:
    npu = other.npu.npu
    if ours.group not in other.npu.communicators:
        return Cause.GROUP_MISMATCH, f"NPU {npu} isn't in that group"
    communicator = other.npu.communicators[ours.group]
    if tuple(communicator.members) != tuple(ours.communicator.members):
        return Cause.GROUP_MISMATCH, (
            f"NPU {npu} takes part among NPUs {_listed(communicator.members)}, "
            f"this one among NPUs {_listed(ours.communicator.members)}"
        )
    if len(communicator.issued) <= ours.turn:
        return None
    theirs = communicator.issued[ours.turn]
    if not theirs.matches(ours.request):
        return Cause.COLLECTIVE_MISMATCH, (
            f"as collective number {ours.turn + 1} NPU {npu} has node {theirs.node}, "
            f"{described(theirs)}"
        )
    if ours.active != communicator.active(theirs.collective, theirs.involved):
        return Cause.COLLECTIVE_MISMATCH, (
            f"NPU {npu}'s node {theirs.node} involves dimensions {_involved(theirs)}, "
            f"this one {_involved(ours.request)}"
        )
    return None


def _absence(
    ours: Participation, processes: Sequence[NpuProcess]
) -> tuple[tuple[int, ...], Cause, str] | None:
    """Members that have not come to the collective."""
    absent = [
        processes[member]
        for member in ours.others
        if len(processes[member].npu.communicators[ours.group].issued) <= ours.turn
    ]
    if not absent:
        return None
    return tuple(other.npu.npu for other in absent), *_why_absent(absent[0], ours)


def _why_absent(other: NpuProcess, ours: Participation) -> tuple[Cause, str]:
    npu = other.npu.npu
    if other.finish_time is not None:
        issued = len(other.npu.communicators[ours.group].issued)
        return Cause.MISSING_COLLECTIVE, (
            f"NPU {npu} has finished with {issued} of them and this is number {ours.turn + 1}"
        )
    under_way = [other.program.graph.nodes[index] for index in sorted(other.running)]
    nodes = ", ".join(f"{node.id} ({node.name!r})" for node in under_way)
    return Cause.PARTNER_WAITS, f"NPU {npu} hasn't come to it and is at node {nodes}"


def _involved(request: CollectiveRequest) -> str:
    if request.involved is None:
        return "all"
    numbers = [str(number) for number, involved in enumerate(request.involved) if involved]
    return ", ".join(numbers) or "none"


_SHOWN_MEMBERS = 8


def _listed(members: Sequence[int]) -> str:
    shown = ", ".join(map(str, members[:_SHOWN_MEMBERS]))
    return shown if len(members) <= _SHOWN_MEMBERS else f"{shown}, ... ({len(members)} in all)"
