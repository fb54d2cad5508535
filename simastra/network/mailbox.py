"""Pairs what is sent with what is expected (behaviour 4.4).

The k-th message of a (tag, sender, receiver, size) goes to the k-th receive of the same four. A
message of another size or tag never matches: the receive waits on.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import NamedTuple

from simpy.events import Event

from simastra.engine import Call, Environment
from simastra.units import Bytes, NpuId

from .base import Network


class Envelope(NamedTuple):
    """What sends and receives must agree in."""

    tag: int
    src: NpuId
    dst: NpuId
    size: Bytes


class Mailbox:
    """Sends and receives by tag over a network that only moves bytes.

    Arrival order per envelope is sending order (a law of every backend), so two queues do: messages
    that nobody expects yet, and receives for which nothing has come.

    Args:
        env: the environment.
        network: carries the messages.
    """

    def __init__(self, env: Environment, network: Network) -> None:
        self.env = env
        self.network = network
        self._early: dict[Envelope, int] = {}
        """Messages that came before their receive, by number."""
        self._expected: dict[Envelope, deque[Call]] = {}

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """Send now; `then` is called on arrival at the receiver, before the receiver's own call."""
        message = self.network.transfer(envelope.src, envelope.dst, envelope.size, envelope.tag)
        message.callbacks.append(partial(self._arrived, envelope, then))

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Call `then` once the message is here; a later event of this tick if it is already."""
        early = self._early.get(envelope)
        if early is None:
            self._expected.setdefault(envelope, deque()).append(then)
            return
        if early == 1:
            del self._early[envelope]
        else:
            self._early[envelope] = early - 1
        self.env.call_later(0, then)

    def _arrived(self, envelope: Envelope, then: Call | None, _message: Event) -> None:
        if then is not None:
            then()
        expected = self._expected.get(envelope)
        if expected is None:
            self._early[envelope] = self._early.get(envelope, 0) + 1
            return
        receive = expected.popleft()
        if not expected:
            del self._expected[envelope]
        receive()

    @property
    def unmet_receives(self) -> list[Envelope]:
        """Receives for which nothing has arrived, each as often as it waits."""
        return [envelope for envelope, calls in self._expected.items() for _ in calls]

    @property
    def unclaimed_messages(self) -> list[Envelope]:
        """Messages that have arrived and that nobody has received, each as often as it came."""
        return [envelope for envelope, count in self._early.items() for _ in range(count)]
