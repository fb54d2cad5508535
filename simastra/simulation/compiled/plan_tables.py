"""Plans of collectives as tables: chunks, legs, and seats of NPUs (simastra.collectives.plan)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simastra.collectives import (
    EXTENDED_COLLECTIVES,
    Chunks,
    Leg,
    LogicalDimension,
    LogicalRing,
    Pick,
    RingSymmetry,
    legs,
)
from simastra.config import CollectiveOptimization
from simastra.engine import STREAMS_PER_GROUP
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import ring_symmetry
from simastra.system import Collective, Communicator
from simastra.system.collective import chunks_of, running_per_queue
from simastra.system.communicator import Participants
from simastra.system.endpoint import GROUP_DELAY, LocalMemory, fixed_delay
from simastra.units import NpuId

from .custom_tables import CustomTables
from .layout import (
    BY_EXCHANGE,
    BY_SHIFT,
    COMMUNICATOR,
    LEG,
    NONE,
    PICK_FIRST,
    PICK_LAST,
    PICK_NEXT,
    PICK_NONE,
    PLAN,
    RING,
    SEAT,
    Numbers,
    Records,
)
from .score_tables import ScoreFamily, ScoreTables, identity
from .uneven_chunks import of_each_chunk

_PICKS = {Pick.NEXT: PICK_NEXT, Pick.FIRST: PICK_FIRST, Pick.LAST: PICK_LAST}

_MOST_CUSTOM_STREAMS = 2**24 - 1
"""So many have tags of their own, of 64 bits."""

_Legs: TypeAlias = tuple[int, int, tuple[tuple[int, bool, ScoreFamily], ...]]
"""The legs of a chunk: the first, the end; and what is played along which dimension, clockwise or
not."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Scores that are played along a ring.

    Attributes:
        ring: its number.
        family: the scores.
    """

    ring: int
    family: ScoreFamily


class PlanTables:
    """Gathers what NPUs need to know to begin their collectives.

    Args:
        experiment: what is simulated.

    Attributes:
        scores: what is played.
        custom: ETs that are.
        most_chunks: that a collective has.
    """

    def __init__(self, experiment: Experiment) -> None:
        platform = experiment.platform
        self._platform = platform
        self._implementations = platform.custom
        memory = LocalMemory(
            platform.system.local_mem_bw, si_rates=platform.options.dialect.si_rates
        )
        self._delay = NONE
        if not platform.system.model_shared_bus:
            self._delay = fixed_delay(platform.system, platform.options.injection_scale)
        self.most_chunks = 1
        self.scores = ScoreTables(memory.reduction)
        self._plans: list[tuple[int, ...]] = []
        self._legs: list[tuple[int, ...]] = []
        self._seats: list[tuple[int, ...]] = []
        self._streams: list[int] = []
        self._rings: list[tuple[int, int, int]] = []
        self._members: list[int] = []
        self._ring_of: dict[Hashable, int] = {}
        self._legs_of: dict[Hashable, _Legs] = {}
        self._seats_of: dict[Hashable, int] = {}
        self._communicator_of: dict[int, int] = {}
        self._parts: set[_Part] = set()
        at_once = running_per_queue(platform.system, platform.options.queues_per_dimension)
        self.custom = CustomTables(platform.npus, at_once)
        self._ets_of: dict[tuple[int, int], int] = {}

    def add(self, communicator: Communicator, npu: NpuId, collective: Collective) -> None:
        """Add the plan of a collective of an NPU, as the next one.

        Raises:
            Refused: if an algorithm has no scores.
        """
        prefix = self._implementations.prefix(collective)
        if prefix is not None:
            self._add_custom(communicator, npu, collective, prefix)
            return
        along = communicator.participants(collective)
        system, npus = self._platform.system, self._platform.npus
        chunks = chunks_of(collective, along, system.preferred_dataset_splits, npus)
        number = self._communicator(communicator)
        if not chunks.count:
            self._plans.append((collective.priority, 0, 0, 0, 0, number))
            return
        along = of_each_chunk(collective, along, chunks)
        first, end, parts = self._chunk_legs(collective, chunks, along)
        seats = self._seat(collective, communicator, along)
        for dimension, clockwise, family in parts:
            ring, _, back_ring, _, _ = self._seats[seats + dimension]
            self._parts.add(_Part(ring if clockwise else back_ring, family))
        self.most_chunks = max(self.most_chunks, chunks.count)
        self._plans.append((collective.priority, chunks.count, first, end, seats, number))

    def _add_custom(
        self, communicator: Communicator, npu: NpuId, collective: Collective, prefix: str
    ) -> None:
        """Add the plan of a collective that is played from ETs: one chunk."""
        if communicator.streams.start + STREAMS_PER_GROUP > _MOST_CUSTOM_STREAMS:
            raise OverflowError
        members = communicator.members
        graph = self._implementations.graphs(prefix, len(members))[members.index(npu)]
        et = self.custom.add(graph, npu, members)
        ring = self._ring(LogicalRing(members, 0))
        known = self._ets_of.get((et, ring))
        if known is None:
            known = self._ets_of[et, ring] = len(self._legs)
            self._legs.append((0, PICK_NONE, et, ring, 1, 0))
        number = self._communicator(communicator)
        self._plans.append((collective.priority, 1, known, known + 1, 0, number))

    def _communicator(self, communicator: Communicator) -> int:
        number = self._communicator_of.get(id(communicator))
        if number is None:
            number = self._communicator_of[id(communicator)] = len(self._streams)
            self._streams.append(communicator.streams.start)
        return number

    def _chunk_legs(self, collective: Collective, chunks: Chunks, along: Participants) -> _Legs:
        """The legs of each chunk: the first, the end, and what they play along each dimension."""
        size = chunks.size
        alike = tuple(_likeness(along.dimensions[index]) for index in along.active)
        key = collective.kind, size, along.active, alike
        known = self._legs_of.get(key)
        if known is None:
            known = self._legs_of[key] = self._new_legs(collective, size, along)
        return known

    def _new_legs(self, collective: Collective, size: int, along: Participants) -> _Legs:
        optimization = self._platform.system.collective_optimization
        aware = optimization is CollectiveOptimization.LOCAL_BW_AWARE
        chunk = legs(collective.kind, size, along.dimensions, along.active, bandwidth_aware=aware)
        first = len(self._legs)
        parts: list[tuple[int, bool, ScoreFamily]] = []
        for leg in chunk:
            dimension = along.dimensions[leg.dimension]
            families = self._families(leg, dimension)
            forth, back = families.get(True), families.get(False)
            known = forth or back
            assert known is not None  # each phase goes one way round
            starts = (forth or known).first, (back or known).first
            row = (*starts, known.period, known.positions)
            self._legs.append((leg.dimension, _PICKS[leg.pick], *row))
            parts.extend((leg.dimension, way, family) for way, family in families.items())
        return first, len(self._legs), tuple(parts)

    def _families(self, leg: Leg, dimension: LogicalDimension) -> dict[bool, ScoreFamily]:
        """The scores clockwise and anticlockwise, of the ways that queues of the phase may go."""
        several = self._platform.options.queues_per_dimension > 1
        ring = dimension.ring
        families = {}
        if leg.pick is not Pick.LAST:
            families[True] = self.scores.family(leg, dimension, ring)
        if leg.pick is Pick.LAST or (leg.pick is Pick.NEXT and several):
            families[False] = self.scores.family(leg, dimension, ring.reversed())
        return families

    def _seat(self, collective: Collective, communicator: Communicator, along: Participants) -> int:
        """The NPU's seats along the logical dimensions: those of a communicator are kept."""
        rooted = collective.kind in EXTENDED_COLLECTIVES
        key = (id(communicator), collective.kind, len(self._seats) if rooted else None)
        known = self._seats_of.get(key)
        if known is None:
            known = self._seats_of[key] = len(self._seats)
            for dimension in along.dimensions:
                forth, back = dimension.ring, dimension.ring.reversed()
                self._seats.append(
                    (self._ring(forth), forth.position, self._ring(back), back.position, 0)
                )
        return known

    def _ring(self, ring: LogicalRing) -> int:
        key = ring.members, ring.is_group
        known = self._ring_of.get(key)
        if known is None:
            known = self._ring_of[key] = len(self._rings)
            delay = GROUP_DELAY if ring.is_group else self._delay
            self._rings.append((delay, len(self._members), len(ring)))
            self._members.extend(ring.members)
        return known

    def pairs(self, npus: int) -> Iterator[NDArray[np.int64]]:
        """Senders and receivers, as sender times `npus` plus receiver; some more than once."""
        yield from self.custom.pairs(npus)
        members = self.members
        for part in self._parts:
            _, first, size = self._rings[part.ring]
            ring = members[first : first + size].astype(np.int64)
            family = part.family
            for number in range(family.period * (family.positions or 1)):
                own = ring if not family.positions else ring[number % family.positions :][:1]
                for sent, places in zip(
                    (True, False), self.scores.partners(family.first + number), strict=True
                ):
                    for place in places:
                        other = self._others(family, ring, int(place))
                        yield own * npus + other if sent else other * npus + own

    def _others(
        self, family: ScoreFamily, ring: NDArray[np.int64], place: int
    ) -> NDArray[np.int64]:
        addressing = self.scores.addressing(family.first)
        positions = np.arange(len(ring))
        if addressing == BY_SHIFT:
            return ring[(positions + place) % len(ring)]
        if addressing == BY_EXCHANGE:
            return ring[positions ^ place]
        return ring[place : place + 1]

    @property
    def plans(self) -> Records:
        """All plans, in the order in which they were added."""
        return np.array(self._plans, PLAN)

    @property
    def legs(self) -> Records:
        """All legs."""
        return np.array(self._legs, LEG)

    @property
    def seats(self) -> Records:
        """All seats."""
        return np.array(self._seats, SEAT)

    @property
    def communicators(self) -> Records:
        """The number of the next stream of each."""
        return np.array([(it,) for it in self._streams], COMMUNICATOR)

    @property
    def rings(self) -> Records:
        """All rings."""
        return np.array(self._rings, RING)

    @property
    def members(self) -> Numbers:
        """Their members."""
        return np.array(self._members, np.int32)


def _likeness(dimension: LogicalDimension) -> Hashable:
    """What decides the scores along a dimension."""
    ring, algorithm = dimension.ring, dimension.algorithm
    whose = ring.members if ring_symmetry(algorithm) is RingSymmetry.NONE else len(ring)
    return identity(algorithm), whose, ring.is_group, ring.clockwise
