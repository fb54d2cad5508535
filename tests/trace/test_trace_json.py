"""Traces as JSON: nothing is lost on the way, and whatever is wrong gets one message."""

import gzip
import json
import math
from pathlib import Path
from typing import Any

import et_wire as wire
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import TraceError
from simastra.trace import (
    CollectiveType,
    Node,
    NodeType,
    TensorUse,
    TraceBuilder,
    et_def_pb2,
    load_trace,
)
from simastra.trace.contents import jsonized, trace_contents
from simastra.trace.decoding import Form, decode_any, form_of
from simastra.trace.json_form import messages_from_json, messages_to_json
from simastra.trace.protobuf import Messages, encode_nodes, parse_messages, serialize_messages

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
UINT64 = st.integers(0, 2**64 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)
UINT32 = st.integers(0, 2**32 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "double": st.floats(),
    "float": st.floats(width=32),
    "bool": st.booleans(),
    "string": TEXT,
    "bytes": st.binary(),
}
SCALARS |= {
    f"{kind}int{bits}": numbers
    for kind in ("", "s")
    for bits, numbers in ((32, INT32), (64, INT64))
}
SCALARS |= {"uint32": UINT32, "uint64": UINT64, "fixed32": UINT32, "fixed64": UINT64}
SCALARS |= {"sfixed32": INT32, "sfixed64": INT64}


@st.composite
def attributes(draw: st.DrawFn) -> et_def_pb2.AttributeProto:
    attribute = et_def_pb2.AttributeProto(name=draw(TEXT), doc_string=draw(TEXT))
    kind = draw(st.none() | st.sampled_from(sorted(SCALARS)))
    if kind is not None and draw(st.booleans()):
        setattr(attribute, f"{kind}_val", draw(SCALARS[kind]))
    elif kind is not None:
        items = getattr(attribute, f"{kind}_list")
        items.SetInParent()
        items.values.extend(draw(st.lists(SCALARS[kind], max_size=3)))
    return attribute


IO_INFOS = st.none() | st.builds(et_def_pb2.IOInfo, values=TEXT, shapes=TEXT, types=TEXT)
NODES = st.builds(
    et_def_pb2.Node,
    id=UINT64.filter(bool),  # so that no record is empty
    name=TEXT,
    type=INT32,  # a later schema may have further types
    ctrl_deps=st.lists(UINT64, max_size=3),
    data_deps=st.lists(UINT64, max_size=3),
    start_time_micros=UINT64,
    duration_micros=UINT64,
    inputs=IO_INFOS,
    outputs=IO_INFOS,
    attr=st.lists(attributes(), max_size=4),
)
METADATA = st.builds(
    et_def_pb2.GlobalMetadata, version=TEXT, attr=st.lists(attributes(), max_size=2)
)
MESSAGES = st.builds(Messages, METADATA, st.lists(NODES, max_size=3).map(tuple))


def as_bytes(messages: Messages) -> bytes:
    """Their content: unlike the messages themselves, NaN equals NaN there."""
    return serialize_messages(messages.metadata, messages.nodes, "t")


@given(MESSAGES)
def test_a_trace_turned_to_json_and_back_is_the_same(messages: Messages) -> None:
    document = messages_to_json(messages, "t")
    json.loads(document, parse_constant=pytest.fail)  # valid JSON, without NaN as a word
    assert as_bytes(messages_from_json(document.encode(), "t")) == as_bytes(messages)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_float_is_read_again_as_it_was_written(sign: int) -> None:
    largest = sign * (2 - 2**-23) * 2.0**127
    attributes = [
        et_def_pb2.AttributeProto(name="one", float_val=largest),
        et_def_pb2.AttributeProto(name="some", float_list={"values": [largest, 1.5]}),
        et_def_pb2.AttributeProto(name="double", double_val=3.4028235e38),  # that is another one
    ]
    messages = Messages(et_def_pb2.GlobalMetadata(), (et_def_pb2.Node(id=1, attr=attributes),))
    document = messages_to_json(messages, "t")
    assert as_bytes(messages_from_json(document.encode(), "t")) == as_bytes(messages)


@given(MESSAGES)
def test_a_trace_turned_to_bytes_and_back_is_the_same(messages: Messages) -> None:
    data = as_bytes(messages)
    assert as_bytes(parse_messages(data, "t")) == data


@given(MESSAGES)
def test_no_trace_is_taken_for_json_nor_json_for_a_trace(messages: Messages) -> None:
    assert form_of(messages_to_json(messages, "t").encode()) is Form.JSON
    assert form_of(as_bytes(messages)) is Form.PROTOBUF


