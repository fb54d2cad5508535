"""What a send or a receive waits for: the partner's side of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simastra.errors import Cause
from simastra.simulation.checks.halves import Half, half_of, left_over, nearest
from simastra.system.tags import Tags
from simastra.units import NpuId
from simastra.workload import NpuProcess

from .holders import unit_holder
from .reason import Awaited, Reason
from .situation import Situation


def half_at(process: NpuProcess, index: int) -> Half | None:
    """The send or receive that an NPU's node is, None if it is neither."""
    nodes, operation = process.program.graph.nodes, process.program.operations[index]
    return half_of(process.npu.npu, nodes[index], operation, _tags(process))


def message_reason(process: NpuProcess, index: int, half: Half, situation: Situation) -> Reason:
    """What the send or receive `index`, which is under way, waits for."""
    place = situation.whereabouts(half.envelope)
    if place is not None:
        return Reason(situation.on_its_way(half.envelope), f"the message is {place}", (half.peer,))
    partner = situation.processes[half.peer]
    matching = list(_others(partner, half))
    late = [there for there in matching if not partner.progress.is_finished(there)]
    alike = list(_alike(process, half))
    turn = sum(node < index and node in process.running for node in alike)
    # With too few of a kind, each that comes late may be the one for a later node of this NPU.
    if turn < len(late) and not (situation.stands_still and len(matching) < len(alike)):
        return _why_late(partner, late[turn], half, situation)
    return _what_is_wrong(process, half, situation, matching)


def _alike(process: NpuProcess, half: Half) -> Iterator[int]:
    """An NPU's nodes that are just like this half of its."""
    for index, mine in _halves(process):
        if (mine.sends, mine.envelope) == (half.sends, half.envelope):
            yield index


def _others(partner: NpuProcess, half: Half) -> Iterator[int]:
    """The partner's nodes that fit this half."""
    for index, there in _halves(partner):
        if there.sends is not half.sends and there.envelope == half.envelope:
            yield index


def _halves(process: NpuProcess) -> Iterator[tuple[int, Half]]:
    program, npu, tags = process.program, process.npu.npu, _tags(process)
    for index in program.external_operations:
        half = half_of(npu, program.graph.nodes[index], program.operations[index], tags)
        if half is not None:
            yield index, half


def _tags(process: NpuProcess) -> Tags:
    return Tags(separate=process.npu.separate_tags)


def _why_late(partner: NpuProcess, index: int, half: Half, situation: Situation) -> Reason:
    node, other = partner.program.graph.nodes[index], partner.npu.npu
    its = f"NPU {other}'s {half.wanted}, node {node.id},"
    awaited = Awaited(other, index)
    if index in partner.running:
        waits = "waits too" if situation.stands_still else "hasn't got so far"
        return Reason(Cause.PARTNER_WAITS, f"{its} is under way and {waits}", (other,), awaited)
    holder = unit_holder(partner, index) if index in partner.ready else None
    if holder is not None:
        holding = partner.program.graph.nodes[holder]
        return Reason(
            Cause.UNIT_HELD,
            f"{its} is ready, but node {holding.id} ({holding.name!r}) holds the NPU's unit",
            (other,),
            awaited,
        )
    return Reason(
        Cause.PARTNER_WAITS, f"{its} waits for nodes that have not finished", (other,), awaited
    )


def meant(half: Half, ours: Sequence[Half], theirs: Sequence[Half]) -> tuple[Cause, Half] | None:
    """Where a partner has too few halves for this one: the one that was meant to be it, if any.

    Args:
        half: one of `ours`.
        ours: all of this NPU's.
        theirs: all of the partner's.
    """
    same_way = [mine for mine in ours if mine.sends is half.sends]
    answers = [there for there in theirs if there.sends is not half.sends]
    found = nearest(half, list(left_over(answers, same_way)))
    if found is None:
        return None
    same_tag = found.envelope.tag == half.envelope.tag
    return (Cause.SIZE_MISMATCH if same_tag else Cause.TAG_MISMATCH), found


def differs(cause: Cause, half: Half) -> str:
    """How the half that was meant differs, in words."""
    if cause is Cause.SIZE_MISMATCH:
        return f"is of {half.size:,} bytes"
    return f"has tag {half.tag}"


def _what_is_wrong(
    process: NpuProcess, half: Half, situation: Situation, matching: Sequence[int]
) -> Reason:
    """The partner has too few halves for this one: is there one that was meant to be it?"""
    partner, other, wanted = situation.processes[half.peer], half.peer, half.wanted
    ours, theirs = ([it for _, it in _halves(each)] for each in (process, partner))
    wrong = meant(half, ours, theirs)
    if wrong is not None:
        cause, there = wrong
        its = f"NPU {other}'s {wanted}, node {there.node.id},"
        return Reason(cause, f"{its} {differs(cause, there)}", (other,))
    missing = Cause.MISSING_RECEIVE if half.sends else Cause.MISSING_SEND
    if any(not partner.progress.is_finished(index) for index in matching):
        explanation = f"NPU {other} has only {len(matching)} such {wanted}s; one more is needed"
    elif matching:
        explanation = (
            f"NPU {other} has {len(matching)} such {wanted}s and all have been used; one more is "
            "needed"
        )
    else:
        way = "from" if half.sends else "to"
        explanation = f"NPU {other} has no {wanted} {way} NPU {process.npu.npu} that matches"
    return Reason(missing, explanation + _elsewhere(theirs, half, situation), (other,))


def _elsewhere(theirs: Sequence[Half], half: Half, situation: Situation) -> str:
    """A half of the partner's that would do, but for another NPU that has none for it."""
    counts: Counter[NpuId] = Counter()
    for there in theirs:
        if there.sends is half.sends:
            continue
        if (there.size, there.envelope.tag) != (half.size, half.envelope.tag):
            continue
        counts[there.peer] += 1
        answers = _others(situation.processes[there.peer], there)
        if counts[there.peer] > sum(1 for _ in answers):
            if half.sends:
                where = f"is from NPU {there.peer}, which sends no such"
                return f"; its receive, node {there.node.id}, {where}"
            where = f"goes to NPU {there.peer}, which doesn't receive it"
            return f"; its send, node {there.node.id}, {where}"
    return ""
