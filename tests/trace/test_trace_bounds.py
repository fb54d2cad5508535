"""Where the limits of reading and of messages lie: what is just within, and what just beyond."""

import gzip
import io
import json
from pathlib import Path

import et_wire as wire
import pytest
from support.trace_files import decode_nodes, write_nodes

from simastra.errors import TraceError
from simastra.reading import LIMIT_VARIABLE
from simastra.trace import (
    Node,
    NodeType,
    TensorUse,
    TraceBuilder,
    TraceFiles,
    check_nodes,
    load_trace,
)
from simastra.trace.decoding import Form, decode_any, decode_records, decode_stream, form_of
from simastra.trace.framing import (
    BLOCK,
    Record,
    Watched,
    inflate,
    inflated,
    join_records,
    split_records,
    stream_records,
    text_hint,
)
from simastra.trace.json_form import messages_from_json
from simastra.trace.protobuf import encode_nodes
from simastra.trace.recognising import recognising

# -- messages --------------------------------------------------------------------------------------


def problem_of(document: object) -> str:
    with pytest.raises(TraceError) as caught:
        messages_from_json(json.dumps(document).encode(), "t")
    return caught.value.problem


def test_a_wrong_json_value_is_shown_up_to_60_letters() -> None:
    fits, longer = "x" * 58, "x" * 59  # and two quotes
    wanted = "; a JSON object is wanted"
    assert problem_of({"nodes": [fits]}) == f'nodes[0] is "{fits}"{wanted}'
    assert problem_of({"nodes": [longer]}) == f'nodes[0] is "{longer}...{wanted}'
    assert problem_of({"nodes": [{"id": 1}, "é"]}) == f'nodes[1] is "\\u00e9"{wanted}'
    assert problem_of({"metadata": 7, "nodes": []}) == f"metadata is 7{wanted}"


def test_json_that_is_nested_too_deeply_within_a_value_is_refused() -> None:
    for depth in (2000, 20_000):
        deep = "[" * depth + "]" * depth
        document = f'{{"nodes": [{{"id": 1}}, {{"attr": [{{"float_val": {deep}}}]}}]}}'
        with pytest.raises(TraceError, match="nested too deeply"):
            messages_from_json(document.encode(), "t")


def test_a_wrong_value_of_an_attribute_is_shown_up_to_60_letters() -> None:
    def problem(value: str) -> str:
        data = wire.trace(wire.node(wire.attribute("comm_size", "string_val", value)))
        with pytest.raises(TraceError) as caught:
            decode_nodes(data, "t")
        return caught.value.problem

    wanted = " (string_val); a whole number of bytes, 0 or more (int64_val) is wanted"
    fits, longer = "x" * 58, "x" * 59
    assert problem(fits) == f"comm_size is '{fits}'{wanted}"
    assert problem(longer) == f"comm_size is '{longer}...{wanted}"


def test_a_tensors_name_and_wrong_size_are_shown_up_to_40_letters() -> None:
    tensors = ["n" * 41, "s" * 41]
    data = wire.trace(wire.node(wire.attribute("inputs", "string_list", tensors)))
    with pytest.raises(TraceError) as caught:
        decode_nodes(data, "t")
    shown = f"instead of {'s' * 40!r}, as the size of {'n' * 40!r} (string_list) is wanted"
    assert caught.value.problem.endswith(shown)


def test_a_tensors_size_has_up_to_20_digits() -> None:
    def read(size: str) -> tuple[TensorUse, ...] | None:
        attribute = wire.attribute("outputs", "string_list", ["w", size])
        (node,) = decode_nodes(wire.trace(wire.node(attribute)), "t")
        return node.outputs

    assert read("0" * 19 + "7") == (TensorUse("w", 7),)
    assert read(f"{2**64 - 1}.0") == (TensorUse("w", 2**64 - 1),)
    for size in ("0" * 20 + "7", f"{2**64}", "7.0.0", ".0", "7."):
        with pytest.raises(TraceError, match="as the size of 'w'"):
            read(size)


