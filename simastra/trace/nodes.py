"""ET nodes in decoded form: plain frozen data in simastra's units, no protobuf.

(Behaviour 1.8.)
"""

from collections.abc import Sequence
from dataclasses import fields
from enum import IntEnum
from typing import Any

from simastra.quick_dataclass import dataclass
from simastra.units import Bytes, NpuId, Ns


class NodeType(IntEnum):
    """What a node does; the values are those of the file."""

    INVALID = 0
    METADATA = 1
    MEM_LOAD = 2
    MEM_STORE = 3
    COMP = 4
    COMM_SEND = 5
    COMM_RECV = 6
    COMM_COLL = 7


MESSAGE_TYPES = (NodeType.COMM_SEND, NodeType.COMM_RECV)
"""The two sides of a message."""

COMMUNICATION_TYPES = (NodeType.COMM_COLL, *MESSAGE_TYPES)
"""Types of nodes that communicate."""


class CollectiveType(IntEnum):
    """What a COMM_COLL node communicates; the values are those of the attribute comm_type."""

    ALL_REDUCE = 0
    REDUCE = 1
    ALL_GATHER = 2
    GATHER = 3
    SCATTER = 4
    BROADCAST = 5
    ALL_TO_ALL = 6
    REDUCE_SCATTER = 7
    REDUCE_SCATTER_BLOCK = 8
    BARRIER = 9


@dataclass(frozen=True, slots=True)
class TensorUse:
    """A tensor that a node reads or writes.

    Attributes:
        name: its identity within the trace of one NPU.
        size: its bytes.
    """

    name: str
    size: Bytes


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of one NPU.

    An attribute is None where the trace doesn't give it: ASTRA-sim's versions differ in what they
    take then (behaviour 1.9), so the default is not chosen here.

    Attributes:
        id: identity within the trace of one NPU; dependencies refer to it.
        name: for people only.
        type: what the node does.
        data_deps: ids of nodes that must be complete first, as the file lists them.
        ctrl_deps: likewise; only some versions of ASTRA-sim heed them.
        duration: recorded duration; a file holds it in whole microseconds.
        is_cpu_op: whether the node runs on the host processor.
        num_ops: operations of a computation; of a communication of shares, see `SharedTensor`.
        tensor_size: bytes that a computation or a memory access touches; else likewise.
        comm_type: the collective.
        comm_size: bytes; what of is said in behaviour 2.4 for each collective.
        involved_dim: for each network dimension, innermost first, whether it takes part.
        comm_priority: larger first, where the scheduling policy is EXPLICIT.
        comm_src: sender of a point-to-point message.
        comm_dst: receiver of a point-to-point message.
        comm_tag: tells apart messages between the same two NPUs.
        pg_name: process group of a collective; a number, written as text.
        inputs: tensors in local memory that the node reads (behaviour 5.3). These are the
            attributes of that name; the fields of the same name in a file's nodes are left out.
        outputs: tensors in local memory that it writes.
        comm_uneven: whether the members of a collective may name different sizes, as of an
            all-to-all whose parts differ; ours, and what is done then is simastra's to say.
        comm_sizes: bytes for each member of an uneven collective, by position in its group; what
            of is said in docs/chakra.md; ours. It goes before `comm_size`.
        duration_nanos: recorded duration where whole microseconds can't say it; ours, and heeded
            where a dialect says so.
        purpose: what it is for, as `Purpose` has it; ours, for statistics only.
        metadata: what a METADATA node says, as text: the values of its inputs in the file.
    """

    id: int
    name: str
    type: NodeType
    data_deps: tuple[int, ...] = ()
    ctrl_deps: tuple[int, ...] = ()
    duration: Ns = 0
    is_cpu_op: bool | None = None
    num_ops: int | None = None
    tensor_size: Bytes | None = None
    comm_type: CollectiveType | None = None
    comm_size: Bytes | None = None
    involved_dim: tuple[bool, ...] | None = None
    comm_priority: int | None = None
    comm_src: NpuId | None = None
    comm_dst: NpuId | None = None
    comm_tag: int | None = None
    pg_name: str | None = None
    inputs: tuple[TensorUse, ...] | None = None
    outputs: tuple[TensorUse, ...] | None = None
    comm_uneven: bool | None = None
    comm_sizes: tuple[Bytes, ...] | None = None
    duration_nanos: Ns | None = None
    purpose: str | None = None
    metadata: str = ""

    @property
    def exact_duration(self) -> Ns:
        """The recorded duration as exactly as the trace says it."""
        return self.duration if self.duration_nanos is None else self.duration_nanos


def uneven_size(collective: CollectiveType, sizes: Sequence[Bytes]) -> Bytes:
    """What a plain collective of about as much as an uneven one has, as a node's ``comm_size``.

    >>> uneven_size(CollectiveType.ALL_TO_ALL, (1, 2, 5))
    8
    >>> uneven_size(CollectiveType.ALL_GATHER, (1, 2, 5))
    3

    Args:
        collective: an all-gather, whose size is that of one shard, or another one.
        sizes: bytes for each member, at least one.
    """
    total = sum(sizes)
    return -(-total // len(sizes)) if collective is CollectiveType.ALL_GATHER else total


_OWN_FIELDS = 6  # id to duration; the further ones, but the last, are attributes in a file

ATTRIBUTE_FIELDS = tuple(field.name for field in fields(Node))[_OWN_FIELDS:-1]
"""Node's fields from `is_cpu_op` to `purpose`, in their order."""


def node_of(  # noqa: PLR0913, PLR0917  # a node's fields are these
    id: int,
    name: str,
    type: NodeType,
    data_deps: tuple[int, ...],
    ctrl_deps: tuple[int, ...],
    duration: Ns,
    attributes: tuple[Any, ...],
) -> Node:
    """Return a Node, as its constructor does, for who makes a million of them.

    Args:
        id, name, type, data_deps, ctrl_deps, duration: Node's fields.
        attributes: the values of ATTRIBUTE_FIELDS; nothing is left but the metadata, of which
            there is none.
    """
    node: Any = _Draft()
    node.id = id
    node.name = name
    node.type = type
    node.data_deps = data_deps
    node.ctrl_deps = ctrl_deps
    node.duration = duration
    (
        node.is_cpu_op,
        node.num_ops,
        node.tensor_size,
        node.comm_type,
        node.comm_size,
        node.involved_dim,
        node.comm_priority,
        node.comm_src,
        node.comm_dst,
        node.comm_tag,
        node.pg_name,
        node.inputs,
        node.outputs,
        node.comm_uneven,
        node.comm_sizes,
        node.duration_nanos,
        node.purpose,
    ) = attributes
    node.metadata = ""
    node.__class__ = Node
    made: Node = node
    return made


class _Draft:
    """A Node that can still be written to.

    The constructor of a frozen dataclass writes each field through ``object.__setattr__``; with 23
    fields that takes 1.7 µs, more than all else about a node. A draft is filled in the ordinary way
    and then becomes a Node, which Python allows because both have the same slots: 0.4 µs.
    """

    __slots__ = Node.__slots__
