"""Programs of nodes that are columns, without an object for each node."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simastra.trace import DependencyGraph, Node, columns_of
from simastra.trace.column_graph import graph_in_order

from .column_operations import ColumnOperations, are_told_by
from .operation import OperationRules
from .program import Program

if TYPE_CHECKING:
    from simastra.trace.columnar import NodeTable


class ColumnCompiler:
    """Makes programs as `compile_trace` does, each out of one that it has made before if it can.

    Args:
        rules: how nodes are read.
    """

    def __init__(self, rules: OperationRules) -> None:
        self._rules = rules
        self._graphs: dict[Hashable, list[tuple[NodeTable, DependencyGraph]]] = {}
        """By what those that are equal have in common at least."""
        self._templates: dict[Hashable, list[_Template]] = {}
        """Likewise."""

    def program(self, nodes: Sequence[Node]) -> Program | None:
        """The program of an NPU.

        Returns:
            None where it takes the nodes themselves: if they aren't columns, if they stand in an
            unusual order, if their dependencies aren't sound, or if columns don't tell all that
            decides what they do.

        Raises:
            TraceError: if an attribute is missing or wrong. Its source is left to the caller.
        """
        columns = columns_of(nodes)
        # Units of collectives that have prices depend on their process groups.
        if columns is None or self._rules.prices is not None or not are_told_by(columns):
            return None
        graph = self._graph(nodes, columns)
        if graph is None:
            return None
        operations = ColumnOperations(nodes, columns, self._rules)
        some = _some(len(nodes))
        facts = columns.duration, columns.has("num_ops"), columns.number("num_ops")
        likeness = operations.kinds, *(fact[some].tobytes() for fact in facts)
        templates = self._templates.setdefault(likeness, [])
        for base in templates:
            if base.is_like(columns, graph) and operations.does_the_same(base.operations):
                operations.kinds = base.operations.kinds
                return Program(graph, operations, base.program.resources, base.program)
        program = Program(graph, operations, self._rules.resources(nodes))
        templates.append(_Template(columns, operations, program))
        return program

    def _graph(self, nodes: Sequence[Node], columns: NodeTable) -> DependencyGraph | None:
        """The graph of nodes, of which equal ones share all but the nodes."""
        some = _some(len(nodes))
        likeness = len(nodes), columns.id[some].tobytes(), columns.data_deps.flat[some].tobytes()
        known = self._graphs.setdefault(likeness, [])
        for others, graph in known:
            if _have_same_graph(columns, others):
                return graph.with_nodes(nodes)
        follows = self._rules.dialect.follows_ctrl_deps
        made = graph_in_order(nodes, columns, with_ctrl_deps=follows)
        if made is not None:
            known.append((columns, made))
        return made


@dataclass(frozen=True, slots=True)
class _Template:
    """A program, and what it was made of."""

    columns: NodeTable
    operations: ColumnOperations
    program: Program

    def is_like(self, columns: NodeTable, graph: DependencyGraph) -> bool:
        """Whether nodes whose operations are of the same kinds are alike but for what these do."""
        one, other = self.columns, columns
        return (
            graph.children is self.program.graph.children
            and np.array_equal(one.type, other.type)
            and np.array_equal(one.has("is_cpu_op"), other.has("is_cpu_op"))
            and np.array_equal(one.is_true("is_cpu_op"), other.is_true("is_cpu_op"))
            and np.array_equal(one.has("duration_nanos"), other.has("duration_nanos"))
            and np.array_equal(one.number("duration_nanos"), other.number("duration_nanos"))
        )


_SAMPLES = 16


def _some(count: int) -> slice:
    """A few of so many nodes: what they say tells most programs apart."""
    return slice(None, None, count // _SAMPLES + 1)


def _have_same_graph(one: NodeTable, other: NodeTable) -> bool:
    """Whether nodes have the same ids and dependencies, those too that the dialect leaves out."""
    lists = (one.data_deps, other.data_deps), (one.ctrl_deps, other.ctrl_deps)
    return np.array_equal(one.id, other.id) and all(
        np.array_equal(ours.counts, theirs.counts) and np.array_equal(ours.flat, theirs.flat)
        for ours, theirs in lists
    )
