"""A directed link: a store of waiting messages before a transmitter of limited bandwidth."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

import simpy

from simastra.engine import Environment, Probe, ProbeFan
from simastra.units import Bytes, BytesPerNs, Ns

if TYPE_CHECKING:
    from .message import Message


class Wire(dict[Bytes, tuple[Ns, Ns]]):
    """What links of one kind have in common, and the times of a message, by its size.

    For how long a message occupies the transmitter, and when it is at the other end; ASTRA-sim
    truncates each on its own (behaviour 4.1).

    Args:
        latency: in ns, a float as the network file has it.
        bytes_per_ns: bandwidth.

    >>> Wire(latency=500.0, bytes_per_ns=53.687)[5368]
    (99, 599)
    """

    # A dict: to look up takes 44 ns, to compute 136; there are few sizes.
    __slots__ = ("bytes_per_ns", "latency")

    def __init__(self, latency: float, bytes_per_ns: BytesPerNs) -> None:
        super().__init__()
        self.latency = latency
        self.bytes_per_ns = bytes_per_ns

    def __missing__(self, size: Bytes) -> tuple[Ns, Ns]:
        on_wire = size / self.bytes_per_ns
        times = int(on_wire), int(self.latency + on_wire)
        self[size] = times
        return times


class Transmitter(simpy.Resource):
    """A SimPy resource with one slot, held by the message that is being put on the wire.

    `count` is 1 while it is busy and ``users[0]`` the message. Nobody waits for a request or a
    release here (the link's store is the queue), so neither is an event: each would cost a place in
    the tick's order that ASTRA-sim doesn't have, and most of the time a message takes to simulate.
    """

    def __init__(self, env: Environment) -> None:
        super().__init__(env, capacity=1)


class Link(simpy.Store):
    """A directed link; its `items` are the messages that wait, oldest first (behaviour 4.3).

    Store and forward: a message occupies the transmitter for size / bandwidth and is at the other
    end one latency after that; then it goes on to its next link.

    Args:
        env: the environment.
        src: device at the sending end; a switch is numbered after the NPUs.
        dst: device at the receiving end.
        wire: latency and bandwidth.
        probe: is told of every transmission, and of every message that must wait.

    Attributes:
        busy_time: for how long the transmitter has been busy, a transmission under way in full.
        bytes_carried: bytes put on the wire so far.
        messages_carried: messages put on the wire so far.
    """

    def __init__(self, env: Environment, src: int, dst: int, wire: Wire, probe: Probe) -> None:
        super().__init__(env)
        self.env = env
        self.src = src
        self.dst = dst
        self.wire = wire
        self.probe = ProbeFan.of(probe)
        self._waiting: deque[Message] = deque()
        self._hear_transmission = self.probe.hear_transmission
        self._hear_queued = self.probe.hear_message_queued
        self.items = cast("list[Message]", self._waiting)  # the same to readers
        self.transmitter = Transmitter(env)
        self.busy_time: Ns = 0
        self.bytes_carried: Bytes = 0
        self.messages_carried = 0
        self._on_wire = cast("list[Message]", self.transmitter.users)
        """The message that holds the transmitter, if any: it stands for its request."""

    @property
    def latency(self) -> float:
        """In ns, as the network file has it."""
        return self.wire.latency

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth."""
        return self.wire.bytes_per_ns

    def send(self, message: Message) -> None:
        """Put `message` on the wire, or let it wait behind those that came before."""
        if self._on_wire:
            self._waiting.append(message)
            if self._hear_queued:
                self.probe.message_queued(self, message, self.env.now)
        else:
            self._transmit(message)

    def _transmit(self, message: Message) -> None:
        self._on_wire.append(message)
        size = message.size
        busy, delay = self.wire[size]
        call_later = self.env.call_later
        # ASTRA-sim inserts the arrival before the release.
        call_later(delay, message.cross_next_link)
        call_later(busy, self._release)
        if not self.messages_carried:
            self.probe.link_used(self)
        self.busy_time += busy
        self.bytes_carried += size
        self.messages_carried += 1
        if self._hear_transmission:
            now = self.env.now
            self.probe.transmission(self.src, self.dst, size, now, now + busy)

    def _release(self) -> None:
        self._on_wire.clear()
        if self._waiting:
            self._transmit(self._waiting.popleft())

    def __repr__(self) -> str:
        state = "busy" if self.transmitter.count else "idle"
        return f"<Link {self.src} -> {self.dst}, {state}, {len(self.items)} waiting>"
