"""The congestion-unaware backend: a message takes latency and size / bandwidth, always (4.2)."""

from collections.abc import Iterable
from typing import final

from simastra.engine import Environment, Probe
from simastra.units import Bytes, NpuId, Ns

from .base import Network
from .link import Link
from .message import Message
from .timing import LinkTiming
from .topology import Topology


@final
class CongestionUnaware(Network):
    """No queues. Latency is paid for each hop, serialisation once.

    Args:
        env: the environment.
        topology: what the way from one NPU to another costs (`Topology.path`).
        probe: hears nothing: there are no links.
    """

    def __init__(self, env: Environment, topology: Topology, probe: Probe) -> None:
        self.env = env
        self.topology = topology
        self._timings: dict[LinkTiming, LinkTiming] = {}
        """Pairs that are alike share one."""
        self._paths: dict[tuple[NpuId, NpuId], LinkTiming] = {}

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send; nothing else in the network matters."""
        message = Message(self.env, src, dst, size, tag)
        self.env.call_later(self.delay(src, dst, size), message.arrive)
        return message

    def delay(self, src: NpuId, dst: NpuId, size: Bytes) -> Ns:
        """Time from sending to arrival, in ns."""
        path = self._paths.get((src, dst))
        if path is None:
            path = self.topology.path(src, dst)
            path = self._paths[src, dst] = self._timings.setdefault(path, path)
        _, delay = path[size]
        return delay

    @property
    def links(self) -> Iterable[Link]:
        """None: this backend has no links."""
        return ()
