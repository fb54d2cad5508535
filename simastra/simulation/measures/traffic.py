"""The bytes that an NPU has to send at the least, whatever the algorithm, and what links carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simastra.network import LinkTiming, Topology
from simastra.simulation.memberships import Memberships
from simastra.simulation.scenario import Scenario
from simastra.trace import CollectiveType, Node
from simastra.units import BytesPerNs, NpuId
from simastra.workload import Collective, Program, ReceiveOperation, SendOperation

_SAMPLED = 64

_SENT: dict[CollectiveType, Callable[[int], float]] = {
    CollectiveType.ALL_REDUCE: lambda members: 2 * (members - 1) / members,
    CollectiveType.REDUCE_SCATTER: lambda members: (members - 1) / members,
    CollectiveType.ALL_TO_ALL: lambda members: (members - 1) / members,
    CollectiveType.ALL_GATHER: lambda members: members - 1,
}
"""What a member sends at least, by the size that its node gives (Thakur et al., IJHPCA 19(1))."""


@dataclass(frozen=True, slots=True)
class LeastTraffic:
    """What a node has to send and receive.

    Attributes:
        node: which.
        sent: bytes; of a collective, what each member sends at the least, on average.
        received: bytes, likewise.
        members: who communicates, the NPU itself among them.
        is_equal: whether every member sends that much: a tree's leaves send less than its root.
    """

    node: Node
    sent: float
    received: float
    members: Sequence[NpuId]
    is_equal: bool


class TrafficBounds:
    """Knows the least traffic of nodes.

    Args:
        scenario: what is simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._platform = scenario.platform
        self._memberships = Memberships(scenario.platform)

    def of(self, npu: NpuId, program: Program) -> Iterator[LeastTraffic]:
        """The nodes of an NPU that send or receive something, with their traffic."""
        for index in program.external_operations:
            node = program.graph.nodes[index]
            match program.operations[index]:
                case Collective() as operation:
                    found = self._collective(npu, node, operation)
                    if found is not None:
                        yield found
                case SendOperation(dst, size) if dst != npu:
                    yield LeastTraffic(node, size, 0, (npu, dst), is_equal=True)
                case ReceiveOperation(src, size) if src != npu:
                    yield LeastTraffic(node, 0, size, (src, npu), is_equal=True)
                case _:
                    pass

    def _collective(self, npu: NpuId, node: Node, operation: Collective) -> LeastTraffic | None:
        question = self._memberships.asked(npu, operation)
        factor = _SENT.get(operation.kind)
        if factor is None or question is None or question[1].prefix is not None:
            return None  # nothing is sent, or what an ET says, or one member sends all
        members = self._memberships.members(npu, question[0])
        sent = operation.size * factor(len(members))
        choices = self._platform.choices.get(operation.kind, ())
        is_equal = all(choice.algorithm.sends_evenly for choice in choices)
        return LeastTraffic(node, sent, sent, members, is_equal)


class PortRates:
    """Knows what the links that leave an NPU carry.

    Args:
        dimensions: of the network.
    """

    def __init__(self, dimensions: Sequence[Topology]) -> None:
        self._counts = [topology.npus for topology in dimensions]
        self._rates = [_bandwidth_along(topology) for topology in dimensions]

    def along(self, dimensions: frozenset[int]) -> BytesPerNs:
        """In bytes a ns, of the links along some dimensions."""
        return sum(self._rates[dimension] for dimension in dimensions)

    def spanned(self, members: Sequence[NpuId]) -> frozenset[int]:
        """The dimensions along which NPUs lie: no route between them takes a link of others."""
        found, stride = set(), 1
        for dimension, count in enumerate(self._counts):
            first = members[0] // stride % count
            if any(npu // stride % count != first for npu in members):
                found.add(dimension)
            stride *= count
        return frozenset(found)


def link_bandwidth(dimensions: Sequence[Topology]) -> BytesPerNs:
    """What all links together that leave an NPU carry, in bytes a ns, which are decimal GB/s."""
    return sum(map(_bandwidth_along, dimensions))


def _bandwidth_along(topology: Topology) -> BytesPerNs:
    return sum(count * link.bytes_per_ns for link, count in _links_along(topology).items())


def _links_along(topology: Topology) -> Counter[LinkTiming]:
    """The links that leave NPU 0 along a dimension."""
    others = range(1, topology.npus)
    far = [npu for npu in others if topology.hop_count(0, npu) > 1]
    first = {topology.hops(0, npu)[0] for npu in set(others).difference(far)}
    # Routes to NPUs far away begin at a neighbour, or at a device that is no NPU.
    beyond = {topology.hops(0, npu)[0] for npu in far[:_SAMPLED]}
    first |= {hop for hop in beyond if hop.dst >= topology.npus}
    return Counter(hop.link for hop in first)
