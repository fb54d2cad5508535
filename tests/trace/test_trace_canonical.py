"""The quick way to decode a node gives what protobuf's way gives, or leaves it to that."""

import dataclasses

import et_wire as wire
import pytest
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.trace_files import decode_nodes

from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, NodeType, TensorUse, et_def_pb2
from simastra.trace.canonical import CanonicalDecoder
from simastra.trace.nodes import ATTRIBUTE_FIELDS, node_of
from simastra.trace.protobuf import decode_message, encode_nodes

TEXTS = st.text(max_size=200)
IDS = st.integers(0, 2**64 - 1)
SIZES = st.none() | st.integers(0, 2**63 - 1)
NPUS = st.none() | st.integers(0, 2**31 - 1)


def nodes() -> st.SearchStrategy[Node]:
    """Any node that can be written."""
    return st.builds(
        Node,
        id=IDS,
        name=TEXTS,
        type=st.sampled_from(NodeType),
        data_deps=st.lists(IDS, max_size=4).map(tuple),
        ctrl_deps=st.lists(IDS, max_size=4).map(tuple),
        duration=st.integers(0, 2**63).map(lambda micros: 1000 * micros),
        is_cpu_op=st.none() | st.booleans(),
        num_ops=SIZES,
        tensor_size=SIZES,
        comm_type=st.none() | st.sampled_from(CollectiveType),
        comm_size=SIZES,
        involved_dim=st.none() | st.lists(st.booleans(), max_size=4).map(tuple),
        comm_priority=st.none() | st.integers(-(2**31), 2**31 - 1),
        comm_src=NPUS,
        comm_dst=NPUS,
        comm_tag=NPUS,
        pg_name=st.none() | TEXTS,
        inputs=st.none() | st.lists(st.builds(TensorUse, TEXTS, IDS), max_size=2).map(tuple),
        duration_nanos=SIZES,
    ).filter(lambda node: node != Node(0, "", NodeType.INVALID))


FIELDS = st.one_of(
    st.builds(wire.number, st.sampled_from([1, 3, 4, 5, 6, 7, 11]), st.integers(0, 300)),
    st.builds(wire.number, st.sampled_from([1, 3, 4, 5, 6, 7]), st.integers(0, 2**64 - 1)),
    st.builds(wire.block, st.just(2), TEXTS.map(str.encode)),
    st.builds(
        wire.block,
        st.sampled_from([4, 5]),
        st.lists(st.integers(0, 2**64 - 1).map(wire.varint), max_size=3).map(b"".join),
    ),
    st.builds(wire.block, st.sampled_from([1, 2, 3, 6, 8, 9, 10, 12]), st.binary(max_size=4)),
    st.sampled_from(
        [
            wire.attribute("is_cpu_op", "bool_val", 0),
            wire.attribute("num_ops", "int64_val", 7),
            wire.attribute("num_ops", "int64_val", -7),
            wire.attribute("duration_nanos", "uint64_val", 1234567),
            wire.attribute("some other", "string_val", "x"),
            wire.attribute("comm_type", "int64_val", 99),
        ]
    ),
)
"""Fields as somebody might write them: any number of them, in any order, right or wrong."""


def by_protobuf(payload: bytes) -> Node | None:
    """What protobuf's way gives, None where it refuses."""
    try:
        return decode_message(et_def_pb2.Node.FromString(payload), "t")
    except (TraceError, DecodeError):
        return None


def as_loaded(payload: bytes) -> Node | None:
    """What loading gives, None where it refuses."""
    try:
        (node,) = decode_nodes(wire.trace(wire.record(payload)), "t")
    except TraceError:
        return None
    return node


@given(st.lists(nodes(), max_size=5))
def test_what_is_written_comes_back(listed: list[Node]) -> None:
    assert decode_nodes(encode_nodes(listed, "t"), "t") == tuple(listed)


@settings(max_examples=500)
@given(st.lists(FIELDS, min_size=1, max_size=7).map(b"".join))
@example(wire.number(1, 5) + wire.number(1, 0))  # the last counts, though it is the default
@example(wire.number(1, 5) + wire.block(10, b"") + wire.number(1, 6))
@example(wire.number(1, 5) + wire.number(3, 8))
@example(wire.number(1, 5) + wire.block(5, b"\x81"))
@example(wire.number(1, 5) + wire.block(2, b"\xff"))
def test_whatever_is_in_a_record_loading_takes_it_as_protobuf_does(payload: bytes) -> None:
    assert as_loaded(payload) == by_protobuf(payload)


@given(st.lists(FIELDS, min_size=1, max_size=5).map(b"".join), st.data())
def test_a_record_that_is_cut_is_taken_as_protobuf_does(
    payload: bytes, data: st.DataObject
) -> None:
    part = payload[: data.draw(st.integers(1, len(payload)))]
    assert as_loaded(part) == by_protobuf(part)


def test_a_block_of_attributes_is_decoded_once() -> None:
    seen = []

    def attribute(data: bytes) -> None:
        seen.append(data)

    decoder = CanonicalDecoder(attribute)
    for id in range(1, 10):
        record = (
            wire.number(1, id) + wire.number(3, 4) + wire.block(10, b"a") + wire.block(10, b"b")
        )
        node = decoder.node(record)
        assert node is not None
        assert (node.id, node.type, node.num_ops) == (id, NodeType.COMP, None)
    assert seen == [b"a", b"b"]


def test_what_is_remembered_is_bounded() -> None:
    decoder = CanonicalDecoder(lambda data: ("num_ops", int.from_bytes(data)))
    for number in range(20_000):
        record = wire.number(1, 1) + wire.block(10, number.to_bytes(4))
        node = decoder.node(record)
        assert node is not None
        assert node.num_ops == number
    assert decoder.remembered < 10_000


def test_a_node_made_quickly_is_a_node() -> None:
    node = Node(7, "n", NodeType.COMP, (1,), (2,), 9, is_cpu_op=False, pg_name="3")
    attributes = tuple(getattr(node, name) for name in ATTRIBUTE_FIELDS)
    quick = node_of(7, "n", NodeType.COMP, (1,), (2,), 9, attributes)
    assert type(quick) is Node
    assert quick == node
    assert hash(quick) == hash(node)
    assert dataclasses.replace(quick, id=8).id == 8
    with pytest.raises(dataclasses.FrozenInstanceError):
        quick.id = 8  # type: ignore[misc]


@pytest.mark.parametrize("fields", range(1, 8))
def test_a_record_in_canonical_order_needs_no_protobuf_whatever_its_last_field(
    fields: int,
) -> None:
    record = b"".join(
        [
            wire.number(1, 5),
            wire.block(2, b"node"),
            wire.number(3, 4),
            wire.block(4, wire.varint(3)),
            wire.block(5, wire.varint(300)),
            wire.number(6, 1000),
            wire.number(7, 7),
        ][:fields]
    )
    node = CanonicalDecoder(lambda data: ("num_ops", int.from_bytes(data))).node(record)
    assert node is not None
    assert node == by_protobuf(record)
