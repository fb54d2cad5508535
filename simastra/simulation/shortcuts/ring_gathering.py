"""Where all NPUs come together for a collective, and learn when each of them ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from simastra.collectives import Packet
from simastra.engine import Completion, Environment
from simastra.shortcut_use import Shortcut
from simastra.system import Collective, Communicator, Npu, NpuSetup
from simastra.system.endpoint import FixedDelayEndpoint
from simastra.system.groups import USUAL
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId, Ns

from .refusal import Refused
from .ring_links import RingExchange, RingLinks
from .ring_steps import packets_of

Kind: TypeAlias = tuple[CollectiveType, Bytes, tuple[bool, ...] | None]
"""What NPUs must agree in."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An NPU that has begun a collective, and the event of its end there."""

    npu: GatheringNpu
    time: Ns
    finished: Completion


@dataclass(frozen=True, slots=True)
class _Piece:
    """What all members play for each of a collective's chunks, one after the other."""

    chunks: int
    first: Ns
    exchanges: tuple[RingExchange, ...]


class RingGathering:
    """Has all NPUs wait for each other at every collective.

    Args:
        env: the environment.
        npus: how many NPUs there are.
        links: the links on the way from each NPU to the next.

    Attributes:
        held: how many collectives have been computed.
    """

    def __init__(self, env: Environment, npus: int, links: RingLinks) -> None:
        self._env = env
        self._npus = npus
        self._links = links
        self._kind: Kind | None = None
        self._arrivals: list[_Arrival] = []
        self._pieces: dict[Kind, _Piece | None] = {}
        self.held = 0

    def join(self, npu: GatheringNpu, collective: Collective) -> Completion:
        """Begin a collective; the event fires at its end on this NPU.

        Raises:
            Refused: if the NPUs that have come before have begun another one.
        """
        involved = None if collective.involved is None else tuple(collective.involved)
        kind = (collective.kind, collective.size, involved)
        if kind not in self._pieces:
            self._pieces[kind] = self._piece(npu, collective)
        piece = self._pieces[kind]
        if piece is None:
            return npu.run_alone(collective)
        if self._arrivals and kind != self._kind:
            raise Refused("NPUs are in different collectives at once", Shortcut.SKEW)
        self._kind = kind
        finished = Completion(self._env)
        self._arrivals.append(_Arrival(npu, self._env.now, finished))
        if len(self._arrivals) == self._npus:
            self._hold(piece)
        return finished

    def _hold(self, piece: _Piece) -> None:
        """All are there: have each end in its time."""
        arrivals = sorted(self._arrivals, key=lambda arrival: arrival.npu.npu)
        self._arrivals = []
        self.held += 1
        times = [arrival.time for arrival in arrivals]
        for tag in arrivals[0].npu.take_tags(piece.chunks):
            times = self._links.play(times, piece.first, piece.exchanges, tag)
        now = self._env.now
        for arrival, time in zip(arrivals, times, strict=True):
            arrival.npu.agenda.call_later(time - now, arrival.finished.fire)

    def _piece(self, npu: GatheringNpu, collective: Collective) -> _Piece | None:
        """What is played; None where nothing takes part."""
        plan = npu.played.plan(collective, npu.communicators[collective.group])
        if not plan:
            return None
        (phase,) = plan[0]
        first, *others = packets_of(phase)
        exchanges = [
            RingExchange(sent.size, npu.passing(next_one))
            for sent, next_one in pairwise((first, *others))
        ]
        return _Piece(len(plan), npu.passing(first), tuple(exchanges))


class GatheringNpu(Npu):
    """An NPU that waits for all others at every collective.

    Args:
        npu: its number.
        setup: as of any NPU.
        communicators: as of any NPU.
        gathering: where it waits.
    """

    def __init__(
        self,
        npu: NpuId,
        setup: NpuSetup,
        communicators: Mapping[int, Communicator],
        gathering: RingGathering,
    ) -> None:
        super().__init__(npu, setup, communicators)
        self._gathering = gathering

    def run_collective(self, collective: Collective) -> Completion:
        """Take part in a collective, once all are there."""
        return self._gathering.join(self, collective)

    def run_alone(self, collective: Collective) -> Completion:
        """Take part in a collective that concerns nobody else."""
        return super().run_collective(collective)

    def take_tags(self, chunks: int) -> list[int]:
        """The tags of the messages of its next collective's chunks, in the order of these."""
        everybody = self.communicators[USUAL]
        numbers = [everybody.take_stream_number() for _ in range(chunks)]
        return list(map(self.tags.of_stream, numbers))

    def passing(self, packet: Packet) -> Ns:
        """How long a packet takes at the endpoint, reduction included."""
        endpoint = self.played.ports.endpoint
        assert isinstance(endpoint, FixedDelayEndpoint)  # a rule of `skew`
        return endpoint.delay + (endpoint.memory.reduction(packet.size) if packet.reduces else 0)
