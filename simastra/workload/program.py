"""A trace, decoded for one kind of machine: shared by all NPUs that have the same nodes."""

from collections.abc import Iterator
from dataclasses import dataclass

from simastra.errors import TraceError
from simastra.trace import DependencyGraph, Node, Trace, check_nodes

from .operation import Operation, OperationRules, Resource


@dataclass(frozen=True, slots=True)
class Program:
    """What an NPU does.

    Attributes:
        graph: its nodes and their dependencies.
        operations: what each node does, by its index in the graph.
        resources: what each node needs for it, by its index; None for nothing.
    """

    graph: DependencyGraph
    operations: tuple[Operation, ...]
    resources: tuple[Resource | None, ...]

    def __iter__(self) -> Iterator[tuple[Node, Operation]]:
        """Each node with its operation, in order of their ids."""
        return zip(self.graph.nodes, self.operations, strict=True)


def compile_trace(trace: Trace, rules: OperationRules) -> tuple[Program, ...]:
    """The program of each NPU; one object for all NPUs that share their nodes.

    Raises:
        TraceError: if nodes, their dependencies or their attributes are wrong.
    """
    programs: dict[int, Program] = {}
    for nodes, source in zip(trace.npus, trace.sources, strict=True):
        if id(nodes) not in programs:
            programs[id(nodes)] = _compile(nodes, source, rules)
    return tuple(programs[id(nodes)] for nodes in trace.npus)


def _compile(nodes: tuple[Node, ...], source: str, rules: OperationRules) -> Program:
    follows = rules.dialect.follows_ctrl_deps
    check_nodes(nodes, source, with_ctrl_deps=follows)
    graph = DependencyGraph(nodes, with_ctrl_deps=follows)
    try:
        operations = tuple(map(rules.operation, graph.nodes))
    except TraceError as error:
        raise TraceError(error.problem, source=source, node=error.node) from None
    return Program(graph, operations, tuple(map(rules.resource, graph.nodes)))
