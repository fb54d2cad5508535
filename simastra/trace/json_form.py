"""A whole trace as one JSON document, and back: nothing that the protobuf holds is lost.

The document is ``{"metadata": {...}, "nodes": [{...}, ...]}``. Each object in it is what protobuf's
own JSON mapping makes of the message, with the schema's names: 64-bit integers are strings, bytes
are base64, and floats may be "NaN", "Infinity" or "-Infinity".

Read are also the two forms that Chakra has (docs/chakra.md 1.5): its jsonizer's output, which
is such objects one after the other, and the feeder's ``workload_graph``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from math import copysign
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from google.protobuf import json_format

from simastra.errors import TraceError
from simastra.legible import beginning
from simastra.trace import et_def_pb2
from simastra.trace.protobuf import Messages, has_unknown_fields
from simastra.trace.workload_graph import message_objects

_M = TypeVar("_M", et_def_pb2.GlobalMetadata, et_def_pb2.Node)
_Object: TypeAlias = dict[str, Any]  # one JSON object; what it may hold is protobuf's business

_FLOATS = {"float_val", "floatVal", "float_list", "floatList"}
_LARGEST_FLOAT = (2 - 2**-23) * 2.0**127
_LARGEST_FLOAT_WRITTEN = 3.4028235e38  # with as few digits as tell it from other floats

_BYTES = {"bytes_val", "bytesVal", "bytes_list", "bytesList"}
_BASE64 = re.compile("[A-Za-z0-9+/_-]*={0,2}")
_SHOWN_LETTERS = 60  # of a wrong value, in an error message
_WANTED = 'wanted is {"metadata": {...}, "nodes": [...]}'


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
    metadata: object
    nodes: object
    values = list(_values(_text(data, source), source))
    match values:
        case [{"workload_graph": graph}]:
            metadata, nodes, where = {}, message_objects(graph, source), "workload_graph"
        case [{"nodes": nodes, **rest}] if rest.keys() <= {"metadata"}:
            metadata, where = rest.get("metadata", {}), "nodes"
        case [dict() as metadata, *nodes] if nodes:  # of Chakra's jsonizer
            where = "node"
        case _:
            raise TraceError(f"the JSON holds no nodes; {_WANTED}", source=source)
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


def _from_object(value: object, message: _M, where: str, source: Path | str) -> _M:
    if not isinstance(value, dict):
        raise TraceError(f"{where} is {_shown(value)}; a JSON object is wanted", source=source)

    try:
        _check_base64(value)
        _mend_largest_floats(value)
        json_format.ParseDict(value, message)
    # Beside its own error, protobuf lets out those of the conversions that it tries.
    except (json_format.ParseError, ValueError, TypeError, AttributeError, KeyError) as error:
        reason = str(error).partition("\n")[0].rstrip(". ")  # what follows is a list of all fields
        problem = f"{where} is no {type(message).DESCRIPTOR.name} of Chakra's: {reason}"
        raise TraceError(problem, source=source) from error
    except RecursionError as error:
        raise TraceError(f"{where} is nested too deeply", source=source) from error
    except SystemError as error:  # how protobuf answers half a character, which JSON can name
        problem = f"{where} has a name that is no text: half a character, such as \\ud800"
        raise TraceError(problem, source=source) from error
    return message


def _check_base64(value: object) -> None:
    """Raise ValueError where protobuf would pass over letters that are no base64."""
    # A stack of its own rather than recursion: who wrote the file chose how deep it goes.
    rest: list[object] = [value]
    while rest:
        match rest.pop():
            case dict() as fields:
                for key, inner in fields.items():
                    bytes_in = inner.get("values") if isinstance(inner, dict) else inner
                    if key in _BYTES and any(map(_is_no_base64, _as_list(bytes_in))):
                        raise ValueError(f"{key} holds something that is no base64")
                    rest.append(inner)
            case list() as items:
                rest.extend(items)
            case _:
                pass


def _mend_largest_floats(fields: _Object) -> None:
    """Let protobuf read what it writes for the largest float, which it calls too large then."""
    for attribute in _as_list(fields.get("attr", [])):
        if isinstance(attribute, dict):
            for key in _FLOATS & attribute.keys():
                attribute[key] = _mended(attribute[key])


def _mended(value: object) -> object:
    match value:
        case float() if abs(value) == _LARGEST_FLOAT_WRITTEN:
            return copysign(_LARGEST_FLOAT, value)
        case list():
            return [_mended(each) for each in value]
        case {"values": values, **others}:
            return {**others, "values": _mended(values)}
        case _:
            return value


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_no_base64(value: object) -> bool:
    return isinstance(value, str) and not _BASE64.fullmatch(value)


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


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()


def _unique(pairs: Sequence[tuple[str, Any]]) -> _Object:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has the key {twice!r} twice; it may have it once")
    return fields


def _no_constant(word: str) -> object:
    raise ValueError(f'{word} is no JSON; in double quotes, "{word}", it stands for that number')


def _shown(value: object) -> str:
    text = json.dumps(value)
    return beginning(text, _SHOWN_LETTERS)
