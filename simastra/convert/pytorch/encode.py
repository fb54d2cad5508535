"""Converted nodes as Chakra's protobuf messages, with what PyTorch recorded about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from simastra.errors import TraceError
from simastra.trace import CollectiveType, NodeType, et_def_pb2
from simastra.trace.builder import ALL_DIMS
from simastra.trace.protobuf import serialize_messages, set_duration
from simastra.units import Bytes, NpuId, Ns

from .operators import Arguments, Operator


@dataclass(frozen=True, slots=True)
class CommunicationAttributes:
    """What a communication node says beside its type.

    Attributes:
        comm_type: the collective; None for a message.
        comm_size: bytes.
        pg_name: the process group, "" for none.
        source: sender of a message, or root of a collective, if known.
        destination: receiver of a message.
        tag: of a message.
        uneven: whether members may name different sizes.
        sizes: bytes for each member, where they may differ.
        in_all_dims: whether involved_dim is written, which ASTRA-sim at hoti2024 needs.
    """

    comm_type: CollectiveType | None
    comm_size: Bytes
    pg_name: str = ""
    source: NpuId | None = None
    destination: NpuId | None = None
    tag: int | None = None
    uneven: bool = False
    sizes: tuple[Bytes, ...] | None = None
    in_all_dims: bool = False


@dataclass(frozen=True, slots=True)
class ConvertedNode:
    """A node to be written.

    Attributes:
        operator: what it was made of; id, name and stream are its.
        type: what it does.
        duration: in ns.
        data_deps: ids of nodes that must be complete first.
        ctrl_deps: id of the caller, where Chakra's converter writes it.
        on_cpu: whether the host runs it.
        communication: for communication nodes.
        with_arguments: whether inputs and outputs are written, as Chakra's converter does.
    """

    operator: Operator
    type: NodeType
    duration: Ns
    data_deps: Sequence[int]
    ctrl_deps: Sequence[int]
    on_cpu: bool
    communication: CommunicationAttributes | None
    with_arguments: bool


def encode(nodes: Iterable[ConvertedNode], metadata: Mapping[str, int | str], source: str) -> bytes:
    """Return the content of a trace file with these nodes, in this order.

    Raises:
        TraceError: a value is too large for its place in the file.
    """
    header = et_def_pb2.GlobalMetadata()
    for name, value in metadata.items():
        attribute = header.attr.add(name=name)
        if isinstance(value, str):
            attribute.string_val = value
        else:
            attribute.uint64_val = value
    return serialize_messages(header, (_message(node, source) for node in nodes), source)


def _message(node: ConvertedNode, source: str) -> et_def_pb2.Node:
    operator = node.operator
    try:
        message = et_def_pb2.Node(
            id=operator.id,
            name=operator.name,
            type=et_def_pb2.NodeType.ValueType(node.type),
            ctrl_deps=node.ctrl_deps,
            data_deps=node.data_deps,
        )
        set_duration(message, node.duration)
        if node.with_arguments:
            _add_arguments(message.inputs, operator.inputs)
            _add_arguments(message.outputs, operator.outputs)
        _add_recorded(message, node)
        if node.communication is not None:
            _add_communication(message, node.communication)
    except (ValueError, UnicodeEncodeError, RecursionError) as error:
        raise TraceError(f"can't be written: {error}", source=source, node=operator.id) from error
    return message


def _add_arguments(target: et_def_pb2.IOInfo, arguments: Arguments) -> None:
    target.values = str(arguments.values)
    target.shapes = str(arguments.shapes)
    target.types = str(arguments.types)


def _add_recorded(message: et_def_pb2.Node, node: ConvertedNode) -> None:
    operator = node.operator
    add = message.attr.add
    add(name="rf_id", int64_val=operator.rf_id)
    for name, value in operator.attributes.items():
        if isinstance(value, int):
            add(name=name, int64_val=value)
            if name == "scope":  # Chakra's order
                add(name="tid", int64_val=operator.tid)
        else:
            add(name=name, string_val=value)
    add(name="is_cpu_op", bool_val=node.on_cpu)
    add(name="stream", int64_val=operator.stream)


def _add_communication(message: et_def_pb2.Node, what: CommunicationAttributes) -> None:
    add = message.attr.add
    if what.comm_type is not None:
        add(name="comm_type", int64_val=int(what.comm_type))
    add(name="comm_size", int64_val=what.comm_size)
    if what.in_all_dims and what.comm_type is not None:
        add(name="involved_dim").bool_list.values.extend(ALL_DIMS)
    for name, value in (
        ("comm_src", what.source),
        ("comm_dst", what.destination),
        ("comm_tag", what.tag),
    ):
        if value is not None:
            add(name=name, int32_val=value)
    if what.uneven:
        add(name="comm_uneven", bool_val=True)
    if what.sizes is not None:
        add(name="comm_sizes").int64_list.values.extend(what.sizes)
    if what.pg_name:
        add(name="pg_name", string_val=what.pg_name)
