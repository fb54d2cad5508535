"""What a collective waits for: what the other members are doing instead."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.errors import Cause
from simastra.system import Collective
from simastra.units import NpuId
from simastra.view.phrases import listed_npus
from simastra.workload import NpuProcess

from .chunks import chunk_reason, held_up_stream, tag_collision
from .custom_collectives import custom_reason
from .holders import holder
from .participation import Participation
from .reason import Awaited, Reason
from .situation import Situation
from .uneven import misplaced_reason, uneven_before, uneven_reason


def collective_reason(
    process: NpuProcess,
    index: int,
    ours: Participation,
    situation: Situation,
    chunk: int | None,
) -> Reason:
    """What a collective that is under way waits for; `chunk` of it, if one is given.

    Args:
        process: of the NPU.
        index: of its node, in the graph.
        ours: its part in the collective.
        situation: of the simulation.
        chunk: number of the stream in question; None for the collective as a whole.
    """
    processes = situation.processes
    return (
        _other_groups(ours, processes)
        or _nothing_involved(ours, processes)
        or misplaced_reason(process, index, situation)
        or _never(ours, processes)
        or uneven_reason(process, index, situation)
        or _mismatch(process, ours, situation)
        or _absence(process, index, ours, situation)
        or _priced(process, ours)
        or custom_reason(process, situation)
        or (tag_collision(process, processes) if situation.stands_still else None)
        or (held_up_stream(process, processes) if situation.stands_still else None)
        or chunk_reason(process, ours, situation, chunk)
    )


def _other_groups(ours: Participation, processes: Sequence[NpuProcess]) -> Reason | None:
    """A member that doesn't see the same process group."""
    for member in ours.others:
        theirs = processes[member].npu.communicators.get(ours.group)
        if theirs is None:
            return Reason(Cause.GROUP_MISMATCH, f"NPU {member} isn't in that group", (member,))
        if theirs.members != ours.communicator.members:
            text = (
                f"NPU {member} takes part among NPUs {listed_npus(theirs.members)}, this one among "
                f"NPUs {listed_npus(ours.communicator.members)}"
            )
            return Reason(Cause.GROUP_MISMATCH, text, (member,))
    return None


def _nothing_involved(ours: Participation, processes: Sequence[NpuProcess]) -> Reason | None:
    """A member that has begun the same in this one's place, among nobody."""
    for member in ours.others:
        communicator = processes[member].npu.communicators[ours.group]
        if len(communicator.issued) <= ours.index:
            continue
        theirs = communicator.issued[ours.index]
        if theirs.involved is None or any(theirs.involved) or not theirs.matches(ours.collective):
            continue
        if len(communicator.participants(theirs).members) == 1:
            return _dimensions_differ(ours, member, theirs)
    return None


def _dimensions_differ(ours: Participation, member: NpuId, theirs: Collective) -> Reason:
    text = (
        f"NPU {member}'s node {theirs.node.id} involves dimensions {_involved(theirs)}, "
        f"this one {_involved(ours.collective)}"
    )
    return Reason(Cause.COLLECTIVE_MISMATCH, text, (member,))


def _mismatch(process: NpuProcess, ours: Participation, situation: Situation) -> Reason | None:
    """A member that has begun something else in this one's place."""
    for member in ours.others:
        problem = _mismatch_with(ours, process, situation.processes[member], situation)
        if problem:
            # Both may be right, and something left out that came before.
            return uneven_before(process, member, ours.group, situation) or problem
    return None


def _mismatch_with(
    ours: Participation, process: NpuProcess, other: NpuProcess, situation: Situation
) -> Reason | None:
    member, communicator = other.npu.npu, other.npu.communicators[ours.group]
    if len(communicator.issued) <= ours.index:
        return None
    theirs = communicator.issued[ours.index]
    if not theirs.matches(ours.collective):
        text = (
            f"as collective number {ours.index + 1} NPU {member} has node {theirs.node.id}, "
            f"{theirs}"
        )
        return Reason(Cause.COLLECTIVE_MISMATCH, text, (member,))
    if ours.participants.active != communicator.participants(theirs).active:
        return _dimensions_differ(ours, member, theirs)
    asked = situation.plans.asked(ours.npu, ours.collective)
    also = situation.plans.asked(member, theirs)
    if asked != also:  # in the root, or in the ETs that are played
        text = f"NPU {member}'s node {theirs.node.id} asks for {also}, this one for {asked}"
        return Reason(Cause.COLLECTIVE_MISMATCH, text, (member,))
    return None


