"""Files that are cut, altered, compressed or not traces at all."""

import gzip
from pathlib import Path

import et_wire as wire
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.trace_files import decode_nodes, read_messages, read_nodes

from simastra.errors import TraceError
from simastra.trace import TraceBuilder, load_trace
from simastra.trace.framing import Record, join_records, split_records
from simastra.trace.protobuf import encode_nodes


def small_trace() -> TraceBuilder:
    builder = TraceBuilder(npu=0)
    first = builder.compute("first", micros=5, num_ops=1000)
    second = builder.all_reduce("second", size=1 << 20, group=3, after=first)
    builder.send("third", size=10, to=1, tag=300, after=[first, second])
    return builder


NODES = small_trace().nodes
DATA = encode_nodes(NODES, "t")


def boundaries(data: bytes) -> dict[int, int]:
    """Return by offset of a record's end the number of nodes up to there."""
    starts = [record.offset for record in split_records(data, "t")]
    return {end: count for count, end in enumerate([*starts[1:], len(data)])}


@pytest.mark.parametrize("length", range(len(DATA)))
def test_a_cut_file_is_an_error_or_ends_after_a_whole_record(length: int) -> None:
    whole = boundaries(DATA)
    if length in whole:
        assert decode_nodes(DATA[:length], "t") == NODES[: whole[length]]
        return
    with pytest.raises(TraceError) as caught:
        decode_nodes(DATA[:length], "t")
    # The record that is cut is the one after the last whole one.
    assert caught.value.offset == max([0, *(end for end in whole if end <= length)])


@pytest.mark.parametrize("position", range(len(DATA)))
def test_a_flipped_bit_gives_an_error_or_a_trace_and_nothing_else(position: int) -> None:
    for bit in range(8):
        damaged = bytearray(DATA)
        damaged[position] ^= 1 << bit
        try:
            nodes = decode_nodes(bytes(damaged), "t")
        except TraceError as error:
            assert error.offset is not None  # noqa: PT017 - not every flip raises
        else:
            assert len(nodes) <= len(NODES)


@given(st.binary(max_size=300))
@example(b"\x1f\x8b\x08\x00")
@example(b"\x00\x00\x00")
def test_any_bytes_give_an_error_or_a_trace(data: bytes) -> None:
    try:
        nodes = decode_nodes(data, "t")
    except TraceError as error:
        assert str(error).startswith("t")  # noqa: PT017 - a few byte strings are traces
    else:
        assert len(nodes) <= len(data) // 2


@given(st.lists(st.binary(max_size=300)))
def test_records_come_apart_as_they_were_joined(payloads: list[bytes]) -> None:
    data = join_records(payloads)
    records = list(split_records(data, "t"))
    assert [record.payload for record in records] == payloads
    for record in records:
        assert data[record.offset :].startswith(wire.varint(len(record.payload)) + record.payload)


def test_a_long_record_has_a_length_of_two_bytes() -> None:
    data = bytes([0xAC, 0x02]) + b"x" * 300 + b"\x01y"
    assert list(split_records(data, "t")) == [Record(0, b"x" * 300), Record(302, b"y")]
    assert join_records([b"x" * 300, b"y"]) == data


def test_a_length_of_more_than_five_bytes_is_an_error() -> None:
    with pytest.raises(TraceError, match="byte 8: a record's length is not a varint"):
        decode_nodes(wire.trace(b"\x80\x80\x80\x80\x80\x01"), "t")


def test_a_truncated_file_says_what_is_missing() -> None:
    with pytest.raises(TraceError, match=r"byte 8: a record of 100 bytes .* and 3 are left"):
        decode_nodes(wire.trace(b"\x64abc"), "t")


def test_a_record_that_is_no_node_is_located() -> None:
    start = wire.trace(wire.node())
    with pytest.raises(TraceError, match="not a Chakra node") as caught:
        decode_nodes(start + wire.record(b"\xff\xff\xff"), "t")
    assert caught.value.offset == len(start)


def test_gzip_is_recognised_whatever_the_name(tmp_path: Path) -> None:
    path = tmp_path / "x.0.et"
    path.write_bytes(gzip.compress(DATA))
    assert read_nodes(path) == NODES
    assert [message.id for message in read_messages(path).nodes] == [1, 2, 3]


def test_offsets_in_a_gzip_file_count_uncompressed_bytes() -> None:
    data = wire.trace(*[wire.node()] * 100, wire.record(b"\xff"))
    with pytest.raises(TraceError) as caught:
        decode_nodes(gzip.compress(data), "t")
    assert caught.value.offset == len(data) - 2


@pytest.mark.parametrize("length", range(2, len(gzip.compress(DATA))))
def test_a_cut_gzip_file_is_an_error(length: int) -> None:
    with pytest.raises(TraceError, match="gzip-compressed and damaged"):
        decode_nodes(gzip.compress(DATA)[:length], "t")


def test_an_altered_gzip_file_is_an_error_or_the_same_trace() -> None:
    packed = gzip.compress(DATA, mtime=0)
    refused = 0
    for position in range(len(packed)):
        damaged = bytearray(packed)
        damaged[position] ^= 0x10
        try:
            assert decode_nodes(bytes(damaged), "t") == NODES  # the header's time, say
        except TraceError:
            refused += 1
    assert refused > len(packed) // 2


@pytest.mark.parametrize(
    "text",
    [
        '{"workload_graph": []}',
        '{"schema": "1.0.2-chakra.0.0.4", "nodes": [' + "1," * 500 + "1]}",
        "HYBRID_DLRM 3\n4\n",
        "\n\n\n",
        "id,name\n1,a\n",
    ],
)
def test_a_text_file_is_called_one(text: str) -> None:
    with pytest.raises(TraceError, match="the file is text; a trace is protobuf") as caught:
        decode_nodes(text.encode(), "x.json")
    assert str(caught.value).startswith("x.json, byte 0: ")


def test_nodes_without_metadata_before_them_are_refused() -> None:
    with pytest.raises(TraceError, match="the first record is not Chakra's GlobalMetadata"):
        decode_nodes(wire.node() + wire.node(id=2), "t")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.0.et").touch()
    with pytest.raises(TraceError, match=r"x\.0\.et, byte 0: the file is empty"):
        read_nodes(tmp_path / "x.0.et")


@pytest.mark.parametrize("prefix", ["two\nlines", "two\nlines.0.et"])
def test_a_missing_files_message_is_one_line_whatever_its_name(tmp_path: Path, prefix: str) -> None:
    (tmp_path / f"{prefix}.7.et").touch()
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / prefix, 2)
    assert "\n" not in str(caught.value)
    assert "files with this prefix: two\\nlines" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"nothing\.0\.et: the file does not exist"):
        read_nodes(tmp_path / "nothing.0.et")


def test_a_directory_is_no_trace(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="this is a directory"):
        read_nodes(tmp_path)


@pytest.mark.parametrize("name", ["x\0y", "file/x"])
def test_a_path_that_can_not_be_opened_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TraceError, match="the file can't be read"):
        read_nodes(tmp_path / name)
