"""What an ET node asks of the hardware: which operation, on which of the NPU's resources.

Which of a node's attributes count depends on the dialect and on the system's modes (behaviour 2.2,
2.3); that is decided here, once, and the rest of the simulator sees operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum, auto
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from simastra.collectives import EXTENDED_COLLECTIVES, FOUR_COLLECTIVES, UNEVEN_COLLECTIVES
from simastra.config import SystemConfig
from simastra.deferred import deferred
from simastra.dialect import Dialect
from simastra.engine import Category
from simastra.errors import TraceError
from simastra.group_numbers import group_number
from simastra.quick_dataclass import dataclass
from simastra.system import Collective
from simastra.trace import COMMUNICATION_TYPES, CollectiveType, Node, NodeType, columns_of
from simastra.units import LATEST_TIME, Bytes, NpuId, Ns

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices

    from . import unit_classes
else:  # for nodes that lie in columns
    unit_classes = deferred("simastra.workload.unit_classes")


class Resource(StrEnum):  # whose hash is a text's: a plain Enum hashes in Python, for each node
    """An NPU's hardware resources; each runs one operation at a time (behaviour 2.2)."""

    CPU = auto()
    GPU_COMPUTE = auto()
    GPU_COMMUNICATION = auto()


class CommunicatorUnit(str):
    """What carries out an NPU's collectives in one process group, one at a time.

    Where collectives are priced each communicator has its own, as each has a stream in NCCL: those
    of different groups run side by side. Numbered from 1 as a trace comes to them.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """What it is called beside an NPU's other units."""
        return self.replace(" ", "_").upper()


Unit: TypeAlias = Resource | CommunicatorUnit
"""What runs one operation at a time."""


@lru_cache(4096)
def communicator_unit(number: int) -> CommunicatorUnit:
    """The unit of an NPU's communicator of that number."""
    return CommunicatorUnit(f"communicator {number}")


class Activity(StrEnum):
    """What an NPU spends a node's time on, for statistics."""

    CPU = "cpu"
    COMPUTE = "compute"
    COMMUNICATION = "communication"
    REMOTE_MEMORY = "remote memory"


@dataclass(frozen=True, slots=True)
class SkipOperation:
    """Nothing: the node's children are free at once."""


@dataclass(frozen=True, slots=True)
class ReplayOperation:
    """Take `duration` ns, spent on `category`."""

    duration: Ns
    category: Category = Category.COMPUTE


@dataclass(frozen=True, slots=True)
class RooflineOperation:
    """Compute `num_ops` operations on `tensor_size` bytes, at the roofline's speed."""

    num_ops: int
    tensor_size: Bytes


@dataclass(frozen=True, slots=True)
class SendOperation:
    """Send `size` bytes to NPU `dst`."""

    dst: NpuId
    size: Bytes
    tag: int


@dataclass(frozen=True, slots=True)
class ReceiveOperation:
    """Receive `size` bytes from NPU `src`."""

    src: NpuId
    size: Bytes
    tag: int


@dataclass(frozen=True, slots=True)
class MemoryOperation:
    """Load or store `size` bytes of remote memory."""

    size: Bytes


Operation: TypeAlias = (
    SkipOperation
    | ReplayOperation
    | RooflineOperation
    | Collective
    | SendOperation
    | ReceiveOperation
    | MemoryOperation
)

