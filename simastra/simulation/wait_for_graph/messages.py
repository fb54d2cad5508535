"""What a send or a receive waits for: the partner's side of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.errors import Cause
from simastra.network import Envelope
from simastra.system.tags import Tags
from simastra.units import Bytes, NpuId
from simastra.workload import (
    NpuProcess,
    Operation,
    ReceiveOperation,
    SendOperation,
)

from .holders import unit_holder
from .reason import Awaited, Reason
from .situation import Situation


@dataclass(frozen=True, slots=True)
class Half:
    """One half of a message as an ET node has it: a send or a receive."""

    sends: bool
    peer: NpuId
    size: Bytes
    tag: int

    @property
    def noun(self) -> str:
        """What the node does, and what it is."""
        return "send" if self.sends else "receive"

    @property
    def what(self) -> str:
        """What it waits for."""
        direction = "to" if self.sends else "from"
        return (
            f"waits to {self.noun} {self.size} bytes {direction} NPU {self.peer} "
            f"with tag {self.tag}"
        )

    def envelope(self, process: NpuProcess) -> Envelope:
        """The message's, where this is a node of `process`."""
        tag = Tags(separate=process.npu.separate_tags).of_send(self.tag)
        own = process.npu.npu
        src, dst = (own, self.peer) if self.sends else (self.peer, own)
        return Envelope(tag, src, dst, self.size)


def half_of(operation: Operation) -> Half | None:
    """The send or receive that an operation is, None if it is neither."""
    match operation:
        case SendOperation(dst, size, tag):
            return Half(True, dst, size, tag)  # noqa: FBT003  # it reads: sends
        case ReceiveOperation(src, size, tag):
            return Half(False, src, size, tag)  # noqa: FBT003
        case _:
            return None


def message_reason(process: NpuProcess, index: int, half: Half, situation: Situation) -> Reason:
    """What the send or receive `index`, which is under way, waits for."""
    place = situation.whereabouts(half.envelope(process))
    if place is not None:
        return Reason(Cause.UNDER_WAY, f"the message is {place}", (half.peer,))
    partner = situation.processes[half.peer]
    matching = list(_matching(partner, process.npu.npu, half))
    late = [there for there in matching if not partner.progress.is_finished(there)]
    turn = _turn(process, index, half)
    needed = sum(half_of(operation) == half for operation in process.program.operations)
    # With too few of a kind, each that comes late may be the one for a later node of this NPU.
    if turn < len(late) and not (situation.stands_still and len(matching) < needed):
        return _why_late(partner, late[turn], half, situation)
    return _what_is_wrong(process, half, situation, matching)


def _matching(partner: NpuProcess, npu: NpuId, half: Half) -> Iterator[int]:
    """The partner's nodes that fit this half."""
    wanted = Half(not half.sends, npu, half.size, half.tag)
    for index, operation in enumerate(partner.program.operations):
        if half_of(operation) == wanted:
            yield index


def _turn(process: NpuProcess, index: int, half: Half) -> int:
    """How many nodes under way that are just like this one come before it."""
    operations = process.program.operations
    return sum(node < index and half_of(operations[node]) == half for node in process.running)


def _why_late(partner: NpuProcess, index: int, half: Half, situation: Situation) -> Reason:
    node, other = partner.program.graph.nodes[index], partner.npu.npu
    wanted = "receive" if half.sends else "send"
    its = f"NPU {other}'s {wanted}, node {node.id},"
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


def _what_is_wrong(
    process: NpuProcess, half: Half, situation: Situation, matching: Sequence[int]
) -> Reason:
    """The partner has too few halves for this one: is there one that was meant to be it?"""
    partner, other = situation.processes[half.peer], half.peer
    wanted = "receive" if half.sends else "send"
    for index, there in _left_over(partner, process, half):
        its = f"NPU {other}'s {wanted}, node {partner.program.graph.nodes[index].id},"
        if there.tag == half.tag:
            return Reason(Cause.SIZE_MISMATCH, f"{its} is of {there.size} bytes", (other,))
        if there.size == half.size:
            return Reason(Cause.TAG_MISMATCH, f"{its} has tag {there.tag}", (other,))
    missing = Cause.MISSING_RECEIVE if half.sends else Cause.MISSING_SEND
    if any(not partner.progress.is_finished(index) for index in matching):
        explanation = f"NPU {other} has only {len(matching)} such {wanted}s; one more is needed"
    elif matching:
        explanation = (
            f"NPU {other} has {len(matching)} such {wanted}s and all have been used; one more is "
            "needed"
        )
    else:
        preposition = "from" if half.sends else "to"
        explanation = (
            f"NPU {other} has no {wanted} {preposition} NPU {process.npu.npu} that matches"
        )
    return Reason(missing, explanation + _elsewhere(partner, half, situation), (other,))


def _elsewhere(partner: NpuProcess, half: Half, situation: Situation) -> str:
    """A half of the partner's that would do, but for another NPU that has none for it."""
    npu = partner.npu.npu
    counts: Counter[NpuId] = Counter()
    for index, operation in enumerate(partner.program.operations):
        there = half_of(operation)
        if there is None or there.sends is half.sends:
            continue
        if (there.size, there.tag) != (half.size, half.tag):
            continue
        counts[there.peer] += 1
        answers = _matching(situation.processes[there.peer], npu, there)
        if counts[there.peer] > sum(1 for _ in answers):
            node = partner.program.graph.nodes[index].id
            if half.sends:
                return f"; its receive, node {node}, is from NPU {there.peer}, which sends no such"
            return f"; its send, node {node}, goes to NPU {there.peer}, which doesn't receive it"
    return ""


def _left_over(partner: NpuProcess, process: NpuProcess, half: Half) -> Iterator[tuple[int, Half]]:
    """The partner's halves that no node of this NPU is the other half of; same tags come first."""
    npu = process.npu.npu
    ours = Counter(
        (mine.size, mine.tag)
        for mine in map(half_of, process.program.operations)
        if mine is not None and mine.sends is half.sends and mine.peer == partner.npu.npu
    )
    left = []
    for index, operation in enumerate(partner.program.operations):
        there = half_of(operation)
        if there is None or there.sends is half.sends or there.peer != npu:
            continue
        if ours[there.size, there.tag]:
            ours[there.size, there.tag] -= 1
        else:
            left.append((index, there))
    yield from sorted(left, key=lambda found: found[1].tag != half.tag)
