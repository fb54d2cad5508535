"""Collectives that are over sooner than an NPU's links could carry their bytes.

A congestion-unaware network gives every message the whole bandwidth of its links, however many it
has at once (behaviour 4.2), so that an NPU that sends to all others at once, or several chunks, is
faster than any hardware.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simastra.config import NetworkConfig
from simastra.network import LinkTiming, Topology
from simastra.notices import Notice
from simastra.result import NodeRecord
from simastra.simulation.memberships import Memberships
from simastra.simulation.scenario import Scenario
from simastra.trace import CollectiveType
from simastra.units import BytesPerNs, NpuId
from simastra.workload import Collective, Program

from .context import Context

_MARGIN = 1.05
"""By how much a bound must be missed: sizes that don't divide make messages a little smaller."""

_SHORTEST = 100
"""Below so many ns, whole nanoseconds are too coarse to say anything."""

_SAMPLED = 64


def rate_notices(
    scenario: Scenario, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> tuple[Notice, ...]:
    """Say which collective was the fastest of those that no hardware could have run so fast.

    Args:
        scenario: what has been simulated.
        records: the nodes that an NPU has finished.
    """
    platform = scenario.platform
    if platform.queues_at_links:
        return ()  # messages wait for each other at links
    found = list(_too_fast(scenario, records))
    if not found:
        return ()
    worst = max(found, key=lambda it: it.rate)
    others = f"{len(found) - 1} other {'node' if len(found) == 2 else 'nodes'}"  # noqa: PLR2004
    more = "" if len(found) == 1 else f", as {others}"
    what = (
        f"NPU {worst.npu}'s node {worst.record.node} ({worst.record.name!r}) sends "
        f"{worst.sent:.0f} bytes in {worst.record.finished - worst.record.issued} ns, "
        f"{worst.rate:.4g} GB/s{more}"
    )
    carried = link_bandwidth(platform.dimensions)
    return (faster_than_links(what, carried, platform.network),)


def faster_than_links(what: str, carried: BytesPerNs, network: NetworkConfig) -> Notice:
    """Say that something is faster than all links of an NPU together.

    Args:
        what: a node or a measurement, with its rate in GB/s.
        carried: what the links carry, in bytes a ns.
        network: the network configuration.
    """
    return Notice(
        "faster-than-links",
        f"{network.source}: bandwidth",
        f"{what}; all links of an NPU together carry {carried:.4g} GB/s (of 10^9 bytes), but on a "
        "congestion-unaware network messages don't share them",
        "use --network-backend congestion-aware, or take the result for a lower bound",
    )


@dataclass(frozen=True, slots=True)
class _TooFast:
    """A node that has sent more than it can have.

    Attributes:
        npu: whose it is.
        record: when it began and ended.
        sent: bytes, at least.
    """

    npu: NpuId
    record: NodeRecord
    sent: float

    @property
    def rate(self) -> BytesPerNs:
        """Bytes a ns that it would have had to send."""
        return self.sent / max(self.record.finished - self.record.issued, 1)


def link_bandwidth(dimensions: Sequence[Topology]) -> BytesPerNs:
    """What all links together that leave an NPU carry, in bytes a ns, which are decimal GB/s."""
    return sum(
        count * link.bytes_per_ns
        for topology in dimensions
        for link, count in _links_along(topology).items()
    )


def _links_along(topology: Topology) -> Counter[LinkTiming]:
    """The links that leave NPU 0 along a dimension."""
    others = range(1, topology.npus)
    far = [npu for npu in others if topology.hop_count(0, npu) > 1]
    first = {topology.hops(0, npu)[0] for npu in set(others).difference(far)}
    # Routes to NPUs far away begin at a neighbour, or at a device that is no NPU.
    beyond = {topology.hops(0, npu)[0] for npu in far[:_SAMPLED]}
    first |= {hop for hop in beyond if hop.dst >= topology.npus}
    return Counter(hop.link for hop in first)


def _too_fast(
    scenario: Scenario, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> Iterator[_TooFast]:
    most = link_bandwidth(scenario.platform.dimensions)
    if not most:
        return
    memberships = Memberships(scenario.platform)
    for npu, program in Context(scenario).distinct:  # those with the same do about the same
        sent = _bytes_sent(npu, program, memberships, scenario)
        for record in records(npu) if sent else ():
            needed = sent.get(record.node, 0) / most
            if needed > max(_SHORTEST, _MARGIN * (record.finished - record.issued)):
                yield _TooFast(npu, record, sent[record.node])


def _bytes_sent(
    npu: NpuId, program: Program, memberships: Memberships, scenario: Scenario
) -> dict[int, float]:
    """By node, the bytes that a member of a collective must send at least."""
    found = {}
    for index in program.external_operations:
        operation = program.operations[index]
        if not isinstance(operation, Collective):
            continue
        names = [choice.name for choice in scenario.platform.choices.get(operation.kind, ())]
        question = memberships.asked(npu, operation)
        if question is None or question[1].prefix is not None or "doubleBinaryTree" in names:
            continue  # nothing is sent; or by some more than by others
        _, members = memberships.team(npu, question[0])
        factor = _SENT.get(operation.kind)
        if factor is not None:
            found[operation.node.id] = operation.size * factor(members)
    return found


_SENT: dict[CollectiveType, Callable[[int], float]] = {
    CollectiveType.ALL_REDUCE: lambda members: 2 * (members - 1) / members,
    CollectiveType.REDUCE_SCATTER: lambda members: (members - 1) / members,
    CollectiveType.ALL_TO_ALL: lambda members: (members - 1) / members,
    CollectiveType.ALL_GATHER: lambda members: members - 1,
}
"""What every member sends at least, by the size that its node gives."""
