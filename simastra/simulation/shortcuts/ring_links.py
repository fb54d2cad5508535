"""The links on the way from each NPU to the next, as long as nobody else uses them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simastra.network import Hop, Topology
from simastra.result import LinkRecord
from simastra.shortcut_use import Shortcut
from simastra.simulation.platform import Platform
from simastra.units import Bytes, NpuId, Ns

from .refusal import Refused
from .ring_steps import RingStep


class RingLinks:
    """The ways of a ring's messages.

    Args:
        platform: of one dimension.

    Attributes:
        free: for each link of such a way, the times at which it is free, by NPU that sends there;
            no links where the backend has none.

    Raises:
        Refused: if messages of two NPUs take the same link, or ways or links differ.
    """

    def __init__(self, platform: Platform) -> None:
        npus, topology = platform.npus, platform.topology
        neighbours = [(npu, (npu + 1) % npus) for npu in range(npus)]
        self._queues = platform.queues_at_links
        self._ways = [topology.hops(*ends) if self._queues else () for ends in neighbours]
        links = [(hop.src, hop.dst) for way in self._ways for hop in way]
        # What the backend itself goes by: a topology of one's own may have another idea of each.
        lengths = set(map(len, self._ways)) if self._queues else _hop_counts(topology, neighbours)
        if len(lengths) > 1:
            raise Refused("ways from an NPU to the next differ in length", Shortcut.SKEW)
        if len(set(links)) < len(links):
            raise Refused("messages of several NPUs take the same link", Shortcut.SKEW)
        timings = {hop.link for way in self._ways for hop in way}
        timings = timings or {topology.path(*ends) for ends in neighbours}
        if len(timings) > 1:
            raise Refused("links from an NPU to the next differ", Shortcut.SKEW)
        (self._timing,) = timings
        self.free: list[list[Ns]] = [[0] * npus for _ in self._ways[0]]
        self._busy: Ns = 0
        self._bytes: Bytes = 0
        self._messages = 0

    def step(self, size: Bytes, passing: Ns) -> RingStep:
        """One exchange of messages of that size, followed by `passing` ns at the endpoint."""
        serialisation, crossing = self._timing[size]
        return RingStep(serialisation if self._queues else None, crossing, passing)

    def count(self, steps: Sequence[RingStep], sizes: Sequence[Bytes]) -> None:
        """Count what each link carries in these exchanges."""
        self._busy += sum(step.serialisation or 0 for step in steps)
        self._bytes += sum(sizes)
        self._messages += len(steps)

    @property
    def records(self) -> tuple[LinkRecord, ...]:
        """What each link has carried, by the NPU whose messages it carries."""
        if not self._messages:
            return ()
        return tuple(self._record(hop) for way in self._ways for hop in way)

    def _record(self, hop: Hop) -> LinkRecord:
        return LinkRecord(hop.src, hop.dst, self._busy, self._bytes, self._messages)


def _hop_counts(topology: Topology, pairs: Iterable[tuple[NpuId, NpuId]]) -> set[int]:
    return {topology.hop_count(*ends) for ends in pairs}
