"""Why a send or a receive waits for ever: the partner's side of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.errors import Cause, Wait
from simastra.units import Bytes, NpuId
from simastra.workload import (
    NpuProcess,
    Operation,
    ReceiveOperation,
    SendOperation,
)


@dataclass(frozen=True, slots=True)
class _Half:
    """One half of a message as an ET node has it: a send or a receive."""

    sends: bool
    peer: NpuId
    size: Bytes
    tag: int

    @property
    def noun(self) -> str:
        return "send" if self.sends else "receive"


def message_wait(process: NpuProcess, index: int, processes: Sequence[NpuProcess]) -> Wait | None:
    """What a send or receive under way waits for; None for any other node."""
    node = process.program.graph.nodes[index]
    half = _half(process.program.operations[index])
    if half is None:
        return None
    cause, explanation = _partner_side(process, half, processes[half.peer])
    direction = "to" if half.sends else "from"
    what = f"waits to {half.noun} {half.size} bytes {direction} NPU {half.peer} with tag {half.tag}"
    return Wait(process.npu.npu, node.id, node.name, what, (half.peer,), cause, explanation)


def _half(operation: Operation) -> _Half | None:
    match operation:
        case SendOperation(dst, size, tag):
            return _Half(True, dst, size, tag)  # noqa: FBT003  # it reads: sends
        case ReceiveOperation(src, size, tag):
            return _Half(False, src, size, tag)  # noqa: FBT003
        case _:
            return None


def _partner_side(process: NpuProcess, half: _Half, partner: NpuProcess) -> tuple[Cause, str]:
    npu, other = process.npu.npu, half.peer
    wanted = "receive" if half.sends else "send"
    missing = Cause.MISSING_RECEIVE if half.sends else Cause.MISSING_SEND
    found = _halves(partner, npu, sends=not half.sends)
    exact = [index for index, there in found if (there.size, there.tag) == (half.size, half.tag)]
    late = [index for index in exact if not partner.progress.is_finished(index)]
    if late:
        return _why_late(partner, late[0], wanted)
    if exact:
        return missing, (
            f"NPU {other} has {len(exact)} such {wanted}s and all have been used; "
            f"one more is needed"
        )
    for index, there in found:
        node = partner.program.graph.nodes[index]
        if there.tag == half.tag:
            return Cause.SIZE_MISMATCH, (
                f"NPU {other}'s {wanted}, node {node.id}, is of {there.size} bytes"
            )
        if there.size == half.size:
            return Cause.TAG_MISMATCH, (
                f"NPU {other}'s {wanted}, node {node.id}, has tag {there.tag}"
            )
    preposition = "from" if half.sends else "to"
    return missing, f"NPU {other} has no {wanted} {preposition} NPU {npu} that matches"


def _halves(partner: NpuProcess, npu: NpuId, *, sends: bool) -> list[tuple[int, _Half]]:
    """The partner's sends to (or receives from) `npu`, with their indices in its graph."""
    halves = []
    for index, operation in enumerate(partner.program.operations):
        half = _half(operation)
        if half is not None and half.sends is sends and half.peer == npu:
            halves.append((index, half))
    return halves


def _why_late(partner: NpuProcess, index: int, wanted: str) -> tuple[Cause, str]:
    node, other = partner.program.graph.nodes[index], partner.npu.npu
    its = f"NPU {other}'s {wanted}, node {node.id},"
    if index in partner.running:
        return Cause.PARTNER_WAITS, f"{its} is under way and waits too"
    holder = partner.holder_of(index)
    if index in partner.ready and holder is not None:
        return Cause.UNIT_HELD, (
            f"{its} is ready, but node {holder.id} ({holder.name!r}) holds the NPU's unit"
        )
    return Cause.PARTNER_WAITS, f"{its} waits for nodes that have not finished"
