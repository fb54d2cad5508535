"""Schedules of timed transfers, as TACOS and its likes synthesise: who sends which chunk when.

A rank can send on what has come by then: by the end of the transfer that brings it, or, where no
end is given, before any later start. Transfers of a link come one after the other, in order of
their starts; what a rank gets of a chunk is reduced to what it has, or replaces it. (Won et al.,
"TACOS", MICRO 2024; Liu et al., "TE-CCL", SIGCOMM 2024.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from simastra.trace import CollectiveType

from .amount import check_chunks
from .claims import Claim
from .schedule import (
    Buffer,
    ChunkCounts,
    ChunkRange,
    Lane,
    Rank,
    Schedule,
    StepId,
    ThreadBlock,
    ThreadBlockStep,
    TransferTimes,
)


@dataclass(frozen=True, slots=True)
class TimedTransfer:
    """One transfer.

    Attributes:
        name: what it is called, in messages.
        src: who sends.
        dst: who receives.
        chunk: its number in the whole collective.
        start: when it begins.
        end: when it has arrived, if that is said.
        reduces: whether it is reduced to what is there.
    """

    name: str
    src: Rank
    dst: Rank
    chunk: int
    start: float
    end: float | None = None
    reduces: bool = False


class Frame(NamedTuple):
    """What is said of a whole schedule: `chunks` is how many there are in the whole collective."""

    source: str
    name: str
    collective: str
    ranks: int
    chunks: int
    root: Rank = 0


def scheduled(frame: Frame, transfers: Sequence[TimedTransfer]) -> Schedule:
    """Make a schedule of transfers.

    Raises:
        ScheduleError: the collective isn't known, or has no such number of chunks.
    """
    check_chunks(frame.ranks * frame.chunks, frame.source)
    empty = Schedule(
        frame.source,
        frame.name,
        frame.collective,
        in_place=False,
        chunks=(ChunkCounts(0, 0, frame.chunks),) * frame.ranks,
        blocks=(),
        root=frame.root,
    )
    numbering = _Numbering(frame, Claim(empty, whole=frame.chunks))
    ranks = [_Rank(rank, numbering, transfers) for rank in range(frame.ranks)]
    counts = ChunkCounts(numbering.claim.chunks_in, numbering.claim.chunks_out, frame.chunks)
    return Schedule(
        frame.source,
        frame.name,
        frame.collective,
        in_place=False,
        chunks=(counts,) * frame.ranks,
        blocks=tuple(block for it in ranks for block in it.blocks()),
        root=frame.root,
        times=_times(transfers),
    )


def _times(transfers: Sequence[TimedTransfer]) -> dict[str, TransferTimes]:
    """When each is on its link: without an end, for the least time between two starts."""
    starts = sorted({it.start for it in transfers})
    unit = min((after - before for before, after in pairwise(starts)), default=1.0)
    return {
        it.name: TransferTimes(it.start, it.start + unit if it.end is None else it.end)
        for it in transfers
    }


class _Numbering:
    """Which of the whole collective's chunks are a rank's inputs and results."""

    def __init__(self, frame: Frame, claim: Claim) -> None:
        self.frame = frame
        self.claim = claim

    def input(self, rank: Rank) -> range:
        """The chunks of its input, in order."""
        count = self.claim.chunks_in
        own = {CollectiveType.ALL_GATHER, CollectiveType.GATHER, CollectiveType.ALL_TO_ALL}
        start = rank * count if self.claim.type in own else 0
        return range(start, start + count) if self.claim.has_input(rank) else range(0)

    def result(self, rank: Rank) -> list[int]:
        """The chunks of its result, in order."""
        count, ranks = self.claim.chunks_out, self.frame.ranks
        if not self.claim.has_output(rank):
            return []
        if self.claim.type is CollectiveType.ALL_TO_ALL:
            share = count // ranks
            return [src * count + rank * share + at for src in range(ranks) for at in range(share)]
        own = {CollectiveType.REDUCE_SCATTER, CollectiveType.SCATTER}
        start = rank * count if self.claim.type in own else 0
        return list(range(start, start + count))


class _When(IntEnum):
    """Of what happens to a chunk at one time, what comes first."""

    ARRIVES = 0
    IS_SENT = 1
    ARRIVES_BEFORE_LATER = 2


class _Rank:
    """A rank's thread blocks: two copy its input and result, the others serve a link each.

    A chunk's transfers depend on each other as their times have it.
    """

    def __init__(
        self, rank: Rank, numbering: _Numbering, transfers: Sequence[TimedTransfer]
    ) -> None:
        self._rank = rank
        self._numbering = numbering
        self._lines: defaultdict[tuple[bool, Rank], list[TimedTransfer]] = defaultdict(list)
        for it in sorted(transfers, key=lambda it: (it.start, it.end or it.start)):
            if it.src == rank:
                self._lines[True, it.dst].append(it)
            if it.dst == rank:
                self._lines[False, it.src].append(it)

    def blocks(self) -> Iterator[ThreadBlock]:
        """The thread blocks."""
        inputs = self._numbering.input(self._rank)
        begin = [
            self._copy(f"input {at}", (Buffer.INPUT, at), (Buffer.SCRATCH, chunk))
            for at, chunk in enumerate(inputs)
        ]
        after, last = self._dependencies(inputs)
        yield ThreadBlock(self._rank, 0, tuple(begin))
        for number, (way, line) in enumerate(self._lines.items(), start=1):
            steps = (
                self._step(it, after[StepId(number, at)], sends=way[0])
                for at, it in enumerate(line)
            )
            yield ThreadBlock(self._rank, number, tuple(steps))
        end = [
            self._copy(
                f"output {at}", (Buffer.SCRATCH, chunk), (Buffer.OUTPUT, at), last.get(chunk, ())
            )
            for at, chunk in enumerate(self._numbering.result(self._rank))
        ]
        yield ThreadBlock(self._rank, len(self._lines) + 1, tuple(end))

    def _dependencies(
        self, inputs: Sequence[int]
    ) -> tuple[dict[StepId, tuple[StepId, ...]], dict[int, tuple[StepId, ...]]]:
        """For each transfer, those of its chunk that come before; and the last of each chunk."""
        uses: defaultdict[int, list[tuple[float, _When, StepId]]] = defaultdict(list)
        for number, ((sends, _), line) in enumerate(self._lines.items(), start=1):
            for at, it in enumerate(line):
                time, when = _moment(it, sends=sends)
                uses[it.chunk].append((time, when, StepId(number, at)))
        written: dict[int, tuple[StepId, ...]] = {
            chunk: (StepId(0, at),) for at, chunk in enumerate(inputs)
        }
        read: defaultdict[int, tuple[StepId, ...]] = defaultdict(tuple)
        after: dict[StepId, tuple[StepId, ...]] = {}
        for chunk, its in uses.items():
            for _, when, step in sorted(its):
                before = written.get(chunk, ())
                if when is _When.IS_SENT:
                    read[chunk] += (step,)
                else:
                    before += read.pop(chunk, ())
                    written[chunk] = (step,)
                after[step] = tuple(it for it in before if it.block != step.block)
        return after, written

    def _step(
        self, transfer: TimedTransfer, after: tuple[StepId, ...], *, sends: bool
    ) -> ThreadBlockStep:
        lane = Lane(transfer.src, transfer.dst, 0)
        held = (ChunkRange(self._rank, Buffer.SCRATCH, transfer.chunk, 1),)
        if sends:
            return ThreadBlockStep(
                "send", transfer.name, sends=lane, sources=held, count=1, after=after
            )
        return ThreadBlockStep(
            "reduce" if transfer.reduces else "receive",
            transfer.name,
            receives=lane,
            sources=held if transfer.reduces else (),
            targets=held,
            count=1,
            after=after,
        )

    def _copy(
        self,
        what: str,
        source: tuple[Buffer, int],
        target: tuple[Buffer, int],
        after: tuple[StepId, ...] = (),
    ) -> ThreadBlockStep:
        spans = (ChunkRange(self._rank, *source, 1), ChunkRange(self._rank, *target, 1))
        place = f"{what} of rank {self._rank}"
        return ThreadBlockStep(
            "copy", place, sources=spans[:1], targets=spans[1:], count=1, after=after
        )


def _moment(transfer: TimedTransfer, *, sends: bool) -> tuple[float, _When]:
    """When a transfer reads or writes, among others at that time."""
    if sends:
        return transfer.start, _When.IS_SENT
    if transfer.end is None:
        return transfer.start, _When.ARRIVES_BEFORE_LATER
    return transfer.end, _When.ARRIVES
