"""From steps to ET nodes and to the bytes of a trace file, in each dialect."""

from collections.abc import Mapping, Sequence
from operator import add
from types import MappingProxyType
from typing import TypeAlias

from simastra.trace import Node, NodeType, TraceBuilder, et_def_pb2
from simastra.trace.framing import join_records, split_records
from simastra.trace.protobuf import encode_nodes
from simastra.units import NpuId, micros_to_ns

from .layout import WorkloadAxis
from .options import TextDialect
from .step_graph import LayerStep
from .workload import TextWorkload

GroupNumbers: TypeAlias = Mapping[WorkloadAxis, int | None]
_NO_GROUPS: GroupNumbers = MappingProxyType({})

_V1_SCHEMA = "1.0.2-chakra.1.0.0"
"""What Chakra 1.0.0 writes as the schema of a converted text."""


def nodes_as_meant(
    steps: Sequence[LayerStep], groups: GroupNumbers = _NO_GROUPS
) -> tuple[Node, ...]:
    """Return nodes with all the attributes that `TraceBuilder` gives; ids count from 1.

    Args:
        steps: the NPU's.
        groups: number of its process group of each axis; None for everybody.
    """
    builder = TraceBuilder()
    nodes: list[Node] = []
    for step in steps:
        after = [nodes[position] for position in step.after]
        if step.collective is None:
            node = builder.compute(step.name, micros=step.micros, after=after)
        else:
            told = step.collective
            group = groups[told.axis] if told.axis is not None else None
            node = builder.collective(
                told.type, step.name, size=told.size, dims=told.dims, group=group, after=after
            )
        nodes.append(node)
    return builder.nodes


def nodes_as_chakra(
    steps: Sequence[LayerStep], npu: NpuId, dialect: TextDialect
) -> tuple[Node, ...]:
    """Return the nodes that Chakra's converter makes for one NPU.

    Chakra numbers from 0 and doesn't begin anew for each NPU.
    """
    first = npu * len(steps)
    return tuple(
        _node_as_chakra(step, first + position, first, dialect)
        for position, step in enumerate(steps)
    )


def encode(nodes: Sequence[Node], workload: TextWorkload, dialect: TextDialect) -> bytes:
    """Return the content of a trace file.

    Raises:
        TraceError: a value is too large for the format.
    """
    data = encode_nodes(nodes, workload.source)
    if not dialect.quotes_text:
        return data
    _, *records = (record.payload for record in split_records(data, workload.source))
    metadata = et_def_pb2.GlobalMetadata()
    for name, value in (("schema", _V1_SCHEMA), ("input_file", workload.text)):
        metadata.attr.add(name=name, string_val=value)
    return join_records([metadata.SerializeToString(), *records])


def encode_in_groups(
    records: Sequence[bytes], steps: Sequence[LayerStep], groups: GroupNumbers
) -> bytes:
    """Return the content of an NPU's trace file, where NPUs differ in their process groups only.

    Args:
        records: of a file without groups: the metadata, and a node a step.
        steps: what the nodes are.
        groups: as of `nodes_as_meant`.
    """
    named: dict[WorkloadAxis | None, bytes] = {}
    for axis, number in groups.items():
        attribute = et_def_pb2.AttributeProto(name="pg_name", string_val=str(number))
        # A message that has one more attribute is the message with that one behind it.
        end = et_def_pb2.Node(attr=[attribute]).SerializeToString()
        named[axis] = b"" if number is None else end
    metadata, *nodes = records
    axes = [step.collective.axis if step.collective else None for step in steps]
    ends = [named.get(axis, b"") for axis in axes]
    return join_records([metadata, *map(add, nodes, ends)])


def _node_as_chakra(step: LayerStep, id: int, first: int, dialect: TextDialect) -> Node:
    collective = step.collective
    data_deps = tuple(first + position for position in step.after)
    if collective is None:
        duration = micros_to_ns(step.micros)
        return Node(id, step.name, NodeType.COMP, data_deps=data_deps, duration=duration)
    return Node(
        id,
        step.name,
        NodeType.COMM_COLL,
        data_deps=data_deps,
        comm_type=collective.type,
        comm_size=collective.size if dialect.with_size else None,
        involved_dim=collective.dims if dialect.with_dims else None,
    )
