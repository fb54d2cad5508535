"""What a collective is to compute: which contributions each chunk of its result is made of.

A contribution is a chunk of one rank's input. n ranks, and k chunks of one rank's share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple, TypeAlias

from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name

from .schedule import Buffer, ChunkCounts, ChunkRange, Rank, Schedule
from .wrong import ScheduleError


class Contribution(NamedTuple):
    """A chunk of a rank's input, by its number there."""

    rank: Rank
    chunk: int


Contributions: TypeAlias = frozenset[Contribution]


class Cell(NamedTuple):
    """A chunk's place, the same for input and output where these lie in the same memory."""

    rank: Rank
    buffer: Buffer
    chunk: int


@dataclass(frozen=True, slots=True)
class _Collective:
    """A collective.

    Attributes:
        type: simastra's.
        parts_in: whether the input has a part for each rank, so that it has n shares.
        parts_out: whether the output has.
        reduces: whether a chunk of the result is of all ranks.
        rooted: whether only the root puts in ("in"), gets out ("out"), or neither.
    """

    type: CollectiveType
    parts_in: bool = False
    parts_out: bool = False
    reduces: bool = False
    rooted: str = ""


_COLLECTIVES = {
    "allreduce": _Collective(CollectiveType.ALL_REDUCE, reduces=True),
    "allgather": _Collective(CollectiveType.ALL_GATHER, parts_out=True),
    "reducescatter": _Collective(CollectiveType.REDUCE_SCATTER, parts_in=True, reduces=True),
    "alltoall": _Collective(CollectiveType.ALL_TO_ALL, parts_in=True, parts_out=True),
    "broadcast": _Collective(CollectiveType.BROADCAST, rooted="in"),
    "reduce": _Collective(CollectiveType.REDUCE, reduces=True, rooted="out"),
    "gather": _Collective(CollectiveType.GATHER, parts_out=True, rooted="out"),
    "scatter": _Collective(CollectiveType.SCATTER, parts_in=True, rooted="in"),
}
"""By their names' letters. To add one: a line."""

COLLECTIVES = tuple(collective_name(it.type) for it in _COLLECTIVES.values())
"""Names of the collectives that can be claimed."""


