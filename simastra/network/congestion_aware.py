"""The congestion-aware backend: messages queue at links (behaviour 4.3, 4.6)."""

from collections.abc import Iterable

from simastra.engine import Environment, Probe
from simastra.units import Bytes, NpuId

from .base import Network
from .link import Link
from .message import Message
from .topology import Hop, Topology


class CongestionAware(Network):
    """Every hop is a link with a queue; whole messages are stored and forwarded.

    Args:
        env: the environment.
        topology: which links a message crosses, and what they cost.
        probe: is told of every transmission.
    """

    def __init__(self, env: Environment, topology: Topology, probe: Probe) -> None:
        self.env = env
        self.topology = topology
        self.probe = probe
        # Made when first used: a fully connected network of 1,024 NPUs has a million links.
        self._links: dict[tuple[int, int], Link] = {}
        self._routes: dict[tuple[NpuId, NpuId], tuple[Link, ...]] = {}
        self._routes_by_tag: dict[tuple[NpuId, NpuId, int], tuple[Link, ...]] = {}
        """Where the tag matters; there the other has none."""

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send along the topology's route, hop after hop."""
        message = Message(self.env, src, dst, size, tag)
        route = self._routes.get((src, dst))
        if route is None:
            route = self._route(src, dst, tag)
        message.route = route
        if route:
            route[0].send(message)
        else:  # to itself, on a topology with no way round
            self.env.call_later(0, message.arrive)
        return message

    @property
    def links(self) -> Iterable[Link]:
        """The links that have been used so far, in order of first use."""
        return self._links.values()

    def _route(self, src: NpuId, dst: NpuId, tag: int) -> tuple[Link, ...]:
        if not self.topology.multipath:
            route = tuple(map(self._link, self.topology.hops(src, dst)))
            self._routes[src, dst] = route
            return route
        route_by_tag = self._routes_by_tag.get((src, dst, tag))
        if route_by_tag is None:
            route_by_tag = tuple(map(self._link, self.topology.hops(src, dst, tag)))
            self._routes_by_tag[src, dst, tag] = route_by_tag
        return route_by_tag

    def _link(self, hop: Hop) -> Link:
        link = self._links.get((hop.src, hop.dst))
        if link is None:
            link = Link(self.env, hop.src, hop.dst, hop.link, self.probe)
            self._links[hop.src, hop.dst] = link
        return link
