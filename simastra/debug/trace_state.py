"""An NPU's trace round one of its nodes: what each depends on, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.workload import Operation

from .npu_state import ready_nodes
from .state import State


class NodeStatus(StrEnum):
    """How far a node has come."""

    FINISHED = "finished"
    UNDER_WAY = "under way"
    READY = "ready"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class TracedNode:
    """A node of a trace.

    Attributes:
        index: its place among the nodes of its NPU, by id.
        node: it.
        operation: what it does.
        status: how far it has come.
        time: when it was issued, if it is under way; when it finished, if it has; in ns. None where
            there is no such time: what has nothing to do is never issued.
        parents: the nodes that it waits for, or has waited for.
        children: the nodes that wait for it.
    """

    index: int
    node: Node
    operation: Operation
    status: NodeStatus
    time: Ns | None
    parents: tuple[Node, ...]
    children: tuple[Node, ...]


def traced_nodes(state: State, npu: NpuId, indices: Iterable[int]) -> list[TracedNode]:
    """Some nodes of an NPU's trace.

    Args:
        state: the simulation.
        npu: the NPU.
        indices: which nodes, by their places among those of the NPU.

    Raises:
        CommandError: if there is no such NPU.
    """
    process = state.process(npu)
    graph, wanted = process.program.graph, list(indices)
    parents: dict[int, list[Node]] = {index: [] for index in wanted}
    for index in range(len(graph.nodes)):
        for child in graph.children[index]:
            if child in parents:
                parents[child].append(graph.nodes[index])
    times = _Times(state, npu)
    return [
        TracedNode(
            index,
            graph.nodes[index],
            process.program.operations[index],
            *times.status(index),
            tuple(parents[index]),
            tuple(graph.nodes[child] for child in graph.children[index]),
        )
        for index in wanted
    ]


class _Times:
    """When an NPU's nodes were issued and have finished."""

    def __init__(self, state: State, npu: NpuId) -> None:
        self._process = state.process(npu)
        self._issued = state.journal.issued[npu]
        self._finished = {record.node: record.finished for record in state.run.records(npu)}
        self._ready = frozenset(ready_nodes(self._process))

    def status(self, index: int) -> tuple[NodeStatus, Ns | None]:
        """How far a node has come, and since when."""
        node = self._process.program.graph.nodes[index]
        if index in self._process.running:
            return NodeStatus.UNDER_WAY, self._issued[node.id]
        if self._process.progress.is_finished(index):
            return NodeStatus.FINISHED, self._finished.get(node.id)
        ready = index in self._ready
        return NodeStatus.READY if ready else NodeStatus.BLOCKED, None


def present_node(state: State, npu: NpuId) -> int:
    """The place of the node that an NPU is at: the first under way, or else the next to come.

    Raises:
        CommandError: if there is no such NPU.
    """
    process = state.process(npu)
    if process.running:
        return min(process.running)
    nodes: Sequence[Node] = process.program.graph.nodes
    left = (index for index in range(len(nodes)) if not process.progress.is_finished(index))
    return next(left, max(0, len(nodes) - 1))
