"""A directed link: a store of waiting messages before a transmitter of limited bandwidth."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, cast

import simpy
from simpy.events import Event

from simastra.engine import (
    Envelope,
    Environment,
    LinkUsed,
    MessageQueued,
    Probe,
    ProbeFan,
    Transmitting,
)
from simastra.units import Bytes, BytesPerNs, Ns

from .timing import LinkTiming

if TYPE_CHECKING:
    from .message import LinkFault, Message


class Transmitter(simpy.Resource):
    """A SimPy resource with one slot, held by the message that is being put on the wire.

    `count` is 1 while it is busy and ``users[0]`` the message. The link grants it, message after
    message (its store is the queue). No request or release is an event: each would cost a place in
    the tick's order that ASTRA-sim doesn't have, and most of the time a message takes to simulate.
    """

    users: list[Message]  # type: ignore[assignment]  # each stands for its request

    def __init__(self, env: Environment) -> None:
        super().__init__(env, capacity=1)

    def request(self) -> NoReturn:
        """Refuse: nobody else may hold it.

        Raises:
            RuntimeError: always; it says what to do instead.
        """
        raise RuntimeError("a link grants its transmitter itself; `link.put(message)` sends")

    def release(self, request: object) -> NoReturn:
        """Refuse: the link takes it back itself.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("a link takes its transmitter back itself, once a message has left")


class Link(simpy.Store):
    """A directed link, a SimPy store that empties itself over its transmitter (behaviour 4.3).

    `put` sends a message; `items` are those that wait, oldest first. Nobody gets them out: a
    message is the event of its arrival, so ``yield message``.

    Store and forward: a message occupies the transmitter for size / bandwidth and is at the other
    end one latency after that; then it goes on to its next link.

    Args:
        env: the environment.
        src: device at the sending end; a switch is numbered after the NPUs.
        dst: device at the receiving end.
        timing: latency and bandwidth.
        probe: is told of every transmission, and of every message that must wait.

    Attributes:
        busy_time: for how long the transmitter has been busy, a transmission under way in full.
        bytes_carried: bytes put on the wire so far.
        messages_carried: messages put on the wire so far.
    """

    def __init__(
        self, env: Environment, src: int, dst: int, timing: LinkTiming, probe: Probe
    ) -> None:
        super().__init__(env)
        self.env = env
        self.src = src
        self.dst = dst
        self.timing = timing
        self.probe = ProbeFan.of(probe)
        self._waiting: deque[Message] = deque()
        self._on_transmitting = self.probe.listeners(Transmitting)
        self._on_queued = self.probe.listeners(MessageQueued)
        self.items = cast("list[Message]", self._waiting)  # the same to readers
        self.transmitter = Transmitter(env)
        self.busy_time: Ns = 0
        self.bytes_carried: Bytes = 0
        self.messages_carried = 0
        self._on_wire = self.transmitter.users  # one at most

    @property
    def latency(self) -> float:
        """In ns, as the network file has it."""
        return self.timing.latency

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth."""
        return self.timing.bytes_per_ns

    @property
    def is_busy(self) -> bool:
        """Whether a message holds the transmitter."""
        return bool(self._on_wire)

    @property
    def on_wire(self) -> Sequence[Message]:
        """The message that holds the transmitter, if one does."""
        return self._on_wire

    @property
    def shares(self) -> Sequence[tuple[Message, BytesPerNs]]:
        """None: a message has the link for itself."""
        return ()

    def fault(self, _size: Bytes) -> LinkFault | None:
        """Nothing: it is as its network's file has it."""
        return None

    def count(self, busy: Ns, size: Bytes, messages: int) -> None:
        """Count further messages as carried, for which it would have been busy so long."""
        self.busy_time += busy
        self.bytes_carried += size
        self.messages_carried += messages

    def put(self, item: Message) -> Event:  # type: ignore[override]  # what the caller yields
        """Send a message, as SimPy has it; the event says that the link has it, and fires at once.

        The model itself calls `send`, since that event would be one more than ASTRA-sim has.

        Raises:
            ValueError: if the message has a way, and isn't due at this link.
        """
        if not item.route:
            item.route = (self,)
        if item.route[item.hop] is not self:
            raise ValueError(f"{item} isn't due at {self}")
        self.send(item)
        return Event(self.env).succeed()

    def get(self) -> NoReturn:
        """Refuse: a message goes on by itself.

        Raises:
            RuntimeError: always; it says what to do instead.
        """
        raise RuntimeError("a link's messages leave by themselves; wait for one by `yield message`")

    def send(self, message: Message) -> None:
        """Put `message` on the wire, or let it wait behind those that came before."""
        if self._on_wire:
            self._waiting.append(message)  # most messages wait: without a call for it
            if self._on_queued:
                self._tell_queued(message)
        else:
            self._transmit(message)

    def _tell_queued(self, message: Message) -> None:
        ends, size = (message.src, message.dst), message.size
        self._on_queued.emit(MessageQueued(self.src, self.dst, *ends, size, self.env.now))

    def _transmit(self, message: Message) -> None:
        self._on_wire.append(message)
        size = message.size
        busy, delay = self.timing[size]
        call_later = self.env.call_later
        # ASTRA-sim inserts the arrival before the release.
        call_later(delay, message.cross_next_link)
        call_later(busy, self._release)
        if not self.messages_carried:
            self.probe.on_link_used(LinkUsed(self, self.env.now))
        self.busy_time += busy
        self.bytes_carried += size
        self.messages_carried += 1
        if self._on_transmitting:
            now = self.env.now
            envelope = Envelope(message.tag, message.src, message.dst, size)
            told = Transmitting(self.src, self.dst, size, now, now + busy, envelope)
            self._on_transmitting.emit(told)

    def _release(self) -> None:
        self._on_wire.clear()
        if self._waiting:
            self._transmit(self._waiting.popleft())

    def __repr__(self) -> str:
        state = "busy" if self.transmitter.count else "idle"
        return f"<Link {self.src} -> {self.dst}, {state}, {len(self.items)} waiting>"
