"""Messages to a whole orbit of NPUs, as one to its representative.

A message from representative a to NPU y reaches y's own representative b, to whom it comes from the
NPU that stands to b as a stands to y.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import final

from simastra.engine import Call, ProbeFan
from simastra.network import Envelope, Mailbox, Message, Network
from simastra.units import NpuId

from .fold_environment import FoldEnvironment
from .folded_agenda import tag_of


@final
class FoldedMailbox(Mailbox):
    """Sends and receives of representatives.

    Args:
        env: the environment.
        network: carries the messages.
        probe: is told of them.

    Attributes:
        in_flight: how many messages are on their way.
        of_streams: how many of each representative's are, for its streams.
        sent: how many messages have been sent.
    """

    def __init__(self, env: FoldEnvironment, network: Network, probe: ProbeFan) -> None:
        super().__init__(env, network, probe)
        self._fold = env
        self.in_flight = 0
        self.of_streams: Counter[NpuId] = Counter()
        self.sent = 0

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """As in the base class, counted."""
        self.in_flight += 1
        self.sent += 1
        if then is None:
            self.of_streams[envelope.src] += 1
        super().send(envelope, then)

    def _claim(self, envelope: Envelope, then: Call) -> None:
        self.env.call_later(0, partial(self._claimed, envelope.dst, then))

    def _claimed(self, npu: NpuId, then: Call) -> None:
        self._fold.ties.note_stream(npu, tag_of(then))
        then()

    def _arrived(self, message: Message) -> None:
        self.of_streams[message.src] -= 1
        self._deliver(message)
        self._fold.ties.note_arrival(message.dst, message.tag)
        super()._arrived(message)

    def _arrived_and_awaited(self, then: Call, message: Message) -> None:
        sender, back = message.src, self._deliver(message)
        with self._fold.acting_at(back):
            self._fold.ties.note_use(sender)
            then()
        self._fold.ties.note_use(message.dst)
        self._match(message)

    def _deliver(self, message: Message) -> int:
        """Readdress a message to the receiver's representative.

        Returns:
            The renumbering that takes the receiver there.
        """
        self.in_flight -= 1
        delivery = self._fold.topology.delivery(message.src, message.dst)
        back, message.src, message.dst = delivery
        return back
