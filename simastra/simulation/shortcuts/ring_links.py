"""The links on the way from each NPU to the next, as long as nobody else uses them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simastra.network import Hop, Topology
from simastra.result import LinkRecord
from simastra.shortcut_use import Shortcut
from simastra.simulation.platform import Platform
from simastra.units import Bytes, NpuId, Ns

from .refusal import Refused
from .ring_steps import RingStep, play


class RingExchange(NamedTuple):
    """What all members do in a step.

    Attributes:
        size: bytes of each message.
        passing: how long the next packet then takes at the endpoint, reduction included, in ns.
    """

    size: Bytes
    passing: Ns


class RingLinks(ABC):
    """The ways of a ring's messages."""

    @abstractmethod
    def play(
        self, starts: Sequence[Ns], first: Ns, exchanges: Sequence[RingExchange], tag: int
    ) -> list[Ns]:
        """When each member ends a chunk; it counts what each link carries.

        Args:
            starts: when each begins, in ns.
            first: how long the first packet takes at the endpoint.
            exchanges: what follows.
            tag: of the messages.

        Raises:
            Refused: if messages of two NPUs take the same link.
        """

    @property
    @abstractmethod
    def records(self) -> tuple[LinkRecord, ...]:
        """What each link has carried."""


class EvenRingLinks(RingLinks):
    """Ways that are as long for all members, over links that are alike.

    Args:
        platform: of one dimension.

    Raises:
        Refused: if messages of two NPUs take the same link, or ways or links differ.
    """

    def __init__(self, platform: Platform) -> None:
        npus, topology = platform.npus, platform.topology
        neighbours = next_of_each(npus)
        self._queues = platform.queues_at_links
        self._ways = [topology.hops(*ends) if self._queues else () for ends in neighbours]
        links = [(hop.src, hop.dst) for way in self._ways for hop in way]
        # What the backend itself goes by: a topology of one's own may have another idea of each.
        lengths = set(map(len, self._ways)) if self._queues else _hop_counts(topology, neighbours)
        if len(lengths) > 1:
            raise Refused("ways from an NPU to the next differ in length", Shortcut.SKEW)
        if len(set(links)) < len(links):
            raise shared_links()
        timings = {hop.link for way in self._ways for hop in way}
        timings = timings or {topology.path(*ends) for ends in neighbours}
        if len(timings) > 1:
            raise Refused("links from an NPU to the next differ", Shortcut.SKEW)
        (self._timing,) = timings
        self._free: list[list[Ns]] = [[0] * npus for _ in self._ways[0]]
        """For each link of such a way, when it is free, by NPU that sends there; no links where
        the backend has none."""
        self._steps: dict[RingExchange, RingStep] = {}
        self._busy: Ns = 0
        self._bytes: Bytes = 0
        self._messages = 0

    def play(
        self, starts: Sequence[Ns], first: Ns, exchanges: Sequence[RingExchange], tag: int
    ) -> list[Ns]:
        """As in the base class."""
        steps = list(map(self._step, exchanges))
        self._busy += sum(step.serialisation or 0 for step in steps)
        self._bytes += sum(it.size for it in exchanges)
        self._messages += len(steps)
        return play(starts, first, steps, self._free)

    def _step(self, exchange: RingExchange) -> RingStep:
        step = self._steps.get(exchange)
        if step is None:
            serialisation, crossing = self._timing[exchange.size]
            busy = serialisation if self._queues else None
            step = self._steps[exchange] = RingStep(busy, crossing, exchange.passing)
        return step

    @property
    def records(self) -> tuple[LinkRecord, ...]:
        """What each link has carried, by the NPU whose messages it carries."""
        if not self._messages:
            return ()
        return tuple(self._record(hop) for way in self._ways for hop in way)

    def _record(self, hop: Hop) -> LinkRecord:
        return LinkRecord(hop.src, hop.dst, self._busy, self._bytes, self._messages)


def next_of_each(npus: int) -> list[tuple[NpuId, NpuId]]:
    """Each NPU with the next on the ring."""
    return [(npu, (npu + 1) % npus) for npu in range(npus)]


def shared_links() -> Refused:
    """Make (not raise) the refusal of ways that meet."""
    return Refused("messages of several NPUs take the same link", Shortcut.SKEW)


def _hop_counts(topology: Topology, pairs: Iterable[tuple[NpuId, NpuId]]) -> set[int]:
    return {topology.hop_count(*ends) for ends in pairs}
