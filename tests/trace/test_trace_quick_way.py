"""What protobuf writes of an ordinary node is decoded without it, at every length of its parts."""

import et_wire as wire
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simastra.trace import CollectiveType, Node, NodeType, TensorUse
from simastra.trace.attribute_bytes import decode_attribute, metadata_is_usual, stored_attribute
from simastra.trace.attributes import Known
from simastra.trace.canonical import CanonicalDecoder, Unusual, varint
from simastra.trace.framing import split_records
from simastra.trace.protobuf import encode_nodes

EDGES = [edge + more for bits in range(0, 63, 7) for edge in (1 << bits,) for more in (-1, 0, 1)]
"""Numbers about which a varint gets a byte more."""

NUMBERS = st.sampled_from([*EDGES, 2**63 - 1]) | st.integers(0, 2**63 - 1)
LENGTHS = st.sampled_from([0, 1, 2, 126, 127, 128, 129, 300, 16_383, 16_384])
NAMES = LENGTHS.map(lambda length: "n" * length) | st.text(max_size=9)
PARENTS = st.lists(NUMBERS, max_size=3) | st.sampled_from([126, 127, 128, 200]).map(range)
SMALL = st.none() | st.sampled_from([0, 1, 127, 128, 2**31 - 1])

ORDINARY = st.builds(
    Node,
    id=NUMBERS.filter(bool),
    name=NAMES,
    type=st.sampled_from(NodeType),
    data_deps=PARENTS.map(tuple),
    ctrl_deps=PARENTS.map(tuple),
    duration=st.sampled_from([0, 1, 127, 128, 2**63 - 1]).map(lambda micros: 1000 * micros),
    is_cpu_op=st.none() | st.booleans(),
    num_ops=st.none() | NUMBERS,
    tensor_size=st.none() | NUMBERS,
    comm_type=st.none() | st.sampled_from(CollectiveType),
    comm_size=st.none() | NUMBERS,
    involved_dim=st.none() | st.lists(st.booleans(), max_size=5).map(tuple),
    comm_priority=SMALL,
    comm_src=SMALL,
    comm_dst=SMALL,
    comm_tag=SMALL,
    pg_name=st.none() | NAMES,
    inputs=st.none() | st.lists(st.builds(TensorUse, NAMES, NUMBERS), max_size=2).map(tuple),
)
"""Nodes whose numbers have at most 63 bits and are none of them negative."""


def record_of(node: Node) -> bytes:
    _metadata, record = split_records(encode_nodes([node], "t"), "t")
    return record.payload


@given(ORDINARY)
@example(Node(128, "", NodeType.INVALID))
@example(Node(1, "n" * 128, NodeType.COMM_COLL, (128,), (16_384,), 128_000))
def test_an_ordinary_node_needs_no_protobuf(node: Node) -> None:
    assert CanonicalDecoder(decode_attribute).node(record_of(node)) == node


@pytest.mark.parametrize("micros", [1, 127, 128, 20_000])
def test_when_a_node_began_is_passed_over(micros: int) -> None:
    record = wire.number(1, 5) + wire.number(6, micros) + wire.number(7, 7)
    node = CanonicalDecoder(decode_attribute).node(record)
    assert node == Node(5, "", NodeType.INVALID, duration=7000)


@pytest.mark.parametrize(
    "record",
    [
        wire.number(3, 4),  # no id
        wire.number(1, 2**63),  # more than 63 bits
        wire.number(1, 5) + wire.number(3, 8),  # a type of a later schema
        wire.number(1, 5) + wire.number(3, 300),
        wire.number(1, 5) + wire.number(3, 4) + wire.block(2, b"late"),
        wire.number(1, 5) + wire.number(8, 0),
        wire.number(1, 5) + wire.block(10, b"a") + wire.number(7, 7),
        wire.number(1, 5) + b"\x12\x05name",  # cut
        wire.number(1, 5) + b"\x12\x81\x01name",
        wire.number(1, 5) + b"\x2a\x02\x01",
        wire.number(1, 5) + b"\x2a\x01\x81\x01",  # a number that goes on behind its list
        wire.number(1, 5) + b"\x52\x02a",
        wire.number(1, 5) + b"\x52\x81\x01a",
        wire.number(1, 5) + b"\x18",
        b"\x08",
        b"",
        wire.number(1, 5) + wire.block(2, b"\xff"),  # no text
    ],
)
def test_whatever_else_there_is_in_a_record_is_left_to_protobuf(record: bytes) -> None:
    decoder = CanonicalDecoder(lambda data: ("num_ops", len(data)))
    assert decoder.node(record) is None
    assert decoder.node(wire.number(1, 1)) == Node(1, "", NodeType.INVALID)


@given(NUMBERS, st.binary(max_size=3), st.binary(max_size=3))
def test_a_number_is_read_at_its_place(value: int, before: bytes, behind: bytes) -> None:
    data = before + wire.varint(value) + behind
    assert varint(data, len(before)) == (value, len(data) - len(behind))


@pytest.mark.parametrize("value", EDGES)
def test_a_number_is_read_whole_or_not_at_all(value: int) -> None:
    data = wire.varint(value)
    assert varint(data, 0) == (value, len(data))
    with pytest.raises(IndexError):
        varint(data[:-1], 0)


def test_a_number_of_more_than_63_bits_is_left_to_protobuf() -> None:
    assert varint(wire.varint(2**63 - 1), 0) == (2**63 - 1, 9)
    with pytest.raises(Unusual):
        varint(wire.varint(2**63), 0)


