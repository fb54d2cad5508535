"""A link from every NPU to every other (behaviour 4.2, 4.3)."""

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
class FullyConnected(BasicTopology):
    """Every NPU is one hop away."""

    @property
    def symmetry(self) -> LineSymmetry:
        """All NPUs are alike, and so is every pair."""
        return LineSymmetry.PERMUTATIONS

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Straight to `dst`."""
        return (src,) if src == dst else (src, dst)

    def hop_count(self, src: int, dst: int) -> int:
        """One, or none to itself."""
        return int(src != dst)

    def links(self) -> Iterator[Hop]:
        """From each to every other."""
        return (Hop(*ends, self.link) for ends in network_graph.clique_links(range(self.npus)))


ENTRY = TopologyEntry(FullyConnected)
