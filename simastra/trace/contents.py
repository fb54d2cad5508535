"""Trace files of any form with all that they hold, and in the other form."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simastra.trace.attributes import ATTRIBUTES
from simastra.trace.decoding import Form, form_of
from simastra.trace.files import read_file
from simastra.trace.framing import inflate
from simastra.trace.json_form import messages_from_json, messages_to_json
from simastra.trace.nodes import Node
from simastra.trace.protobuf import (
    EDITS,
    Messages,
    decode_message,
    parse_messages,
    serialize_messages,
)
from simastra.trace.recognising import recognising

_SCHEMA = "schema"  # the attribute in which most tools name it


@dataclass(frozen=True, slots=True)
class TraceContents:
    """One trace file, with what its nodes in decoded form leave out.

    Attributes:
        form: how it is written down.
        schema: what its metadata says of the schema; empty if nothing.
        nodes: in file order.
        other_attributes: names of attributes that simastra doesn't know, and how many nodes have
            each, by name.
        edits: what `simastra.trace.edit` has done to it, as its metadata says.
    """

    form: Form
    schema: str
    nodes: tuple[Node, ...]
    other_attributes: Mapping[str, int]
    edits: tuple[str, ...] = ()


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


def read_messages(path: Path | str) -> Messages:
    """Return the protobuf messages in a trace file of any form.

    Raises:
        TraceError: the file can't be read, or is no sound Chakra trace.
    """
    return _messages(inflate(read_file(path), path), path)


def trace_contents(data: bytes, source: Path | str) -> TraceContents:
    """Return what a trace file's content of any form holds.

    Args and raises: as of `decoding.decode_any`.
    """
    data = inflate(data, source)
    messages = _messages(data, source)
    metadata = messages.metadata
    schemas = [attr.string_val for attr in metadata.attr if attr.name == _SCHEMA]
    others: Counter[str] = Counter()
    for node in messages.nodes:
        others.update({attr.name for attr in node.attr if attr.name not in ATTRIBUTES})
    return TraceContents(
        form_of(data),
        metadata.version or next(iter(schemas), ""),
        tuple(decode_message(node, source) for node in messages.nodes),
        dict(sorted(others.items())),
        tuple(text for it in metadata.attr if it.name == EDITS for text in it.string_list.values),
    )


def _messages(data: bytes, source: Path | str) -> Messages:
    with recognising(source, start=data):
        match form_of(data):
            case Form.JSON:
                return messages_from_json(data, source)
            case Form.PROTOBUF:
                return parse_messages(data, source)