def _absent(ours: Participation, processes: Sequence[NpuProcess]) -> list[NpuProcess]:
    """Members that have not come to the collective."""
    return [
        processes[member]
        for member in ours.others
        if len(processes[member].npu.communicators[ours.group].issued) <= ours.index
    ]


def _never(ours: Participation, processes: Sequence[NpuProcess]) -> Reason | None:
    """A member that has no collective left: that explains more than one that hasn't come yet."""
    absent = _absent(ours, processes)
    peers = tuple(member.npu.npu for member in absent)
    for other in absent[:_LOOKED_AT]:
        if _awaited(other, ours) is None:
            return Reason(Cause.MISSING_COLLECTIVE, _has_none_left(other, ours), peers)
    return None


def _absence(
    process: NpuProcess, index: int, ours: Participation, situation: Situation
) -> Reason | None:
    """Members that have not come to the collective."""
    absent = _absent(ours, situation.processes)
    if not absent:
        return None
    uneven = uneven_reason(process, index, situation, later=True)
    if uneven is not None and situation.stands_still:
        return uneven
    peers = tuple(member.npu.npu for member in absent)
    awaited = _awaited(absent[0], ours)
    assert awaited is not None  # or it would never come
    return Reason(Cause.PARTNER_WAITS, _not_yet(absent[0], awaited), peers, awaited)


def _priced(process: NpuProcess, ours: Participation) -> Reason | None:
    """All have come to a collective that has a price: it ends by itself."""
    meetings = process.npu.collectives.meetings
    meeting = next((it for it in meetings if it.is_of(process.npu.npu, ours.collective)), None)
    if meeting is None or meeting.expected is None:
        return None
    crowded = meeting.job is not None and meeting.job.slowdown > 1
    shared = "; others use its links, too" if crowded else ""
    text = f"all members have come, and it ends at {meeting.expected:,} ns{shared}"
    return Reason(Cause.UNDER_WAY, text)


def _awaited(other: NpuProcess, ours: Participation) -> Awaited | None:
    """The node with which a member is still going to take part, None if it has none left."""
    ahead = ours.index - len(other.npu.communicators[ours.group].issued)
    left = [
        index
        for index, operation in enumerate(other.program.operations)
        if isinstance(operation, Collective)
        and operation.group == ours.group
        and index not in other.running
        and not other.progress.is_finished(index)
    ]
    if len(left) <= ahead:
        return None
    alike = [index for index in left if _asks_for(other, index, ours.collective)]
    return Awaited(other.npu.npu, alike[0] if alike else left[ahead])


def _asks_for(other: NpuProcess, index: int, collective: Collective) -> bool:
    operation = other.program.operations[index]
    return isinstance(operation, Collective) and operation.matches(collective)


def _has_none_left(other: NpuProcess, ours: Participation) -> str:
    issued = len(other.npu.communicators[ours.group].issued)
    state = "has begun" if other.finish_time is None else "has finished with"
    left = " and has none left" if other.finish_time is None else ""
    return f"NPU {other.npu.npu} {state} {issued} of them{left} and this is number {ours.index + 1}"


def _not_yet(other: NpuProcess, awaited: Awaited) -> str:
    npu, nodes = other.npu.npu, other.program.graph.nodes
    holding = None if awaited.node is None else holder(other, awaited.node)
    under_way = sorted(other.running) if holding is None else [holding]
    if not under_way:
        return f"NPU {npu} hasn't begun"
    listed = ", ".join(f"{nodes[index].id} ({nodes[index].name!r})" for index in under_way)
    return f"NPU {npu} hasn't come to it and is at node {listed}"


def _involved(collective: Collective) -> str:
    if collective.involved is None:
        return "all"
    numbers = [str(number) for number, involved in enumerate(collective.involved) if involved]
    return ", ".join(numbers) or "none"


_LOOKED_AT = 16
"""Absent members whose traces are searched: in a large group, all of them would take long."""
