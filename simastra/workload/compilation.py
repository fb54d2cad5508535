"""From a trace to programs, one for all NPUs that have the same nodes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import compress, count
from operator import attrgetter, eq, is_not
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.on_demand import kept
from simastra.quick_dataclass import dataclass
from simastra.trace import DependencyGraph, Node, Trace, check_nodes, columns_of
from simastra.trace.renamed import RenamedNodes

from .operation import Operation, OperationRules
from .operation_kinds import EXTERNAL_CLASSES
from .program import Program
from .renamed import MadeOperations, RenamedOperations

if TYPE_CHECKING:
    from . import column_programs
else:  # for nodes that lie in columns
    column_programs = deferred("simastra.workload.column_programs")


def compile_trace(trace: Trace, rules: OperationRules) -> tuple[Program, ...]:
    """The program of each NPU; one object for all NPUs that share their nodes.

    NPUs whose nodes differ only in whom they communicate with share everything else: a large run
    has many, tensor- and data-parallel ranks for instance.

    Raises:
        TraceError: if nodes, their dependencies or their attributes are wrong.
    """
    programs: dict[int, Program] = {}
    compiler = _Compiler(rules, alone=len(set(map(id, trace.npus))) == 1)
    for nodes, source in zip(trace.npus, trace.sources, strict=True):
        if id(nodes) not in programs:
            original = None
            if isinstance(nodes, RenamedNodes):
                original = programs.get(id(nodes.template.nodes))
            programs[id(nodes)] = compiler.program(nodes, source, original)
    return tuple([programs[id(nodes)] for nodes in trace.npus])


@dataclass(frozen=True, slots=True)
class _Template:
    """A program, and the nodes that it was made of, in the order of their file."""

    nodes: Sequence[Node]
    program: Program


class _Compiler:
    """Makes programs, each out of one that it has made before if it can.

    Args:
        rules: how nodes are read.
        alone: whether there is but one to be made, so that nothing need be remembered.
    """

    def __init__(self, rules: OperationRules, *, alone: bool) -> None:
        self._rules = rules
        self._is_alone = alone
        self._templates: dict[Hashable, list[_Template]] = {}
        """By what programs that are like each other have in common at least."""
        self._operations: dict[int, Operation] = {}
        """By identity of the node: NPUs share many of their nodes."""
        self._made: dict[int, MadeOperations] = {}
        """Of programs that are one's with other names in them, by identity of that one."""
        self._groups: set[str] = set()
        """Names of process groups that have been found right."""
        self._of_columns: column_programs.ColumnCompiler | None = None

    def program(
        self, nodes: Sequence[Node], source: str, original: Program | None = None
    ) -> Program:
        """The program of an NPU.

        Args:
            nodes: what it does.
            source: what messages call them.
            original: of the nodes that these are with other names in them; None for none.
        """
        try:
            if isinstance(nodes, RenamedNodes) and original is not None:
                renamed = self._with_names(original, nodes)
                if renamed is not None:
                    return renamed
            made = None if columns_of(nodes) is None else self._columns_program(nodes)
            if made is not None:
                return made
            nodes = kept(nodes)
            likeness = _likeness(nodes)
            for base in self._templates.get(likeness, ()):
                made = self._from_template(base, nodes)
                if made is not None:
                    return made
            check_nodes(nodes, source, with_ctrl_deps=self._rules.dialect.follows_ctrl_deps)
            program = self._anew(nodes)
            self._templates.setdefault(likeness, []).append(_Template(nodes, program))
            return program  # noqa: TRY300  # what is caught is what the lines above raise
        except TraceError as error:
            if error.source is not None:
                raise
            raise TraceError(error.problem, source=source, node=error.node) from None

    def _with_names(self, original: Program, nodes: RenamedNodes) -> Program | None:
        """The program of nodes that are the original's with other names in them."""
        if self._rules.prices is not None and not nodes.is_one_to_one:
            return None  # it may have fewer communicators
        for name, index in zip(nodes.groups, nodes.template.first_of_groups, strict=True):
            if name not in self._groups:
                self._rules.operation(nodes[index])  # raises an error for what is no name
                self._groups.add(name)
        in_order = nodes.in_order
        made = self._made.setdefault(id(original), {})
        operations = RenamedOperations(original, in_order, self._rules, made)
        graph = original.graph.with_nodes(in_order)
        return Program(graph, operations, original.resources, original.template)

    def _columns_program(self, nodes: Sequence[Node]) -> Program | None:
        if self._of_columns is None:
            self._of_columns = column_programs.ColumnCompiler(self._rules)
        return self._of_columns.program(nodes)

    def _anew(self, nodes: Sequence[Node]) -> Program:
        graph = DependencyGraph(nodes, with_ctrl_deps=self._rules.dialect.follows_ctrl_deps)
        operations = tuple(map(self._operation, graph.nodes))
        return Program(graph, operations, self._rules.resources(graph.nodes))

    def _from_template(self, base: _Template, nodes: Sequence[Node]) -> Program | None:
        """The program of `nodes`, if they differ from the base's only in what reaches out."""
        program = base.program
        places = list(compress(count(), map(is_not, base.nodes, nodes)))
        before, after = (list(map(it.__getitem__, places)) for it in (base.nodes, nodes))
        if not all(map(eq, map(_LIKENESS, before), map(_LIKENESS, after))):
            return None
        by_id = program.graph.nodes
        operations: list[Operation] = list(program.operations)
        in_order = list(by_id)
        for place, old, new in zip(places, before, after, strict=True):
            # In most files nodes stand in order of their ids.
            index = place if by_id[place] is old else program.graph.index_of(old)
            operation, known = self._operation(new), operations[index]
            if type(operation) is type(known) and isinstance(known, EXTERNAL_CLASSES):
                operations[index] = operation
            elif operation != known:
                return None
            in_order[index] = new
        graph = program.graph.with_nodes(tuple(in_order))
        resources = program.resources
        if not self._same_units(program, in_order):
            resources = self._rules.resources(in_order)
        return Program(graph, tuple(operations), resources, program)

    def _same_units(self, program: Program, nodes: Sequence[Node]) -> bool:
        """Whether nodes in place of a program's, alike but for what reaches out, need the same."""
        if self._rules.prices is None:
            return True
        name, places = self._rules.communicator, program.external_operations
        before = [name(program.graph.nodes[it]) for it in places]
        after = [name(nodes[it]) for it in places]
        return len(set(before)) == len(set(after)) == len(set(zip(before, after, strict=True)))

    def _operation(self, node: Node) -> Operation:
        if self._is_alone:
            return self._rules.operation(node)
        operation = self._operations.get(id(node))
        if operation is None:
            operation = self._operations[id(node)] = self._rules.operation(node)
        return operation


_LIKENESS = attrgetter("id", "type", "data_deps", "ctrl_deps", "is_cpu_op", "duration_nanos")
"""What nodes of programs like each other have in common, besides what they do."""

_SAMPLES = 16


def _likeness(nodes: Sequence[Node]) -> Hashable:
    """A few facts that programs share if one can be made out of the other.

    Thousands of NPUs may have traces of their own: comparing each with all others takes too long.
    """
    step = len(nodes) // _SAMPLES + 1
    return len(nodes), tuple(
        (node.id, node.type, node.data_deps, node.duration, node.num_ops) for node in nodes[::step]
    )
