"""Attributes and metadata straight from their bytes are what protobuf makes of them."""

import math
import struct
import subprocess
import sys
from pathlib import Path

import et_wire as wire
import pytest
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simastra import MiB, TraceBuilder
from simastra.errors import TraceError
from simastra.trace import et_def_pb2
from simastra.trace.attribute_bytes import decode_attribute, metadata_is_usual, stored_attribute
from simastra.trace.attributes import ATTRIBUTES
from simastra.trace.canonical import Unusual
from simastra.trace.framing import Record
from simastra.trace.protobuf import decode_attribute_bytes, parse_metadata

NAMES = st.sampled_from([*ATTRIBUTES, "rf_id", "", "ä" * 70]) | st.text(max_size=9)
TEXTS = st.text(max_size=200)
INT32, INT64 = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)
UINT32, UINT64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
SMALL = st.integers(0, 9)
FLOATS = st.floats(width=32)

OF_KIND: dict[str, st.SearchStrategy[object]] = {
    "double": st.floats() | SMALL.map(float),
    "float": FLOATS | SMALL.map(float),
    "int32": INT32 | SMALL,
    "int64": INT64 | SMALL,
    "uint32": UINT32 | SMALL,
    "uint64": UINT64 | SMALL,
    "sint32": INT32 | SMALL,
    "sint64": INT64 | SMALL,
    "fixed32": UINT32 | SMALL,
    "fixed64": UINT64 | SMALL,
    "sfixed32": INT32 | SMALL,
    "sfixed64": INT64 | SMALL,
    "bool": st.booleans(),
    "string": TEXTS,
    "bytes": st.binary(max_size=200),
}
READ_BY_HAND = {
    "double_val", "float_val", "int32_val", "int64_val", "uint32_val", "uint64_val", "bool_val",
    "string_val", "bool_list", "string_list",
}  # fmt: skip
"""The kinds that tools write; of the others, google.protobuf is left to read them."""


@st.composite
def attributes(draw: st.DrawFn) -> et_def_pb2.AttributeProto:
    """Any attribute, of every kind."""
    message = et_def_pb2.AttributeProto(name=draw(NAMES))
    kind = draw(st.sampled_from([*OF_KIND, None]))
    if kind is None:
        return message
    if draw(st.booleans()):
        setattr(message, f"{kind}_val", draw(OF_KIND[kind]))
        return message
    items = getattr(message, f"{kind}_list")
    items.SetInParent()
    items.values.extend(draw(st.lists(OF_KIND[kind], max_size=4)))
    return message


def outcome(decode: object, data: bytes) -> str:
    """What a way to decode gives, or its refusal. As text: NaN is unequal, and True equals 1."""
    try:
        return repr(decode(data))  # type: ignore[operator]
    except ValueError as error:
        return f"refused: {error}"


def as_stored(message: et_def_pb2.AttributeProto) -> object:
    """What protobuf says that an attribute holds."""
    kind = message.WhichOneof("value")
    if kind is None:
        return None
    value = getattr(message, kind)
    return tuple(value.values) if kind.endswith("_list") else value


@settings(max_examples=500)
@given(attributes())
def test_an_attribute_is_decoded_as_protobuf_does(message: et_def_pb2.AttributeProto) -> None:
    data = message.SerializeToString()
    assert outcome(decode_attribute, data) == outcome(decode_attribute_bytes, data)


@settings(max_examples=500)
@given(attributes())
def test_what_is_read_by_hand_is_what_is_stored(message: et_def_pb2.AttributeProto) -> None:
    try:
        name, stored = stored_attribute(message.SerializeToString())
    except (Unusual, IndexError):
        kind = message.WhichOneof("value")
        negative = isinstance(as_stored(message), int) and as_stored(message) < 0  # type: ignore[operator]
        huge = kind == "uint64_val" and message.uint64_val >= 2**63
        named = 0 < len(message.name.encode()) < 128
        assert kind not in READ_BY_HAND or negative or huge or not named
        return
    assert (name, repr(stored)) == (message.name, repr(as_stored(message)))


