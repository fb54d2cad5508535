"""NPUs in a ring, each linked to its two neighbours in both directions (behaviour 4.2, 4.3)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, final

from simastra.deferred import deferred

from .base import BasicTopology, Hop, LineSymmetry
from .entry import TopologyEntry

if TYPE_CHECKING:
    from simastra import network_graph
else:  # only who expands it into a graph lists its links
    network_graph = deferred("simastra.network_graph")


@final
class RingTopology(BasicTopology):
    """Messages go the shorter way round; where both are equal, clockwise (to higher numbers)."""

    @property
    def symmetry(self) -> LineSymmetry:
        """Turning the ring round changes nothing."""
        return LineSymmetry.ROTATIONS

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Every NPU between `src` and `dst`, on the shorter way."""
        clockwise = (dst - src) % self.npus
        if clockwise <= self.npus - clockwise:
            return tuple((src + i) % self.npus for i in range(clockwise + 1))
        return tuple((src - i) % self.npus for i in range(self.npus - clockwise + 1))

    def hop_count(self, src: int, dst: int) -> int:
        """Distance on the shorter way."""
        clockwise = (dst - src) % self.npus
        return min(clockwise, self.npus - clockwise)

    def links(self) -> Iterator[Hop]:
        """Those that go clockwise, then those that go back."""
        return (Hop(*ends, self.link) for ends in network_graph.ring_links(range(self.npus)))


ENTRY = TopologyEntry(RingTopology)
