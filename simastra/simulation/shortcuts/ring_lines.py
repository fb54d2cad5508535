"""The links on the way from each NPU to the next, as long as nobody else uses them."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.network import Hop, unqueued_delay
from simastra.result import LinkRecord
from simastra.shortcut_use import Shortcut
from simastra.simulation.platform import Platform
from simastra.units import Bytes, Ns

from .refusal import Refused
from .ring_steps import Step


class RingLines:
    """The ways of a ring's messages.

    Args:
        platform: of one dimension.

    Attributes:
        free: for each link of such a way, the times at which it is free, by NPU that sends there;
            no links where the backend has none.

    Raises:
        Refused: if messages of two NPUs take the same link, or ways differ in length.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        npus = platform.npus
        (topology,) = platform.grid.topologies
        neighbours = [(npu, (npu + 1) % npus) for npu in range(npus)]
        aware = platform.queues_at_links
        ways = [platform.grid.hops(npu, peer) if aware else () for npu, peer in neighbours]
        # What the backend itself goes by: a topology of one's own may have another idea of each.
        lengths = set(map(len, ways)) if aware else {topology.hops(*it) for it in neighbours}
        if len(lengths) > 1:
            raise Refused("ways from an NPU to the next differ in length", Shortcut.SKEW)
        links = {(hop.src, hop.dst) for way in ways for hop in way}
        if len(links) < sum(map(len, ways)):
            raise Refused("messages of several NPUs take the same link", Shortcut.SKEW)
        self._ways = ways
        self._is_aware = aware
        self.free: list[list[Ns]] = [[0] * npus for _ in ways[0]]
        self._busy: Ns = 0
        self._bytes: Bytes = 0
        self._messages = 0

    def step(self, size: Bytes, passing: Ns) -> Step:
        """One exchange of messages of that size, followed by `passing` ns at the endpoint."""
        network = self._platform.network
        latency, rate = network.latency, network.bytes_per_ns
        if not self._is_aware:
            delay = unqueued_delay(self._platform.grid, latency, rate, 0, 1, size)
            return Step(None, delay, passing)
        on_wire = size / rate[0]
        return Step(int(on_wire), int(latency[0] + on_wire), passing)

    def count(self, steps: Sequence[Step], sizes: Sequence[Bytes]) -> None:
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
