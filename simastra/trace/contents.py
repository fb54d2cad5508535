"""Trace files in whatever form: protobuf or JSON, plain or gzip-compressed.

What a file is, its content says; its name doesn't matter.
"""

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simastra.trace.attributes import ATTRIBUTES, DURATION_NANOS
from simastra.trace.files import read_file
from simastra.trace.framing import BLOCK, Watch, Watched, inflate, inflated, stream_records
from simastra.trace.json_form import looks_like_json, messages_from_json, messages_to_json
from simastra.trace.nodes import Node
from simastra.trace.protobuf import (
    Messages,
    decode_message,
    decode_records,
    parse_messages,
    serialize_messages,
)

_KNOWN = ATTRIBUTES.keys() | {DURATION_NANOS}
_SCHEMA = "schema"  # the attribute in which most tools name it


class Form(StrEnum):
    """How a trace is written down."""

    PROTOBUF = "protobuf"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class TraceContents:
    """One trace file, with what its nodes in decoded form leave out.

    Attributes:
        form: how it is written down.
        schema: what its metadata says of the schema; empty if nothing.
        nodes: in file order.
        other_attributes: names of attributes that simastra doesn't know, and how many nodes have
            each, by name.
    """

    form: Form
    schema: str
    nodes: tuple[Node, ...]
    other_attributes: Mapping[str, int]


def form_of(data: bytes) -> Form:
    """Return the form of uncompressed content; what is neither counts as protobuf."""
    return Form.JSON if looks_like_json(data) else Form.PROTOBUF


def jsonized(path: Path | str) -> bytes:
    """Return a trace file's content in the other form: JSON of protobuf, and protobuf of JSON.

    Raises:
        TraceError: the file can't be read, is no sound Chakra trace, or can't be put otherwise.
    """
    data = inflate(read_file(path), path)
    messages = _messages(data, path)
    match form_of(data):
        case Form.JSON:
            return serialize_messages(messages.metadata, messages.nodes, path)
        case Form.PROTOBUF:
            return messages_to_json(messages, path).encode()


def decode_any(data: bytes, source: Path | str) -> tuple[Node, ...]:
    """Return the nodes in a trace file's content of any form, in file order.

    Args:
        data: the whole content.
        source: what error messages call it; the file's name.

    Raises:
        TraceError: this is no Chakra trace, is truncated, or a node is wrong.
    """
    return decode_stream(io.BytesIO(data), source)


def decode_stream(
    file: io.BufferedIOBase, source: Path | str, watch: Watch | None = None
) -> tuple[Node, ...]:
    """Return the nodes in a trace file of any form, in file order; one in protobuf is never whole
    in memory, only its nodes are.

    Args:
        file: the file, at its beginning; one that can be rewound.
        source: what error messages call it; the file's name.
        watch: is told of bytes that have been read, as the nodes in them are decoded.

    Raises:
        TraceError: as of `decode_any`.
    """
    content = inflated(file, source)
    if watch is not None:
        content = Watched(content, file.tell, watch)
    start = content.read(BLOCK)
    if form_of(start) is Form.JSON:
        messages = messages_from_json(start + content.read(), source)
        return tuple(decode_message(node, source) for node in messages.nodes)
    return decode_records(stream_records(content, source, start), source)


def trace_contents(data: bytes, source: Path | str) -> TraceContents:
    """Return what a trace file's content of any form holds.

    Args and raises: as of `decode_any`.
    """
    data = inflate(data, source)
    messages = _messages(data, source)
    metadata = messages.metadata
    schemas = [attr.string_val for attr in metadata.attr if attr.name == _SCHEMA]
    others: Counter[str] = Counter()
    for node in messages.nodes:
        others.update({attr.name for attr in node.attr if attr.name not in _KNOWN})
    return TraceContents(
        form_of(data),
        metadata.version or next(iter(schemas), ""),
        tuple(decode_message(node, source) for node in messages.nodes),
        dict(sorted(others.items())),
    )


def _messages(data: bytes, source: Path | str) -> Messages:
    match form_of(data):
        case Form.JSON:
            return messages_from_json(data, source)
        case Form.PROTOBUF:
            return parse_messages(data, source)