# -- what is remembered ----------------------------------------------------------------------------


class Counting:
    """Decodes attributes, and counts them."""

    def __init__(self) -> None:
        self.decoded = 0

    def __call__(self, data: bytes) -> Known | None:
        self.decoded += 1
        return "num_ops", len(data)


def decoded_twice(attribute: bytes) -> tuple[int, int]:
    """How often an attribute that comes twice is decoded, and how many things are remembered."""
    counting = Counting()
    decoder = CanonicalDecoder(counting)
    for _ in range(2):
        node = decoder.node(wire.number(1, 1) + wire.block(10, attribute))
        assert node is not None
        assert node.num_ops == len(attribute)
    return counting.decoded, decoder.remembered


def test_blocks_and_attributes_of_up_to_1024_bytes_are_remembered() -> None:
    # A block is an attribute with its key and a length of two bytes.
    assert decoded_twice(bytes(1021)) == (1, 2)
    assert decoded_twice(bytes(1022)) == (1, 1)
    assert decoded_twice(bytes(1024)) == (1, 1)
    assert decoded_twice(bytes(1025)) == (2, 0)


def test_4096_of_each_are_remembered_and_then_it_begins_again() -> None:
    decoder = CanonicalDecoder(lambda _data: None)
    records = [wire.number(1, 1) + wire.block(10, number.to_bytes(2)) for number in range(4097)]
    for count, record in enumerate(records[:-1], 1):
        assert decoder.node(record) == Node(1, "", NodeType.INVALID)
        assert decoder.remembered == 2 * count
    decoder.node(records[-1])
    assert decoder.remembered == 2


def test_nodes_that_take_as_long_share_the_number_up_to_4096_of_them() -> None:
    decoder = CanonicalDecoder(lambda _data: None)

    def decoded(micros: int) -> int:
        node = decoder.node(wire.number(1, 1) + wire.number(7, micros))
        assert node is not None
        assert node.duration == 1000 * micros
        return node.duration

    first = decoded(1)
    assert decoded(1) is first
    assert [decoded(micros) for micros in range(2, 4097)][-1] == 4_096_000
    assert decoded(1) is first
    decoded(4097)
    assert decoded(1) is not first


# -- attributes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 126, 127, 128, 300, 16_384])
def test_text_of_any_length_is_read_by_hand(length: int) -> None:
    text = "x" * length
    data = wire.attribute("pg_name", "string_val", text)
    (start,) = (at for at in range(2, 6) if data[at:].startswith(b"\x0a\x07pg_name"))
    assert stored_attribute(data[start:]) == ("pg_name", text)


@pytest.mark.parametrize(
    ("kind", "largest"),
    [
        ("int32_val", 2**31 - 1),
        ("int64_val", 2**63 - 1),
        ("uint32_val", 2**32 - 1),
    ],
)
def test_a_number_up_to_the_largest_of_its_kind_is_read_by_hand(kind: str, largest: int) -> None:
    def read(value: int) -> object:
        return stored_attribute(wire.attribute("x", kind, value)[2:])

    assert read(largest) == ("x", largest)
    with pytest.raises(Unusual):
        read(largest + 1)


@pytest.mark.parametrize("flag", [False, True])
def test_a_flag_is_one_and_no_number(flag: bool) -> None:  # noqa: FBT001  # pytest's
    assert stored_attribute(wire.attribute("x", "bool_val", flag)[2:]) == ("x", flag)
    _, stored = stored_attribute(wire.attribute("x", "bool_list", [flag, True, False])[2:])
    assert repr(stored) == repr((flag, True, False))


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a\x05num",  # cut within the name
        b"\x12\x03num",  # another key
        b"\x0a\x03num\x38",  # a key and no value
        b"\x0a\x03num\x38\x01\x00",  # and something behind it
        b"\x0a\x03num\x38\x81\x00",  # a number in more bytes than it takes
        b"\x0a\x03num\xd8\x01\x02",  # a flag that is 2
        b"\x0a\x03num\x1d\x00\x00\x00",  # a float of three bytes
        b"\x0a\x03num\xea\x01\x02x",
        b"\x0a\x03num\xea\x01\x00x",
        b"\x0a\x03num\xe2\x01\x04\x0a\x01\x02\x00",
        b"\x0a\x03num\xe2\x01\x03\x0a\x01\x02",
    ],
)
def test_what_is_laid_out_in_another_way_is_left_to_protobuf(data: bytes) -> None:
    with pytest.raises((Unusual, IndexError)):
        stored_attribute(data)


@pytest.mark.parametrize(
    ("payload", "usual"),
    [
        (b"", True),
        (wire.block(1, b"0.0.4"), True),
        (wire.block(1, b"v" * 300), True),
        (wire.attribute("x", "int32_val", 1).replace(b"\x52", b"\x12", 1), True),
        (wire.block(1, b"0.0.4") + wire.block(2, wire.block(1, b"x")), True),
        (wire.block(2, wire.block(1, b"x")) + wire.block(1, b"0.0.4"), False),
        (wire.block(1, b"\xff"), False),
        (wire.block(1, b"0.0.4") + wire.number(3, 1), False),
        (b"\x0a\x09short", False),
        (b"\x0a", False),
        (wire.number(1, 1), False),
    ],
)
def test_metadata_is_a_version_and_attributes(payload: bytes, *, usual: bool) -> None:
    assert metadata_is_usual(payload) is usual
