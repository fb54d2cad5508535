"""The probe that records what pictures need, in bounded space."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from simastra.collectives import Phase
from simastra.engine import (
    Envelope,
    Flowed,
    LinkChanged,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    NodeFinished,
    NodeIssued,
    PhaseBegun,
    PhaseEnded,
    Probe,
    Transmitting,
    WatchedPhase,
)
from simastra.scenario import Scenario
from simastra.simulation import Simulation
from simastra.simulation.message_free import is_message_free
from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns

from .load import LinkEnds, LoadBins
from .records import (
    Excerpt,
    Mark,
    MessageRecord,
    PhaseRecord,
    RunRecords,
    Transmission,
    UnfinishedNode,
)

MOST_RECORDS = 100_000
"""How many messages, transmissions and phases are kept, each; the first ones."""

_Record = TypeVar("_Record")


class _First(Generic[_Record]):
    """The first records of a kind; the rest is counted."""

    def __init__(self, most: int) -> None:
        self.records: list[_Record] = []
        self._most = most
        self._total = 0
        self._complete_until: Ns | None = None

    def has_room(self, time: Ns) -> bool:
        """Count a record that begins at `time`; whether it is among those that are kept."""
        self._total += 1
        if self._total <= self._most:
            return True
        if self._complete_until is None or time < self._complete_until:
            self._complete_until = time
        return False

    def excerpt(self, in_order: Callable[[_Record], Ns] | None = None) -> Excerpt[_Record]:
        """What has been kept and counted so far, in the order in which it came or of a time."""
        records = self.records if in_order is None else sorted(self.records, key=in_order)
        return Excerpt(tuple(records), self._total, self._complete_until)


class RunRecorder(Probe):
    """Records messages, transmissions, phases and the links' load of one run.

    A run that it listens to goes event by event, if it has messages or phases: a shortcut has none
    to tell of.

    Args:
        simulation: whose run it is.
        most_records: how many of each kind of record are kept.
    """

    may_miss_events = False

    def __init__(self, simulation: Simulation, most_records: int = MOST_RECORDS) -> None:
        self.may_miss_events = is_message_free(simulation.experiment)
        self._npus = simulation.network.npus
        self._names = simulation.platform.given_names
        self._rules = simulation.rules
        self._trace = simulation.trace
        self._nodes: dict[tuple[NpuId, int], tuple[Node, Ns]] = {}
        self._messages = _First[MessageRecord](most_records)
        self._under_way: defaultdict[Envelope, deque[int]] = defaultdict(deque)
        self._transmissions = _First[Transmission](most_records)
        self._phases = _First[PhaseRecord](most_records)
        self._running: dict[tuple[NpuId, int], int] = {}
        self._load = LoadBins()
        self._queued: defaultdict[LinkEnds, deque[Ns]] = defaultdict(deque)
        self._marks = list(_npu_marks(simulation.scenario))
        self._changed: dict[LinkEnds, int] = {}
        self._last: dict[LinkEnds, tuple[Ns, int | None]] = {}
        """When the last transmission of each link ends, and which record it is."""

    def on_node_issued(self, event: NodeIssued) -> None:
        """It is under way."""
        self._nodes[event.npu, event.node.id] = event.node, event.time

    def on_node_finished(self, event: NodeFinished) -> None:
        """It isn't any more."""
        del self._nodes[event.npu, event.node.id]

    def on_message_sent(self, event: MessageSent) -> None:
        """Remember when."""
        src, dst, size, tag, time, _ = event
        if self._messages.has_room(time):
            self._under_way[event.envelope].append(len(self._messages.records))
            self._messages.records.append(MessageRecord(src, dst, size, tag, time, None))

    def on_message_arrived(self, event: MessageArrived) -> None:
        """Complete the oldest message of that kind under way: alike ones arrive in order."""
        waiting = self._under_way.get(event.envelope)
        if waiting:  # not so for a message that came after the last that is kept
            index = waiting.popleft()
            self._messages.records[index] = self._messages.records[index]._replace(end=event.time)

    def on_transmitting(self, event: Transmitting) -> None:
        """Add to the link's load, and to its queue's if the message has waited."""
        src, dst, size, start, end, envelope = event
        self._load.add_busy((src, dst), start, end)
        kept = None
        if self._transmissions.has_room(start):
            kept = len(self._transmissions.records)
            self._transmissions.records.append(Transmission(src, dst, size, start, end, envelope))
        self._last[src, dst] = end, kept
        waiting = self._queued.get((src, dst))
        if waiting:
            self._load.add_waiting((src, dst), waiting.popleft(), start)

    def on_flowed(self, event: Flowed) -> None:
        """Add to the load of its links; at its end, it has been on all of them since it began."""
        for link, use in zip(event.links, event.uses, strict=True):
            self._load.add_busy(link, event.time, event.until, use)
            if event.is_last and self._transmissions.has_room(event.began):
                size, times = event.envelope.size, (event.began, event.until)
                self._transmissions.records.append(
                    Transmission(*link, size, *times, event.envelope)
                )

    def on_message_lost(self, event: MessageLost) -> None:
        """Cut short what was on the wire, and keep the queue as the link has it now."""
        link = event.link_src, event.link_dst
        if event.place is not None and self._queued[link]:
            since = self._queued[link][event.place]
            del self._queued[link][event.place]
            self._load.add_waiting(link, since, event.time)
        if event.began is None or link not in self._last:
            return
        end, kept = self._last[link]
        self._load.add_busy(link, event.time, end, -1)
        if kept is not None:
            records = self._transmissions.records
            records[kept] = records[kept]._replace(end=event.time)
        if not event.is_rerouted:
            self._queued[link].appendleft(event.time)

    def on_message_queued(self, event: MessageQueued) -> None:
        """Remember since when the message waits; links are first in, first out."""
        self._queued[event.link_src, event.link_dst].append(event.time)

    def on_link_changed(self, event: LinkChanged) -> None:
        """End the mark of the link's last change, and begin one, unless it is as usual again."""
        link = event.src, event.dst
        before = self._changed.pop(link, None)
        if before is not None:
            self._marks[before] = self._marks[before]._replace(end=event.time)
        if event.because and len(self._marks) < MOST_RECORDS:
            self._changed[link] = len(self._marks)
            self._marks.append(Mark(*link, event.what, event.because, event.time, None))

    def on_phase_begun(self, event: PhaseBegun) -> None:
        """Begin the record of the phase."""
        if self._phases.has_room(event.time):
            self._running[event.npu, event.stream] = len(self._phases.records)
            self._phases.records.append(_phase_record(event))

    def on_phase_ended(self, event: PhaseEnded) -> None:
        """Complete it."""
        index = self._running.pop((event.npu, event.stream), None)
        if index is not None:
            self._phases.records[index] = self._phases.records[index]._replace(end=event.time)

    def records(self) -> RunRecords:
        """What has been recorded so far."""
        return RunRecords(
            self._npus,
            self._messages.excerpt(),
            self._transmissions.excerpt(in_order=_start),
            self._phases.excerpt(),
            self._load.record(),
            tuple(
                UnfinishedNode(npu, node.id, node.name, self._rules.activity(node), time)
                for (npu, _), (node, time) in self._nodes.items()
            ),
            self._trace,
            self._names,
            tuple(sorted(self._marks, key=_beginning)),
        )


def _start(it: Transmission) -> Ns:
    return it.start


def _beginning(it: Mark) -> Ns:
    return it.start


def _npu_marks(scenario: Scenario | None) -> Iterator[Mark]:
    """What a scenario lets happen to NPUs."""
    for npu, it in enumerate(() if scenario is None else scenario.npus):
        for event in it.events:
            yield Mark(npu, None, event.what, event.place, event.at, event.until)


def _phase_record(event: PhaseBegun) -> PhaseRecord:
    npu, node, stream, phase_index, phase, time = event
    told = _described(phase)
    return PhaseRecord(npu, stream, phase_index - 1, *told, phase.queue, node.id, time, None)


def _described(phase: WatchedPhase) -> tuple[str, str, Bytes | None]:
    """What is done, how, and on how many bytes, as far as the phase says."""
    if isinstance(phase, Phase):
        return phase.collective.name, phase.algorithm.name, phase.size
    return "custom", "Chakra ET", None
