"""Pairs what is sent with what is expected (behaviour 4.4).

The k-th message of a (tag, sender, receiver, size) goes to the k-th receive of the same four. A
message of another size or tag never matches: the receive waits on.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from simastra.engine import (
    Call,
    Envelope,
    Environment,
    MessageArrived,
    MessageSent,
    Probe,
    ProbeFan,
    ReceivePosted,
)
from simastra.units import Bytes, NpuId

from .base import Network
from .message import Message

_Facts: TypeAlias = tuple[int, NpuId, NpuId, Bytes]
"""An envelope, or the same as a plain tuple: 24 ns to make, an envelope 156."""


class Mailbox:
    """Sends and receives by tag over a network that only moves bytes.

    Arrival order per envelope is sending order (a law of every backend), so two queues do: messages
    that nobody expects yet, and receives for which nothing has come.

    Args:
        env: the environment.
        network: carries the messages.
        probe: is told of messages sent, asked for and arrived.
    """

    def __init__(self, env: Environment, network: Network, probe: Probe | None = None) -> None:
        self.env = env
        self.network = network
        self.probe = ProbeFan.of(probe or Probe())
        # Looking at these costs 1 % of a run where nobody listens, asking the probe 5 %.
        self._on_sent = self.probe.listeners(MessageSent)
        self._on_receive = self.probe.listeners(ReceivePosted)
        self._on_arrived = self.probe.listeners(MessageArrived)
        self._unexpected: dict[_Facts, int] = {}
        """Messages that came before their receive, by number."""
        self._posted: dict[_Facts, list[Call]] = {}

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """Send now; `then` is called on arrival at the receiver, before the receiver's own call."""
        tag, src, dst, size = envelope
        if self._on_sent:
            self._on_sent.emit(MessageSent(src, dst, size, tag, self.env.now))
        message = self.network.transfer(src, dst, size, tag)
        arrived = self._arrived if then is None else partial(self._arrived_and_awaited, then)
        message.callbacks.append(arrived)

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Call `then` once the message is here; a later event of this tick if it is already."""
        if self._on_receive:
            tag, src, dst, size = envelope
            self._on_receive.emit(ReceivePosted(src, dst, size, tag, self.env.now))
        early = self._unexpected.get(envelope, 0)
        if not early:
            self._posted.setdefault(envelope, []).append(then)
            return
        if early == 1:
            del self._unexpected[envelope]
        else:
            self._unexpected[envelope] = early - 1
        self._claim(envelope, then)

    def _claim(self, _envelope: Envelope, then: Call) -> None:
        self.env.call_later(0, then)

    def _arrived(self, message: Message) -> None:
        if self._on_arrived:
            self._emit_arrived(message)
        self._match(message)

    def _arrived_and_awaited(self, then: Call, message: Message) -> None:
        if self._on_arrived:
            self._emit_arrived(message)
        then()
        self._match(message)

    def _emit_arrived(self, it: Message) -> None:
        self._on_arrived.emit(MessageArrived(it.src, it.dst, it.size, it.tag, self.env.now))

    def _match(self, message: Message) -> None:
        facts = message.tag, message.src, message.dst, message.size
        expected = self._posted.get(facts)
        if expected is None:
            self._unexpected[facts] = self._unexpected.get(facts, 0) + 1
            return
        receive = expected.pop(0)
        if not expected:
            del self._posted[facts]
        receive()

    @property
    def handshake_tag_offset(self) -> int | None:
        """What is added to a message's tag for its handshake; None where none precedes it."""
        return None

    def is_handshake(self, _envelope: Envelope) -> bool:
        """Whether a message of this kind is the handshake of another."""
        return False

    @property
    def posted_receives(self) -> list[Envelope]:
        """Receives for which nothing has arrived, each as often as it waits."""
        return [Envelope(*facts) for facts, calls in self._posted.items() for _ in calls]

    @property
    def unexpected_messages(self) -> list[Envelope]:
        """Messages that have arrived and that nobody has received, each as often as it came."""
        return [Envelope(*facts) for facts, count in self._unexpected.items() for _ in range(count)]