def test_a_trace_that_begins_with_a_brace_is_no_json() -> None:
    # Metadata of 123 bytes: its length is "{". Its first field's key is a line feed, and a version
    # of 34 letters has the length '"': together {\n", as JSON begins.
    metadata = et_def_pb2.GlobalMetadata(version="v" * 34)
    metadata.attr.add(name="a" * 83)
    data = serialize_messages(metadata, [et_def_pb2.Node(id=1)], "t")
    assert data.startswith(b'{\n"')
    assert form_of(data) is Form.PROTOBUF
    assert form_of(b'\xef\xbb\xbf {"nodes": []}') is Form.JSON


def test_the_document_has_the_schemas_names_and_a_line_for_each_node() -> None:
    node = et_def_pb2.Node(id=2**63, name="é", type=et_def_pb2.COMP_NODE, data_deps=[1])
    node.attr.add(name="x", bytes_val=b"\x00\xff")
    node.attr.add(name="y", double_val=-math.inf)
    text = messages_to_json(Messages(et_def_pb2.GlobalMetadata(version="0.0.4"), (node,)), "t")
    assert json.loads(text) == {
        "metadata": {"version": "0.0.4"},
        "nodes": [
            {
                "id": "9223372036854775808",
                "name": "é",
                "type": "COMP_NODE",
                "data_deps": ["1"],
                "attr": [
                    {"name": "x", "bytes_val": "AP8="},
                    {"name": "y", "double_val": "-Infinity"},
                ],
            }
        ],
    }
    assert len(text.splitlines()) == 6


def test_fields_that_json_cannot_name_are_refused() -> None:
    node = et_def_pb2.Node.FromString(wire.number(1, 5) + wire.number(99, 1))
    with pytest.raises(TraceError, match=r"t, node 5: has fields that Chakra's schema doesn't"):
        messages_to_json(Messages(et_def_pb2.GlobalMetadata(), (node,)), "t")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "line 1, column 2: Expecting property name"),
        ("[]", 'the JSON holds no nodes; wanted is {"metadata"'),
        ('{"nodes": {}}', "there is no list of nodes"),
        ('{"metadata": {}}', "the JSON holds no nodes"),
        ('{"nodes": [3]}', "nodes[0] is 3; a JSON object is wanted"),
        ('{"nodes": [{"nme": 1}]}', 'has no field named "nme"'),
        ('{"nodes": [], "nodes": []}', "an object has the key 'nodes' twice"),
        ('{"nodes": [{"id": "x"}]}', "nodes[0] is no Node of Chakra's: Failed to parse id field"),
        ('{"nodes": [{"id": 18446744073709551616}]}', "Value out of range"),
        ('{"nodes": [{"type": "COMP"}]}', "Invalid enum value COMP"),
        ('{"nodes": [{"name": "\\ud800"}]}', "Unpaired surrogate"),
        ('{"nodes": [{"attr": [3]}]}', "nodes[0] is no Node of Chakra's"),
        ('{"nodes": [{"attr": [{"double_val": NaN}]}]}', 'NaN is no JSON; in double quotes, "NaN"'),
        ('{"nodes": [{"attr": [{"float_val": 1e300}]}]}', "Float value too large"),
        (
            '{"nodes": [{"attr": [{"bytes_val": "*"}]}]}',
            "bytes_val holds something that is no base",
        ),
        ('{"nodes": [{"attr": [{"bytesList": {"values": ["?"]}}]}]}', "bytesList holds something"),
        ('{"nodes": [{"attr": [{"bool_val": true, "int32_val": 1}]}]}', "should not have multiple"),
        ('{"workload_graph": 1}', "workload_graph is no list"),
        ('{"workload_graph": [1]}', "workload_graph[0] is no JSON object"),
        ('{"workload_graph": [{"Idd": 1}]}', "unknown key 'Idd'; did you mean 'Id'?"),
        ('{"workload_graph": [{"Id": -1}]}', "workload_graph[0] is no Node of Chakra's"),
        ('{"nodes": ' + "[" * 100_000, "the JSON is nested too deeply"),
        ('{"nodes": [{"\\ud800": 1}]}', "half a character"),
        ('{"nodes": [{"type": "\\ud800"}]}', "half a character"),
        ('{"nodes": [' + "9" * 5000 + "]}", "the JSON is wrong"),
    ],
)
def test_wrong_json_gets_one_line_that_names_the_place(document: str, message: str) -> None:
    with pytest.raises(TraceError) as caught:
        messages_from_json(document.encode(), "f.json")
    assert str(caught.value).startswith("f.json: ")
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


KEYS = st.sampled_from(
    ["id", "name", "type", "attr", "data_deps", "inputs", "values", "int64_val", "bytes_list"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(KEYS, JSON)))
def test_whatever_json_holds_it_is_read_or_refused(nodes: list[Any]) -> None:
    try:
        messages = messages_from_json(json.dumps({"nodes": nodes}).encode(), "t")
    except TraceError:
        return
    assert len(messages.nodes) == len(nodes)


