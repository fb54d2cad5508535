"""A message on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.engine import Completion, Environment
from simastra.units import Bytes, NpuId

if TYPE_CHECKING:
    from .link import Link


class Message(Completion):
    """A message between two NPUs; as an event, its arrival at the receiver.

    Args:
        env: the environment in which it travels.
        src: sending NPU.
        dst: receiving NPU.
        size: payload; headers and packets are not modelled (behaviour 4.1).
        tag: what the NPUs call it; the network doesn't care.

    Attributes:
        route: links that it takes, empty where the network has none to show.
        hop: index in `route` of the link that it is queued at or crosses.
    """

    def __init__(self, env: Environment, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> None:
        super().__init__(env)
        self.src = src
        self.dst = dst
        self.size = size
        self.tag = tag
        self.route: tuple[Link, ...] = ()
        self.hop = 0

    def arrive(self) -> None:
        """Be there: fire, with the message itself as value."""
        self.fire(self)

    def cross_next_link(self) -> None:
        """Reach the end of a link: go on to the next, or be there."""
        self.hop += 1
        if self.hop == len(self.route):
            self.arrive()
        else:
            self.route[self.hop].send(self)

    def _desc(self) -> str:
        """Text for SimPy's repr."""
        return f"Message({self.src} -> {self.dst}, {self.size} B, tag {self.tag})"