SHORTEST_REPLAY: Ns = 1
"""What a replayed node without a duration takes (behaviour 2.3)."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class OperationRules:
    """How nodes are read: a dialect, and the modes of the system configuration.

    Attributes:
        dialect: which ASTRA-sim is reproduced.
        system: whether everything is replayed, and whether computations follow the roofline.
        prices: what collectives take, and computations that don't say it; None where collectives
            are played.
    """

    dialect: Dialect
    system: SystemConfig
    prices: Prices | None = None

    def reads_as(self, other: Self) -> bool:
        """Whether every node does the same by these rules as by others."""
        return self._reading == other._reading

    @property
    def _reading(self) -> tuple[object, ...]:
        """All that decides what nodes do."""
        times = None if self.prices is None else self.prices.times
        return self.dialect, self.system.replay_only, self.system.roofline_enabled, times

    def resource(self, node: Node) -> Resource | None:
        """The resource that `node` needs, None for a node that needs none."""
        kind = NODE_KINDS[node.type]
        if kind.resource is not None and self.on_cpu(node):
            return Resource.CPU
        if node.type is NodeType.COMM_RECV and not self.dialect.receive_takes_unit:
            return None
        return kind.resource

    def resources(self, nodes: Sequence[Node]) -> Sequence[Unit | None]:
        """The resource that each of an NPU's nodes needs."""
        units: Sequence[Unit | None] = _of_each(nodes, self.resource)
        return units if self.prices is None else self._with_communicators(nodes, units)

    def _with_communicators(
        self, nodes: Sequence[Node], units: Sequence[Unit | None]
    ) -> tuple[Unit | None, ...]:
        """The same, with a unit for the collectives of each process group."""
        numbers: dict[str, int] = {}
        told = list(units)
        for index, node in enumerate(nodes):
            if node.type is NodeType.COMM_COLL and units[index] is Resource.GPU_COMMUNICATION:
                number = numbers.setdefault(self.communicator(node), len(numbers) + 1)
                told[index] = communicator_unit(number)
        return tuple(told)

    def communicator(self, node: Node) -> str:
        """What tells the process group of a collective from an NPU's others."""
        return (node.pg_name or "") if self.dialect.groups_by_node else ""

    def activities(self, nodes: Sequence[Node]) -> Sequence[Activity]:
        """What each of many nodes spends its time on."""
        return _of_each(nodes, self.activity)

    def activity(self, node: Node) -> Activity:
        """What `node` spends its time on."""
        kind = NODE_KINDS[node.type]
        return Activity.CPU if kind.runs_on_cpu and self.on_cpu(node) else kind.activity

    def on_cpu(self, node: Node) -> bool:
        """Whether `node` runs on the CPU."""
        return self.dialect.cpu_by_default if node.is_cpu_op is None else node.is_cpu_op

    def operation(self, node: Node) -> Operation:
        """What `node` does.

        Raises:
            TraceError: if an attribute that it needs is missing, or it takes longer than time goes.
                Its source is left to the caller.
        """
        if self.system.replay_only:
            return self.replay(node)
        kind = NODE_KINDS[node.type]
        if kind.runs_on_cpu and self.on_cpu(node):
            if self.dialect.cpu_nodes_compute:
                return self.computation(node)
            if node.type in COMMUNICATION_TYPES:
                raise TraceError(
                    f"{node.name!r} is a {node.type.name} node on the CPU, which can't "
                    "communicate; give it is_cpu_op false",
                    node=node.id,
                )
        return kind.operation(self, node)

    def computation(self, node: Node) -> Operation:
        """What a computation does: it is replayed, or estimated by the roofline."""
        num_ops = node.num_ops or 0
        if self.dialect.skips_empty_compute and not self._duration(node) and not num_ops:
            return SkipOperation()
        priced = self._priced(node, num_ops)
        if priced is not None:
            return priced
        follows_roofline = self.dialect.cpu_follows_roofline or not self.on_cpu(node)
        is_estimated = self.system.roofline_enabled and not self._is_measured(node)
        if not is_estimated or not follows_roofline:
            return self.replay(node)
        if self.dialect.skips_empty_roofline and not node.tensor_size:
            return SkipOperation()
        return RooflineOperation(num_ops, node.tensor_size or 0)

    def _is_measured(self, node: Node) -> bool:
        """Whether a computation says how long it takes, where computations are calibrated."""
        calibrated = self.prices is not None and self.prices.times.compute is not None
        return calibrated and bool(self._duration(node))

    def _priced(self, node: Node, num_ops: int) -> ReplayOperation | None:
        """A computation that doesn't say how long it takes, where a calibration does."""
        if self.prices is None or self._duration(node) or not num_ops:
            return None
        time = self.prices.roofline(num_ops, node.tensor_size or 0)
        return None if time is None else _replay(time or SHORTEST_REPLAY, Category.COMPUTE)

    def replay(self, node: Node, category: Category = Category.COMPUTE) -> ReplayOperation:
        """Take as long as the trace says, spent on `category`.

        Raises:
            TraceError: if that is longer than time goes.
        """
        duration = self._duration(node)
        if duration > LATEST_TIME:
            raise TraceError(
                f"{node.name!r} takes {duration} ns, and simulated time ends at 2^63 - 1; "
                "give it a shorter duration",
                node=node.id,
            )
        return _replay(duration or SHORTEST_REPLAY, category)

    def _duration(self, node: Node) -> Ns:
        return node.exact_duration if self.dialect.exact_durations else node.duration

    def collective(self, node: Node) -> Operation:
        """The collective that a node is; a broadcast is replayed, where it isn't simulated."""
        collective = _needed(node, node.comm_type, "comm_type")
        extended = self.dialect.extended_collectives
        if extended and collective is CollectiveType.REDUCE_SCATTER_BLOCK:
            collective = CollectiveType.REDUCE_SCATTER  # the same, with shares of one size
        if node.comm_sizes is not None:
            _check_may_be_uneven(node)
        if collective in FOUR_COLLECTIVES or (extended and collective in EXTENDED_COLLECTIVES):
            barrier = collective is CollectiveType.BARRIER
            return Collective(
                node,
                collective,
                0 if barrier else _needed(node, node.comm_size, "comm_size"),
                node.involved_dim,
                node.comm_priority or 0,
                self._group(node),
                node.comm_src,
            )
        if collective is CollectiveType.BROADCAST:  # no traffic: it is replayed (behaviour 2.3)
            return self.replay(node)
        raise TraceError(
            f"{node.name!r}: {collective.name} isn't simulated (ASTRA-sim doesn't run it either); "
            "use --extended-collectives, or a collective that it has",
            node=node.id,
        )

    def _group(self, node: Node) -> int:
        """Number of the process group that `node` names; 0 stands for the NPU's usual one."""
        name = node.pg_name
        if not self.dialect.groups_by_node or not name:
            return 0
        number = group_number(name)
        if number is None:
            raise TraceError(
                f"{node.name!r} has pg_name {name!r}, which isn't the number of a process group",
                node=node.id,
            )
        return number


