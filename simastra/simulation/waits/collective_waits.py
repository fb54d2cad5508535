"""What a collective waits for: what the other members are doing instead."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.errors import Cause
from simastra.simulation.participants import Participation, active_dimensions, described
from simastra.system import CollectiveRequest
from simastra.workload import CollectiveOperation, NpuProcess

from .finding import Awaited, Finding
from .holders import holder
from .situation import Situation
from .stream_waits import chunk_finding, custom_finding, held_up_stream, tag_collision


def collective_finding(
    process: NpuProcess, ours: Participation, situation: Situation, chunk: int | None
) -> Finding:
    """What a collective that is under way waits for; `chunk` of it, if one is given."""
    return (
        _mismatch(ours, situation.processes)
        or _absence(ours, situation.processes)
        or custom_finding(process, situation)
        or (tag_collision(process, situation.processes) if situation.stands_still else None)
        or (held_up_stream(process, situation.processes) if situation.stands_still else None)
        or chunk_finding(process, ours, situation, chunk)
    )


def _mismatch(ours: Participation, processes: Sequence[NpuProcess]) -> Finding | None:
    """A member that has begun something else in this one's place."""
    for member in ours.others:
        problem = _mismatch_with(ours, processes[member])
        if problem:
            return Finding(*problem, (member,))
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
    if ours.active != active_dimensions(communicator, theirs):
        return Cause.COLLECTIVE_MISMATCH, (
            f"NPU {npu}'s node {theirs.node} involves dimensions {_involved(theirs)}, "
            f"this one {_involved(ours.request)}"
        )
    return None


def _absence(ours: Participation, processes: Sequence[NpuProcess]) -> Finding | None:
    """Members that have not come to the collective."""
    absent = [
        processes[member]
        for member in ours.others
        if len(processes[member].npu.communicators[ours.group].issued) <= ours.turn
    ]
    if not absent:
        return None
    # Who will never come explains more than who hasn't come yet.
    candidates = [(other, _awaited(other, ours)) for other in absent[:_LOOKED_AT]]
    candidates.sort(key=lambda candidate: candidate[1] is not None)
    other, awaited = candidates[0]
    peers = tuple(member.npu.npu for member in absent)
    if awaited is None:
        return Finding(Cause.MISSING_COLLECTIVE, _never(other, ours), peers)
    return Finding(Cause.PARTNER_WAITS, _not_yet(other, awaited), peers, awaited)


def _awaited(other: NpuProcess, ours: Participation) -> Awaited | None:
    """The node with which a member is still going to take part, None if it has none left."""
    ahead = ours.turn - len(other.npu.communicators[ours.group].issued)
    left = [
        index
        for index, operation in enumerate(other.program.operations)
        if isinstance(operation, CollectiveOperation)
        and operation.group == ours.group
        and index not in other.running
        and not other.progress.is_finished(index)
    ]
    if len(left) <= ahead:
        return None
    alike = [index for index in left if _asks_for(other, index, ours.request)]
    return Awaited(other.npu.npu, alike[0] if alike else left[ahead])


def _asks_for(other: NpuProcess, index: int, request: CollectiveRequest) -> bool:
    operation = other.program.operations[index]
    return (
        isinstance(operation, CollectiveOperation)
        and operation.collective is request.collective
        and operation.size == request.size
    )


def _never(other: NpuProcess, ours: Participation) -> str:
    issued = len(other.npu.communicators[ours.group].issued)
    state = "has begun" if other.finish_time is None else "has finished with"
    left = " and has none left" if other.finish_time is None else ""
    return f"NPU {other.npu.npu} {state} {issued} of them{left} and this is number {ours.turn + 1}"


def _not_yet(other: NpuProcess, awaited: Awaited) -> str:
    npu, nodes = other.npu.npu, other.program.graph.nodes
    holding = None if awaited.node is None else holder(other, awaited.node)
    under_way = sorted(other.running) if holding is None else [holding]
    if not under_way:
        return f"NPU {npu} hasn't begun"
    listed = ", ".join(f"{nodes[index].id} ({nodes[index].name!r})" for index in under_way)
    return f"NPU {npu} hasn't come to it and is at node {listed}"


def _involved(request: CollectiveRequest) -> str:
    if request.involved is None:
        return "all"
    numbers = [str(number) for number, involved in enumerate(request.involved) if involved]
    return ", ".join(numbers) or "none"


_LOOKED_AT = 16
"""Absent members whose traces are searched: in a large group, all of them would take long."""

_SHOWN_MEMBERS = 8


def _listed(members: Sequence[int]) -> str:
    shown = ", ".join(map(str, members[:_SHOWN_MEMBERS]))
    return shown if len(members) <= _SHOWN_MEMBERS else f"{shown}, ... ({len(members)} in all)"
