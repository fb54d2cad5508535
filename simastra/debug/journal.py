"""Listens to a simulation for the debugger: what the last event did, and what is under way."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from simastra.collectives import Phase
from simastra.engine import Probe, WatchedLink, WatchedMessage, WatchedPhase
from simastra.system.custom import TAGS_PER_STREAM, CustomPhase, first_tag
from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import NpuProcess

from .happenings import (
    Happening,
    MessageArrived,
    MessageQueued,
    MessageSent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    Step,
    Transmitting,
)

_FEW = 2  # NPUs that are listed although they follow each other
_LISTED = 8  # NPUs that are listed; of more, their number says more


@dataclass(frozen=True, slots=True)
class Flight:
    """A message that has been sent and has not arrived."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    sent: Ns


@dataclass(slots=True)
class _Course:
    """How far a stream has come on one NPU: its phase, and messages sent in it."""

    node: Node
    stream: int
    turn: int = 0
    steps: int = 0


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
        self.happened: list[Happening] = []
        self.issued: list[dict[int, Ns]] = [{} for _ in processes]
        self.queued: dict[tuple[int, int], WatchedLink] = {}
        self._processes = processes
        self._flying: dict[tuple[NpuId, NpuId, Bytes, int], deque[Ns]] = {}
        self._courses: list[dict[int, _Course]] = [{} for _ in processes]
        self._by_tag: list[dict[int, _Course]] = [{} for _ in processes]

    @property
    def in_flight(self) -> list[Flight]:
        """Messages that have been sent and have not arrived, by the time of their sending."""
        flights = [Flight(*key, sent) for key, times in self._flying.items() for sent in times]
        return sorted(flights, key=lambda flight: flight.sent)

    def turn_of(self, npu: NpuId, stream: int) -> int:
        """Which of its phases a stream is in, or was in last, from 1; 0 before the first."""
        course = self._courses[npu].get(stream)
        return course.turn if course else 0

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Note it."""
        self.issued[npu][node.id] = time
        self.happened.append(NodeIssued(npu, node, time))

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Note it."""
        self.issued[npu].pop(node.id, None)
        self.happened.append(NodeFinished(npu, node, time))

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Note it."""
        self.happened.append(NpuFinished(npu, time))

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """Note it."""
        self.happened.append(Transmitting(src, dst, size, start, end))

    def message_sent(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Note it, and which step of a collective it is."""
        self._flying.setdefault((src, dst, size, tag), deque()).append(time)
        course = self._by_tag[src].get(_stream_tag(tag))
        step = None
        if course is not None:
            course.steps += 1
            step = Step(course.node, course.stream, course.turn, course.steps)
        self.happened.append(MessageSent(src, dst, size, tag, time, step))

    def message_queued(self, link: WatchedLink, message: WatchedMessage, time: Ns) -> None:
        """Note it."""
        self.queued[link.src, link.dst] = link
        src, dst = message.src, message.dst
        self.happened.append(MessageQueued(link.src, link.dst, src, dst, message.size, time))

    def message_arrived(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Note it; of messages that agree in everything, the first to be sent arrives first."""
        sent = self._flying[src, dst, size, tag]
        sent.popleft()
        if not sent:
            del self._flying[src, dst, size, tag]
        self.happened.append(MessageArrived(src, dst, size, tag, time))

    def phase_begun(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Note it, and that messages with the stream's tag are its steps from now on."""
        course = self._courses[npu].get(stream)
        if course is None:
            course = _Course(self._node_of(npu, stream), stream)
            self._courses[npu][stream] = course
        course.turn += 1
        course.steps = 0
        self._by_tag[npu][self._tag(npu, stream, phase)] = course
        words = phase_words(phase)
        self.happened.append(PhaseBegun(npu, course.node, stream, course.turn, words, time))

    def phase_ended(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Note it."""
        course = self._courses[npu][stream]
        self._by_tag[npu].pop(self._tag(npu, stream, phase), None)
        words = phase_words(phase)
        self.happened.append(PhaseEnded(npu, course.node, stream, course.turn, words, time))

    def _tag(self, npu: NpuId, stream: int, phase: WatchedPhase) -> int:
        if isinstance(phase, CustomPhase):
            return first_tag(stream)
        return self._processes[npu].npu.collectives.ports.tags.of_stream(stream)

    def _node_of(self, npu: NpuId, number: int) -> Node:
        streams = chain.from_iterable(self._processes[npu].npu.collectives.scheduler.queues)
        return next(it.collective.node for it in streams if it.number == number)


def _stream_tag(tag: int) -> int:
    """The tag by which a message's stream is known: those played from ETs have many."""
    return tag - tag % TAGS_PER_STREAM if tag >= TAGS_PER_STREAM else tag


def phase_words(phase: WatchedPhase) -> str:
    """Say what a phase does."""
    match phase:
        case Phase(collective=collective, size=size, ring=ring):
            return f"{collective.name} of {size:,} B among {npus_words(ring.members)}"
        case CustomPhase(members=members):
            return f"ETs of its own among {npus_words(members)}"
        case _:
            return "a phase"


def npus_words(npus: Sequence[NpuId]) -> str:
    """Name NPUs; of many, how many."""
    if len(npus) > _FEW and npus == range(npus[0], npus[-1] + 1):
        return f"NPUs {npus[0]} to {npus[-1]}"
    if len(npus) > _LISTED:
        return f"{len(npus)} NPUs"
    return f"NPUs {', '.join(map(str, npus))}"
