"""What a chunk waits for though all members take part in its collective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.collectives import Phase
from simastra.errors import Cause
from simastra.network import Envelope
from simastra.system import Stream
from simastra.system.tags import MOST_PARTS, Tags, tag_of_part
from simastra.trace import Node
from simastra.view.ends import device_words, is_switch
from simastra.workload import NpuProcess, ReceiveOperation, SendOperation

from .participation import Participation
from .reason import Awaited, Reason
from .situation import Situation
from .switches import behind_switches


def chunk_reason(
    process: NpuProcess, ours: Participation, situation: Situation, chunk: int | None
) -> Reason:
    """What a chunk of a collective waits for: that one, or the first that runs."""
    streams = list(streams_of(process))
    wanted = [stream for stream in streams if stream.number == chunk] or streams
    running = [stream for stream in wanted if stream.begun]
    if not running:
        return _not_begun(process, wanted)
    reasons = [_of_stream(process, ours, stream, situation) for stream in running]
    return next(
        (found for found in reasons if found is not None), _at_endpoint(running[0], situation)
    )


def tag_collision(process: NpuProcess, processes: Sequence[NpuProcess]) -> Reason | None:
    """A send or receive with the number of a chunk for its tag: their messages can meet."""
    if process.npu.separate_tags:
        return None
    numbers = [communicator.streams for communicator in process.npu.communicators.values()]
    for other in processes:
        for node, operation in other.program:
            match operation:
                case SendOperation(tag=tag) | ReceiveOperation(tag=tag):
                    if any(tag in streams for streams in numbers):
                        text = _collision(other, node, tag)
                        return Reason(Cause.TAG_COLLISION, text, (other.npu.npu,))
                case _:
                    pass
    return None


def _collision(other: NpuProcess, node: Node, tag: int) -> str:
    return (
        f"NPU {other.npu.npu}'s node {node.id} ({node.name!r}) has tag {tag}, which is also the "
        f"tag of chunk {tag}: one can take the other's message; use tags that no chunk comes to"
    )


def held_up_stream(process: NpuProcess, processes: Sequence[NpuProcess]) -> Reason | None:
    """A partner that keeps in a queue what this NPU runs.

    Members may start chunks in different order where arrival times differ from NPU to NPU; with
    fewer active chunks than chunks, each can then run what another one keeps waiting (7.3 #20).
    """
    for stream in streams_of(process):
        if not stream.begun or not isinstance(stream.phase, Phase):
            continue
        for member in stream.phase.ring.members:
            theirs = _stream_of_number(processes[member], stream.number)
            if theirs is None or theirs.begun or theirs.phase is None:
                continue
            held = _kept_waiting(processes[member], theirs)
            return Reason(
                Cause.STREAM_ORDER,
                f"its chunk {stream.name} runs {stream.phase.collective.name} with NPU {member}, "
                f"which keeps that chunk {held}; raising active-chunks-per-dimension to "
                "preferred-dataset-splits may help",
                (member,),
            )
    return None


def streams_of(process: NpuProcess) -> Iterator[Stream]:
    """An NPU's chunks in flight, queue by queue."""
    for queue in process.npu.collectives.queues:
        yield from queue


def _stream_of_number(process: NpuProcess, number: int) -> Stream | None:
    return next((stream for stream in streams_of(process) if stream.number == number), None)


def _kept_waiting(process: NpuProcess, stream: Stream) -> str:
    """Where a stream waits to begin its phase, in words."""
    if stream.phase is None:
        return "before its first phase"
    queue = stream.phase.queue
    ahead = [str(other.number) for other in process.npu.collectives.queues[queue] if other.begun]
    return f"in queue {queue} behind chunk {', '.join(ahead)}" if ahead else f"in queue {queue}"


def _not_begun(process: NpuProcess, streams: Sequence[Stream]) -> Reason:
    if not streams:
        return Reason(Cause.UNDER_WAY, "it is about to end")
    stream = streams[0]
    return Reason(
        Cause.UNDER_WAY,
        f"its chunk {stream.name} is {_kept_waiting(process, stream)}",
    )


def _of_stream(
    process: NpuProcess, ours: Participation, stream: Stream, situation: Situation
) -> Reason | None:
    """What a running chunk waits for; None if it waits for no message."""
    tag = Tags(separate=process.npu.separate_tags).of_stream(stream.number)
    npu = process.npu.npu
    tags = {tag_of_part(tag, part) for part in range(MOST_PARTS)}
    waited_for = [
        envelope
        for envelope in dict.fromkeys(situation.posted_receives)
        if envelope.tag in tags and envelope.dst == npu
    ]
    if not waited_for:
        return None
    not_sent = [each for each in waited_for if situation.whereabouts(each) is None]
    envelope = (not_sent or waited_for)[0]
    what = f"its chunk {stream.name} waits for {_bytes_from(envelope)}"
    place = situation.whereabouts(envelope)
    if place is None and is_switch(envelope.src):
        for envelope in behind_switches(envelope.src, tag, situation):  # noqa: B020  # on to the last
            what = f"{what}, which waits for {_bytes_from(envelope)}"
        place = situation.whereabouts(envelope)
    peers = () if is_switch(envelope.src) else (envelope.src,)
    if place is not None:
        return Reason(situation.on_its_way(envelope), f"{what}, and the message is {place}", peers)
    if not peers or envelope.src == npu:
        return Reason(Cause.UNDER_WAY, f"{what}, which is about to send them")
    return _not_sent(what, envelope, ours, stream, situation)


def _bytes_from(envelope: Envelope) -> str:
    return f"{envelope.size:,} bytes from {device_words(envelope.src)}"


def _not_sent(
    what: str, envelope: Envelope, ours: Participation, stream: Stream, situation: Situation
) -> Reason:
    partner = situation.processes[envelope.src]
    theirs = _stream_of_number(partner, stream.number)
    node = _same_collective(partner, ours)
    awaited = None if node is None else Awaited(envelope.src, node, stream.number)
    if theirs is None:
        state = "which has no such chunk any more"
    elif not theirs.begun:
        state = f"which keeps that chunk {_kept_waiting(partner, theirs)}"
    else:
        state = "which has not sent them yet"
    return Reason(Cause.PARTNER_WAITS, f"{what}, {state}", (envelope.src,), awaited)


def _same_collective(partner: NpuProcess, ours: Participation) -> int | None:
    """Index of the partner's node of the same collective, if it is under way."""
    theirs = partner.npu.communicators[ours.group].issued[ours.index]
    operations = partner.program.operations
    return next((index for index in partner.running if operations[index] is theirs), None)


def _at_endpoint(stream: Stream, situation: Situation) -> Reason:
    if situation.stands_still:  # so that there is nothing to pass, and nobody to wait for
        return Reason(
            Cause.NEVER_FINISHED,
            f"its chunk {stream.name} expects no message any more, and its algorithm hasn't called "
            "finish()",
        )
    return Reason(
        Cause.UNDER_WAY,
        f"its chunk {stream.name} passes the endpoint and expects no message",
    )
