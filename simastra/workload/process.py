"""The SimPy process of one NPU (behaviour 2.2-2.5)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import assert_never

from simpy.events import Event

from simastra.engine import Completion, NextOf, Probe
from simastra.system import CollectiveRequest, Npu
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
        running: the nodes under way, by their index in the graph, with the resource that each
            holds.
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
        self.running: dict[int, Resource | None] = {}
        self.finish_time: Ns | None = None
        self._busy: set[Resource] = set()
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

    def holder_of(self, index: int) -> Node | None:
        """The node that holds the resource that a node needs, None if nobody does."""
        nodes = self.progress.graph.nodes
        needed = self.rules.resource(nodes[index])
        for running, resource in self.running.items():
            if resource is needed and needed is not None:
                return nodes[running]
        return None

    def _issue_ready_nodes(self) -> None:
        """Issue what the hardware can take of what is ready."""
        self._pass_over_ready_nodes()
        # Nothing will end and start another pass where the last one only skipped nodes.
        while not self.running and self.progress.has_ready:
            self._pass_over_ready_nodes()

    def _pass_over_ready_nodes(self) -> None:
        """Issue what is ready, lowest id first, keeping back what finds its resource taken."""
        kept_back = []
        for index in self._candidates():
            resource = self.rules.resource(self.progress.graph.nodes[index])
            if resource is not None and resource in self._busy:
                kept_back.append(index)
            else:
                self._issue(index, resource)
        for index in kept_back:
            self.progress.put_back(index)

    def _candidates(self) -> Iterator[int]:
        """The ready nodes; those that become ready meanwhile, too, if the dialect has it so."""
        if self.rules.dialect.issues_freed_nodes_at_once:
            return iter(self.progress.take_ready, None)
        return iter(self.progress.take_all_ready())

    def _issue(self, index: int, resource: Resource | None) -> None:
        node = self.progress.graph.nodes[index]
        operation = self.rules.operation(node)
        if isinstance(operation, SkipOperation):
            self.progress.finish(index)
            return
        self.probe.node_issued(self.npu.npu, node, self.npu.env.now)
        self.running[index] = resource
        if resource is not None:
            self._busy.add(resource)
        self._in_flight.expect(self._begin(operation), index)

    def _begin(self, operation: Operation) -> Completion:
        match operation:
            case ReplayOperation(duration):
                return self.npu.compute.replay(duration)
            case RooflineOperation(num_ops, tensor_size):
                return self.npu.compute.roofline(num_ops, tensor_size)
            case CollectiveOperation(collective, size, involved, priority, group, node, root):
                request = CollectiveRequest(collective, size, involved, priority, node, root)
                return self.npu.run_collective(request, group)
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
        resource = self.running.pop(index)
        if resource is not None:
            self._busy.remove(resource)
        self.progress.finish(index)
