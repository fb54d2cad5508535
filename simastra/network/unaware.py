"""The congestion-unaware backend: a message takes latency and size / bandwidth, always (4.2)."""

from collections.abc import Iterable

from simastra.engine import Environment
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .base import Network
from .grid import Grid
from .link import Link
from .message import Message


class CongestionUnaware(Network):
    """No queues. Latency is paid for each hop, serialisation once.

    Where sender and receiver differ along several dimensions, only the first of them is charged,
    as in ASTRA-sim (behaviour 4.2, 9.4 #3).

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

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send; nothing else in the network matters."""
        message = Message(self.env, src, dst, size, tag)
        self.env.call_later(self.delay(src, dst, size), message.arrive)
        return message

    def delay(self, src: NpuId, dst: NpuId, size: Bytes) -> Ns:
        """Time from sending to arrival, in ns, truncated once as ASTRA-sim does."""
        grid = self.grid
        dimension = grid.first_difference(src, dst)
        hops = grid.topologies[dimension].hops(
            grid.coordinate(src, dimension), grid.coordinate(dst, dimension)
        )
        return int(hops * self.latency[dimension] + size / self.bytes_per_ns[dimension])

    @property
    def links(self) -> Iterable[Link]:
        """None: this backend has no links."""
        return ()
