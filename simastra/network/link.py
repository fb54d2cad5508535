"""A directed link: a store of waiting messages before a transmitter of limited bandwidth."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

import simpy

from simastra.engine import Environment, Probe
from simastra.units import BytesPerNs

if TYPE_CHECKING:
    from .message import Message


class Transmitter(simpy.Resource):
    """A SimPy resource with one slot, held by the message that is being put on the wire.

    `count` is 1 while it is busy and ``users[0]`` the message. Nobody waits for a request or a
    release here (the link's store is the queue), so neither is an event: each would cost a place in
    the tick's order that ASTRA-sim doesn't have, and most of the time a message takes to simulate.
    """

    def __init__(self, env: Environment) -> None:
        super().__init__(env, capacity=1)

    def seize(self, message: Message) -> None:
        """Take the slot for `message`."""
        self.users.append(message)  # type: ignore[arg-type]  # a message stands for its request

    def vacate(self) -> None:
        """Free the slot."""
        self.users.clear()


class Link(simpy.Store):
    """A directed link; its `items` are the messages that wait, oldest first (behaviour 4.3).

    Store and forward: a message occupies the transmitter for size / bandwidth and is at the other
    end one latency after that; then it goes on to its next link.

    Args:
        env: the environment.
        src: device at the sending end; a switch is numbered after the NPUs.
        dst: device at the receiving end.
        latency: in ns, a float as the network file has it.
        bytes_per_ns: bandwidth.
        probe: is told of every transmission.
    """

    def __init__(  # a link is just these six facts
        self,
        env: Environment,
        src: int,
        dst: int,
        latency: float,
        bytes_per_ns: BytesPerNs,
        probe: Probe,
    ) -> None:
        super().__init__(env)
        self.env = env
        self.src = src
        self.dst = dst
        self.latency = latency
        self.bytes_per_ns = bytes_per_ns
        self.probe = probe
        self.items = cast("list[Message]", deque())  # the same to readers; leaves at the left
        self.transmitter = Transmitter(env)

    def send(self, message: Message) -> None:
        """Put `message` on the wire, or let it wait behind those that came before."""
        if self.transmitter.count:
            self.items.append(message)
        else:
            self._transmit(message)

    def _transmit(self, message: Message) -> None:
        self.transmitter.seize(message)
        on_wire = message.size / self.bytes_per_ns
        busy = int(on_wire)
        # ASTRA-sim inserts the arrival before the release, and truncates each on its own (4.1).
        self.env.call_later(int(self.latency + on_wire), message.cross_next_link)
        self.env.call_later(busy, self._release)
        now = self.env.now
        self.probe.transmission(self.src, self.dst, message.size, now, now + busy)

    def _release(self) -> None:
        self.transmitter.vacate()
        if self.items:
            self._transmit(cast("deque[Message]", self.items).popleft())

    def __repr__(self) -> str:
        state = "busy" if self.transmitter.count else "idle"
        return f"<Link {self.src} -> {self.dst}, {state}, {len(self.items)} waiting>"
