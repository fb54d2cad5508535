"""A schedule: which rank does what with which chunks, and what waits for what.

MSCCL's algorithms, MSCCL++'s plans and lists of timed transfers all become this one form. A step of
it takes a message if it `receives`, reduces that and all its `sources` to one value a chunk,
writes this to all its `targets`, and passes it on if it `sends`. Steps of a thread block come one
after the other. (MSCCLang: Cowan et al., ASPLOS 2023; MSCCL++: Shah et al. 2025.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

Rank: TypeAlias = int
"""A member's position in the collective, from 0."""


class Buffer(StrEnum):
    """Where chunks are; the values are those of the files."""

    INPUT = "i"
    OUTPUT = "o"
    SCRATCH = "s"

    @property
    def word(self) -> str:
        """Its name in full."""
        return self.name.lower()


class ChunkRange(NamedTuple):
    """Chunks that lie side by side.

    Attributes:
        rank: in whose memory.
        buffer: in which of its buffers.
        start: number of the first one.
        length: how many.
    """

    rank: Rank
    buffer: Buffer
    start: int
    length: int

    @property
    def chunk_words(self) -> str:
        """The chunks' numbers, as in 3 or 3..5."""
        return f"{self.start}" + (f"..{self.start + self.length - 1}" if self.length > 1 else "")

    def __str__(self) -> str:
        return f"{self.buffer.word} {self.chunk_words} of rank {self.rank}"


class Lane(NamedTuple):
    """A way of messages, which keeps their order: a connection in one direction.

    Attributes:
        src: who sends.
        dst: who receives.
        channel: tells apart those between the same two.
    """

    src: Rank
    dst: Rank
    channel: int

    def __str__(self) -> str:
        return f"channel {self.channel} from rank {self.src} to rank {self.dst}"


class Semaphore(NamedTuple):
    """What one step raises and another one, which waits for that, lowers.

    Attributes:
        kind: such as "memory", of what it is made; "" for one within a rank.
        src: who raises it.
        dst: who waits for it.
        number: tells apart those between the same two.
    """

    kind: str
    src: Rank
    dst: Rank
    number: int

    def __str__(self) -> str:
        if not self.kind:
            return f"semaphore {self.number} of rank {self.src}"
        return f"{self.kind} channel {self.number} from rank {self.src} to rank {self.dst}"


class Barrier(NamedTuple):
    """Where thread blocks of a rank wait for each other.

    Attributes:
        number: tells apart a rank's.
        blocks: how many thread blocks meet.
    """

    number: int
    blocks: int


class StepId(NamedTuple):
    """A step by the number of its thread block in its rank, and its own in that."""

    block: int
    step: int


@dataclass(frozen=True, slots=True)
class ThreadBlockStep:
    """What a thread block does at once.

    Attributes:
        name: what the file calls it.
        place: where it stands, for messages.
        receives: the lane from which it takes a message.
        sends: the lane on which it passes on its value.
        sources: what is reduced, each of as many chunks; a rank may read another one's memory.
        targets: where the value is written, likewise.
        count: chunks of the value.
        after: steps of other thread blocks of the rank that must have ended.
        never: why it can't begin, if what it waits for can't come.
        raises: semaphores that are raised at its end.
        awaits: semaphores that it waits for, and lowers.
        barrier: where it waits for other thread blocks.
        packets_in: those of `sources` that it waits for, as packets say when they are written.
        packets_out: those of `targets` that are packets.
    """

    name: str
    place: str
    receives: Lane | None = None
    sends: Lane | None = None
    sources: tuple[ChunkRange, ...] = ()
    targets: tuple[ChunkRange, ...] = ()
    count: int = 0
    after: tuple[StepId, ...] = ()
    never: str | None = None
    raises: tuple[Semaphore, ...] = ()
    awaits: tuple[Semaphore, ...] = ()
    barrier: Barrier | None = None
    packets_in: tuple[ChunkRange, ...] = ()
    packets_out: tuple[ChunkRange, ...] = ()

    @property
    def operands(self) -> int:
        """How many values are reduced to one; 1 for a copy."""
        return len(self.sources) + (self.receives is not None)

    def __str__(self) -> str:
        return f"{self.place} ({self.name})"


@dataclass(frozen=True, slots=True)
class ThreadBlock:
    """Steps one after the other.

    Attributes:
        rank: whose.
        number: tells apart a rank's.
        steps: in order.
    """

    rank: Rank
    number: int
    steps: tuple[ThreadBlockStep, ...]


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """Chunks of a rank's buffers; 0 for a buffer that isn't there."""

    input: int
    output: int
    scratch: int


@dataclass(frozen=True, slots=True)
class TransferTimes:
    """When a transfer happens, as the file says it, in the file's unit."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule.

    Attributes:
        source: the file.
        name: its own.
        collective: what it says that it computes, as the file spells it.
        in_place: whether input and output lie in the same memory.
        chunks: of each rank's buffers.
        blocks: thread blocks of all ranks, those of a rank in the order of their numbers.
        root: of collectives that have one.
        semaphores: what semaphores begin with, if that isn't 0.
        times: of the steps that send, by place, where the file has times.
        text: the file's content, where it is MSCCL's XML.
        approximated: operations whose traffic messages between ranks say only roughly.
    """

    source: str
    name: str
    collective: str
    in_place: bool
    chunks: tuple[ChunkCounts, ...]
    blocks: tuple[ThreadBlock, ...]
    root: Rank = 0
    semaphores: dict[Semaphore, int] = field(default_factory=dict)
    times: dict[str, TransferTimes] = field(default_factory=dict)
    approximated: frozenset[str] = frozenset()
    text: str = field(default="", repr=False)

    @property
    def ranks(self) -> int:
        """How many members there are."""
        return len(self.chunks)

    def steps(self) -> Iterator[ThreadBlockStep]:
        """All of them, rank by rank."""
        for block in self.blocks:
            yield from block.steps
