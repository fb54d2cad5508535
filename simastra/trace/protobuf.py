"""Nodes to and from Chakra's protobuf. Only this module and json_form import google.protobuf.

Reading is generous where tools differ: an attribute may have any type whose value fits, and
unknown attributes are skipped. Writing chooses the types that every ASTRA-sim version reads
right. (Behaviour 1.8, 1.9 and 7.2.)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.message import DecodeError, Message

from simastra.errors import TraceError
from simastra.legible import beginning
from simastra.trace import et_def_pb2
from simastra.trace.annotations import NOT_ANNOTATED, Annotations
from simastra.trace.attributes import (
    ATTRIBUTES,
    Attribute,
    Converted,
    Known,
    Stored,
    known_value,
    stored_items,
)
from simastra.trace.framing import Record, join_records, split_records, text_hint
from simastra.trace.nodes import Node, NodeType
from simastra.units import Ns, micros_to_ns, ns_to_whole_micros

SCHEMA_VERSION = "0.0.4"
"""The version that is written into GlobalMetadata."""

EDITS = "simastra_edits"
"""The attribute of the metadata that lists what was done to a trace."""

_TOO_LARGE = 2**64  # for an integer: a large step's operations may be, and are rounded then

_SHOWN_LETTERS = 60  # of a wrong value, in an error message
_NODE_TYPES = {int(node_type): node_type for node_type in NodeType}
_LAST_TYPE = f"{max(NodeType):d} ({max(NodeType).name})"
_M = TypeVar("_M", bound=Message)


@dataclass(frozen=True, slots=True)
class Messages:
    """A trace file as plain protobuf messages.

    Attributes:
        metadata: the first record.
        nodes: all further records.
    """

    metadata: et_def_pb2.GlobalMetadata
    nodes: tuple[et_def_pb2.Node, ...]


def parse_messages(data: bytes, source: Path | str) -> Messages:
    """Return the protobuf messages in an uncompressed trace file's content.

    Raises:
        TraceError: this is no Chakra trace, or is truncated.
    """
    records = split_records(data, source)
    metadata = parse_metadata(next(records, None), source)
    return Messages(metadata, tuple(_parse_node(record, source) for record in records))


def serialize_messages(
    metadata: et_def_pb2.GlobalMetadata, nodes: Iterable[et_def_pb2.Node], source: Path | str
) -> bytes:
    """Return the content of an uncompressed trace file with these messages.

    Raises:
        TraceError: a node is empty.
    """
    return join_records(_payloads(metadata, nodes, source))


def decode_message(
    message: et_def_pb2.Node, source: Path | str, *, offset: int | None = None
) -> Node:
    """Return the node that a message stands for; what a `Node` has no field for is left out.

    Args:
        message: the record.
        source: what error messages call the trace.
        offset: of the record in the file, if it has one.

    Raises:
        TraceError: the type or an attribute is wrong.
    """
    attributes: dict[str, Any] = {}  # keyed by Node's field names; ATTRIBUTES knows the types
    for attribute in message.attr:
        try:
            known = _decode_attribute(attribute)
        except ValueError as wanted:
            problem = _attribute_problem(attribute, wanted)
            raise TraceError(problem, source=source, offset=offset, node=message.id) from wanted
        if known is not None:
            name, value = known
            attributes[name] = value
    node_type = _NODE_TYPES.get(message.type)
    if node_type is None:
        problem = f"node type {message.type} is unknown; it is 0 (INVALID) to {_LAST_TYPE}"
        raise TraceError(problem, source=source, offset=offset, node=message.id)
    return Node(
        id=message.id,
        name=message.name,
        type=node_type,
        data_deps=tuple(message.data_deps),
        ctrl_deps=tuple(message.ctrl_deps),
        duration=micros_to_ns(message.duration_micros),
        metadata=message.inputs.values if node_type is NodeType.METADATA else "",
        **attributes,
    )


def has_unknown_fields(message: Message) -> bool:
    """Return whether a message, or one within it, has fields that Chakra's schema doesn't."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    return known.ByteSize() != message.ByteSize()


