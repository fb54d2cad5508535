"""What checks of a simulation's inputs may look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import Any, TypeAlias

from simastra.collectives import Chunks, split
from simastra.config import NetworkConfig, SystemConfig
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.trace import COMMUNICATION_TYPES, CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId
from simastra.workload import (
    Collective,
    OperationRules,
    Program,
    ReceiveOperation,
    SendOperation,
    of_each_template,
)


class Among(Enum):
    """Kinds of nodes that checks look at; a node may be of several."""

    COMMUNICATION = auto()
    """Nodes of a type that communicates, whatever they do in this dialect."""
    COLLECTIVE = auto()
    """Nodes that run a collective."""
    MESSAGE = auto()
    """Nodes that send or receive."""
    COMMUNICATING = auto()
    """Both of these."""
    DEPENDENT = auto()
    """Nodes with control dependencies, or with several data dependencies."""
    IDLE = auto()
    """Nodes of a type that does nothing."""
    TIMED = auto()
    """Nodes whose duration whole microseconds can't say."""


def _indices(program: Program, among: Among) -> Sequence[int]:
    nodes, operations = program.graph.nodes, program.operations
    match among:
        case Among.COMMUNICATION | Among.IDLE:
            types = _TYPES[among]
            return [index for index, node in enumerate(nodes) if node.type in types]
        case Among.COLLECTIVE | Among.MESSAGE | Among.COMMUNICATING:
            kinds = _OPERATIONS[among]
            return [
                index
                for index in program.external_operations
                if isinstance(operations[index], kinds)
            ]
        case Among.DEPENDENT:
            return [
                index
                for index, node in enumerate(nodes)
                if node.ctrl_deps or len(node.data_deps) > 1
            ]
        case Among.TIMED:
            return [index for index, node in enumerate(nodes) if node.duration_nanos is not None]


def _picked(program: Program, indices: Sequence[int]) -> SomeNodes:
    nodes, operations = program.graph.nodes, program.operations
    return SomeNodes(
        list(map(nodes.__getitem__, indices)), list(map(operations.__getitem__, indices))
    )


_TYPES = {
    Among.COMMUNICATION: COMMUNICATION_TYPES,
    Among.IDLE: (NodeType.INVALID, NodeType.METADATA),
}
_OPERATIONS = {
    Among.COLLECTIVE: (Collective,),
    Among.MESSAGE: (SendOperation, ReceiveOperation),
    Among.COMMUNICATING: (Collective, SendOperation, ReceiveOperation),
}

Pairs: TypeAlias = Iterable[tuple[Node, Any]]
"""Nodes, each with its operation: of the classes that nodes of their kind have."""


@dataclass(frozen=True, slots=True, eq=False)
class SomeNodes:
    """Some of a program's nodes: pairs, as often as they are gone through.

    Attributes:
        nodes: they, in order of their ids.
        operations: what each of them does.
    """

    nodes: Sequence[Node]
    operations: Sequence[Any]

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[tuple[Node, Any]]:
        return zip(self.nodes, self.operations, strict=True)


@dataclass(frozen=True)
class Context:
    """What a check may look at.

    Attributes:
        experiment: what is simulated.
    """

    experiment: Experiment
    _known: dict[tuple[int, Among], Sequence[int]] = field(default_factory=dict, init=False)
    _chunks: dict[tuple[CollectiveType, Bytes], Chunks] = field(default_factory=dict, init=False)

    @property
    def programs(self) -> Sequence[Program]:
        """Of each NPU."""
        return self.experiment.programs

    @property
    def sources(self) -> Sequence[str]:
        """What to call each NPU's nodes."""
        return self.experiment.trace.sources

    @property
    def platform(self) -> Platform:
        """The machine."""
        return self.experiment.platform

    @cached_property
    def rules(self) -> OperationRules:
        """How nodes are read."""
        return self.experiment.rules

    @cached_property
    def network(self) -> NetworkConfig:
        """The network configuration."""
        return self.platform.network

    @cached_property
    def system(self) -> SystemConfig:
        """The system configuration."""
        return self.rules.system

    @property
    def reference(self) -> str:
        """The program that is reproduced, in messages."""
        return f"ASTRA-sim {self.rules.dialect.name}"

    @cached_property
    def distinct(self) -> tuple[tuple[NpuId, Program], ...]:
        """Each program once, with the first NPU that has it."""
        first: dict[int, tuple[NpuId, Program]] = {}
        for npu, program in enumerate(self.programs):
            first.setdefault(id(program), (npu, program))
        return tuple(first.values())

    @cached_property
    def templates(self) -> tuple[tuple[NpuId, Program], ...]:
        """The first of those programs that differ in whom they communicate with, likewise."""
        return tuple(of_each_template(self.programs))

    def source(self, npu: NpuId, node: Node | None = None) -> str:
        """Where an NPU's nodes are from, and which of them is meant."""
        source = self.sources[npu]
        return source if node is None else f"{source}, node {node.id}"

    def nodes(self, program: Program, among: Among) -> SomeNodes:
        """A program's nodes of a kind: of a million, most are of none; they are sought once."""
        return _picked(program, self._indices(program, among))

    def new_nodes(self, program: Program, among: Among) -> SomeNodes:
        """Those that its template doesn't have: whoever looks at all programs has seen the rest."""
        indices, base = self._indices(program, among), program.base_program
        if base is not None:
            nodes, known = program.graph.nodes, base.graph.nodes
            indices = [index for index in indices if nodes[index] is not known[index]]
        return _picked(program, indices)

    def _indices(self, program: Program, among: Among) -> Sequence[int]:
        key = (id(program.template), among)  # whose nodes are of the same kinds
        indices = self._known.get(key)
        if indices is None:
            indices = self._known[key] = _indices(program, among)
        return indices

    @cached_property
    def most_chunks(self) -> int:
        """As many chunks as any NPU's collectives come to."""
        return max(
            sum(
                self.chunks(operation).count
                for _, operation in self.nodes(program, Among.COLLECTIVE)
            )
            for _, program in self.distinct
        )

    def chunks(self, operation: Collective) -> Chunks:
        """The chunks of a collective."""
        collective, size = operation.kind, operation.size
        chunks = self._chunks.get((collective, size))
        if chunks is None:
            splits = self.system.preferred_dataset_splits
            chunks = split(collective, size, splits, self.network.npus)
            self._chunks[collective, size] = chunks
        return chunks