PIECES = st.one_of(
    st.builds(wire.block, st.sampled_from([1, 2, 4, 28, 29, 30, 31, 33]), st.binary(max_size=5)),
    st.builds(wire.block, st.sampled_from([1, 2, 29]), TEXTS.map(str.encode)),
    st.builds(wire.block, st.just(30), TEXTS.map(lambda text: wire.block(1, text.encode()))),
    st.builds(wire.block, st.just(28), st.binary(max_size=3).map(lambda it: wire.block(1, it))),
    st.builds(wire.number, st.sampled_from([1, 3, 7, 9, 11, 13, 15, 27, 40]), UINT64 | SMALL),
    st.builds(wire.fixed, st.sampled_from([3, 5, 21]), st.sampled_from("dfIQ"), SMALL),
    st.binary(max_size=3),
)
"""Parts of an attribute as somebody might write them, right or wrong."""

LONG_ZERO = b"\x80\x00"  # the number 0 in two bytes
NAMED = wire.block(1, b"num_ops")


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=3).map(b"".join), st.sampled_from([NAMED, b""]))
@example(b"\x38" + LONG_ZERO, NAMED)
@example(b"\xb8\x00\x01", NAMED)  # a key in more bytes than it takes
@example(b"\x38\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", NAMED)  # past 64 bits
@example(b"\xd8\x01\x02", NAMED)  # a bool that is 2
@example(wire.number(7, 2**31), NAMED)  # past int32
@example(wire.number(11, 2**32 + 5), NAMED)
@example(wire.number(9, 3) + wire.number(9, 4), NAMED)  # the last one counts
@example(wire.number(9, 3) + wire.block(1, b"comm_size"), NAMED)
@example(wire.block(29, b"\xed\xa0\x80"), NAMED)  # half a surrogate pair
@example(wire.block(30, wire.block(2, b"a")), NAMED)
@example(wire.block(28, wire.number(1, 1) + wire.number(1, 0)), NAMED)  # a list that isn't packed
@example(wire.block(28, wire.block(1, b"\x01") + wire.block(1, b"\x00")), NAMED)
@example(b"\xea\x01\x05abc", NAMED)
@example(b"", b"")
def test_whatever_bytes_an_attribute_has_protobuf_agrees(rest: bytes, start: bytes) -> None:
    data = start + rest
    assert outcome(decode_attribute, data) == outcome(decode_attribute_bytes, data)


def accepted_by_protobuf(payload: bytes) -> bool:
    try:
        parse_metadata(Record(0, payload), "t")
    except (TraceError, DecodeError):
        return False
    return True


@settings(max_examples=500)
@given(
    st.lists(
        st.one_of(
            PIECES,
            attributes().map(lambda it: wire.block(2, it.SerializeToString())),
            TEXTS.map(lambda text: wire.block(1, text.encode())),
        ),
        max_size=3,
    ).map(b"".join)
)
def test_what_passes_for_metadata_is_metadata(payload: bytes) -> None:
    if metadata_is_usual(payload):
        assert accepted_by_protobuf(payload)


@pytest.mark.parametrize(
    "attribute", [None, ("schema", "string_val", "1.1.1-chakra.0.0.4"), ("pid", "uint64_val", 7)]
)
def test_metadata_as_tools_write_it_is_usual(attribute: tuple[str, str, object] | None) -> None:
    metadata = et_def_pb2.GlobalMetadata(version="" if attribute else "0.0.4")
    if attribute is not None:
        name, kind, value = attribute
        setattr(metadata.attr.add(name=name), kind, value)
    assert metadata_is_usual(metadata.SerializeToString())


def test_floats_keep_their_every_bit() -> None:
    smallest = struct.unpack("<f", b"\x01\0\0\0")[0]
    for value in (smallest, -0.0, math.inf):
        data = wire.attribute("x", "float_val", value)[2:]
        assert repr(stored_attribute(data)[1]) == repr(value)


LOADED = """
import sys
from simastra.trace import load_trace
load_trace(sys.argv[1], 1)
print("google.protobuf" in sys.modules)
"""


def test_a_usual_trace_is_loaded_without_the_protobuf_library(tmp_path: Path) -> None:
    trace = TraceBuilder()
    load = trace.load("load", tensor_size=1 * MiB)
    compute = trace.compute("compute", micros=7, num_ops=2**40, tensor_size=3, after=load)
    trace.all_reduce("reduce", size=1 * MiB, dims=[True, False], group=3, after=[load, compute])
    trace.write(tmp_path / "t", npus=1)
    words = [sys.executable, "-c", LOADED, str(tmp_path / "t")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
