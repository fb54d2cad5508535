"""What an NPU does: a trace decoded for one machine, shared by all that have the same nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from simastra.collectives import UNEVEN_COLLECTIVES
from simastra.on_demand import kept
from simastra.quick_dataclass import dataclass
from simastra.system import Collective
from simastra.trace import DependencyGraph, Node
from simastra.trace.renamed import RenamedNodes
from simastra.units import NpuId

from .choosing import chosen, places
from .columns_of_objects import ColumnsOfObjects
from .operation import Operation, Unit
from .operation_columns import MessageColumns, OperationColumns
from .operation_kinds import EXTERNAL, OperationKind
from .renamed import RenamedOperations


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
        own: OperationColumns | None = getattr(self.operations, "columns", None)
        if own is not None:
            return own
        kinds = None if self.base_program is None else self.base_program.columns.kinds
        return ColumnsOfObjects(self.graph.nodes, self.operations, kinds)

    @property
    def kinds(self) -> bytes:
        """For each node the OperationKind of what it does, a byte each."""
        return self.columns.kinds

    @property
    def messages(self) -> MessageColumns:
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

    @cached_property
    def with_objects(self) -> Program:
        """This program with all of its nodes and operations kept as objects, for who walks it.

        They are the same ones that this program has from then on.
        """
        nodes = kept(self.graph.nodes)
        operations = self._asked_for_by(nodes)
        resources = kept(self.resources)
        if nodes is self.graph.nodes and operations is self.operations:
            return self
        base = None if self.base_program is None else self.base_program.with_objects
        made = Program(self.graph.with_nodes(nodes), operations, resources, base)
        vars(made)["columns"] = self.columns
        return made

    def _asked_for_by(self, nodes: Sequence[Node]) -> Sequence[Operation]:
        """The operations, as objects; collectives name these very nodes.

        Where operations have been changed, a node may have been made for each before it was kept.
        """
        operations = kept(self.operations)
        if nodes is self.graph.nodes:
            return operations
        made = list(operations)
        for index in self.collectives:
            operation = operations[index]
            if isinstance(operation, Collective) and operation.node is not nodes[index]:
                made[index] = replace(operation, node=nodes[index])
        return tuple(made)

    def __reduce__(self) -> tuple[type[Program], tuple[object, ...]]:
        """Leave out what is found anew: what is on demand here is a tuple there."""
        return Program, (self.graph, self.operations, self.resources, self.base_program)

    def __iter__(self) -> Iterator[tuple[Node, Operation]]:
        """Each node with its operation, in order of their ids."""
        return zip(self.graph.nodes, self.operations, strict=True)

    @property
    def renaming(self) -> RenamedNodes | None:
        """What it names in place of what the original does; None for an original itself."""
        them = self.operations
        return them.nodes if isinstance(them, RenamedOperations) else None

    @property
    def original(self) -> Program:
        """The program that this one is but for the names of NPUs and process groups in it.

        An NPU before has it. It differs in more from its template: in sizes, for instance.
        """
        them = self.operations
        original = them.original if isinstance(them, RenamedOperations) else self
        assert isinstance(original, Program)
        return original

    @property
    def template(self) -> Program:
        """The program that this one and those like it have been made out of."""
        return self if self.base_program is None else self.base_program


def distinct_programs(programs: Sequence[Program]) -> Sequence[Program]:
    """Each program once, in the order in which they first come."""
    return tuple({id(program): program for program in programs}.values())


def distinct_originals(programs: Sequence[Program]) -> Sequence[Program]:
    """Those that differ in more than the names of NPUs and process groups, each once."""
    return tuple({id(it.original): it.original for it in programs}.values())


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