def cycle_of(length: int) -> str:
    nodes = [
        Node(id, f"n{id}", NodeType.COMP, data_deps=((id + 1) % length,)) for id in range(length)
    ]
    with pytest.raises(TraceError) as caught:
        check_nodes(nodes, "t", with_ctrl_deps=False)
    assert caught.value.node == 0
    return caught.value.problem.partition(":")[0].removeprefix("dependency cycle ")


def test_a_cycle_is_drawn_whole_up_to_twelve_nodes() -> None:
    assert cycle_of(12) == "0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> 10 -> 11 -> 0"
    first = "0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> 10"
    assert cycle_of(13) == f"{first} -> ... (1 more) -> 12 -> 0"
    assert cycle_of(14) == f"{first} -> ... (2 more) -> 13 -> 0"


def test_up_to_eight_files_are_named_in_place_of_one_that_is_missing(tmp_path: Path) -> None:
    for npu in range(8):
        (tmp_path / f"x.{npu}.et").touch()
    all_eight = ", ".join(f"x.{npu}.et" for npu in range(8))
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 9)
    assert caught.value.problem.endswith(f"files with this prefix: {all_eight}")
    (tmp_path / "x.9.et").touch()
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 9)
    assert caught.value.problem.endswith(f"files with this prefix: {all_eight} and 1 more")


def test_a_missing_file_says_which_names_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 1)
    assert caught.value.problem == (
        "the file does not exist. For a network of 1 NPUs ASTRA-sim's naming wants "
        f"{tmp_path}/x.0.et; files with this prefix: none"
    )
    (tmp_path / "x.0.json").touch()
    with pytest.raises(TraceError, match=r"is read too: rename x\.0\.json to x\.0\.et$"):
        load_trace(tmp_path / "x", 1)
    (tmp_path / "x").touch()
    with pytest.raises(TraceError, match=r"/x looks like a file; the prefix ends before"):
        load_trace(tmp_path / "x", 1)


def test_a_name_that_no_file_can_have_is_no_missing_file() -> None:
    with pytest.raises(TraceError, match="can't be read"):
        load_trace("x\0y", 1)


def test_text_is_what_has_letters_and_blanks_in_its_first_64_bytes() -> None:
    hint = " (the file is text; a trace is protobuf)"
    assert text_hint(b"a b\t\r\n") == hint
    assert text_hint(b"") == hint
    assert text_hint(b"a" * 64 + b"\x00\xff") == hint
    assert text_hint(b"a" * 63 + b"\x00") == ""
    assert text_hint(b"a" * 63 + b"\xff") == ""


def test_a_file_is_called_text_by_its_beginning_only() -> None:
    with pytest.raises(TraceError) as caught:
        decode_nodes(wire.trace(b"some text"), "t")
    assert caught.value.offset == len(wire.trace())
    assert "text" not in caught.value.problem


# -- forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", [b"\x00", b"\x08", b"\x0b", b"\x1f"])
def test_json_has_no_control_characters_in_its_first_256_bytes(control: bytes) -> None:
    assert form_of(b"{" + b" " * 254 + control) is Form.PROTOBUF
    assert form_of(b"{" + b" " * 255 + control) is Form.JSON


@pytest.mark.parametrize("start", [b"{", b"[", b" \t\r\n{", b"\xef\xbb\xbf[", b"{\xff\xc3\xa9~"])
def test_json_begins_with_a_bracket(start: bytes) -> None:
    assert form_of(start) is Form.JSON
    assert form_of(b"x" + start) is Form.PROTOBUF


# -- lengths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "length"),
    [
        (b"\x7f", 127),
        (b"\x80\x01", 128),
        (b"\xff\x7f", 2**14 - 1),
        (b"\x80\x80\x01", 2**14),
        (b"\x80\x80\x80\x01", 2**21),
        (b"\x80\x80\x80\x80\x01", 2**28),
        (b"\xff\xff\xff\xff\x0f", 2**32 - 1),
    ],
)
def test_a_length_has_up_to_five_bytes_of_seven_bits(prefix: bytes, length: int) -> None:
    with pytest.raises(TraceError) as caught:
        list(split_records(prefix + b"abc", "t"))
    assert f"a record of {length} bytes is announced and 3 are left" in caught.value.problem
    with pytest.raises(TraceError, match="not a varint of at most 5 bytes"):
        list(split_records(b"\x80" * 5 + b"\x01abc", "t"))


@pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384, 2**21 - 1, 2**21])
def test_a_record_of_any_length_is_framed_as_protobuf_does(length: int) -> None:
    payload = bytes(length)
    data = join_records([payload, b"y"])
    assert data[: len(data) - length - 2] == wire.varint(length)
    assert next(iter(split_records(data, "t"))) == Record(0, payload)


class Asked:
    """A stream that notes how much is asked of it."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self.sizes: list[int] = []

    def read(self, size: int = -1, /) -> bytes:
        self.sizes.append(size)
        return self._file.read(size)


def test_a_block_is_asked_for_or_what_is_missing_of_a_longer_record() -> None:
    stream = Asked(join_records([bytes(10), bytes(3 * BLOCK)]))
    assert [len(record.payload) for record in stream_records(stream, "t")] == [10, 3 * BLOCK]
    read_already = BLOCK - 11 - 4  # of the second, whose length takes 4 bytes
    assert stream.sizes == [BLOCK, 3 * BLOCK - read_already, BLOCK]


# -- compression -----------------------------------------------------------------------------------


def test_what_inflates_to_the_limit_is_read_and_no_byte_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "1000")
    assert inflate(gzip.compress(bytes(1000)), "t") == bytes(1000)
    packed = gzip.compress(bytes(1001))
    with pytest.raises(TraceError, match=rf"{len(packed)} bytes inflate to more than 1000; "):
        inflate(packed, "t")
    assert inflate(bytes(1001), "t") == bytes(1001)


def test_compressed_content_is_read_in_parts_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "10")
    stream = inflated(io.BytesIO(gzip.compress(b"0123456789")), "t")
    assert [stream.read(4), stream.read(4), stream.read(4), stream.read(4)] == [
        b"0123",
        b"4567",
        b"89",
        b"",
    ]
    stream = inflated(io.BytesIO(gzip.compress(b"0123456789x")), "t")
    assert stream.read(8) == b"01234567"
    with pytest.raises(TraceError, match="inflate to more than 10; "):
        stream.read(8)


def test_a_limit_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "much")
    with pytest.raises(TraceError, match=f"t: the file can't be read: {LIMIT_VARIABLE} must be"):
        inflate(gzip.compress(b""), "t")


# -- watching and sharing --------------------------------------------------------------------------


def test_who_watches_a_stream_is_told_the_position_after_each_reading() -> None:
    seen: list[int] = []
    file = io.BytesIO(b"0123456789")
    stream = Watched(file, file.tell, seen.append)
    assert (stream.read(3), stream.read(0), stream.read(), stream.read()) == (
        b"012",
        b"",
        b"3456789",
        b"",
    )
    assert seen == [3, 3, 10, 10]


def large_json(nodes: int) -> bytes:
    named = ({"id": str(id), "name": "n" * 10_000} for id in range(1, nodes + 1))
    return json.dumps({"nodes": list(named)}).encode()


@pytest.mark.parametrize("pack", [bytes, lambda data: gzip.compress(data, compresslevel=1)])
def test_json_of_more_than_a_block_is_read_whole_and_watched(pack) -> None:  # type: ignore[no-untyped-def]
    data = large_json(120)
    assert len(data) > BLOCK
    seen: list[int] = []
    nodes = decode_stream(io.BytesIO(pack(data)), "t", seen.append).nodes
    assert [node.id for node in nodes] == list(range(1, 121))
    assert len(seen) == 2  # the first block, and the rest


def file_of(size: int) -> tuple[Node, ...]:
    """A node whose trace file has so many bytes."""
    empty = len(encode_nodes([Node(1, "n" * BLOCK, NodeType.COMP)], "t")) - BLOCK
    nodes = (Node(1, "n" * (size - empty), NodeType.COMP),)
    assert len(encode_nodes(nodes, "t")) == size
    return nodes


def test_loading_is_watched_from_a_byte_more_than_a_block_on(tmp_path: Path) -> None:
    for more, told in ((0, 0), (1, 3)):
        seen: list[tuple[int, int]] = []
        write_nodes(tmp_path / "x.0.et", file_of(BLOCK + more))
        TraceFiles(tmp_path / "x", lambda *each, seen=seen: seen.append(each)).load(1)
        assert len(seen) == told
    assert seen == [(BLOCK, BLOCK + 1), (BLOCK + 1, BLOCK + 1), (BLOCK + 1, BLOCK + 1)]


def test_what_is_told_of_loading_counts_each_file_even_one_that_is_known(tmp_path: Path) -> None:
    small, large = file_of(BLOCK), file_of(BLOCK + 20)
    for npu, nodes in enumerate((small, small, large)):
        write_nodes(tmp_path / f"x.{npu}.et", nodes)
    seen: list[tuple[int, int]] = []
    TraceFiles(tmp_path / "x", lambda *each: seen.append(each)).load(3)
    total = 3 * BLOCK + 20
    assert seen[:2] == [(BLOCK, total), (BLOCK, total)]  # the first; the second is known
    assert seen[2:] == [(3 * BLOCK, total), (total, total), (total, total)]


def test_nodes_that_later_files_have_in_common_are_one_object(tmp_path: Path) -> None:
    for npu in range(4):
        builder = TraceBuilder()
        builder.compute("common", micros=1)
        builder.compute(f"own {npu}", micros=1)
        builder.write(tmp_path / f"{npu}", npus=1)
        (tmp_path / f"{npu}.0.et").rename(tmp_path / f"x.{npu}.et")
    first, second, third, fourth = load_trace(tmp_path / "x", 4).npus
    assert first[0] == second[0]
    assert second[0] is third[0] is fourth[0]
    assert first[0] is not second[0]  # most traces have but one file: nothing is remembered of it
    assert [nodes[1].name for nodes in (first, second, third, fourth)] == [
        f"own {npu}" for npu in range(4)
    ]


def test_nodes_are_shared_only_among_those_who_share_what_they_know() -> None:
    data = encode_nodes([Node(1, "n", NodeType.COMP), Node(2, "n", NodeType.COMP)], "t")

    def read(known: dict[bytes, Node] | None) -> tuple[Node, ...]:
        return decode_records(split_records(data, "t"), "t", known).nodes

    known: dict[bytes, Node] = {}
    one, other, alone = read(known), read(known), read(None)
    assert one == other == alone
    assert all(a is b for a, b in zip(one, other, strict=True))
    assert all(a is not b for a, b in zip(one, alone, strict=True))
    assert tuple(known.values()) == one


# -- recognising -----------------------------------------------------------------------------------


def test_what_is_known_to_be_something_else_is_said_in_place_of_the_problem(
    tmp_path: Path,
) -> None:
    kineto = b'{"schemaVersion": 1, "traceEvents": [{"ph": "X"}]}'
    (tmp_path / "x.json").write_bytes(kineto)
    plain = TraceError("plain", source="x.json")
    for start in (None, kineto):
        with pytest.raises(TraceError) as caught, recognising(tmp_path / "x.json", start=start):
            raise plain
        assert caught.value is not plain
        assert caught.value.__cause__ is plain
        assert caught.value.source == tmp_path / "x.json"
        with (
            pytest.raises(TraceError, match="plain"),
            recognising(tmp_path / "x.json", start=start, unless=("plain",)),
        ):
            raise plain
    with pytest.raises(TraceError, match="plain"), recognising("x", start=b"nothing known"):
        raise plain
    with recognising("x", start=kineto):
        pass


def test_a_trace_of_any_form_says_what_it_is_instead(tmp_path: Path) -> None:
    kineto = b'{"schemaVersion": 1, "traceEvents": [{"ph": "X"}]}'
    with pytest.raises(TraceError) as caught:
        decode_any(kineto, "x.0.et")
    assert "the JSON holds no nodes" not in caught.value.problem
