"""The probe that records what pictures need, in bounded space."""

from collections import defaultdict, deque
from typing import Generic, TypeAlias, TypeVar

from simastra.collectives import Phase
from simastra.engine import Probe
from simastra.engine.probe import WatchedLink, WatchedMessage, WatchedPhase
from simastra.simulation import Simulation
from simastra.trace import Node, NodeType
from simastra.units import Bytes, NpuId, Ns

from .load import LinkEnds, LoadBins
from .records import (
    Excerpt,
    MessageRecord,
    PhaseRecord,
    RunRecords,
    Transmission,
    UnfinishedNode,
)

MOST_RECORDS = 100_000
"""How many messages, transmissions and phases are kept, each; the first ones."""

_MessageKey: TypeAlias = tuple[NpuId, NpuId, Bytes, int]
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
        if self._complete_until is None:
            self._complete_until = time
        return False

    def excerpt(self) -> Excerpt[_Record]:
        """What has been kept and counted so far."""
        return Excerpt(tuple(self.records), self._total, self._complete_until)


class RunRecorder(Probe):
    """Records messages, transmissions, phases and the links' load of one run.

    A run that it listens to goes event by event: a shortcut has no messages to tell of.

    Args:
        simulation: whose run it is.
        most_records: how many of each kind of record are kept.
    """

    def __init__(self, simulation: Simulation, most_records: int = MOST_RECORDS) -> None:
        self._npus = simulation.network.npus
        self._rules = simulation.rules
        self._nodes: dict[tuple[NpuId, int], tuple[Node, Ns]] = {}
        self._collective: dict[NpuId, int] = {}
        self._messages = _First[MessageRecord](most_records)
        self._under_way: defaultdict[_MessageKey, deque[int]] = defaultdict(deque)
        self._transmissions = _First[Transmission](most_records)
        self._phases = _First[PhaseRecord](most_records)
        self._running: dict[tuple[NpuId, int], int] = {}
        self._phases_before: dict[tuple[NpuId, int], int] = {}
        self._load = LoadBins()
        self._queued: defaultdict[LinkEnds, deque[Ns]] = defaultdict(deque)

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """It is under way."""
        self._nodes[npu, node.id] = node, time
        if node.type is NodeType.COMM_COLL:
            self._collective[npu] = node.id  # an NPU has but one at a time

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """It isn't any more."""
        del self._nodes[npu, node.id]

    def message_sent(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Remember when."""
        if self._messages.has_room(time):
            self._under_way[src, dst, size, tag].append(len(self._messages.records))
            self._messages.records.append(MessageRecord(src, dst, size, tag, time, None))

    def message_arrived(self, src: NpuId, dst: NpuId, size: Bytes, tag: int, time: Ns) -> None:
        """Complete the oldest message of that kind under way: alike ones arrive in order."""
        waiting = self._under_way.get((src, dst, size, tag))
        if waiting:  # not so for a message that came after the last that is kept
            index = waiting.popleft()
            self._messages.records[index] = self._messages.records[index]._replace(end=time)

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """Add to the link's load, and to its queue's if the message has waited."""
        self._load.add_busy((src, dst), start, end)
        if self._transmissions.has_room(start):
            self._transmissions.records.append(Transmission(src, dst, size, start, end))
        waiting = self._queued.get((src, dst))
        if waiting:
            self._load.add_waiting((src, dst), waiting.popleft(), start)

    def message_queued(self, link: WatchedLink, message: WatchedMessage, time: Ns) -> None:
        """Remember since when the message waits; links are first in, first out."""
        self._queued[link.src, link.dst].append(time)

    def phase_begun(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Begin the record of the phase."""
        place = self._phases_before.get((npu, stream), 0)
        self._phases_before[npu, stream] = place + 1
        if self._phases.has_room(time):
            node = self._collective.get(npu)
            self._running[npu, stream] = len(self._phases.records)
            self._phases.records.append(
                PhaseRecord(npu, stream, place, *_described(phase), phase.queue, node, time, None)
            )

    def phase_ended(self, npu: NpuId, stream: int, phase: WatchedPhase, time: Ns) -> None:
        """Complete it."""
        index = self._running.pop((npu, stream), None)
        if index is not None:
            self._phases.records[index] = self._phases.records[index]._replace(end=time)

    def records(self) -> RunRecords:
        """What has been recorded so far."""
        return RunRecords(
            self._npus,
            self._messages.excerpt(),
            self._transmissions.excerpt(),
            self._phases.excerpt(),
            self._load.record(),
            tuple(
                UnfinishedNode(npu, node.id, node.name, self._rules.activity(node), time)
                for (npu, _), (node, time) in self._nodes.items()
            ),
        )


def _described(phase: WatchedPhase) -> tuple[str, str, Bytes | None]:
    """What is done, how, and on how many bytes, as far as the phase says."""
    if isinstance(phase, Phase):
        return phase.collective.name, type(phase.algorithm).__name__, phase.size
    return "custom", "Chakra ET", None
