"""The congestion-unaware backend: a message takes latency and size / bandwidth, always (4.2)."""

from collections.abc import Iterable, Sequence
from typing import final

from simastra.engine import Environment
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .base import Network
from .grid import Grid
from .link import Link, Wire
from .message import Message


@final
class CongestionUnaware(Network):
    """No queues. Latency is paid for each hop, serialisation once.

    Where sender and receiver differ along several dimensions, only the first of them is charged,
    as in ASTRA-sim (behaviour 4.2, 7.4 #3).

    Args:
        env: the environment.
        grid: the network's shape.
        latency: of a link of each dimension, in ns.
        bytes_per_ns: bandwidth of a link of each dimension.
    """

    def __init__(
        self,
        env: Environment,
        grid: Grid,
        latency: tuple[float, ...],
        bytes_per_ns: tuple[BytesPerNs, ...],
    ) -> None:
        self.env = env
        self.grid = grid
        self.latency = latency
        self.bytes_per_ns = bytes_per_ns
        self._wires: dict[tuple[float, BytesPerNs], Wire] = {}
        """By their facts: pairs that are alike share one."""
        self._paths: dict[tuple[NpuId, NpuId], Wire] = {}

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send; nothing else in the network matters."""
        message = Message(self.env, src, dst, size, tag)
        self.env.call_later(self.delay(src, dst, size), message.arrive)
        return message

    def delay(self, src: NpuId, dst: NpuId, size: Bytes) -> Ns:
        """Time from sending to arrival, in ns, truncated once as ASTRA-sim does."""
        path = self._paths.get((src, dst))
        if path is None:
            path = unqueued_path(self.grid, self.latency, self.bytes_per_ns, src, dst)
            facts = path.latency, path.bytes_per_ns
            path = self._paths[src, dst] = self._wires.setdefault(facts, path)
        _, delay = path[size]
        return delay

    @property
    def links(self) -> Iterable[Link]:
        """None: this backend has no links."""
        return ()


def unqueued_delay(  # a network of three, and a message of three
    grid: Grid,
    latency: Sequence[float],
    bytes_per_ns: Sequence[BytesPerNs],
    src: NpuId,
    dst: NpuId,
    size: Bytes,
) -> Ns:
    """Time from sending to arrival without queues, in ns, truncated once as ASTRA-sim does."""
    _, delay = unqueued_path(grid, latency, bytes_per_ns, src, dst)[size]
    return delay


def unqueued_path(
    grid: Grid,
    latency: Sequence[float],
    bytes_per_ns: Sequence[BytesPerNs],
    src: NpuId,
    dst: NpuId,
) -> Wire:
    """All links from `src` to `dst` as one wire: latency for each, serialisation once."""
    dimension = grid.first_difference(src, dst)
    hops = grid.topologies[dimension].hops(
        grid.coordinate(src, dimension), grid.coordinate(dst, dimension)
    )
    return Wire(hops * latency[dimension], bytes_per_ns[dimension])