def test_bytes_that_are_no_utf8_are_named() -> None:
    with pytest.raises(TraceError, match=r"f, byte 11: the JSON is not UTF-8"):
        messages_from_json(b'{"nodes": "\xff"}', "f")


def test_what_chakras_jsonizer_writes_is_read() -> None:
    # Objects one after the other, metadata first, with camel case and 64-bit integers as text.
    data = b"""{
  "version": "1.0.0"
}{
  "id": "1",
  "name": "a",
  "type": "COMP_NODE",
  "durationMicros": "5"
}{
  "id": "2",
  "name": "b",
  "type": "COMM_COLL_NODE",
  "dataDeps": ["1"],
  "attr": [{"name": "comm_type", "int64Val": "0"}, {"name": "comm_size", "uint64Val": "64"},
           {"name": "involved_dim", "boolList": {"values": [true, false]}}]
}"""
    assert decode_any(data, "t") == (
        Node(1, "a", NodeType.COMP, duration=5000),
        Node(
            2,
            "b",
            NodeType.COMM_COLL,
            data_deps=(1,),
            comm_type=CollectiveType.ALL_REDUCE,
            comm_size=64,
            involved_dim=(True, False),
        ),
    )


def test_what_chakras_feeder_takes_for_json_is_read() -> None:
    graph = [
        {"Id": 3, "Name": "a", "NodeType": 4, "runtime": 7, "is_cpu_op": True, "ctrlDeps": [1]},
        {"Id": 4, "Name": "s", "NodeType": 5, "data_deps": [3], "comm_size": 8, "comm_dst": 1},
    ]
    data = json.dumps({"workload_graph": graph, "ngpus": 8}).encode()
    assert decode_any(data, "t") == (
        Node(3, "a", NodeType.COMP, ctrl_deps=(1,), duration=7000, is_cpu_op=True),
        Node(4, "s", NodeType.COMM_SEND, data_deps=(3,), comm_size=8, comm_dst=1),
    )


@pytest.fixture
def builder() -> TraceBuilder:
    """An NPU that computes and reduces."""
    builder = TraceBuilder()
    builder.all_reduce("ar", size=64, after=builder.compute("c", micros=3))
    return builder


def test_all_forms_of_a_trace_are_loaded_alike(tmp_path: Path, builder: TraceBuilder) -> None:
    builder.write(tmp_path / "x", 4)
    plain = (tmp_path / "x.0.et").read_bytes()
    document = jsonized(tmp_path / "x.0.et")
    (tmp_path / "x.1.et").write_bytes(document)
    (tmp_path / "x.2.et").write_bytes(gzip.compress(plain))
    (tmp_path / "x.3.et").write_bytes(gzip.compress(document))
    assert load_trace(tmp_path / "x", 4).npus == (builder.nodes,) * 4
    assert jsonized(tmp_path / "x.3.et") == plain


def test_contents_tell_schema_and_unknown_attributes() -> None:
    metadata = wire.block(2, wire.block(1, b"schema") + wire.block(29, b"1.0.2-chakra.0.0.4"))
    nodes = (
        wire.node(
            wire.attribute("tid", "int64_val", 1), wire.attribute("comm_size", "int32_val", 1)
        ),
        wire.node(wire.attribute("tid"), wire.attribute("tid"), wire.attribute("rf_id"), id=2),
    )
    contents = trace_contents(wire.record(metadata) + b"".join(nodes), "t")
    assert (contents.form, contents.schema) == (Form.PROTOBUF, "1.0.2-chakra.0.0.4")
    assert contents.other_attributes == {"rf_id": 1, "tid": 2}
    assert [node.comm_size for node in contents.nodes] == [1, None]


@pytest.mark.parametrize("version", [b"0.0.4", b"1.0.0"])
def test_both_labels_of_the_schema_are_read_alike(version: bytes) -> None:
    label = wire.record(wire.block(1, version))
    data = encode_nodes([Node(1, "a", NodeType.COMP)], "t")
    assert decode_any(label + data[len(wire.VERSION_004) :], "t") == decode_any(data, "t")


@pytest.mark.parametrize(("text", "size"), [("8", 8), ("134217728.0", 134217728), ("0.0", 0)])
def test_a_tensors_size_may_be_written_as_a_whole_float(text: str, size: int) -> None:
    # As the symbolic tensor graph does.
    tensors = wire.attribute("inputs", "string_list", ["w", text])
    (node,) = decode_any(wire.trace(wire.node(tensors)), "t")
    assert node.inputs == (TensorUse("w", size),)


def test_a_tensors_size_must_be_whole() -> None:
    tensors = wire.attribute("inputs", "string_list", ["w", "1.5"])
    with pytest.raises(TraceError, match=r"instead of '1\.5', as the size of 'w'"):
        decode_any(wire.trace(wire.node(tensors)), "t")
