"""A network on which messages are late, by chance."""

from collections.abc import Iterable
from random import Random
from typing import final

from pydantic import Field

from simastra.config import PartOptions
from simastra.engine import Environment, Probe
from simastra.network import Link, Message, Network, Topology


@final
class JitterOptions(PartOptions):
    """Keys in the network file."""

    seed: int = Field(default=0, description="of the random numbers")
    width: int = Field(default=20, ge=0, description="how late a message may be, in ns")


@final
class Jitter(Network):
    """Each message is up to `width` ns late; no message overtakes another of its kind."""

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, options: JitterOptions
    ) -> None:
        self.env = env
        self.topology = topology
        self.width = options.width
        self.random = Random(options.seed)
        self.last: dict[tuple[int, int, int], int] = {}

    def transfer(self, src: int, dst: int, size: int, tag: int = 0) -> Message:
        """Send, a little late."""
        message = Message(self.env, src, dst, size, tag)
        _, delay = self.topology.path(src, dst)[size]
        at = self.env.now + delay + self.random.randint(0, self.width)
        at = self.last[src, dst, size] = max(at, self.last.get((src, dst, size), 0))
        self.env.call_later(at - self.env.now, message.arrive)
        return message

    @property
    def links(self) -> Iterable[Link]:
        """None."""
        return ()
