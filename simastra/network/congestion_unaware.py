"""The congestion-unaware backend: a message takes latency and size / bandwidth, always (4.2)."""

from collections.abc import Iterable

from simastra.engine import Environment, Probe
from simastra.units import Bytes, NpuId, Ns

from .base import Network
from .link import Link
from .message import Message
from .timing import LinkTiming
from .topology import Topology


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
        self._paths_by_tag: dict[tuple[NpuId, NpuId, int], LinkTiming] = {}
        """Where the tag matters; there the other has none."""

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send; nothing else in the network matters."""
        message = Message(self.env, src, dst, size, tag)
        self.env.call_later(self.delay(src, dst, size, tag), message.arrive)
        return message

    def delay(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Ns:
        """Time from sending to arrival, in ns."""
        path = self._paths.get((src, dst))
        if path is None:
            path = self._path(src, dst, tag)
        _, delay = path[size]
        return delay

    def _path(self, src: NpuId, dst: NpuId, tag: int) -> LinkTiming:
        if not self.topology.multipath:
            path = self.topology.path(src, dst)
            path = self._paths[src, dst] = self._timings.setdefault(path, path)
            return path
        by_tag = self._paths_by_tag.get((src, dst, tag))
        if by_tag is None:
            by_tag = self.topology.path(src, dst, tag)
            by_tag = self._paths_by_tag[src, dst, tag] = self._timings.setdefault(by_tag, by_tag)
        return by_tag

    @property
    def links(self) -> Iterable[Link]:
        """None: this backend has no links."""
        return ()
