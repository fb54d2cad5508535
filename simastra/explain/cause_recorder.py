"""A probe that notes what scheduled calls can't tell: nodes, and whom a message was waited for."""

from __future__ import annotations

from collections import deque

from simastra.engine import (
    Category,
    CollectiveEnded,
    Envelope,
    Flowed,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    Probe,
    ReceivePosted,
)
from simastra.trace import NodeType
from simastra.units import NpuId
from simastra.view.ends import is_switch

from .causal_event import (
    CausalEvent,
    Delivered,
    Finished,
    Issued,
    Met,
    Received,
    Served,
    Spent,
)
from .environment import CausalEnvironment

_MEMORY = (NodeType.MEM_LOAD, NodeType.MEM_STORE)


class CauseRecorder(Probe):
    """Notes causal events in their environment.

    Args:
        env: the environment of the simulation that it is a probe of.

    Attributes:
        ends: the causal event in which each NPU finished, by NPU, in that order.
    """

    def __init__(self, env: CausalEnvironment) -> None:
        self.env = env
        self.ends: dict[NpuId, CausalEvent] = {}
        self._issued: dict[tuple[NpuId, int], CausalEvent] = {}
        self._sent: dict[Envelope, deque[CausalEvent]] = {}
        """Causal events of sending of messages on their way."""
        self._asked: dict[Envelope, deque[CausalEvent]] = {}
        """Causal events from which messages that aren't there are waited for."""
        self._early: dict[Envelope, int] = {}
        """How many messages are there that nobody has asked for."""

    def on_node_issued(self, event: NodeIssued) -> None:
        """What the node does follows from this."""
        npu, node = event.npu, event.node
        issued = Issued(self.env.base_of(npu), npu, node)
        self._issued[npu, node.id] = issued
        self.env.note(npu, issued)

    def on_node_finished(self, event: NodeFinished) -> None:
        """What the NPU does next follows from this."""
        npu, node = event.npu, event.node
        issued = self._issued.pop((npu, node.id))
        end = self.env.causal_event_of(npu)
        if isinstance(end, Spent) and end.previous is not None:
            if end.category is Category.MEMORY:
                end = Served(issued, end, end.previous.time, npu)
            elif end.category is Category.OTHER and node.type in _MEMORY:
                end = Served(issued, end, issued.time, npu)  # a memory that doesn't say
        self.env.note(npu, Finished(end, npu))

    def on_phase_begun(self, event: PhaseBegun) -> None:
        """What follows is the collective's, whatever its NPU has issued meanwhile."""
        if self.env.causal_event_of(event.npu).node is not event.node:
            before = self.env.base_of(event.npu)
            self.env.note(event.npu, Issued(before, event.npu, event.node))

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Here the way back begins."""
        self.ends[event.npu] = self.env.causal_event_of(event.npu)

    def on_message_sent(self, event: MessageSent) -> None:
        """What becomes of the message follows from this."""
        sent = self._sent.setdefault(event.envelope, deque())
        sent.append(self.env.causal_event_of(event.src))

    def on_receive_posted(self, event: ReceivePosted) -> None:
        """Unless the message is there already, it is waited for from now on."""
        envelope = event.envelope
        causal_event = self.env.causal_event_of(event.dst)
        if self._early.get(envelope):
            self._early[envelope] -= 1
        else:
            self._asked.setdefault(envelope, deque()).append(causal_event)

    def on_message_arrived(self, event: MessageArrived) -> None:
        """Sender and receiver go on, each in an event of its own."""
        envelope, src, dst = event.envelope, event.src, event.dst
        present = self.env.present
        sent = _oldest(self._sent, envelope)
        if sent is None:  # by a mailbox that tells of arrivals only
            sent = present
        self.env.note(src, Delivered(sent, present, src, dst))
        asked = _oldest(self._asked, envelope)
        if asked is None:
            self._early[envelope] = self._early.get(envelope, 0) + 1
        else:
            received = Received(asked, present, sent, _partner(src, dst, sent), dst)
            if is_switch(dst):
                received.node = sent.node
            self.env.note(dst, received)

    def on_collective_ended(self, event: CollectiveEnded) -> None:
        """Each member goes on, from when it came itself; what it waited for came last."""
        issued = [
            self._issued[npu, node.id] for npu, node in zip(event.npus, event.nodes, strict=True)
        ]
        parts = (
            (Category.LAUNCH, event.launch),
            (Category.PROTOCOL, event.protocol),
            (Category.BANDWIDTH, event.bandwidth),
            (Category.CONTENTION, event.contention),
        )
        for npu, came in zip(event.npus, issued, strict=True):
            self.env.note(npu, Met(came, issued[-1], npu, event.npus[-1], parts))

    def on_flowed(self, event: Flowed) -> None:
        """Nothing: that somebody hears of it has messages keep account of what sharing costs."""

    def on_message_lost(self, event: MessageLost) -> None:
        """What it does next follows from where it was, not from what took the link down."""
        self.env.lost(event)

    def on_message_queued(self, event: MessageQueued) -> None:
        """It came to the link in this event, and goes on in a later one."""
        self.env.queued((event.link_src, event.link_dst))


def _partner(src: NpuId, dst: NpuId, sent: CausalEvent) -> NpuId:
    """Whom a message was waited for: where a switch reduces, the NPU for whom that has waited.

    That may be the very NPU that waits: its own data have been the last to come to the switch.

    Args:
        src: where the message comes from.
        dst: who has waited.
        sent: the event of its sending.
    """
    last, at = src, sent
    while is_switch(last):
        if isinstance(at, Received):
            last, at = at.src, at.sent
        elif at.previous is not None:
            at = at.previous
        else:
            return int(dst)
    return last


def _oldest(
    causal_events: dict[Envelope, deque[CausalEvent]], envelope: Envelope
) -> CausalEvent | None:
    """Take the first of that kind off the list, None if there is none."""
    line = causal_events.get(envelope)
    if not line:
        return None
    oldest = line.popleft()
    if not line:
        del causal_events[envelope]
    return oldest
