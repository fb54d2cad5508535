"""What a collective that is played from ETs waits for: half a message, in another ET."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.errors import SYMPTOMS, Cause
from simastra.network import Envelope
from simastra.simulation.checks.halves import Half, halves_in
from simastra.system import Stream
from simastra.system.custom import TAGS_PER_STREAM, CustomPhase, first_tag
from simastra.view.phrases import listed
from simastra.workload import NpuProcess

from .chunks import streams_of
from .messages import differs, meant
from .reason import Awaited, Reason
from .situation import Situation


@dataclass(frozen=True, slots=True)
class _Et:
    """The ET that one member plays.

    Attributes:
        source: name of its file.
        rank: of the member.
        halves: its sends and receives, between ranks.
    """

    source: str
    rank: int
    halves: Sequence[Half]

    def with_peer(self, peer: int, *, sends: bool) -> Sequence[Half]:
        """Its sends to another rank, or its receives from there."""
        return [half for half in self.halves if half.sends is sends and half.peer == peer]


def custom_reason(process: NpuProcess, situation: Situation) -> Reason | None:
    """The message for which a collective that is played from ETs waits; a cause before symptoms."""
    found = None
    for stream in streams_of(process):
        if isinstance(stream.phase, CustomPhase):
            for half, envelope in _waiting(process, stream, situation):
                each = _reason(process, stream, half, envelope, situation)
                if each.cause not in SYMPTOMS:
                    return each
                found = found or each
    return found


def _waiting(
    process: NpuProcess, stream: Stream, situation: Situation
) -> Iterator[tuple[Half, Envelope]]:
    """What a stream's ET waits for, with the message's envelope in the network.

    A send waits where a handshake has to come first, which doesn't tell the message's size.
    """
    first, offset = first_tag(stream.number), situation.handshake_offset
    phase = stream.phase
    assert isinstance(phase, CustomPhase)
    halves = _et(process, stream, process.npu.npu).halves
    for envelope in dict.fromkeys(situation.posted_receives):
        if envelope.dst != process.npu.npu or not first <= envelope.tag < first + TAGS_PER_STREAM:
            continue
        tag, rank = envelope.tag - first, phase.members.index(envelope.src)
        sends = offset is not None and tag >= offset
        wanted = (sends, rank, tag - offset if sends and offset is not None else tag)
        yield (
            next(
                half
                for half in halves
                if (half.sends, half.peer, half.tag) == wanted
                and (sends or half.size == envelope.size)
            ),
            envelope,
        )


def _reason(
    process: NpuProcess, stream: Stream, half: Half, envelope: Envelope, situation: Situation
) -> Reason:
    npu = envelope.src
    ours, theirs = _et(process, stream, process.npu.npu), _et(process, stream, npu)
    what = (
        f"{ours.source}, node {half.node.id} ({half.node.name!r}), waits to {half.verb} "
        f"{half.size:,} bytes {half.toward} rank {theirs.rank} (NPU {npu}) with tag {half.tag}"
    )
    place = situation.whereabouts(envelope)
    if place is not None:
        return Reason(situation.on_its_way(envelope), f"{what}, and the message is {place}", (npu,))
    alike = [it for it in ours.with_peer(theirs.rank, sends=half.sends) if _is_of(half, it)]
    fitting = [it for it in theirs.with_peer(ours.rank, sends=not half.sends) if _is_of(half, it)]
    if len(fitting) < len(alike):
        cause, told = _what_is_wrong(ours, theirs, half)
        return Reason(cause, f"{what}: {told}", (npu,))
    late = f"{what}: {theirs.source}'s {half.wanted}, node {fitting[-1].node.id}, hasn't got so far"
    awaited = _same_node(situation.processes[npu], stream)
    return Reason(Cause.PARTNER_WAITS, late, (npu,), awaited)


def _is_of(half: Half, other: Half) -> bool:
    """Whether another half is of the same message, or of one just like it."""
    return half.envelope == other.envelope


def _et(process: NpuProcess, stream: Stream, npu: int) -> _Et:
    phase = stream.phase
    assert isinstance(phase, CustomPhase)
    custom, rank = process.npu.custom, phase.members.index(npu)
    prefix = custom.prefix(stream.collective)
    assert prefix is not None
    graph = custom.graphs(prefix, len(phase.members))[rank]
    return _Et(f"{prefix}.{rank}.et", rank, list(halves_in(graph.nodes, rank, "rank")))


def _what_is_wrong(ours: _Et, theirs: _Et, half: Half) -> tuple[Cause, str]:
    """The other ET has too few halves for this one: is there one that was meant to be it?"""
    wrong = meant(half, ours.halves, theirs.halves)
    if wrong is not None:
        cause, there = wrong
        its = f"{theirs.source}'s {half.wanted}, node {there.node.id} ({there.node.name!r}),"
        return cause, f"{its} {differs(cause, there)}"
    way = "from" if half.sends else "to"
    present = theirs.with_peer(ours.rank, sends=not half.sends)
    told = f"{theirs.source} has {_only(half.wanted, present)} {way} rank {ours.rank}"
    return Cause.MISSING_RECEIVE if half.sends else Cause.MISSING_SEND, told


_SHOWN = 6


def _only(word: str, present: Sequence[Half]) -> str:
    if not present:
        return f"no {word}"
    told = [f"tag {it.tag} of {it.size:,} bytes" for it in present]
    return f"only {word}s with {listed(told, _SHOWN)}"


def _same_node(partner: NpuProcess, stream: Stream) -> Awaited | None:
    """The partner's node of the same collective, if it is under way."""
    theirs = next((it for it in streams_of(partner) if it.number == stream.number), None)
    if theirs is None:
        return None
    operations = partner.program.operations
    index = next((it for it in partner.running if operations[it] is theirs.collective), None)
    return None if index is None else Awaited(partner.npu.npu, index, stream.number)
