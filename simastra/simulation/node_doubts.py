"""Doubts about ET nodes: what ASTRA-sim does with them in silence and few users mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from simastra.collectives import AlgorithmChoice, Chunks, split
from simastra.config import NetworkConfig, SystemConfig
from simastra.notices import Severity
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.units import Bytes
from simastra.workload import (
    COMMUNICATION_TYPES,
    CollectiveOperation,
    Operation,
    OperationRules,
    Program,
    ReceiveOperation,
    SendOperation,
)

from .estimate import Estimate, as_communication, is_dropped
from .scenario import Scenario


@dataclass(frozen=True)
class Context:
    """What a doubt may look at.

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

    @property
    def rules(self) -> OperationRules:
        """How nodes are read."""
        return self.scenario.rules

    @property
    def network(self) -> NetworkConfig:
        """The network configuration."""
        return self.scenario.platform.network

    @property
    def choices(self) -> Mapping[CollectiveType, Sequence[AlgorithmChoice]]:
        """The algorithms configured for each collective."""
        return self.scenario.platform.choices

    @property
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
    """Which nodes a doubt can concern."""

    COMMUNICATION = auto()
    DEPENDENT = auto()
    """Nodes with control dependencies, or with several data dependencies."""

    def of(self, nodes: Sequence[tuple[Node, Operation]]) -> list[tuple[Node, Operation]]:
        """Those of some nodes."""
        match self:
            case Among.COMMUNICATION:
                types = COMMUNICATION_TYPES
                return [(node, doing) for node, doing in nodes if node.type in types]
            case Among.DEPENDENT:
                return [
                    (node, doing)
                    for node, doing in nodes
                    if node.ctrl_deps or len(node.data_deps) > 1
                ]


@dataclass(frozen=True, slots=True)
class NodeDoubt:
    """A doubt about ET nodes.

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
    concerns: Callable[[Node, Operation, Context], bool]
    message: Callable[[Sequence[Node], Context], str]
    fix: str
    severity: Severity = Severity.WARNING


def _is_dropped(node: Node, _operation: Operation, context: Context) -> bool:
    return is_dropped(node, context.scenario)


def _dropped_message(nodes: Sequence[Node], context: Context) -> str:
    unsized = sum(not node.comm_size for node in nodes)
    without = f"; {unsized} have no comm_size" if unsized else ""
    return (
        "communicate but lack is_cpu_op, so that ASTRA-sim takes them for CPU operations and "
        f"nothing is sent{_if_sent(context.scenario)}{without}"
    )


def _if_sent(scenario: Scenario) -> str:
    estimate = as_communication(scenario)
    match estimate:
        case None:
            return ""
        case Estimate(time=None):
            return "; run as communication, the simulation would stand still"
        case Estimate(time=time, simulated=True):
            return f"; run as communication, the whole simulation would take about {time} ns"
        case Estimate(time=time):
            return (
                "; run as communication, the NPU with most to do would take about "
                f"{time} ns, if it need not wait for others"
            )


def _is_rounded(_node: Node, operation: Operation, context: Context) -> bool:
    if not isinstance(operation, CollectiveOperation) or not operation.size:
        return False
    chunks = context.chunks(operation)
    return chunks.count * chunks.size != operation.size


def _rounded_message(nodes: Sequence[Node], context: Context) -> str:
    node = nodes[0]
    collective, size = node.comm_type or CollectiveType.ALL_REDUCE, node.comm_size or 0
    splits = context.system.preferred_dataset_splits
    chunks = split(collective, size, splits, context.network.npus)
    return (
        f"have sizes that {splits} chunks of one size can't make, so that more is simulated: "
        f"{chunks.count * chunks.size} bytes for {size} at the first"
    )


def _involves_nothing(_node: Node, operation: Operation, _context: Context) -> bool:
    if not isinstance(operation, CollectiveOperation) or operation.involved is None:
        return False
    return not any(operation.involved)


def _involves_too_few(_node: Node, operation: Operation, context: Context) -> bool:
    if not isinstance(operation, CollectiveOperation) or not operation.involved:
        return False
    return any(operation.involved) and len(operation.involved) < context.network.dimensions


def _too_few_message(_nodes: Sequence[Node], context: Context) -> str:
    return (
        f"have an involved_dim shorter than the network's {context.network.dimensions} dimensions; "
        "those it doesn't mention take no part"
    )


def _ignores_ctrl_deps(node: Node, _operation: Operation, context: Context) -> bool:
    return bool(node.ctrl_deps) and not context.rules.dialect.follows_ctrl_deps


def _repeats_a_dependency(node: Node, _operation: Operation, _context: Context) -> bool:
    return len(set(node.data_deps)) < len(node.data_deps)


def _shares_a_tag(_node: Node, operation: Operation, context: Context) -> bool:
    if context.rules.dialect.separate_tags:
        return False
    if not isinstance(operation, SendOperation | ReceiveOperation):
        return False
    return operation.tag < context.most_chunks


def _shared_tag_message(_nodes: Sequence[Node], context: Context) -> str:
    return (
        f"have tags below {context.most_chunks}; chunks of collectives are numbered from 0 and use "
        "their numbers as tags, so that messages of one size can go to the wrong one"
    )


def _is_a_silent_broadcast(node: Node, _operation: Operation, context: Context) -> bool:
    if node.type is not NodeType.COMM_COLL or node.comm_type is not CollectiveType.BROADCAST:
        return False
    return not context.rules.on_cpu(node) and not context.rules.dialect.extended_collectives


NODE_DOUBTS = (
    NodeDoubt(
        "dropped-communication",
        Among.COMMUNICATION,
        _is_dropped,
        _dropped_message,
        "give them is_cpu_op false and comm_size",
    ),
    NodeDoubt(
        "rounded-up",
        Among.COMMUNICATION,
        _is_rounded,
        _rounded_message,
        "make the size a multiple of preferred-dataset-splits and at least that times the NPUs",
    ),
    NodeDoubt(
        "nothing-involved",
        Among.COMMUNICATION,
        _involves_nothing,
        lambda _nodes, _context: "involve no dimension and end at once",
        "set involved_dim to true for each dimension that takes part",
    ),
    NodeDoubt(
        "few-involved",
        Among.COMMUNICATION,
        _involves_too_few,
        _too_few_message,
        "give involved_dim one entry a dimension",
    ),
    NodeDoubt(
        "ctrl-deps-ignored",
        Among.DEPENDENT,
        _ignores_ctrl_deps,
        lambda _nodes, _context: "have control dependencies, which this version doesn't follow",
        "list them as data_deps, or use --compat master",
    ),
    NodeDoubt(
        "duplicate-dependency",
        Among.DEPENDENT,
        _repeats_a_dependency,
        lambda _nodes, _context: (
            "list a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs them"
        ),
        "list each dependency once",
    ),
    NodeDoubt(
        "shared-tags",
        Among.COMMUNICATION,
        _shares_a_tag,
        _shared_tag_message,
        "use higher tags, or --compat master",
    ),
    NodeDoubt(
        "silent-broadcast",
        Among.COMMUNICATION,
        _is_a_silent_broadcast,
        lambda _nodes, _context: "are broadcasts, for which nothing is sent",
        "use --extended-collectives to simulate them",
    ),
)
"""Doubts about nodes. To add one, add an entry."""
