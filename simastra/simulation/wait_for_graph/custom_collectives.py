"""What a collective that is played from ETs waits for: half a message, in another ET."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.errors import SYMPTOMS, Cause
from simastra.network import Envelope
from simastra.system import Stream
from simastra.system.custom import TAGS_PER_STREAM, CustomPhase, first_tag
from simastra.trace import Node, NodeType
from simastra.units import Bytes, NpuId
from simastra.workload import NpuProcess

from .chunks import streams_of
from .reason import Awaited, Reason
from .situation import Situation


@dataclass(frozen=True, slots=True)
class _Et:
    """The ET that one member plays.

    Attributes:
        source: name of its file.
        rank: of the member.
        nodes: what it plays.
    """

    source: str
    rank: int
    nodes: Sequence[Node]

    def halves(self, other: _Et, *, sends: bool) -> Sequence[Node]:
        """Its sends to another rank, or its receives from there."""
        if sends:
            wanted = (NodeType.COMM_SEND, other.rank)
            return [it for it in self.nodes if (it.type, it.comm_dst) == wanted]
        wanted = (NodeType.COMM_RECV, other.rank)
        return [it for it in self.nodes if (it.type, it.comm_src) == wanted]


@dataclass(frozen=True, slots=True)
class _Half:
    """A half of a message that is waited for, seen from whoever waits."""

    sends: bool
    peer: NpuId
    tag: int
    size: Bytes | None

    def is_of(self, node: Node) -> bool:
        """Whether it may be that node's, or be met by it: a handshake doesn't tell the size."""
        return (node.comm_tag or 0) == self.tag and self.size in {None, node.comm_size or 0}


def custom_reason(process: NpuProcess, situation: Situation) -> Reason | None:
    """The message for which a collective that is played from ETs waits; a cause before symptoms."""
    found = None
    for stream in streams_of(process):
        if not isinstance(stream.phase, CustomPhase):
            continue
        for half, envelope in _waiting(process, stream, situation):
            each = _reason(process, stream, half, envelope, situation)
            if each.cause not in SYMPTOMS:
                return each
            found = found or each
    return found


def _waiting(
    process: NpuProcess, stream: Stream, situation: Situation
) -> Iterator[tuple[_Half, Envelope]]:
    """What a stream's ET waits for; a send waits where a handshake has to come first."""
    first, offset = first_tag(stream.number), situation.handshake_offset
    for envelope in dict.fromkeys(situation.unmet_receives):
        tag, src, dst, size = envelope
        if dst != process.npu.npu or not first <= tag < first + TAGS_PER_STREAM:
            continue
        if offset is not None and tag - first >= offset:
            yield _Half(True, src, tag - first - offset, None), envelope  # noqa: FBT003
        else:
            yield _Half(False, src, tag - first, size), envelope  # noqa: FBT003


def _reason(
    process: NpuProcess, stream: Stream, half: _Half, envelope: Envelope, situation: Situation
) -> Reason:
    partner = situation.processes[half.peer]
    ours, theirs = _et(process, stream, process.npu.npu), _et(process, stream, half.peer)
    mine = [it for it in ours.halves(theirs, sends=half.sends) if half.is_of(it)]
    node, size = mine[0], mine[0].comm_size or 0
    verb, way = ("send", "to") if half.sends else ("receive", "from")
    what = (
        f"{ours.source}, node {node.id} ({node.name!r}), waits to {verb} {size} bytes {way} "
        f"rank {theirs.rank} (NPU {half.peer}) with tag {half.tag}"
    )
    place = situation.whereabouts(envelope)
    if place is not None:
        return Reason(Cause.UNDER_WAY, f"{what}, and the message is {place}", (half.peer,))
    fitting = [it for it in theirs.halves(ours, sends=not half.sends) if _fits(it, node)]
    if len(fitting) < sum(_fits(it, node) for it in mine):
        cause, told = _what_is_wrong(ours, theirs, half, node)
        return Reason(cause, f"{what}: {told}", (half.peer,))
    word = "receive" if half.sends else "send"
    late = f"{what}: {theirs.source}'s {word}, node {fitting[-1].id}, hasn't got so far"
    return Reason(Cause.PARTNER_WAITS, late, (half.peer,), _same_node(partner, stream))


def _fits(node: Node, other: Node) -> bool:
    return (node.comm_tag or 0, node.comm_size or 0) == (other.comm_tag or 0, other.comm_size or 0)


def _et(process: NpuProcess, stream: Stream, npu: NpuId) -> _Et:
    phase, request = stream.phase, stream.request
    assert isinstance(phase, CustomPhase)
    custom, rank = process.npu.collectives.custom, phase.members.index(npu)
    prefix = custom.prefix(request.collective, request.node)
    assert prefix is not None
    graph = custom.graphs(prefix, len(phase.members))[rank]
    return _Et(f"{prefix}.{rank}.et", rank, graph.nodes)


def _what_is_wrong(ours: _Et, theirs: _Et, half: _Half, node: Node) -> tuple[Cause, str]:
    """The other ET has too few halves for this one: is there one that was meant to be it?"""
    word = "receive" if half.sends else "send"
    left = _left_over(ours, theirs, sends=half.sends)
    for there in sorted(left, key=lambda there: (there.comm_tag or 0) != half.tag):
        its = f"{theirs.source}'s {word}, node {there.id} ({there.name!r}),"
        if (there.comm_tag or 0) == half.tag:
            return Cause.SIZE_MISMATCH, f"{its} is of {there.comm_size or 0} bytes"
        if (there.comm_size or 0) == (node.comm_size or 0):
            return Cause.TAG_MISMATCH, f"{its} has tag {there.comm_tag or 0}"
    way = "from" if half.sends else "to"
    present = theirs.halves(ours, sends=not half.sends)
    told = f"{theirs.source} has {_listed(word, present)} {way} rank {ours.rank}"
    return Cause.MISSING_RECEIVE if half.sends else Cause.MISSING_SEND, told


def _left_over(ours: _Et, theirs: _Et, *, sends: bool) -> Iterator[Node]:
    """The other ET's halves that no node of ours is the other half of."""
    met = Counter((it.comm_tag or 0, it.comm_size or 0) for it in ours.halves(theirs, sends=sends))
    for there in theirs.halves(ours, sends=not sends):
        kind = (there.comm_tag or 0, there.comm_size or 0)
        if met[kind]:
            met[kind] -= 1
        else:
            yield there


_SHOWN = 6


def _listed(word: str, nodes: Sequence[Node]) -> str:
    if not nodes:
        return f"no {word}"
    shown = ", ".join(
        f"tag {it.comm_tag or 0} of {it.comm_size or 0} bytes" for it in nodes[:_SHOWN]
    )
    more = f" and {len(nodes) - _SHOWN} more" if len(nodes) > _SHOWN else ""
    return f"only {word}s with {shown}{more}"


def _same_node(partner: NpuProcess, stream: Stream) -> Awaited | None:
    """The partner's node of the same collective, if it is under way."""
    theirs = next((it for it in streams_of(partner) if it.number == stream.number), None)
    if theirs is None:
        return None
    nodes = partner.program.graph.nodes
    index = next((it for it in partner.running if nodes[it].id == theirs.request.node), None)
    return None if index is None else Awaited(partner.npu.npu, index, stream.number)