def _check_may_be_uneven(node: Node) -> None:
    kind = node.comm_type
    if kind is not None and kind not in UNEVEN_COLLECTIVES:
        raise TraceError(
            f"{node.name!r} is of {kind.name} and lists comm_sizes, which are for "
            f"{', '.join(it.name for it in UNEVEN_COLLECTIVES)}; leave them out",
            node=node.id,
        )


_UNIT_FACTS = attrgetter("type", "is_cpu_op")
"""All of a node that decides on which unit it runs, and as what that counts."""


def _of_each(nodes: Sequence[Node], answer: Callable[[Node], _Value]) -> Sequence[_Value]:
    """The answer for each node, asked once for all that run alike: there are few kinds of those."""
    columns = columns_of(nodes)
    if columns is not None:
        return unit_classes.of_each_unit_class(nodes, columns, answer)
    kinds = list(map(_UNIT_FACTS, nodes))
    answers = {kind: answer(nodes[kinds.index(kind)]) for kind in set(kinds)}
    return tuple(map(answers.__getitem__, kinds))


@lru_cache(4096)
def _replay(duration: Ns, category: Category) -> ReplayOperation:
    """Nodes that take as long share one."""
    return ReplayOperation(duration, category)


def _needed(node: Node, value: _Value | None, attribute: str) -> _Value:
    if value is None:
        raise TraceError(
            f"{node.name!r} is a {node.type.name} node without the attribute '{attribute}'",
            node=node.id,
        )
    return value


def _send(_rules: OperationRules, node: Node) -> Operation:
    dst = _needed(node, node.comm_dst, "comm_dst")
    return SendOperation(dst, _needed(node, node.comm_size, "comm_size"), node.comm_tag or 0)


def _receive(_rules: OperationRules, node: Node) -> Operation:
    src = _needed(node, node.comm_src, "comm_src")
    return ReceiveOperation(src, _needed(node, node.comm_size, "comm_size"), node.comm_tag or 0)


def _memory(_rules: OperationRules, node: Node) -> Operation:
    return MemoryOperation(_needed(node, node.tensor_size, "tensor_size"))


def _skip(_rules: OperationRules, _node: Node) -> Operation:
    return SkipOperation()  # ASTRA-sim hangs on METADATA (7.2 #10)


@dataclass(frozen=True, slots=True)
class NodeKind:
    """What the nodes of one type are to an NPU.

    Attributes:
        activity: what it spends their time on.
        resource: what they need on the GPU's side; None for nothing, wherever they run.
        operation: what they do.
        runs_on_cpu: whether one that is marked so is the CPU's activity.
        is_told_by_columns: whether it depends on no more of a node than which attributes it has and
            whether its numbers are 0, and of a collective on the attributes that it has as one, of
            which kind an operation is; and whether its numbers are then the attributes' own.
    """

    activity: Activity
    resource: Resource | None
    operation: Callable[[OperationRules, Node], Operation]
    runs_on_cpu: bool = True
    is_told_by_columns: bool = False


def _told(
    activity: Activity,
    resource: Resource,
    operation: Callable[[OperationRules, Node], Operation],
    *,
    runs_on_cpu: bool = True,
) -> NodeKind:
    return NodeKind(activity, resource, operation, runs_on_cpu, is_told_by_columns=True)


_NOTHING = _told(Activity.COMMUNICATION, Resource.GPU_COMMUNICATION, _skip)
_ACCESS = _told(Activity.REMOTE_MEMORY, Resource.GPU_COMMUNICATION, _memory, runs_on_cpu=False)

NODE_KINDS: Mapping[NodeType, NodeKind] = {
    NodeType.INVALID: _NOTHING,
    NodeType.METADATA: _NOTHING,
    NodeType.MEM_LOAD: _ACCESS,
    NodeType.MEM_STORE: _ACCESS,
    NodeType.COMP: _told(Activity.COMPUTE, Resource.GPU_COMPUTE, OperationRules.computation),
    NodeType.COMM_SEND: _told(Activity.COMMUNICATION, Resource.GPU_COMMUNICATION, _send),
    NodeType.COMM_RECV: _told(Activity.COMMUNICATION, Resource.GPU_COMMUNICATION, _receive),
    NodeType.COMM_COLL: _told(
        Activity.COMMUNICATION, Resource.GPU_COMMUNICATION, OperationRules.collective
    ),
}
"""By type; docs/extending.md shows how one is added."""
