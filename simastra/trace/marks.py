"""What is unlike most nodes, as a byte a node: who seeks a few among a million asks here.

Nodes whose attributes lie in columns tell it without being made (`MarkedNodes`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from operator import attrgetter

from simastra.trace.nodes import Node, NodeType


class NodeMark(Enum):
    """What a node may have, or lack."""

    UNPLACED = auto()
    """It lacks is_cpu_op."""
    ON_CPU = auto()
    """Its is_cpu_op is true."""
    CONTROLLED = auto()
    """It has control dependencies."""
    REPEATING = auto()
    """It lists a data dependency twice."""
    NANOSECONDS = auto()
    """Its duration isn't what its whole microseconds say (duration_nanos)."""
    UNSIZED = auto()
    """It lacks num_ops or tensor_size."""
    UNDIRECTED = auto()
    """It lacks involved_dim."""
    GROUPED = auto()
    """It has a pg_name that isn't empty."""
    NOTED = auto()
    """It has metadata."""
    PURPOSED = auto()
    """It has a purpose."""
    USING = auto()
    """It uses tensors in local memory: its inputs or outputs list some."""


class MarkedNodes(ABC):
    """Nodes that needn't be made to be told apart: a base of sequences of them."""

    @abstractmethod
    def marked(self, mark: NodeMark) -> bytes:
        """For each node a byte: 1 where it has the mark, 0 elsewhere."""

    @property
    @abstractmethod
    def types(self) -> bytes:
        """For each node the value of its NodeType."""

    @property
    @abstractmethod
    def ids(self) -> Sequence[int]:
        """For each node its id."""

    @property
    @abstractmethod
    def computed_operations(self) -> int:
        """The sum of num_ops over computations."""


def marked(nodes: Sequence[Node], mark: NodeMark) -> bytes:
    """For each node a byte: 1 where it has the mark, 0 elsewhere."""
    return nodes.marked(mark) if isinstance(nodes, MarkedNodes) else _TOLD[mark](nodes)


def types_of(nodes: Sequence[Node]) -> bytes:
    """For each node the value of its NodeType."""
    return nodes.types if isinstance(nodes, MarkedNodes) else bytes(map(_TYPE, nodes))


def ids_of(nodes: Sequence[Node]) -> Sequence[int]:
    """For each node its id."""
    return nodes.ids if isinstance(nodes, MarkedNodes) else list(map(_ID, nodes))


def computed_operations(nodes: Sequence[Node]) -> int:
    """The sum of num_ops over computations."""
    if isinstance(nodes, MarkedNodes):
        return nodes.computed_operations
    return sum(node.num_ops or 0 for node in nodes if node.type is NodeType.COMP)


_ID, _TYPE, _DATA_DEPS = map(attrgetter, ("id", "type", "data_deps"))

_TOLD: Mapping[NodeMark, Callable[[Sequence[Node]], bytes]] = {
    NodeMark.UNPLACED: lambda nodes: bytes([node.is_cpu_op is None for node in nodes]),
    NodeMark.ON_CPU: lambda nodes: bytes([node.is_cpu_op is True for node in nodes]),
    NodeMark.CONTROLLED: lambda nodes: bytes(map(bool, map(attrgetter("ctrl_deps"), nodes))),
    NodeMark.REPEATING: lambda nodes: bytes(
        [len(deps) > 1 and len(set(deps)) < len(deps) for deps in map(_DATA_DEPS, nodes)]
    ),
    NodeMark.NANOSECONDS: lambda nodes: bytes(
        [node.duration_nanos is not None and node.duration_nanos != node.duration for node in nodes]
    ),
    NodeMark.UNSIZED: lambda nodes: bytes(
        [node.num_ops is None or node.tensor_size is None for node in nodes]
    ),
    NodeMark.UNDIRECTED: lambda nodes: bytes([node.involved_dim is None for node in nodes]),
    NodeMark.GROUPED: lambda nodes: bytes(map(bool, map(attrgetter("pg_name"), nodes))),
    NodeMark.NOTED: lambda nodes: bytes(map(bool, map(attrgetter("metadata"), nodes))),
    NodeMark.PURPOSED: lambda nodes: bytes([node.purpose is not None for node in nodes]),
    NodeMark.USING: lambda nodes: bytes([bool(node.inputs or node.outputs) for node in nodes]),
}
"""How it is told of nodes that are there; a pass for each, of a few hundredths of a µs a node."""
