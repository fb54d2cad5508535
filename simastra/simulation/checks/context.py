"""What checks of a simulation's inputs may look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import cached_property

from simastra.collectives import Chunks, split
from simastra.config import NetworkConfig, SystemConfig
from simastra.quick_dataclass import dataclass
from simastra.simulation.collectives_of import collectives_of
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.trace import CollectiveType, Node, NodeMark, marked, types_of
from simastra.units import Bytes, NpuId
from simastra.workload import (
    Collective,
    Collectives,
    OperationRules,
    Program,
    distinct_originals,
    of_each_template,
)

_OF_TEMPLATES = frozenset(
    {NodeMark.UNPLACED, NodeMark.ON_CPU, NodeMark.CONTROLLED, NodeMark.REPEATING}
)
"""Marks that programs made out of one another have in the same places."""


@dataclass(frozen=True)
class Context:
    """What a check may look at.

    Attributes:
        experiment: what is simulated.
    """

    experiment: Experiment
    _types: dict[int, bytes] = field(default_factory=dict, init=False)
    _marked: dict[tuple[int, NodeMark], bytes] = field(default_factory=dict, init=False)
    _collectives: dict[int, Collectives] = field(default_factory=dict, init=False)
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

    def types(self, program: Program) -> bytes:
        """For each node of a program the value of its NodeType."""
        template = program.template  # whose nodes are of the same types
        known = self._types.get(id(template))
        if known is None:
            known = self._types[id(template)] = types_of(template.graph.nodes)
        return known

    def marked(self, program: Program, mark: NodeMark) -> bytes:
        """For each node of a program a byte: 1 where it has the mark, 0 elsewhere."""
        if mark in _OF_TEMPLATES:
            program = program.template
        known = self._marked.get((id(program), mark))
        if known is None:
            known = self._marked[id(program), mark] = marked(program.graph.nodes, mark)
        return known

    def collectives(self, program: Program) -> Collectives:
        """A program's collectives."""
        known = self._collectives.get(id(program))
        if known is None:
            made = collectives_of(program, self.platform.custom)
            known = self._collectives[id(program)] = made
        return known

    @cached_property
    def most_chunks(self) -> int:
        """As many chunks as any NPU's collectives come to."""
        return max(
            sum(
                self.chunks(operation).count * count
                for operation, count in self.collectives(program).counted()
            )
            for program in distinct_originals(self.programs)
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
