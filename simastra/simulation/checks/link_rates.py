"""Collectives that are over sooner than an NPU's links could carry their bytes.

A congestion-unaware network gives every message the whole bandwidth of its links, however many it
has at once (behaviour 4.2), so that an NPU that sends to all others at once, or several chunks, is
faster than any hardware.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simastra.config import NetworkConfig
from simastra.deferred import deferred
from simastra.notices import Notice
from simastra.result import NodeRecord
from simastra.simulation.scenario import Scenario
from simastra.trace import NodeType
from simastra.units import BytesPerNs, NpuId

from .context import Context

if TYPE_CHECKING:
    from simastra.simulation.measures import traffic
else:  # most networks have links at which messages wait
    traffic = deferred("simastra.simulation.measures.traffic")

_MARGIN = 1.05
"""By how much a bound must be missed: sizes that don't divide make messages a little smaller."""

_SHORTEST = 100
"""Below so many ns, whole nanoseconds are too coarse to say anything."""


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
    carried = traffic.link_bandwidth(platform.dimensions)
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


def _too_fast(
    scenario: Scenario, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> Iterator[_TooFast]:
    most = traffic.link_bandwidth(scenario.platform.dimensions)
    if not most:
        return
    least = traffic.TrafficBounds(scenario)
    for npu, program in Context(scenario).distinct:  # those with the same do about the same
        sent = {
            it.node.id: it.sent
            for it in least.of(npu, program)
            if it.is_equal and it.node.type is NodeType.COMM_COLL
        }
        for record in records(npu) if sent else ():
            needed = sent.get(record.node, 0) / most
            if needed > max(_SHORTEST, _MARGIN * (record.finished - record.issued)):
                yield _TooFast(npu, record, sent[record.node])
