"""The plan of a collective: chunks, and the phases that each goes through (behaviour 3.2, 3.3).

Pure functions of sizes and names; nothing here knows time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import count
from typing import TYPE_CHECKING

from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId
from simastra.view.phrases import npus_words

from .algorithm import Algorithm
from .machine import PhaseMachine
from .members import LogicalRing
from .queues import Pick, QueueTurns

if TYPE_CHECKING:
    from .in_network import Aggregation


@dataclass(frozen=True, slots=True)
class Chunks:
    """Equal parts of a collective's data.

    Attributes:
        count: how many.
        size: bytes of each. The last is as large as the others, so that ``count * size`` can be
            more than was asked for (behaviour 7.3 #4).
    """

    count: int
    size: Bytes


def split(collective: CollectiveType, size: Bytes, splits: int, npus: int) -> Chunks:
    """Cut `size` bytes into about `splits` chunks.

    A chunk smaller than one byte for each of the system's `npus` is raised to that, all-gather
    aside (behaviour 7.3 #5). An all-gather of fewer bytes than splits is cut into single bytes,
    where ASTRA-sim never comes back (7.3 #3).

    >>> split(CollectiveType.ALL_REDUCE, 1048576, splits=4, npus=8)
    Chunks(count=4, size=262144)
    >>> split(CollectiveType.ALL_REDUCE, 10, splits=4, npus=8)
    Chunks(count=4, size=8)
    >>> split(CollectiveType.ALL_REDUCE, 101, splits=4, npus=8)
    Chunks(count=5, size=25)
    """
    chunk = size // splits
    if collective is CollectiveType.ALL_GATHER:
        chunk = max(chunk, 1)
    elif chunk < npus:
        chunk, size = npus, splits * npus
    return Chunks(-(-size // chunk), chunk)


@dataclass(frozen=True, slots=True)
class LogicalDimension:
    """One dimension of a collective's logical topology, seen from one NPU.

    Attributes:
        algorithm: runs along it.
        ring: its members.
        turns: counts the phases planned along it.
    """

    algorithm: Algorithm
    ring: LogicalRing
    turns: count[int] = field(default_factory=count, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phase:
    """One collective over one dimension for one chunk, for one NPU.

    Attributes:
        collective: what is done; a part of an all-reduce may be a reduce-scatter.
        algorithm: how.
        ring: among whom, in the direction of its queue.
        size: bytes that each member puts in.
        queue: the NPU's logical queue in which it runs.
        turn: how many phases this NPU has planned along the same logical dimension before.
    """

    collective: CollectiveType
    algorithm: Algorithm
    ring: LogicalRing
    size: Bytes
    queue: int
    turn: int

    @property
    def members(self) -> Sequence[NpuId]:
        """The NPUs that take part."""
        return self.ring.members

    def __str__(self) -> str:
        return f"{self.collective.name} of {self.size:,} B among {npus_words(self.members)}"

    def machine(self) -> PhaseMachine:
        """The NPU's part in it."""
        return self.algorithm.machine(self.collective, self.size, self.ring, self.turn)

    def aggregations(self) -> Iterable[Aggregation]:
        """What switches do that the NPU takes part in; nothing unless the algorithm uses them."""
        return self.algorithm.aggregations(self.collective, self.size, self.ring, self.turn)


@dataclass(frozen=True, slots=True)
class Leg:
    """A phase of a chunk, before it has a queue.

    Attributes:
        dimension: index in the logical topology.
        collective: what is done; a part of an all-reduce may be a reduce-scatter.
        size: bytes that each member puts in.
        pick: how it asks for a queue.
    """

    dimension: int
    collective: CollectiveType
    size: Bytes
    pick: Pick


def plan_phases(
    collective: CollectiveType,
    chunk: Bytes,
    dimensions: Sequence[LogicalDimension],
    active: Sequence[int],
    turns: QueueTurns,
    *,
    bandwidth_aware: bool,
) -> tuple[Phase, ...]:
    """Phases of one chunk, in order; advances the queues' `turns`.

    Args:
        collective: what the ET node asks for.
        chunk: bytes of the chunk.
        dimensions: the logical topology.
        active: indices in `dimensions` of those that take part, ascending.
        turns: the NPU's queue turns.
        bandwidth_aware: whether all-reduce goes down the dimensions by reduce-scatter and up again
            by all-gather (``localBWAware``) rather than by an all-reduce on each (``baseline``).
    """
    phases = []
    for leg in legs(collective, chunk, dimensions, active, bandwidth_aware=bandwidth_aware):
        dimension = dimensions[leg.dimension]
        queue, clockwise = turns.take(leg.dimension, leg.pick)
        ring = dimension.ring if clockwise else dimension.ring.reversed()
        turn = next(dimension.turns)
        phases.append(Phase(leg.collective, dimension.algorithm, ring, leg.size, queue, turn))
    return tuple(phases)


def legs(
    collective: CollectiveType,
    chunk: Bytes,
    dimensions: Sequence[LogicalDimension],
    active: Sequence[int],
    *,
    bandwidth_aware: bool,
) -> Iterable[Leg]:
    """Which phases each chunk goes through, in order; arguments as of `plan_phases`."""
    if bandwidth_aware and collective is CollectiveType.ALL_REDUCE:
        order = _down_and_up(active)
    else:
        along = reversed(active) if collective is CollectiveType.ALL_GATHER else active
        order = ((dimension, collective, Pick.NEXT) for dimension in along)
    size = chunk
    for index, part, pick in order:
        yield Leg(index, part, size, pick)
        dimension = dimensions[index]
        size = dimension.algorithm.result_size(part, size, len(dimension.ring))


def _down_and_up(active: Sequence[int]) -> Iterable[tuple[int, CollectiveType, Pick]]:
    """Reduce-scatter on all dimensions but the last, all-reduce there, all-gather back again."""
    *lower, last = active
    for dimension in lower:
        yield dimension, CollectiveType.REDUCE_SCATTER, Pick.FIRST
    yield last, CollectiveType.ALL_REDUCE, Pick.FIRST
    for dimension in reversed(lower):
        yield dimension, CollectiveType.ALL_GATHER, Pick.LAST
