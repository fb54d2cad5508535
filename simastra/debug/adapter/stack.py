"""What an NPU is doing as a stack: messages in a phase, in a collective, in an ET node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from simastra.debug.journal import Flight
from simastra.debug.npu_state import (
    MeetingState,
    RunningNode,
    StreamState,
    meetings_of,
    running_nodes,
    streams_of,
)
from simastra.debug.state import State
from simastra.debug.trace_state import present_node
from simastra.debug.views import operation_words
from simastra.engine import NodeFinished, NodeIssued, PhaseBegun, PhaseEnded
from simastra.engine.events import node_words
from simastra.trace import Node
from simastra.units import NpuId
from simastra.view.ends import device_words
from simastra.view.phrases import listed_npus, time_words
from simastra.workload import Collective, ReceiveOperation, SendOperation


class FrameLevel(StrEnum):
    """What a frame is about."""

    MESSAGE = "Message"
    PHASE = "Phase"
    COLLECTIVE = "Collective"
    NODE = "Node"
    IDLE = "Idle"


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One frame.

    Attributes:
        level: what it is about.
        words: that in words.
        npu: whose.
        index: the place of its node among those of the NPU; None without one.
        about: what there is to see of it beside its node; None for nothing.
    """

    level: FrameLevel
    words: str
    npu: NpuId
    index: int | None
    about: Flight | StreamState | MeetingState | Collective | None = None


def stack(state: State, npu: NpuId, flights: Sequence[Flight]) -> list[StackFrame]:
    """The frames of an NPU, the innermost first.

    Nodes that are under way at the same time stand one below the other, with all that is in them;
    the first is the one to which the last event did something.

    Args:
        state: the simulation.
        npu: whose.
        flights: the messages from and to the NPU that are on their way.
    """
    process = state.process(npu)
    running = list(running_nodes(process, state.journal))
    touched = _touched(state, npu)
    running.sort(key=lambda it: it.node.id not in touched)
    streams = [stream for stream in streams_of(process) if stream.runs]
    around = _Around(state, npu, streams, flights)
    frames = [frame for it in running for frame in around.frames(it)]
    return frames or [_idle(state, npu)]


def node_of(state: State, npu: NpuId) -> Node | None:
    """The node that the first frame of an NPU's stack is in; None if nothing is under way."""
    frame = stack(state, npu, ())[0]
    if frame.level is FrameLevel.IDLE or frame.index is None:
        return None
    return state.process(npu).program.graph.nodes[frame.index]


def _touched(state: State, npu: NpuId) -> set[int]:
    """Ids of the NPU's nodes to which the last event did something."""
    found = set()
    for it in state.happened:
        match it:
            case NodeIssued(at, node) | NodeFinished(at, node) if at == npu:
                found.add(node.id)
            case PhaseBegun(at, node) | PhaseEnded(at, node) if at == npu:
                found.add(node.id)
            case _:
                pass
    return found


@dataclass(frozen=True, slots=True)
class _Around:
    """What is in an NPU's nodes."""

    state: State
    npu: NpuId
    streams: Sequence[StreamState]
    flights: Sequence[Flight]

    def frames(self, it: RunningNode) -> Iterator[StackFrame]:
        """A node's, the innermost first."""
        index = self.state.process(self.npu).program.graph.index_of(it.node)
        for stream in self.streams:
            if stream.node.id == it.node.id:
                yield from self._messages(self._of_stream(stream), index)
                words = f"phase {stream.phase_index} of stream {stream.name}: {stream.phase}"
                yield StackFrame(FrameLevel.PHASE, words, self.npu, index, stream)
        yield from self._messages(self._of_node(it), index)
        for meeting in meetings_of(self.state.process(self.npu)):
            if meeting.node.id == it.node.id:
                yield StackFrame(
                    FrameLevel.PHASE, _meeting_words(meeting), self.npu, index, meeting
                )
        if isinstance(it.operation, Collective):
            words = operation_words(it.operation)
            yield StackFrame(FrameLevel.COLLECTIVE, words, self.npu, index, it.operation)
            yield StackFrame(FrameLevel.NODE, node_words(it.node), self.npu, index)
        else:
            words = f"{node_words(it.node)}: {operation_words(it.operation)}"
            yield StackFrame(FrameLevel.NODE, words, self.npu, index)

    def _messages(self, flights: Iterable[Flight], index: int) -> Iterator[StackFrame]:
        for it in flights:
            outward = it.src == self.npu
            end = f"to {device_words(it.dst)}" if outward else f"from {device_words(it.src)}"
            yield StackFrame(
                FrameLevel.MESSAGE, f"message of {it.size:,} B {end}", self.npu, index, it
            )

    def _of_stream(self, stream: StreamState) -> Iterator[Flight]:
        phase_of = self.state.journal.phase_of
        for it in self.flights:
            phase = phase_of(self.npu, it.tag)
            if phase is not None and phase.stream == stream.number:
                yield it

    def _of_node(self, it: RunningNode) -> Iterator[Flight]:
        match it.operation:
            case SendOperation(dst, size, tag):
                ends = (self.npu, dst, size, tag)
            case ReceiveOperation(src, size, tag):
                ends = (src, self.npu, size, tag)
            case _:
                return
        yield from (
            each for each in self.flights if (each.src, each.dst, each.size, each.tag) == ends
        )


def _meeting_words(meeting: MeetingState) -> str:
    if meeting.end is None:
        return f"priced as a whole; waits for NPUs {listed_npus(meeting.absent, _NAMED)}"
    return f"priced as a whole; ends at {time_words(meeting.end)}"


_NAMED = 4  # NPUs


def _idle(state: State, npu: NpuId) -> StackFrame:
    """Stands where nothing is under way, so that a client has something to show."""
    process = state.process(npu)
    nodes = process.program.graph.nodes
    if not nodes:
        return StackFrame(FrameLevel.IDLE, "no node", npu, None)
    index = present_node(state, npu)
    if process.finish_time is not None:
        return StackFrame(FrameLevel.IDLE, "all nodes have finished", npu, index)
    return StackFrame(
        FrameLevel.IDLE, f"nothing under way; next {node_words(nodes[index])}", npu, index
    )
