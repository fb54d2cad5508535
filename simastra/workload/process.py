"""The SimPy process of one NPU (behaviour 2.2-2.5)."""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

from simpy.events import Event

from simastra.dialect import Dialect
from simastra.engine import (
    Completion,
    NextInTurn,
    NextOf,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    Probe,
    Turns,
)
from simastra.system import Collective, Npu
from simastra.trace import Node, TraceProgress
from simastra.units import Ns

from .operation import (
    MemoryOperation,
    Operation,
    ReceiveOperation,
    ReplayOperation,
    RooflineOperation,
    SendOperation,
    SkipOperation,
    Unit,
)
from .program import Program
from .ready import ReadyNodes

_AWAKE = -1
"""What comes, instead of a node's index, where an NPU that stands still at first works."""


class NpuProcess:
    """Walks one NPU's ET.

    Args:
        npu: the NPU's units.
        program: its trace.
        dialect: which ASTRA-sim is reproduced.
        probe: is told of nodes issued and finished.
        turns: in which order it hears of what ends in one nanosecond; as it happens by default.

    Attributes:
        running: indices in the graph of the nodes under way.
        ready: nodes that only wait for the hardware.
        progress: what is left of the trace.
        finish_time: when the last node finished, in ns; None until then.
    """

    def __init__(
        self,
        npu: Npu,
        program: Program,
        dialect: Dialect,
        probe: Probe,
        turns: Turns | None = None,
    ) -> None:
        self.npu = npu
        program = program.with_objects
        self.program = program
        self.probe = probe
        self.progress = TraceProgress(program.graph)
        self.ready = ReadyNodes(program.resources)
        self.running: set[int] = set()
        self.finish_time: Ns | None = None
        self._at_once = dialect.issues_freed_nodes_at_once
        self._freed_by_skipped: list[int] = []
        self._busy: set[Unit | None] = set()
        self._in_flight = NextOf(npu.env) if turns is None else NextInTurn(turns, npu.npu)

    def walk(self, *, is_resumed: bool = False) -> Generator[Event, int, None]:
        """The process. It begins before the first event and is resumed as each node ends.

        It is resumed inside the callback that ends the node, with the node's index; no event lies
        between, as none does in ASTRA-sim.

        Args:
            is_resumed: whether it goes on where another one, which is left, waits for a node.
        """
        if not is_resumed:
            self.ready.add(self.program.graph.roots)
            if self.progress.left and self.npu.standstill():
                self._in_flight.expect(self.npu.waking(), _AWAKE)
            else:
                self._issue_ready_nodes()
        while self.progress.left:
            index = yield self._in_flight
            if index != _AWAKE:
                self._finish(index)
            self._issue_ready_nodes()
        self.finish_time = self.npu.env.now
        self.probe.on_npu_finished(NpuFinished(self.npu.npu, self.finish_time))

    def holder_of(self, index: int) -> Node | None:
        """The node that holds the resource that a node needs, None if nobody does."""
        needed = self.program.resources[index]
        for running in self.running:
            if needed is not None and self.program.resources[running] == needed:
                return self.program.graph.nodes[running]
        return None

    def own_duration(self, index: int) -> Ns | None:
        """How long a node takes that needs nobody else, in ns; None for any other."""
        match self.program.operations[index]:
            case ReplayOperation(duration):
                return duration
            case RooflineOperation(num_ops, tensor_size):
                return self.npu.compute.roofline_duration(num_ops, tensor_size)
            case _:
                return None

    def _issue_ready_nodes(self) -> None:
        """Issue what the hardware can take of what is ready."""
        self._pass_over_ready_nodes()
        # Nothing will end and start another pass where the last one only skipped nodes.
        while not self.running and self.ready:
            self._pass_over_ready_nodes()

    def _pass_over_ready_nodes(self) -> None:
        """Issue ready nodes, lowest id first, as far as their resources are free."""
        while (index := self.ready.take(self._busy)) is not None:
            self._issue(index)
        self.ready.add(self._freed_by_skipped)
        self._freed_by_skipped.clear()

    def _issue(self, index: int) -> None:
        operation = self.program.operations[index]
        if isinstance(operation, SkipOperation):
            freed = self.progress.finish(index)
            if self._at_once:
                self.ready.add(freed)
            else:
                self._freed_by_skipped.extend(freed)
            return
        node = self.program.graph.nodes[index]
        self.probe.on_node_issued(NodeIssued(self.npu.npu, node, self.npu.env.now))
        self.running.add(index)
        resource = self.program.resources[index]
        if resource is not None:
            self._busy.add(resource)
        self._in_flight.expect(self._begin(operation), index)

    def _finish(self, index: int) -> None:
        node = self.program.graph.nodes[index]
        self.probe.on_node_finished(NodeFinished(self.npu.npu, node, self.npu.env.now))
        self.running.remove(index)
        self._busy.discard(self.program.resources[index])
        self.ready.add(self.progress.finish(index))

    def _begin(self, operation: Operation) -> Completion:
        match operation:
            case ReplayOperation(duration, category):
                return self.npu.compute.replay(duration, category)
            case RooflineOperation(num_ops, tensor_size):
                return self.npu.compute.roofline(num_ops, tensor_size)
            case Collective():
                return self.npu.run_collective(operation)
            case SendOperation(dst, size, tag):
                return self.npu.send(dst, size, tag)
            case ReceiveOperation(src, size, tag):
                return self.npu.receive(src, size, tag)
            case MemoryOperation(size):
                return self.npu.access_memory(size)
            case SkipOperation():
                raise AssertionError("a skipped node begins nothing")
            case _:
                assert_never(operation)