class Claim:
    """What a schedule is to compute.

    Args:
        schedule: names the collective, and has the buffers.
        collective: what it is to compute instead of what it says.
        whole: chunks of the whole collective, where the buffers have no numbers of their own.

    Raises:
        ScheduleError: the collective isn't known, or the buffers have no chunks that fit it.
    """

    def __init__(
        self, schedule: Schedule, collective: str | None = None, whole: int | None = None
    ) -> None:
        said = schedule.collective if collective is None else collective
        kind = _COLLECTIVES.get(re.sub("[^a-z]", "", said.casefold()))
        if kind is None:
            problem = unknown_name("collective", said[:40], COLLECTIVES)
            raise ScheduleError(
                f"{problem}; --collective says what it is to compute", source=schedule.source
            )
        if schedule.root >= schedule.ranks:
            raise ScheduleError(
                f"has the root {schedule.root}; one of 0 to {schedule.ranks - 1} is wanted",
                source=schedule.source,
            )
        self._kind = kind
        self._schedule = schedule
        self._share = self._shared() if whole is None else self._share_of(whole)

    def has_input(self, rank: Rank) -> bool:
        """Whether a rank puts something in."""
        return self._kind.rooted != "in" or rank == self._schedule.root

    def has_output(self, rank: Rank) -> bool:
        """Whether a rank gets something out."""
        return self._kind.rooted != "out" or rank == self._schedule.root

    @property
    def type(self) -> CollectiveType:
        """The collective."""
        return self._kind.type

    @property
    def name(self) -> str:
        """Its name, as in all-reduce."""
        return collective_name(self.type)

    @property
    def reduces(self) -> bool:
        """Whether the result is a reduction."""
        return self._kind.reduces

    @property
    def chunks_in(self) -> int:
        """Chunks of the input of a rank that has one."""
        return self._share * (self._schedule.ranks if self._kind.parts_in else 1)

    @property
    def chunks_out(self) -> int:
        """Chunks of the output of a rank that has one."""
        return self._share * (self._schedule.ranks if self._kind.parts_out else 1)

    def cell(self, span: ChunkRange, offset: int) -> Cell:
        """The place of one of a span's chunks."""
        rank, buffer, index = span.rank, span.buffer, span.start + offset
        if self._schedule.in_place and buffer is not Buffer.SCRATCH:
            whole = Buffer.INPUT if self.chunks_in >= self.chunks_out else Buffer.OUTPUT
            if buffer is not whole and self.chunks_in != self.chunks_out:
                index += rank * self._share
            buffer = whole
        return Cell(rank, buffer, index)

    def inputs(self) -> Iterator[tuple[Cell, Contribution]]:
        """What is there at the beginning, and where."""
        for rank in range(self._schedule.ranks):
            if self.has_input(rank):
                span = ChunkRange(rank, Buffer.INPUT, 0, self.chunks_in)
                for index in range(self.chunks_in):
                    yield self.cell(span, index), Contribution(rank, index)

    def results(self) -> Iterator[tuple[ChunkRange, Contributions]]:
        """Each chunk of the result, and what it is to be made of."""
        for rank in range(self._schedule.ranks):
            if self.has_output(rank):
                for index in range(self.chunks_out):
                    yield ChunkRange(rank, Buffer.OUTPUT, index, 1), self._wanted(rank, index)

    def _wanted(self, rank: Rank, index: int) -> Contributions:
        part, within = divmod(index, self._share)
        at = within + (rank * self._share if self._kind.parts_in else 0)
        if self._kind.reduces:
            return frozenset(Contribution(each, at) for each in range(self._schedule.ranks))
        source = part if self._kind.parts_out else self._schedule.root
        return frozenset({Contribution(source, at)})

    def _share_of(self, whole: int) -> int:
        """Chunks of one rank's share, of so many in all."""
        ranks, parts = self._schedule.ranks, (self._kind.parts_in, self._kind.parts_out)
        shares = prod(ranks for has_parts in parts if has_parts)
        share, rest = divmod(whole, shares)
        if rest or not share:
            raise self._wrong(
                f"has {whole} chunks, and {self.name} among {ranks} ranks needs a "
                f"multiple of {shares}"
            )
        return share

    def _shared(self) -> int:
        """Chunks of one rank's share, from the buffers that are there."""
        ranks = self._schedule.ranks
        found: dict[int, str] = {}
        for rank, chunks in enumerate(self._schedule.chunks):
            for count, parts, what in self._buffers(rank, chunks):
                share, rest = divmod(count, ranks if parts else 1)
                if rest:
                    raise self._wrong(
                        f"rank {rank} has {count} chunks of {what}, and {self.name} among {ranks} "
                        f"ranks needs a multiple of {ranks}"
                    )
                found.setdefault(share, f"rank {rank} has {count} chunks of {what}")
        if len(found) != 1:
            told = "no rank has any chunks" if not found else ", but ".join([*found.values()][:2])
            raise self._wrong(f"{told}; {self.name} needs as many on each")
        return next(iter(found))

    def _buffers(self, rank: Rank, chunks: ChunkCounts) -> Iterator[tuple[int, bool, str]]:
        """The buffers that count: where they lie in the same memory, one may be left out."""
        kind = self._kind
        # Both may be given as the whole memory in which they lie, of which one of them is a part.
        is_whole = self._schedule.in_place and chunks.input == chunks.output
        if (
            self.has_input(rank)
            and chunks.input
            and not (is_whole and kind.parts_out > kind.parts_in)
        ):
            yield chunks.input, kind.parts_in, "input"
        if (
            self.has_output(rank)
            and chunks.output
            and not (is_whole and kind.parts_in > kind.parts_out)
        ):
            yield chunks.output, kind.parts_out, "output"

    def check_places(self) -> None:
        """Refuse chunks that no buffer has.

        Raises:
            ScheduleError: the first one.
        """
        sizes = {Buffer.INPUT: self.chunks_in, Buffer.OUTPUT: self.chunks_out}
        for step in self._schedule.steps():
            for span in (*step.sources, *step.targets):
                size = sizes.get(span.buffer, self._schedule.chunks[span.rank].scratch)
                if span.start + span.length > size:
                    raise ScheduleError(
                        f"has {span}, of which there are {size} chunks, 0 to {size - 1}"
                        if size
                        else f"has {span}, which has no chunks",
                        source=self._schedule.source,
                        where=str(step),
                    )

    def _wrong(self, problem: str) -> ScheduleError:
        return ScheduleError(problem, source=self._schedule.source)
