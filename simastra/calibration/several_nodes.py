"""A collective across nodes that nobody measured: what the datasheet makes of it.

The nodes' network adapters carry what has to leave a node, at 92 % of their bandwidth, while the
links inside do their part; and 30 µs go for each doubling of the nodes. Measured on public tables,
it is within 4 to 15 % from 256 MiB on, and may be 3 to 6 times too fast below 64 MiB.
(docs/calibration.md.)
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS
from simastra.units import Bytes, BytesPerNs, MiB

from .base import BaseTime
from .estimate import Widths
from .priced import Knowledge

NIC_REACHED = 0.92  # of the adapters' bandwidth
_DOUBLING = 30_000.0  # ns
_SURE_FROM: Bytes = 256 * MiB
_UNSURE_FROM: Bytes = 64 * MiB
_TIMES_TOO_FAST = 6.0
_TIMES_TOO_SLOW = 2.5
"""As 32 nodes of A100 show, whose smallest all-reduces take 64 us."""


def _of_all_reduce(npus: int, nodes: int) -> float:
    """A tree moves it once between two nodes; among more, rings move it 2(n - 1)/n times."""
    two = 2
    return 1.0 if nodes == two else BUS_FACTORS[CollectiveType.ALL_REDUCE](npus)


def _through_one(npus: int, nodes: int) -> float:
    """What is for other nodes goes through one adapter: each NPU's own S bytes, or the root's."""
    return (npus / nodes) * (nodes - 1) / nodes


_CROSSING: Mapping[CollectiveType, Callable[[int, int], float]] = MappingProxyType(
    {
        CollectiveType.ALL_REDUCE: _of_all_reduce,
        CollectiveType.ALL_TO_ALL: _through_one,
        CollectiveType.GATHER: _through_one,
        CollectiveType.SCATTER: _through_one,
    }
)
"""How often S leaves a node, where that isn't the bus factor."""


def crossing(kind: CollectiveType, npus: int, nodes: int) -> float:
    """How often a collective's S bytes leave each node, over all of its members' adapters.

    >>> crossing(CollectiveType.ALL_REDUCE, 16, 2), crossing(CollectiveType.ALL_TO_ALL, 16, 2)
    (1.0, 4.0)
    """
    count = _CROSSING.get(kind)
    return BUS_FACTORS[kind](npus) if count is None else count(npus, nodes)


def across_nodes(
    kind: CollectiveType, size: Bytes, npus: int, nodes: int, inside: BaseTime, nic: BytesPerNs
) -> BaseTime:
    """What it takes.

    Args:
        kind: which collective.
        size: as nccl-tests counts it.
        npus: how many take part.
        nodes: of how many nodes.
        inside: what it takes among the members of one node.
        nic: bandwidth of each member's adapter.
    """
    outside = crossing(kind, npus, nodes) * size / (npus / nodes * nic * NIC_REACHED)
    hops = _DOUBLING * math.log2(nodes)
    if outside > inside.total:
        return BaseTime(hops, 0.0, outside)
    return BaseTime(hops + inside.launch_and_hops, inside.protocol, inside.bandwidth)


def widths_across_nodes(size: Bytes) -> Widths:
    """How far that may be off; small ones may take much longer, and among many nodes less."""
    usual = Widths.usual(Knowledge.DATASHEET)
    doubt = math.log(_SURE_FROM / size) / math.log(_SURE_FROM / _UNSURE_FROM)
    doubt = min(max(doubt, 0.0), 1.0)
    return Widths(
        usual.below + doubt * (math.log(_TIMES_TOO_SLOW) - usual.below),
        usual.above + doubt * (math.log(_TIMES_TOO_FAST) - usual.above),
    )
