"""A trace, decoded for one kind of machine: shared by all NPUs that have the same nodes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count
from operator import attrgetter, eq, is_not

from simastra.collectives import UNEVEN_COLLECTIVES
from simastra.errors import TraceError
from simastra.system import Collective
from simastra.trace import DependencyGraph, Node, Trace, check_nodes
from simastra.units import NpuId

from .operation import (
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    SendOperation,
    Unit,
)
from .operation_columns import (
    EXTERNAL,
    ColumnsOfObjects,
    Messages,
    OperationColumns,
    OperationKind,
    chosen,
    places,
)

_EXTERNAL = (Collective, SendOperation, ReceiveOperation, MemoryOperation)


@dataclass(frozen=True, eq=False)
class Program:
    """What an NPU does.

    What asks all of a large program's nodes asks its `kinds`, `messages` and other columns: the
    objects may have to be made for it.

    Attributes:
        graph: its nodes and their dependencies.
        operations: what each node does, by its index in the graph.
        resources: what each node needs for it, by its index; None for nothing.
        base_program: another program that this one is like in all but what nodes do that concern
            more than the NPU: they may name other NPUs or process groups, for instance. Its nodes
            are of the same types and its operations of the same kinds, and an NPU before has it.
            None for none.
    """

    graph: DependencyGraph
    operations: Sequence[Operation]
    resources: Sequence[Unit | None]
    base_program: Program | None = None

    @cached_property
    def columns(self) -> OperationColumns:
        """The operations by kind and as columns."""
        kinds = None if self.base_program is None else self.base_program.columns.kinds
        return ColumnsOfObjects(self.graph.nodes, self.operations, kinds)

    @property
    def kinds(self) -> bytes:
        """For each node the OperationKind of what it does, a byte each."""
        return self.columns.kinds

    @property
    def messages(self) -> Messages:
        """The sends and receives."""
        return self.columns.messages

    @cached_property
    def collectives(self) -> Sequence[int]:
        """Indices of the collectives, ascending."""
        if self.base_program is not None:
            return self.base_program.collectives
        return places(chosen(self.kinds, {OperationKind.COLLECTIVE}))

    @cached_property
    def external_operations(self) -> Sequence[int]:
        """Indices of the nodes that concern more than the NPU itself, ascending: collectives,
        sends, receives and accesses to remote memory."""
        if self.base_program is not None:
            return self.base_program.external_operations
        return places(chosen(self.kinds, EXTERNAL))

    def __iter__(self) -> Iterator[tuple[Node, Operation]]:
        """Each node with its operation, in order of their ids."""
        return zip(self.graph.nodes, self.operations, strict=True)

    @property
    def template(self) -> Program:
        """The program that this one and those like it have been made out of."""
        return self if self.base_program is None else self.base_program


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
            programs[id(nodes)] = compiler.program(nodes, source)
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

    def program(self, nodes: Sequence[Node], source: str) -> Program:
        try:
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
            if type(operation) is type(known) and isinstance(known, _EXTERNAL):
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


def distinct_programs(programs: Sequence[Program]) -> Sequence[Program]:
    """Each program once, in the order in which they first come."""
    return tuple({id(program): program for program in programs}.values())


def are_even(programs: Sequence[Program]) -> bool:
    """Whether no collective says that its parts may differ in size."""
    distinct = (program.columns.collectives.distinct for program in distinct_programs(programs))
    each = (it for operations in distinct for it in operations if _may_be_uneven(it))
    return not any(map(is_marked_uneven, each))


def maybe_uneven(program: Program) -> Iterator[tuple[int, Collective]]:
    """The collectives whose parts may differ in size, with the index of their node."""
    for index in program.columns.collectives.where(_may_be_uneven):
        operation = program.operations[index]
        if isinstance(operation, Collective):
            yield index, operation


def _may_be_uneven(operation: Collective) -> bool:
    return operation.kind in UNEVEN_COLLECTIVES


def is_marked_uneven(operation: Collective) -> bool:
    """Whether a member's node says that parts differ in size, or of which sizes they are."""
    node = operation.node
    return bool(node.comm_uneven) or node.comm_sizes is not None


def of_each_template(programs: Sequence[Program]) -> Iterator[tuple[NpuId, Program]]:
    """One NPU of those whose programs only differ in whom they communicate with, and its program.

    They do about the same, and a large run has few of them.
    """
    first: dict[int, NpuId] = {}
    for npu, program in enumerate(programs):
        first.setdefault(id(program.template), npu)
    return ((npu, programs[npu]) for npu in first.values())
