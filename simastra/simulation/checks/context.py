"""What checks of a simulation's inputs may look at, and the form of those of ET nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Generic, TypeVar

from simastra.collectives import AlgorithmChoice, Chunks, split
from simastra.config import NetworkConfig, SystemConfig
from simastra.notices import Severity
from simastra.simulation.scenario import Scenario
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.units import Bytes, NpuId
from simastra.workload import (
    COMMUNICATION_TYPES,
    CollectiveOperation,
    Operation,
    OperationRules,
    Program,
    ReceiveOperation,
    SendOperation,
)


@dataclass(frozen=True)
class Context:
    """What a check may look at.

    Attributes:
        scenario: what is simulated.
    """

    scenario: Scenario

    @property
    def trace(self) -> Trace:
        """Names the sources."""
        return self.scenario.trace

    @property
    def programs(self) -> Sequence[Program]:
        """Of each NPU."""
        return self.scenario.programs

    @cached_property
    def rules(self) -> OperationRules:
        """How nodes are read."""
        return self.scenario.rules

    @cached_property
    def network(self) -> NetworkConfig:
        """The network configuration."""
        return self.scenario.platform.network

    @property
    def choices(self) -> Mapping[CollectiveType, Sequence[AlgorithmChoice]]:
        """The algorithms configured for each collective."""
        return self.scenario.platform.choices

    @cached_property
    def system(self) -> SystemConfig:
        """The system configuration."""
        return self.rules.system

    @cached_property
    def distinct(self) -> tuple[tuple[Program, str], ...]:
        """Each program once, with the source of the first NPU that has it."""
        programs = {
            id(program): (program, source)
            for program, source in zip(
                reversed(self.programs), reversed(self.trace.sources), strict=True
            )
        }
        return tuple(reversed(programs.values()))

    @property
    def first_npus(self) -> Iterator[tuple[NpuId, Program]]:
        """Each program once, with the first NPU that has it."""
        seen: set[int] = set()
        for npu, program in enumerate(self.programs):
            if id(program) not in seen:
                seen.add(id(program))
                yield npu, program

    @property
    def reference(self) -> str:
        """The program that is reproduced, in messages."""
        return f"ASTRA-sim {self.rules.dialect.name}"

    @property
    def distinct_nodes(self) -> Iterator[tuple[tuple[Node, ...], str]]:
        """The nodes of NPUs, each set once, in file order, with the source of the first that has
        it."""
        seen: set[int] = set()
        for nodes, source in zip(self.trace.npus, self.trace.sources, strict=True):
            if id(nodes) not in seen:
                seen.add(id(nodes))
                yield nodes, source

    @cached_property
    def most_chunks(self) -> int:
        """As many chunks as any NPU's collectives come to."""
        return max(
            sum(
                self.chunks(operation).count
                for operation in program.operations
                if isinstance(operation, CollectiveOperation)
            )
            for program, _ in self.distinct
        )

    def chunks(self, operation: CollectiveOperation) -> Chunks:
        """The chunks of a collective."""
        collective, size = operation.collective, operation.size
        chunks = self._known_chunks.get((collective, size))
        if chunks is None:
            chunks = split(
                collective, size, self.system.preferred_dataset_splits, self.network.npus
            )
            self._known_chunks[collective, size] = chunks
        return chunks

    @cached_property
    def _known_chunks(self) -> dict[tuple[CollectiveType, Bytes], Chunks]:
        return {}


class Among(Enum):
    """Which nodes a check can concern."""

    COMMUNICATION = auto()
    """Nodes of a type that communicates, whatever they do in this dialect."""
    COLLECTIVE = auto()
    """Nodes that run a collective."""
    MESSAGE = auto()
    """Nodes that send or receive."""
    DEPENDENT = auto()
    """Nodes with control dependencies, or with several data dependencies."""
    IDLE = auto()
    """Nodes of a type that does nothing."""
    TIMED = auto()
    """Nodes whose duration whole microseconds can't say."""

    def of(self, nodes: Iterable[tuple[Node, Operation]]) -> list[tuple[Node, Operation]]:
        """Those of some nodes."""
        match self:
            case Among.COMMUNICATION:
                types = COMMUNICATION_TYPES
                return [(node, doing) for node, doing in nodes if node.type in types]
            case Among.COLLECTIVE:
                kind = CollectiveOperation
                return [(node, doing) for node, doing in nodes if isinstance(doing, kind)]
            case Among.MESSAGE:
                kinds = (SendOperation, ReceiveOperation)
                return [(node, doing) for node, doing in nodes if isinstance(doing, kinds)]
            case Among.DEPENDENT:
                return [
                    (node, doing)
                    for node, doing in nodes
                    if node.ctrl_deps or len(node.data_deps) > 1
                ]
            case Among.IDLE:
                idle = (NodeType.INVALID, NodeType.METADATA)
                return [(node, doing) for node, doing in nodes if node.type in idle]
            case Among.TIMED:
                return [(node, doing) for node, doing in nodes if node.duration_nanos is not None]


Doing = TypeVar("Doing", bound=Operation)
"""What the nodes do that a check can concern."""


@dataclass(frozen=True, slots=True)
class NodeCheck(Generic[Doing]):
    """A check of ET nodes.

    Attributes:
        code: the notice's code.
        among: the nodes that it can concern.
        concerns: whether it concerns one of these.
        message: what is doubtful; follows the number of nodes.
        fix: what to write instead.
        severity: how much it matters.
    """

    code: str
    among: Among
    concerns: Callable[[Node, Doing, Context], bool]
    message: Callable[[Sequence[Node], Context], str]
    fix: str
    severity: Severity = Severity.WARNING
