"""The nodes in a trace file of any form: protobuf or JSON, plain or gzip-compressed.

What a file is, its content says; its name doesn't matter. google.protobuf is imported only for
what isn't written in the usual way: it takes longer than a small trace takes to simulate.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.trace.annotations import Annotations, annotations_of
from simastra.trace.attribute_bytes import decode_attribute, usual_metadata
from simastra.trace.attributes import Stored
from simastra.trace.canonical import CanonicalDecoder
from simastra.trace.framing import BLOCK, Record, Watch, Watched, inflated, stream_records
from simastra.trace.nodes import Node
from simastra.trace.recognising import recognising

if TYPE_CHECKING:
    from simastra.trace import json_form, protobuf
else:
    json_form = deferred("simastra.trace.json_form")
    protobuf = deferred("simastra.trace.protobuf")

_START = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*[{\[]")
_CONTROL = re.compile(rb"[^\t\r\n\x20-\xff]")
_SNIFFED = 256  # bytes; the metadata of a trace has its second field's key, a control byte, sooner

KnownNodes: TypeAlias = dict[bytes, Node]
"""Nodes by the bytes that they were decoded from. NPUs of a large run have many in common."""

_MOST_KNOWN = 500_000  # with their bytes, 100 MB or so


class DecodedTrace(NamedTuple):
    """What is in the trace file of one NPU.

    Attributes:
        nodes: in file order.
        annotations: what its metadata says of the step.
    """

    nodes: Sequence[Node]
    annotations: Annotations


class Form(StrEnum):
    """How a trace is written down."""

    PROTOBUF = "protobuf"
    JSON = "JSON"


def form_of(data: bytes) -> Form:
    """Return the form of uncompressed content; what is neither counts as protobuf.

    A trace can begin with ``{``, as the length 123 of its first record; but then control characters
    follow, which JSON doesn't have.
    """
    is_json = _START.match(data) is not None and _CONTROL.search(data, 0, _SNIFFED) is None
    return Form.JSON if is_json else Form.PROTOBUF


def decode_any(data: bytes, source: Path | str) -> Sequence[Node]:
    """Return the nodes in a trace file's content of any form, in file order.

    Args:
        data: the whole content.
        source: what error messages call it; the file's name.

    Raises:
        TraceError: this is no Chakra trace, is truncated, or a node is wrong.
    """
    return decode_stream(io.BytesIO(data), source).nodes


def decode_stream(
    file: io.BufferedIOBase,
    source: Path | str,
    watch: Watch | None = None,
    known: KnownNodes | None = None,
) -> DecodedTrace:
    """Return what is in a trace file of any form; one in protobuf is never whole in memory, only
    its nodes are.

    Args:
        file: the file, at its beginning; one that can be rewound.
        source: what error messages call it; the file's name.
        watch: is told of bytes that have been read, as the nodes in them are decoded.
        known: as of `decode_records`.

    Raises:
        TraceError: as of `decode_any`.
    """
    content = inflated(file, source)
    if watch is not None:
        content = Watched(content, file.tell, watch)
    start = content.read(BLOCK)
    with recognising(source, start=start):
        if form_of(start) is Form.JSON:
            return _from_json(start + content.read(), source)
        return decode_records(stream_records(content, source, start), source, known)


def _from_json(data: bytes, source: Path | str) -> DecodedTrace:
    messages = json_form.messages_from_json(data, source)
    return DecodedTrace(
        tuple(protobuf.decode_message(node, source) for node in messages.nodes),
        _annotations(protobuf.metadata_attributes(messages.metadata), source),
    )


def _annotations(
    attributes: Iterable[tuple[str, Stored | None]], source: Path | str
) -> Annotations:
    try:
        return annotations_of(attributes)
    except ValueError as error:
        raise TraceError(f"the metadata's {error}", source=source) from None


def decode_records(
    records: Iterator[Record], source: Path | str, known: KnownNodes | None = None
) -> DecodedTrace:
    """Return what is in a trace file's records.

    Args:
        records: of the whole file.
        source: what error messages call it; the file's name.
        known: nodes of other files, by their bytes, which are shared; None to share none.

    Raises:
        TraceError: as of `decode_any`.
    """
    first = next(records, None)
    attributes: Iterable[tuple[str, Stored | None]] | None = None
    if first is not None:
        attributes = usual_metadata(first.payload)
    if attributes is None:
        attributes = protobuf.metadata_attributes(protobuf.parse_metadata(first, source))
    return DecodedTrace(_nodes(records, source, known), _annotations(attributes, source))


def note_known(known: KnownNodes, payload: bytes, node: Node) -> None:
    """Remember a node by its bytes, unless there are very many."""
    if len(known) < _MOST_KNOWN:
        known[payload] = node


def _nodes(
    records: Iterator[Record], source: Path | str, known: KnownNodes | None
) -> tuple[Node, ...]:
    canonical = CanonicalDecoder(decode_attribute)
    if known is None:
        return tuple(
            [
                canonical.node(record.payload) or protobuf.decode_record(record, source)
                for record in records
            ]
        )
    nodes = []
    for record in records:
        node = known.get(record.payload)
        if node is None:
            node = canonical.node(record.payload) or protobuf.decode_record(record, source)
            note_known(known, record.payload, node)
        nodes.append(node)
    return tuple(nodes)
