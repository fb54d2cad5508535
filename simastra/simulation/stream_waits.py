"""Why a chunk waits for ever though all members take part in its collective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.collectives import Phase
from simastra.errors import Cause
from simastra.network import Envelope
from simastra.system import Stream
from simastra.system.custom import TAGS_PER_STREAM, CustomPhase, first_tag
from simastra.trace import Node
from simastra.workload import NpuProcess, ReceiveOperation, SendOperation


def custom_wait(
    process: NpuProcess, unmet_receives: Sequence[Envelope]
) -> tuple[tuple[int, ...], Cause, str] | None:
    """The first message for which a collective that is played from ETs waits."""
    first_tags = [
        first_tag(stream.number)
        for stream in _streams(process)
        if isinstance(stream.phase, CustomPhase)
    ]
    for tag, src, dst, size in unmet_receives:
        for first in first_tags:
            if dst == process.npu.npu and first <= tag < first + TAGS_PER_STREAM:
                return (
                    (src,),
                    Cause.MISSING_SEND,
                    f"its ET waits for {size} bytes from NPU {src} with tag {tag - first}, and "
                    "that NPU's ET has no such send left",
                )
    return None


def tag_collision(
    process: NpuProcess, processes: Sequence[NpuProcess]
) -> tuple[tuple[int, ...], Cause, str] | None:
    """A send or receive with the number of a chunk for its tag: their messages can meet."""
    if process.npu.separate_tags:
        return None
    numbers = [communicator.streams for communicator in process.npu.communicators.values()]
    for other in processes:
        for node, operation in other.program:
            match operation:
                case SendOperation(tag=tag) | ReceiveOperation(tag=tag):
                    if any(tag in streams for streams in numbers):
                        return (other.npu.npu,), Cause.TAG_COLLISION, _collision(other, node, tag)
                case _:
                    pass
    return None


def _collision(other: NpuProcess, node: Node, tag: int) -> str:
    return (
        f"NPU {other.npu.npu}'s node {node.id} ({node.name!r}) has tag {tag}, which is also the "
        f"tag of chunk {tag}: one can take the other's message; use tags that no chunk comes to"
    )


def held_up_stream(
    process: NpuProcess, processes: Sequence[NpuProcess]
) -> tuple[tuple[int, ...], Cause, str] | None:
    """A partner that keeps in a queue what this NPU runs.

    Members may start chunks in different order where arrival times differ from NPU to NPU; with
    fewer active chunks than chunks, each can then run what another one keeps waiting (9.3 #20).
    """
    for stream in _streams(process):
        if not stream.begun or not isinstance(stream.phase, Phase):
            continue
        for member in stream.phase.ring.members:
            theirs = _stream_of_number(processes[member], stream.number)
            if theirs is None or theirs.begun or theirs.phase is None:
                continue
            queue = theirs.phase.queue
            scheduler = processes[member].npu.collectives.scheduler
            ahead = [other.number for other in scheduler.queues[queue] if other.begun]
            return (
                (member,),
                Cause.STREAM_ORDER,
                f"its chunk {stream.number} runs {stream.phase.collective.name} with NPU {member}, "
                f"which keeps that chunk in queue {queue} behind chunk "
                f"{', '.join(map(str, ahead))}; raising active-chunks-per-dimension to "
                "preferred-dataset-splits may help",
            )
    return None


def _streams(process: NpuProcess) -> Iterator[Stream]:
    for queue in process.npu.collectives.scheduler.queues:
        yield from queue


def _stream_of_number(process: NpuProcess, number: int) -> Stream | None:
    return next((stream for stream in _streams(process) if stream.number == number), None)
