"""A network whose messages queue at links, a while after they have been handed over."""

from collections.abc import Iterable
from typing import final

from simastra.engine import Environment, Probe
from simastra.network import Link, Message, Network, Topology


@final
class Delayed(Network):
    """It takes 7 ns to hand a message to the first link of its way."""

    def __init__(self, env: Environment, topology: Topology, probe: Probe) -> None:
        self.env = env
        self.topology = topology
        self.probe = probe
        self.used: dict[tuple[int, int], Link] = {}

    def transfer(self, src: int, dst: int, size: int, tag: int = 0) -> Message:
        """Find the way, and send."""
        message = Message(self.env, src, dst, size, tag)
        for hop in self.topology.hops(src, dst):
            ends = hop.src, hop.dst
            link = self.used.get(ends) or Link(self.env, *ends, hop.link, self.probe)
            self.used[ends] = link
            message.route = (*message.route, link)
        self.env.call_later(7, lambda: self.send(message))
        return message

    def send(self, message: Message) -> None:
        """Hand it over."""
        if message.route:
            message.route[0].send(message)
        else:
            message.arrive()

    @property
    def links(self) -> Iterable[Link]:
        """Those on the ways so far."""
        return self.used.values()
