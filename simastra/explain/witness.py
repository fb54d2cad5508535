"""A probe that notes what scheduled calls can't tell: nodes, and whom a message was waited for."""

from __future__ import annotations

from collections import deque
from typing import cast

from simastra.engine import Category, Probe, WatchedLink, WatchedMessage
from simastra.network import Message
from simastra.trace import Node, NodeType
from simastra.units import Bytes, NpuId, Ns

from .environment import CausalEnvironment, Envelope
from .moment import Delivered, Finished, Issued, Moment, Received, Served, Spent

_MEMORY = (NodeType.MEM_LOAD, NodeType.MEM_STORE)


class Witness(Probe):
    """Notes moments in a causal environment.

    Args:
        env: the environment of the simulation that it is a probe of.

    Attributes:
        ends: the moment in which each NPU finished, by NPU, in that order.
    """

    def __init__(self, env: CausalEnvironment) -> None:
        self.env = env
        self.ends: dict[NpuId, Moment] = {}
        self._issued: dict[tuple[NpuId, int], Moment] = {}
        self._sent: dict[Envelope, deque[Moment]] = {}
        """Moments of sending of messages on their way."""
        self._asked: dict[Envelope, deque[Moment]] = {}
        """Moments from which messages that aren't there are waited for."""
        self._early: dict[Envelope, int] = {}
        """How many messages are there that nobody has asked for."""

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """What the node does follows from this."""
        issued = Issued(self.env.base_of(npu), npu, node)
        self._issued[npu, node.id] = issued
        self.env.note(npu, issued)

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """What the NPU does next follows from this."""
        issued = self._issued.pop((npu, node.id))
        end = self.env.moment_of(npu)
        if isinstance(end, Spent) and end.own is not None:
            if end.category is Category.MEMORY:
                end = Served(issued, end, end.own.time, npu)
            elif end.category is Category.OTHER and node.type in _MEMORY:
                end = Served(issued, end, issued.time, npu)  # a memory that doesn't say
        self.env.note(npu, Finished(end, npu))

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Here the way back begins."""
        self.ends[npu] = self.env.moment_of(npu)

    def message_sent(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """What becomes of the message follows from this."""
        sent = self._sent.setdefault((src, dst, size, tag), deque())
        sent.append(self.env.moment_of(src))

    def receive_begun(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Unless the message is there already, it is waited for from now on."""
        envelope = (src, dst, size, tag)
        moment = self.env.moment_of(dst)
        if self._early.get(envelope):
            self._early[envelope] -= 1
        else:
            self._asked.setdefault(envelope, deque()).append(moment)

    def message_arrived(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Sender and receiver go on, each in a moment of its own."""
        envelope = (src, dst, size, tag)
        present = self.env.present
        sent = _oldest(self._sent, envelope)
        if sent is None:  # by a mailbox that tells of arrivals only
            sent = present
        self.env.note(src, Delivered(sent, present, src, dst))
        asked = _oldest(self._asked, envelope)
        if asked is None:
            self._early[envelope] = self._early.get(envelope, 0) + 1
        else:
            self.env.note(dst, Received(asked, present, sent, src, dst))

    def message_queued(self, link: WatchedLink, message: WatchedMessage, time: Ns) -> None:
        """It came to the link in this moment, and goes on in a later one."""
        self.env.queued(cast("Message", message))


def _oldest(moments: dict[Envelope, deque[Moment]], envelope: Envelope) -> Moment | None:
    """Take the first moment of that kind off the list, None if there is none."""
    line = moments.get(envelope)
    if not line:
        return None
    oldest = line.popleft()
    if not line:
        del moments[envelope]
    return oldest