def decode_record(record: Record, source: Path | str) -> Node:
    """Return the node in one record, however it is laid out.

    Raises:
        TraceError: the record is no node, or a node is wrong.
    """
    return decode_message(_parse_node(record, source), source, offset=record.offset)


def encode_nodes(
    nodes: Iterable[Node],
    source: Path | str,
    annotations: Annotations = NOT_ANNOTATED,
    edits: Sequence[str] = (),
) -> bytes:
    """Return the content of an uncompressed trace file with these nodes.

    Args:
        nodes: in the order in which they are to stand in the file.
        source: what error messages call it; the file's name.
        annotations: of the step.
        edits: what was done to the trace, in order.

    Raises:
        TraceError: a node or an annotation has a value that the file format can't hold, or one
            that wouldn't be read again.
    """
    metadata = et_def_pb2.GlobalMetadata(version=SCHEMA_VERSION)
    try:
        annotate(metadata, annotations)
    except ValueError as error:
        raise TraceError(f"can't be written: {error}", source=source) from error
    log_edits(metadata, edits)
    return join_records(_payloads(metadata, (encode_node(node, source) for node in nodes), source))


def log_edits(metadata: et_def_pb2.GlobalMetadata, edits: Sequence[str]) -> None:
    """Add what was done to a trace to what its metadata says already."""
    if not edits:
        return
    logs = [it for it in metadata.attr if it.name == EDITS]
    log = logs[0] if logs else metadata.attr.add(name=EDITS)
    log.string_list.values.extend(edits)


def annotate(metadata: et_def_pb2.GlobalMetadata, annotations: Annotations) -> None:
    """Add annotations of the step to a trace's metadata.

    Raises:
        ValueError: one has a value that no file takes.
    """
    for name, value in annotations.stored().items():
        attribute = metadata.attr.add(name=name)
        if value < _TOO_LARGE:
            attribute.uint64_val = value
        else:
            attribute.double_val = value


def parse_metadata(record: Record | None, source: Path | str) -> et_def_pb2.GlobalMetadata:
    """Return the metadata in a trace's first record; None stands for a trace without any.

    Raises:
        TraceError: there is none.
    """
    if record is None:
        raise TraceError(
            "the file is empty; a trace begins with GlobalMetadata", source=source, offset=0
        )
    metadata = _parse(et_def_pb2.GlobalMetadata, record.payload)
    # A Node, or other data, can pass for GlobalMetadata whose fields are all unknown ones.
    if metadata is None or has_unknown_fields(metadata):
        raise TraceError(
            "the first record is not Chakra's GlobalMetadata, with which a trace begins"
            + text_hint(join_records([record.payload])),
            source=source,
            offset=record.offset,
        )
    return metadata


def metadata_attributes(
    metadata: et_def_pb2.GlobalMetadata,
) -> Iterator[tuple[str, Stored | None]]:
    """Yield the attributes of a trace's metadata, each with what it holds, None for nothing."""
    for attribute in metadata.attr:
        kind = attribute.WhichOneof("value")
        yield attribute.name, None if kind is None else _stored_value(attribute, kind)


def _parse_node(record: Record, source: Path | str) -> et_def_pb2.Node:
    if not record.payload:
        # Chakra's own readers take an empty record for the end of the file and drop the rest.
        raise TraceError(
            "the record is empty; a node is wanted", source=source, offset=record.offset
        )
    message = _parse(et_def_pb2.Node, record.payload)
    if message is None:
        raise TraceError(
            "the record is not a Chakra node: the file is damaged or written with another schema",
            source=source,
            offset=record.offset,
        )
    return message


def _parse(kind: type[_M], payload: bytes) -> _M | None:
    try:
        return kind.FromString(payload)
    except DecodeError:
        return None


