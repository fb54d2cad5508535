"""What one NPU is doing: its nodes, its units and its streams, read off the model's objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.engine import stream_name
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.workload import NpuProcess, Operation, Resource, Unit

from .journal import Journal
from .shown import shown


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node under way: what it does, and when it was issued."""

    node: Node
    operation: Operation
    since: Ns


@dataclass(frozen=True, slots=True)
class ReadyNode:
    """A node that waits for a unit only; `holder` holds it, None where nobody does."""

    node: Node
    holder: Node | None


@dataclass(frozen=True, slots=True)
class BlockedNode:
    """A node that waits for other nodes, those in `waits_for`, in order of their ids."""

    node: Node
    waits_for: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class StreamState:
    """A chunk in flight.

    Attributes:
        number: of the stream; alike on all members.
        node: the collective's ET node.
        priority: streams of higher priority go first in a queue.
        queue: the NPU's logical queue in which it is.
        phase_index: which of its phases it is in or waits to begin, from 1.
        is_last: whether no phase follows it.
        phase: what this phase does, in words.
        runs: whether the phase has begun.
    """

    number: int
    node: Node
    priority: int
    queue: int
    phase_index: int
    is_last: bool
    phase: str
    runs: bool

    @property
    def name(self) -> str:
        """The number as people read it."""
        return stream_name(self.number)


@dataclass(frozen=True, slots=True)
class MeetingState:
    """A collective in flight that is priced as a whole.

    Attributes:
        node: the collective's ET node, of this NPU.
        what: which collective, of how many bytes.
        since: when this NPU came, in ns.
        present: the members that have come.
        absent: those that haven't.
        end: when it ends if no other collective comes or goes, in ns; None until all have come.
        slowdown: how many times as long its bytes take for others on its links, from 1.
    """

    node: Node
    what: str
    since: Ns
    present: tuple[NpuId, ...]
    absent: tuple[NpuId, ...]
    end: Ns | None
    slowdown: int


@dataclass(frozen=True, slots=True)
class NpuState:
    """One NPU at one moment.

    Attributes:
        npu: its number.
        nodes: how many its trace has.
        finished: how many of them have finished.
        finish_time: when the last one did, in ns; None until then.
        running: the nodes under way, by id.
        ready: those that only wait for a unit, by id.
        blocked: those that wait for other nodes, by id.
        units: the node that holds each of the NPU's units, None where it is free.
        streams: its chunks in flight, queue by queue, in the order in which they start.
        meetings: its collectives in flight, where they are priced as a whole.
    """

    npu: NpuId
    nodes: int
    finished: int
    finish_time: Ns | None
    running: tuple[RunningNode, ...]
    ready: tuple[ReadyNode, ...]
    blocked: tuple[BlockedNode, ...]
    units: Mapping[Unit, Node | None]
    streams: tuple[StreamState, ...]
    meetings: tuple[MeetingState, ...] = ()

    def _repr_html_(self) -> str:
        return shown(self)


@dataclass(frozen=True, slots=True)
class NpuCounts:
    """One NPU in short.

    Attributes:
        npu: its number.
        nodes: how many its trace has.
        finished: how many of them have finished.
        finish_time: when the last one did, in ns; None until then.
        running: the nodes under way, by id.
        ready: how many only wait for a unit.
        blocked: how many wait for other nodes.
        streams: how many chunks are in flight.
    """

    npu: NpuId
    nodes: int
    finished: int
    finish_time: Ns | None
    running: tuple[Node, ...]
    ready: int
    blocked: int
    streams: int


def npu_counts(process: NpuProcess) -> NpuCounts:
    """Count what an NPU is doing; much cheaper than its state where a trace is long."""
    nodes, left = process.program.graph.nodes, process.progress.left
    ready = len(ready_nodes(process))
    return NpuCounts(
        npu=process.npu.npu,
        nodes=len(nodes),
        finished=len(nodes) - left,
        finish_time=process.finish_time,
        running=tuple(nodes[index] for index in sorted(process.running)),
        ready=ready,
        blocked=left - ready - len(process.running),
        streams=sum(map(len, process.npu.collectives.queues)),
    )


def npu_state(process: NpuProcess, journal: Journal) -> NpuState:
    """Read the state of an NPU off its process.

    Args:
        process: the NPU's.
        journal: has listened to the simulation from its start.
    """
    graph = process.program.graph
    return NpuState(
        npu=process.npu.npu,
        nodes=len(graph.nodes),
        finished=len(graph.nodes) - process.progress.left,
        finish_time=process.finish_time,
        running=tuple(running_nodes(process, journal)),
        ready=tuple(
            ReadyNode(graph.nodes[index], process.holder_of(index))
            for index in ready_nodes(process)
        ),
        blocked=tuple(_blocked(process)),
        units=_units(process),
        streams=tuple(streams_of(process)),
        meetings=tuple(meetings_of(process)),
    )


def ready_nodes(process: NpuProcess) -> Sequence[int]:
    """Indices of the nodes that only wait for a unit."""
    graph = process.program.graph
    if process.ready or process.running or process.progress.left < len(graph.nodes):
        return list(process.ready)
    return graph.roots  # it hasn't begun, and lists them when it does


def running_nodes(process: NpuProcess, journal: Journal) -> Iterator[RunningNode]:
    """An NPU's nodes under way, by id."""
    issued = journal.issued[process.npu.npu]
    for index in sorted(process.running):
        node = process.program.graph.nodes[index]
        yield RunningNode(node, process.program.operations[index], issued[node.id])


def _blocked(process: NpuProcess) -> Iterator[BlockedNode]:
    graph, progress = process.program.graph, process.progress
    waits_for: defaultdict[int, list[Node]] = defaultdict(list)
    for index, node in enumerate(graph.nodes):
        if not progress.is_finished(index):
            for child in graph.children[index]:
                waits_for[child].append(node)
    for index in sorted(waits_for):
        yield BlockedNode(graph.nodes[index], tuple(waits_for[index]))


def _units(process: NpuProcess) -> dict[Unit, Node | None]:
    units: dict[Unit, Node | None] = dict.fromkeys(Resource)
    others = {it for it in process.program.resources if it is not None} - set(units)
    units.update(dict.fromkeys(sorted(others)))
    for index in process.running:
        resource = process.program.resources[index]
        if resource is not None:
            units[resource] = process.program.graph.nodes[index]
    return units


def streams_of(process: NpuProcess) -> Iterator[StreamState]:
    """An NPU's chunks in flight, queue by queue, in the order in which they start."""
    for queue, streams in enumerate(process.npu.collectives.queues):
        for stream in streams:
            if stream.phase is None:
                continue
            yield StreamState(
                number=stream.number,
                node=stream.collective.node,
                priority=stream.priority,
                queue=queue,
                phase_index=stream.phase_index,
                is_last=not stream.has_more_phases,
                phase=str(stream.phase),
                runs=stream.begun,
            )


def meetings_of(process: NpuProcess) -> Iterator[MeetingState]:
    """An NPU's collectives in flight that are priced as a whole."""
    for meeting in process.npu.collectives.meetings:
        own = next(comer for comer in meeting.comers if comer.npu == process.npu.npu)
        yield MeetingState(
            node=own.node,
            what=str(meeting.collective),
            since=own.time,
            present=tuple(comer.npu for comer in meeting.comers),
            absent=tuple(meeting.absent()),
            end=meeting.expected,
            slowdown=1 if meeting.job is None else meeting.job.slowdown,
        )
