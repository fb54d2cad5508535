"""Nodes to bytes and back, checked against bytes written by hand."""

import subprocess
import sys
from pathlib import Path

import et_wire as wire
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trace_files import decode_nodes, read_messages, read_nodes, write_messages, write_nodes

from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, NodeType, TensorUse, et_def_pb2
from simastra.trace.protobuf import encode_nodes

INT32 = st.integers(0, 2**31 - 1)
INT64 = st.integers(0, 2**63 - 1)
UINT64 = st.integers(0, 2**64 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # no lone surrogates: not UTF-8
TENSORS = st.none() | st.lists(st.builds(TensorUse, TEXT, UINT64)).map(tuple)

NODES = st.builds(
    Node,
    id=UINT64,
    name=TEXT,
    type=st.sampled_from(NodeType).filter(bool),  # so that no record is empty
    data_deps=st.lists(UINT64).map(tuple),
    ctrl_deps=st.lists(UINT64).map(tuple),
    duration=UINT64.map(lambda micros: micros * 1000),
    is_cpu_op=st.none() | st.booleans(),
    num_ops=st.none() | INT64,
    tensor_size=st.none() | UINT64,
    comm_type=st.none() | st.sampled_from(CollectiveType),
    comm_size=st.none() | INT64,
    involved_dim=st.none() | st.lists(st.booleans()).map(tuple),
    comm_priority=st.none() | st.integers(-(2**31), 2**31 - 1),
    comm_src=st.none() | INT32,
    comm_dst=st.none() | INT32,
    comm_tag=st.none() | INT32,
    pg_name=st.none() | TEXT,
    inputs=TENSORS,
    outputs=TENSORS,
    duration_nanos=st.none() | UINT64,
)


@given(st.lists(NODES).map(tuple))
def test_what_is_written_is_read_back(nodes: tuple[Node, ...]) -> None:
    assert decode_nodes(encode_nodes(nodes, "t"), "t") == nodes


@given(st.integers(0, 2**63))
def test_a_duration_is_written_in_whole_microseconds_and_where_these_cannot_say_it_in_ns_too(
    duration: int,
) -> None:
    (read,) = decode_nodes(
        encode_nodes((Node(1, "n", NodeType.COMP, duration=duration),), "t"), "t"
    )
    assert read.exact_duration == duration
    assert read.duration == (duration + 500) // 1000 * 1000
    assert (read.duration_nanos is None) == (duration % 1000 == 0)


def test_a_file_is_read_back(tmp_path: Path) -> None:
    nodes = (Node(1, "a", NodeType.COMP), Node(2, "b", NodeType.MEM_LOAD, data_deps=(1,)))
    write_nodes(tmp_path / "x.0.et", nodes)
    assert read_nodes(tmp_path / "x.0.et") == nodes
    assert read_nodes(str(tmp_path / "x.0.et")) == nodes


def test_a_file_with_metadata_only_is_an_empty_trace() -> None:
    assert decode_nodes(wire.trace(), "t") == ()
    assert encode_nodes([], "t") == wire.VERSION_004


def test_metadata_may_lack_a_version_and_have_attributes() -> None:
    metadata = wire.block(2, wire.block(1, b"schema") + wire.block(29, b"1.0.2-chakra.0.0.4"))
    assert len(decode_nodes(wire.record(metadata) + wire.node(), "t")) == 1
    assert len(decode_nodes(wire.record(b"") + wire.node(), "t")) == 1


def test_an_all_reduce_is_these_bytes() -> None:
    node = Node(
        1,
        "AR",
        NodeType.COMM_COLL,
        data_deps=(3, 300),
        ctrl_deps=(7,),
        duration=50_000,
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_REDUCE,
        comm_size=1 << 20,
        involved_dim=(True, False),
        comm_priority=-1,
        pg_name="2",
    )
    # fmt: off
    expected = bytes([
        0x08, 1,                            # id
        0x12, 2, *b"AR",                    # name
        0x18, 7,                            # type: COMM_COLL_NODE
        0x22, 1, 7,                         # ctrl_deps, packed
        0x2A, 3, 3, 0xAC, 0x02,             # data_deps, packed
        0x38, 50,                           # duration_micros
        0x52, 14, 0x0A, 9, *b"is_cpu_op", 0xD8, 0x01, 0,          # bool_val
        0x52, 13, 0x0A, 9, *b"comm_type", 0x48, 0,                # int64_val
        0x52, 15, 0x0A, 9, *b"comm_size", 0x48, 0x80, 0x80, 0x40,
        0x52, 21, 0x0A, 12, *b"involved_dim", 0xE2, 0x01, 4, 0x0A, 2, 1, 0,  # bool_list
        0x52, 26, 0x0A, 13, *b"comm_priority", 0x38, *[0xFF] * 9, 0x01,      # int32_val
        0x52, 13, 0x0A, 7, *b"pg_name", 0xEA, 0x01, 1, *b"2",     # string_val
    ])
    # fmt: on
    assert len(expected) < 255
    assert encode_nodes([node], "t") == wire.VERSION_004 + wire.varint(len(expected)) + expected


def test_messages_and_sizes_are_these_bytes() -> None:
    send = Node(1, "n", NodeType.COMM_SEND, comm_size=8, comm_src=0, comm_dst=1, comm_tag=300)
    load = Node(2, "n", NodeType.MEM_LOAD, tensor_size=2**64 - 1, num_ops=5)
    assert encode_nodes([send, load], "t") == wire.trace(
        wire.node(
            wire.attribute("comm_size", "int64_val", 8),
            wire.attribute("comm_src", "int32_val", 0),
            wire.attribute("comm_dst", "int32_val", 1),
            wire.attribute("comm_tag", "int32_val", 300),
            type=5,
        ),
        wire.node(
            wire.attribute("num_ops", "int64_val", 5),
            wire.attribute("tensor_size", "uint64_val", 2**64 - 1),
            id=2,
            type=2,
        ),
    )


def test_tensors_are_these_bytes() -> None:
    node = Node(
        1,
        "n",
        NodeType.COMP,
        inputs=(TensorUse("w", 1 << 20), TensorUse("x", 0)),
        outputs=(),
    )
    assert encode_nodes([node], "t") == wire.trace(
        wire.node(
            wire.attribute("inputs", "string_list", ["w", "1048576", "x", "0"]),
            wire.attribute("outputs", "string_list", []),
        )
    )


INTEGER_KINDS = sorted(
    set(wire.SCALARS) - {"double_val", "float_val", "bool_val", "string_val", "bytes_val"}
)
INTEGER_ATTRIBUTES = (
    "num_ops",
    "tensor_size",
    "comm_type",
    "comm_size",
    "comm_priority",
    "comm_src",
    "comm_dst",
    "comm_tag",
)


def decode_attribute(name: str, kind: str | None, value: object) -> object:
    (node,) = decode_nodes(wire.trace(wire.node(wire.attribute(name, kind, value))), "t")
    return getattr(node, name)


@pytest.mark.parametrize("kind", [*INTEGER_KINDS, "double_val", "float_val"])
@pytest.mark.parametrize("name", INTEGER_ATTRIBUTES)
def test_a_number_is_read_from_every_kind_of_number(name: str, kind: str) -> None:
    value = decode_attribute(name, kind, 7)
    assert value == 7
    assert isinstance(value, int)


@pytest.mark.parametrize("kind", [*INTEGER_KINDS, "double_val", "float_val", "bool_val"])
def test_a_flag_is_read_from_every_kind_of_number(kind: str) -> None:
    assert decode_attribute("is_cpu_op", kind, 0) is False
    assert decode_attribute("is_cpu_op", kind, 1) is True


@pytest.mark.parametrize("kind", sorted(wire.LISTS))
def test_dimensions_are_read_from_every_kind_of_list(kind: str) -> None:
    dims = decode_attribute("involved_dim", kind, [1, 0, 1])
    assert dims == (True, False, True)
    assert all(isinstance(dim, bool) for dim in dims)


def test_dimensions_may_be_an_empty_list() -> None:
    assert decode_attribute("involved_dim", "bool_list", []) == ()


@pytest.mark.parametrize(
    ("kind", "value"), [("string_val", "12"), ("bytes_val", b"12"), ("int32_val", 12)]
)
def test_a_process_group_is_text_or_a_number(kind: str, value: object) -> None:
    assert decode_attribute("pg_name", kind, value) == "12"


@pytest.mark.parametrize("name", [*INTEGER_ATTRIBUTES, "is_cpu_op", "involved_dim", "pg_name"])
def test_an_attribute_without_a_value_is_absent(name: str) -> None:
    assert decode_attribute(name, None, None) is None


@pytest.mark.parametrize("name", ["inputs", "outputs"])
def test_tensors_without_a_value_are_none_and_without_the_attribute_unknown(name: str) -> None:
    # protobuf's Python writes an empty list so; ASTRA-sim takes it for "no tensors" (5.3).
    assert decode_attribute(name, None, None) == ()
    assert decode_attribute(name, "string_list", []) == ()
    assert getattr(Node(1, "n", NodeType.COMP), name) is None


def test_a_tensor_name_may_be_any_text_and_a_size_any_uint64() -> None:
    stored = ["", "007", "1", "18446744073709551615"]
    assert decode_attribute("inputs", "string_list", stored) == (
        TensorUse("", 7),
        TensorUse("1", 2**64 - 1),
    )


def test_unknown_attributes_are_skipped() -> None:
    known = wire.attribute("num_ops", "int64_val", 5)
    unknown = wire.attribute("op_schema", "string_list", ["a", "b"])
    assert decode_nodes(wire.trace(wire.node(unknown, known, unknown)), "t") == (
        Node(1, "n", NodeType.COMP, num_ops=5),
    )


def test_a_comm_type_is_an_enumeration_member() -> None:
    assert decode_attribute("comm_type", "int64_val", 7) is CollectiveType.REDUCE_SCATTER


@pytest.mark.parametrize(
    ("name", "kind", "value", "wanted"),
    [
        ("comm_size", "int64_val", -1, "0 or more (int64_val)"),
        ("comm_size", "double_val", 1.5, "whole number of bytes"),
        ("comm_size", "double_val", float("nan"), "whole number of bytes"),
        ("comm_size", "double_val", float("inf"), "whole number of bytes"),
        ("comm_size", "string_val", "12", "whole number of bytes"),
        ("comm_size", "bool_val", True, "whole number of bytes"),
        ("comm_size", "int64_list", [1], "whole number of bytes"),
        ("tensor_size", "sint32_val", -5, "(uint64_val)"),
        ("num_ops", "sfixed64_val", -5, "0 or more"),
        ("comm_type", "int64_val", 10, "0 (ALL_REDUCE) to 9 (BARRIER)"),
        ("comm_type", "string_val", "ALL_REDUCE", "0 (ALL_REDUCE) to 9 (BARRIER)"),
        ("comm_src", "int32_val", -1, "an NPU, 0 or more (int32_val)"),
        ("comm_dst", "sint64_val", -1, "an NPU, 0 or more (int32_val)"),
        ("comm_tag", "sfixed32_val", -1, "0 or more (int32_val)"),
        ("comm_priority", "float_val", 0.5, "whole number (int32_val)"),
        ("is_cpu_op", "int32_val", 2, "true or false (bool_val)"),
        ("is_cpu_op", "string_val", "false", "true or false (bool_val)"),
        ("involved_dim", "int32_list", [1, 2], "list of true or false (bool_list)"),
        ("involved_dim", "string_list", ["true"], "list of true or false (bool_list)"),
        ("involved_dim", "bool_val", True, "list of true or false (bool_list)"),
        ("pg_name", "double_val", 1.0, "text (string_val)"),
        ("pg_name", "bytes_val", b"\xff", "text (string_val)"),
        ("inputs", "string_list", ["w"], "tensor names and sizes in turn, (string_list)"),
        ("outputs", "string_list", ["w", "1", "x"], "tensor names and sizes in turn"),
        ("inputs", "string_val", "w", "tensor names and sizes in turn"),
        ("inputs", "int64_list", [1, 2], "tensor names and sizes in turn"),
        ("inputs", "string_list", ["w", "-1"], "0 or more, instead of '-1', as the size of 'w'"),
        ("inputs", "string_list", ["w", "1.5"], "instead of '1.5', as the size of 'w'"),
        ("inputs", "string_list", ["8", "w"], "instead of 'w', as the size of '8'"),
        ("outputs", "string_list", ["a", "1", "b", ""], "instead of '', as the size of 'b'"),
        ("outputs", "string_list", ["a", " 1"], "instead of ' 1', as the size of 'a'"),
        ("outputs", "string_list", ["a", "\u0661"], "instead of '\u0661', as the size of 'a'"),
        ("outputs", "string_list", ["a", "18446744073709551616"], "as the size of 'a'"),
        ("outputs", "string_list", ["a", "9" * 5000], "instead of '9999"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error(
    name: str, kind: str, value: object, wanted: str
) -> None:
    data = wire.trace(wire.node(id=3), wire.node(wire.attribute(name, kind, value), id=4))
    with pytest.raises(TraceError) as caught:
        decode_nodes(data, "x.0.et")
    error = caught.value
    assert str(error).startswith(f"x.0.et, byte {error.offset}, node 4: {name} is ")
    assert f"({kind}); " in error.problem
    assert wanted in error.problem
    assert error.offset == len(wire.trace(wire.node(id=3)))


def test_an_unknown_node_type_is_an_error() -> None:
    with pytest.raises(TraceError, match=r"node 5: node type 8 is unknown"):
        decode_nodes(wire.trace(wire.node(id=5, type=8)), "t")


def test_a_long_wrong_value_is_cut_short_in_the_message() -> None:
    with pytest.raises(TraceError) as caught:
        decode_attribute("comm_size", "string_val", "x" * 1000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        (Node(1, "n", NodeType.COMP, duration=-1000), "can't be written"),
        (Node(1, "n", NodeType.COMP, duration=2**64 * 1000), "can't be written"),
        (Node(2**64, "n", NodeType.COMP), "can't be written"),
        (Node(1, "\ud800", NodeType.COMP), "can't be written"),
        (Node(1, "n", NodeType.COMP, data_deps=(-1,)), "can't be written"),
        (Node(1, "n", NodeType.COMM_COLL, comm_size=2**63), "comm_size .* written as int64_val"),
        (Node(1, "n", NodeType.COMM_COLL, comm_size=-1), "comm_size -1 can't be written"),
        (Node(1, "n", NodeType.COMM_SEND, comm_tag=2**31), "comm_tag .* written as int32_val"),
        (Node(1, "n", NodeType.COMP, inputs=(TensorUse("w", -1),)), "inputs .* the size of 'w'"),
        (Node(1, "n", NodeType.COMP, inputs=(TensorUse("w", 2**64),)), "inputs .* size of 'w'"),
        (Node(1, "n", NodeType.COMP, outputs=(TensorUse("\ud800", 1),)), "outputs .* be written"),
    ],
)
def test_a_node_that_a_file_can_not_hold_is_not_written(
    tmp_path: Path, node: Node, problem: str
) -> None:
    with pytest.raises(TraceError, match=problem) as caught:
        write_nodes(tmp_path / "x.0.et", [Node(0, "fine", NodeType.COMP), node])
    assert caught.value.node == node.id
    assert not (tmp_path / "x.0.et").exists()


def test_an_empty_record_is_neither_written_nor_read() -> None:
    # Chakra's readers would take it for the end of the file.
    with pytest.raises(TraceError, match="empty record"):
        encode_nodes([Node(0, "", NodeType.INVALID)], "t")
    with pytest.raises(TraceError, match="byte 8: the record is empty"):
        decode_nodes(wire.trace(wire.record(b""), wire.node()), "t")


def test_plain_messages_keep_what_nodes_leave_out(tmp_path: Path) -> None:
    path = tmp_path / "x.0.et"
    metadata = et_def_pb2.GlobalMetadata(version="1.0.0")
    message = et_def_pb2.Node(id=4, name="n", type=et_def_pb2.COMP_NODE, start_time_micros=9)
    message.inputs.values = "[1]"
    message.attr.add(name="rf_id", int64_val=12)
    write_messages(path, metadata, [message])
    read = read_messages(path)
    assert read.metadata == metadata
    assert read.nodes == (message,)
    assert read_nodes(path) == (Node(4, "n", NodeType.COMP),)


def test_an_empty_plain_message_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="empty record"):
        write_messages(tmp_path / "x", et_def_pb2.GlobalMetadata(), [et_def_pb2.Node()])


def test_protobuf_is_loaded_only_by_what_reads_or_writes_files() -> None:
    code = "import sys, simastra.trace; print('google.protobuf' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