def _decode_attribute(attribute: et_def_pb2.AttributeProto) -> Known | None:
    """Return the field of a Node and its value, None for an attribute that has none.

    Raises:
        ValueError: the value is of no use; the text says what is wanted.
    """
    kind = attribute.WhichOneof("value")
    return known_value(attribute.name, None if kind is None else _stored_value(attribute, kind))


def decode_attribute_bytes(data: bytes) -> Known | None:
    """Return the field of a Node that an attribute's bytes give, and its value; None for none.

    Raises:
        ValueError: the value is of no use, or these bytes are no attribute.
    """
    message = _parse(et_def_pb2.AttributeProto, data)
    if message is None:
        raise ValueError("an attribute")
    return _decode_attribute(message)


def _attribute_problem(attribute: et_def_pb2.AttributeProto, wanted: ValueError) -> str:
    name, kind = attribute.name, str(attribute.WhichOneof("value"))
    value = _shown(_stored_value(attribute, kind))
    known = ATTRIBUTES[name]
    return f"{name} is {value} ({kind}); {wanted} ({known.kind}) is wanted"


def _stored_value(attribute: et_def_pb2.AttributeProto, kind: str) -> Stored:
    # getattr: protobuf names a oneof's member by a string.
    value = getattr(attribute, kind)
    return tuple(value.values) if kind.endswith("_list") else value


def _shown(value: Stored) -> str:
    text = repr(value)
    return beginning(text, _SHOWN_LETTERS)


def encode_node(node: Node, source: Path | str) -> et_def_pb2.Node:
    """Return the message of a node.

    Raises:
        TraceError: it has a value that the file format can't hold.
    """
    try:
        message = et_def_pb2.Node(
            id=node.id,
            name=node.name,
            type=et_def_pb2.NodeType.ValueType(NodeType(node.type)),
            ctrl_deps=node.ctrl_deps,
            data_deps=node.data_deps,
        )
        if node.duration_nanos is None:
            set_duration(message, node.duration)
        else:
            message.duration_micros = ns_to_whole_micros(node.duration)
        if node.metadata:
            message.inputs.values = node.metadata
    except (ValueError, TypeError) as error:
        raise TraceError(f"can't be written: {error}", source=source, node=node.id) from error
    for name, known in ATTRIBUTES.items():
        value = getattr(node, name)
        if value is not None:
            try:
                _add_attribute(message, name, known, value)
            except (ValueError, TypeError) as error:
                problem = f"{name} {_shown(value)} can't be written as {known.kind}: {error}"
                raise TraceError(problem, source=source, node=node.id) from error
    return message


def set_duration(message: et_def_pb2.Node, duration: Ns) -> None:
    """Set a message's duration to whole microseconds, and where these can't say it, to ns too.

    Raises:
        ValueError: it is negative or too large.
    """
    message.duration_micros = ns_to_whole_micros(duration)
    if duration != micros_to_ns(message.duration_micros):
        message.attr.add(name="duration_nanos", uint64_val=duration)


def _add_attribute(message: et_def_pb2.Node, name: str, known: Attribute, value: Converted) -> None:
    converted = known.convert(value)
    attribute = message.attr.add(name=name)
    if isinstance(converted, tuple):
        items = getattr(attribute, known.kind)  # protobuf names a oneof's member by a string
        items.SetInParent()  # so that an empty list counts as a value
        items.values.extend(stored_items(converted))
    else:
        setattr(attribute, known.kind, converted)


def _payloads(
    metadata: et_def_pb2.GlobalMetadata, nodes: Iterable[et_def_pb2.Node], source: Path | str
) -> Iterator[bytes]:
    yield metadata.SerializeToString()
    for node in nodes:
        payload = node.SerializeToString()
        if not payload:
            raise TraceError(
                "a node with no name, type or attribute makes an empty record, "
                "which Chakra's readers take for the end of the file",
                source=source,
                node=node.id,
            )
        yield payload
