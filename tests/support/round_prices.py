"""A calibration whose prices can be told by heart, for tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.calibration.priced import BandEdge, CollectiveTime, Knowledge, Priced
from simastra.trace import CollectiveType
from simastra.units import Bytes, Ns

LAUNCH: Ns = 1000
PROTOCOL: Ns = 200
NPUS_PER_NODE = 4

_TENTHS = {BandEdge.LOW: 9, BandEdge.MID: 10, BandEdge.HIGH: 13}


def _at(time: Ns, edge: BandEdge) -> Ns:
    return time * _TENTHS[edge] // 10


@dataclass(frozen=True)
class RoundPrices:
    """Launch 1,000 ns, protocol 200 ns, and a ns a byte; nodes of four NPUs.

    Attributes:
        launch: of a collective in one node, in ns.
        protocol: in ns.
        compute: nothing is known of computations.
        gpus_per_node: so many NPUs are a node.
    """

    launch: Ns = LAUNCH
    protocol: Ns = PROTOCOL
    gpus_per_node: int = NPUS_PER_NODE
    compute: None = None

    def parts(
        self,
        kind: CollectiveType,
        size: Bytes,
        npus: int,
        nodes: int = 1,
        edge: BandEdge = BandEdge.MID,
    ) -> CollectiveTime:
        """Barriers take no bandwidth; each further node takes a launch more."""
        size = 0 if kind is CollectiveType.BARRIER else size
        launch, protocol = _at(self.launch * nodes, edge), _at(self.protocol, edge)
        bandwidth = _at(size, edge)
        return CollectiveTime(launch + protocol + bandwidth, launch, protocol, bandwidth)

    def collective(self, kind: CollectiveType, size: Bytes, npus: int, nodes: int = 1) -> Priced:
        """Measured inside a node, a datasheet's beyond."""
        low, mid, high = (self.parts(kind, size, npus, nodes, edge) for edge in BandEdge)
        situation = Knowledge.MEASURED if nodes == 1 else Knowledge.DATASHEET
        return Priced(low.total, mid.total, high.total, situation)

    def send(self, size: Bytes, *, same_node: bool, edge: BandEdge = BandEdge.MID) -> Ns:
        """500 ns and a ns for 100 bytes; between nodes 2,000 ns and a ns for 10."""
        return _at(500 + size // 100 if same_node else 2000 + size // 10, edge)
