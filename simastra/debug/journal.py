"""Listens to a simulation for the debugger: what the last event did, and what is under way."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from simastra.engine import (
    CollectiveEnded,
    CollectiveMet,
    Envelope,
    Flowed,
    LinkChanged,
    LinkUsed,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    MessageStep,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    Probe,
    Transmitting,
    WatchedLink,
)
from simastra.system.custom import TAGS_PER_STREAM, CustomPhase, first_tag
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import NpuProcess


@dataclass(frozen=True, slots=True)
class Flight:
    """A message that has been sent and has not arrived."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    sent: Ns


@dataclass(slots=True)
class _Steps:
    """Counts the messages that are sent in a phase."""

    phase: PhaseBegun
    sent: int = 0

    def next_step(self) -> MessageStep:
        """The next of them."""
        self.sent += 1
        phase = self.phase
        return MessageStep(phase.node, phase.stream, phase.phase_index, self.sent)


class Journal(Probe):
    """What has been heard.

    Args:
        processes: the NPUs' processes, by NPU; nothing has happened to them yet.

    Attributes:
        happened: what the present event has done so far; whoever steps clears it.
        issued: for each NPU, when each node under way was issued, by the node's id.
        queued: the links at which a message has had to wait, by their ends.
    """

    def __init__(self, processes: Sequence[NpuProcess]) -> None:
        self.happened: list[ModelEvent] = []
        self.issued: list[dict[int, Ns]] = [{} for _ in processes]
        self.queued: dict[tuple[int, int], WatchedLink] = {}
        self._processes = processes
        self._links: dict[tuple[int, int], WatchedLink] = {}
        self._flying: dict[Envelope, deque[Ns]] = {}
        self._by_tag: defaultdict[NpuId, dict[int, _Steps]] = defaultdict(dict)
        """Phases under way by the tags of their messages; a switch that reduces is in none."""

    @property
    def in_flight(self) -> list[Flight]:
        """Messages that have been sent and have not arrived, by the time of their sending."""
        flights = [
            Flight(src, dst, size, tag, sent)
            for (tag, src, dst, size), times in self._flying.items()
            for sent in times
        ]
        return sorted(flights, key=lambda flight: flight.sent)

    def phase_of(self, npu: NpuId, tag: int) -> PhaseBegun | None:
        """The phase under way at an NPU whose messages have a tag; None if there is none."""
        steps = self._by_tag[npu].get(_stream_tag(tag)) if npu in self._by_tag else None
        return None if steps is None else steps.phase

    def on_node_issued(self, event: NodeIssued) -> None:
        """List it."""
        self.issued[event.npu][event.node.id] = event.time
        self.happened.append(event)

    def on_node_finished(self, event: NodeFinished) -> None:
        """List it."""
        self.issued[event.npu].pop(event.node.id, None)
        self.happened.append(event)

    def on_npu_finished(self, event: NpuFinished) -> None:
        """List it."""
        self.happened.append(event)

    def on_transmitting(self, event: Transmitting) -> None:
        """List it."""
        self.happened.append(event)

    def on_flowed(self, event: Flowed) -> None:
        """List it."""
        self.happened.append(event)

    def on_link_changed(self, event: LinkChanged) -> None:
        """List it."""
        self.happened.append(event)

    def on_message_lost(self, event: MessageLost) -> None:
        """List it."""
        self.happened.append(event)

    def on_collective_met(self, event: CollectiveMet) -> None:
        """List it."""
        self.happened.append(event)

    def on_collective_ended(self, event: CollectiveEnded) -> None:
        """List it."""
        self.happened.append(event)

    def on_link_used(self, event: LinkUsed) -> None:
        """Keep the link: messages may queue there."""
        self._links[event.link.src, event.link.dst] = event.link

    def on_message_sent(self, event: MessageSent) -> None:
        """List it, with the step of a collective that it is."""
        self._flying.setdefault(event.envelope, deque()).append(event.time)
        phase = self._by_tag[event.src].get(_stream_tag(event.tag))
        if phase is not None:
            event = event._replace(step=phase.next_step())
        self.happened.append(event)

    def on_message_queued(self, event: MessageQueued) -> None:
        """List it; a network of one's own may have told of no link there."""
        ends = event.link_src, event.link_dst
        if ends in self._links:
            self.queued[ends] = self._links[ends]
        self.happened.append(event)

    def on_message_arrived(self, event: MessageArrived) -> None:
        """List it; of messages that agree in everything, the first to be sent arrives first."""
        sent = self._flying[event.envelope]
        sent.popleft()
        if not sent:
            del self._flying[event.envelope]
        self.happened.append(event)

    def on_phase_begun(self, event: PhaseBegun) -> None:
        """List it; messages with the stream's tag are its steps from now on."""
        self._by_tag[event.npu][self._tag(event)] = _Steps(event)
        self.happened.append(event)

    def on_phase_ended(self, event: PhaseEnded) -> None:
        """List it."""
        self._by_tag[event.npu].pop(self._tag(event), None)
        self.happened.append(event)

    def _tag(self, event: PhaseBegun | PhaseEnded) -> int:
        if isinstance(event.phase, CustomPhase):
            return first_tag(event.stream)
        return self._processes[event.npu].npu.tags.of_stream(event.stream)


def _stream_tag(tag: int) -> int:
    """The tag by which a message's stream is known: those played from ETs have many."""
    return tag - tag % TAGS_PER_STREAM if tag >= TAGS_PER_STREAM else tag
