"""A whole trace as one JSON document, and back: nothing that the protobuf holds is lost.

The document is ``{"metadata": {...}, "nodes": [{...}, ...]}``. Each object in it is what protobuf's
own JSON mapping makes of the message, with the schema's names: 64-bit integers are strings, bytes
are base64, and floats may be "NaN", "Infinity" or "-Infinity".

Read are also the two forms that Chakra has (chakra-toolchain.md 1.5): its jsonizer's output, which
is such objects one after the other, and the feeder's ``workload_graph``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from google.protobuf import json_format

from simastra.errors import TraceError
from simastra.trace import et_def_pb2
from simastra.trace.protobuf import Messages, has_unknown_fields
from simastra.trace.workload_graph import message_objects

_Object: TypeAlias = dict[str, Any]  # one JSON object; what it may hold is protobuf's business

_START = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*[{\[]")
_CONTROL = re.compile(rb"[^\t\r\n\x20-\xff]")
_SNIFFED = 256  # bytes; the metadata of a trace has its second field's key, a control byte, sooner
_KEYS = {"metadata", "nodes"}
_FOREIGN = {
    "traceEvents": "a Kineto trace of the PyTorch profiler",
    "schema": "an execution trace of PyTorch",
}
_WANTED = 'wanted is {"metadata": {...}, "nodes": [...]}'


def looks_like_json(data: bytes) -> bool:
    """Return whether uncompressed content is JSON rather than protobuf.

    A trace can begin with ``{``, as the length 123 of its first record; but then control characters
    follow, which JSON doesn't have.
    """
    return _START.match(data) is not None and _CONTROL.search(data, 0, _SNIFFED) is None


def messages_to_json(messages: Messages, source: Path | str) -> str:
    """Return the JSON document of a trace, with a line for each node.

    Raises:
        TraceError: a message has fields that the schema doesn't know, which JSON can't name.
    """
    metadata = _to_line(messages.metadata, source, None)
    nodes = ",\n".join(_to_line(node, source, node.id) for node in messages.nodes)
    return f'{{\n"metadata": {metadata},\n"nodes": [\n{nodes}\n]\n}}\n'


def messages_from_json(data: bytes, source: Path | str) -> Messages:
    """Return the messages in a JSON document, or in one of Chakra's two JSON forms.

    Raises:
        TraceError: this is no JSON, or holds something else than a trace.
    """
    values = list(_values(_text(data, source), source))
    match values:
        case [{"workload_graph": graph}]:
            metadata, nodes, where = {}, message_objects(graph, source), "workload_graph"
        case [dict() as document] if document.keys() and document.keys() <= _KEYS:
            metadata, nodes, where = document.get("metadata", {}), document.get("nodes"), "nodes"
        case [dict() as metadata, *nodes] if nodes or not metadata.keys() & _FOREIGN.keys():
            where = "object"
        case [dict() as document, *_]:
            key = next(key for key in _FOREIGN if key in document)
            problem = f"this is {_FOREIGN[key]}, no Chakra trace; convert it first"
            raise TraceError(problem, source=source)
        case _:
            raise TraceError(f"the JSON holds no object; {_WANTED}", source=source)
    if not isinstance(nodes, list):
        raise TraceError(f"there is no list of nodes; {_WANTED}", source=source)
    return Messages(
        _from_object(metadata, et_def_pb2.GlobalMetadata(), "metadata", source),
        tuple(
            _from_object(node, et_def_pb2.Node(), f"{where}[{index}]", source)
            for index, node in enumerate(nodes)
        ),
    )


def _to_line(
    message: et_def_pb2.GlobalMetadata | et_def_pb2.Node, source: Path | str, node: int | None
) -> str:
    if has_unknown_fields(message):
        raise TraceError(
            "has fields that Chakra's schema doesn't, which would be lost in JSON; "
            "the trace was written with another schema",
            source=source,
            node=node,
        )
    return json.dumps(
        json_format.MessageToDict(message, preserving_proto_field_name=True), ensure_ascii=False
    )


def _from_object[M: (et_def_pb2.GlobalMetadata, et_def_pb2.Node)](
    value: object, message: M, where: str, source: Path | str
) -> M:
    raise NotImplementedError


def _text(data: bytes, source: Path | str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TraceError(
            "the JSON is not UTF-8; save it as UTF-8", source=source, offset=error.start
        ) from error


def _values(text: str, source: Path | str) -> Iterator[object]:
    """Yield the JSON values that stand one after the other in `text`."""
    decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
    blank = re.compile(r"[ \t\r\n]*")
    position = _end(blank, text, 0)
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            problem = f"line {error.lineno}, column {error.colno}: {error.msg}; JSON is wanted"
            raise TraceError(problem, source=source) from error
        except RecursionError as error:
            raise TraceError("the JSON is nested too deeply for a trace", source=source) from error
        except ValueError as error:  # ours, or Python's about a number of thousands of digits
            raise TraceError(f"the JSON is wrong: {error}", source=source) from error
        yield value
        position = _end(blank, text, position)
