"""Why a chunk waits for ever though all members take part: its stream is queued elsewhere.

Members may start chunks in different order where arrival times differ from NPU to NPU; with fewer
active chunks than chunks, each can then run what another one keeps in a queue (behaviour 9.3 #20).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.collectives import Phase
from simastra.system import Stream
from simastra.units import NpuId
from simastra.workload import NpuProcess


def held_up_stream(
    process: NpuProcess, processes: Sequence[NpuProcess]
) -> tuple[NpuId, str] | None:
    """A partner that keeps in a queue what this NPU runs, and an explanation; None if none does."""
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
            return member, (
                f"its chunk {stream.number} runs {stream.phase.collective.name} with NPU {member}, "
                f"which keeps that chunk in queue {queue} behind chunk "
                f"{', '.join(map(str, ahead))}; raising active-chunks-per-dimension to "
                "preferred-dataset-splits may help"
            )
    return None


def _streams(process: NpuProcess) -> Iterator[Stream]:
    for queue in process.npu.collectives.scheduler.queues:
        yield from queue


def _stream_of_number(process: NpuProcess, number: int) -> Stream | None:
    return next((stream for stream in _streams(process) if stream.number == number), None)
