"""The SimPy process of one NPU (behaviour 2.2-2.5)."""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

from simpy.events import Event

from simastra.engine import Completion, NextOf, Probe
from simastra.system import Npu
from simastra.system.collective import CollectiveRequest
from simastra.trace import DependencyGraph, Node, Progress
from simastra.units import Ns

from .operation import (
    CollectiveOperation,
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    ReplayOperation,
    Resource,
    RooflineOperation,
    SendOperation,
    SkipOperation,
)


class NpuProcess:
    """Walks one NPU's ET.

    Args:
        npu: the NPU's units.
        graph: its trace.
        rules: how nodes are read.
        probe: is told of nodes issued and finished.

    Attributes:
        running: the node that each busy resource works on.
        progress: what is left of the trace.
        finish_time: when the last node finished, in ns; None until then.
    """

    def __init__(
        self, npu: Npu, graph: DependencyGraph, rules: OperationRules, probe: Probe
    ) -> None:
        self.npu = npu
        self.rules = rules
        self.probe = probe
        self.progress = Progress(graph)
        self.running: dict[Resource, Node] = {}
        self.finish_time: Ns | None = None
        self._in_flight = NextOf(npu.env)

    def walk(self) -> Generator[Event, int, None]:
        """The process. It begins before the first event and is resumed as each node ends.

        It is resumed inside the callback that ends the node, with the node's index; no event lies
        between, as none does in ASTRA-sim.
        """
        self._issue_ready_nodes()
        while self.progress.left:
            index = yield self._in_flight
            self._finish(index)
            self._issue_ready_nodes()
        self.finish_time = self.npu.env.now
        self.probe.npu_finished(self.npu.npu, self.finish_time)

    def _issue_ready_nodes(self) -> None:
        """Issue what is ready, lowest id first, skipping what finds its resource taken."""
        kept_back = []
        while (index := self.progress.take_ready()) is not None:
            resource = self.rules.resource(self.progress.graph.nodes[index])
            if resource in self.running:
                kept_back.append(index)
            else:
                self._issue(index, resource)
        for index in kept_back:
            self.progress.put_back(index)

    def _issue(self, index: int, resource: Resource) -> None:
        node = self.progress.graph.nodes[index]
        operation = self.rules.operation(node)
        if isinstance(operation, SkipOperation):
            self.progress.finish(index)
            return
        self.probe.node_issued(self.npu.npu, node, self.npu.env.now)
        self.running[resource] = node
        self._in_flight.expect(self._begin(operation), index)

    def _begin(self, operation: Operation) -> Completion:
        match operation:
            case ReplayOperation(duration):
                return self.npu.compute.replay(duration)
            case RooflineOperation(num_ops, tensor_size):
                return self.npu.compute.roofline(num_ops, tensor_size)
            case CollectiveOperation(collective, size, involved, priority):
                request = CollectiveRequest(collective, size, involved, priority)
                return self.npu.run_collective(request)
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

    def _finish(self, index: int) -> None:
        node = self.progress.graph.nodes[index]
        self.probe.node_finished(self.npu.npu, node, self.npu.env.now)
        del self.running[self.rules.resource(node)]
        self.progress.finish(index)
