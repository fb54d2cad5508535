"""Where one kind of file ends: what has a key, a line or a byte too few is something else."""

import gzip
from pathlib import Path

import pytest
from foreign_files import LAYER, LINK_LINES, trace

from simastra.foreign import InputRole, foreign_problem, instead_of, kinds
from simastra.foreign.json_keys import top_keys
from simastra.foreign.kinds import FileKind
from simastra.trace.protobuf import encode_nodes

LARGE = 1 << 18  # bytes that are looked at


def kind_of(data: bytes) -> FileKind | None:
    """The kind that is told of, in any role that it doesn't have."""
    known = {kind.what: kind for kind in vars(kinds).values() if isinstance(kind, FileKind)}
    for role in InputRole:
        problem = foreign_problem(data, role, "it")
        if problem is not None:
            return known[problem.removeprefix("this is ").partition(f", not a {role}: ")[0]]
    return None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"topology": 1}', None),
        ('{"topology": 1, "latency": 1}', kinds.NETWORK),
        ('{"a": {"topology": 1, "latency": 1}}', None),
        ('{"devices": []}', None),
        ('{"devices": [], "links": []}', kinds.INFRAGRAPH),
        ('{"scheduling-policy": 1}', kinds.SYSTEM),
        ('{"scheduling-polic": 1}', None),
        ('{"nodes": []}', None),
        ('{"schema": 1}', None),
        ('{"schema": 1, "nodes": []}', kinds.HOST),
        ('{"schema": 1, "nodes": [{"exclusive_dur": 1}]}', kinds.LINKED),
        ('{"schema": 1, "nodes": [], "linked_by": "x"}', kinds.LINKED),
        ('{"schema": 1, "nodes": [{"inclusive": 1}]}', kinds.HOST),
        ('{"units-count": [8]}', kinds.NETWORK_1),
        ('{"link_bw": 1}', None),
        ('{"name": 1}', None),
        ('{"name": 1, "gpus": 2}', kinds.MSCCLPP),
        ('{"1": [0, 1]}', kinds.GROUPS),
        ('  {"1": [0, 1],  "2.0": []  }\n', kinds.GROUPS),
        ('{"1": [0, 1], "2": [', None),
        ('{"1": [0, 1],', kinds.GROUPS),
        ('{"1": [0, 1]} x', None),
        ('{"a": [0, 1]}', None),
        ('{"1": [0, "a"]}', None),
        ("{}", None),
    ],
)
def test_json_is_told_by_its_outermost_keys(text: str, kind: FileKind | None) -> None:
    assert kind_of(text.encode()) is kind
    assert kind_of(b"\xef\xbb\xbf" + text.encode()) is kind  # a mark of the order of bytes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("topology: [Ring]\nlatency: [5]\n", kinds.NETWORK),
        ("topology: [Ring]\n", None),
        ("# topology: [Ring]\nlatency: [5]\n", None),
        ("topology:[Ring]\nlatency:[5]\n", None),
        ("topology:\n- Ring\nlatency:\n- 5\n", kinds.NETWORK),
        ("scheduling-policy: LIFO\n", kinds.SYSTEM),
        ("scheduling-policy: LIFO\npreferred-dataset-splits: 4\n", kinds.SYSTEM_1),
        ("# a\n\nscheduling-policy : LIFO\npreferred-dataset-splits: 4\n", kinds.SYSTEM_1),
        ("scheduling-policy: LIFO\npreferred-dataset-splits: [4]\n", kinds.SYSTEM),
        ("scheduling-policy: LIFO\npreferred-dataset-splits: 4\nmore\n", kinds.SYSTEM),
    ],
)
def test_yaml_is_told_by_the_keys_of_its_lines(text: str, kind: FileKind | None) -> None:
    assert kind_of(text.encode()) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("MODEL\n1\n", kinds.TEXT),
        ("MODEL\n", None),
        ("MODELS\n1\n", None),
        ("MODEL\none\n", None),
        ("\n\nDATA x\n\n 12 \n", kinds.TEXT),
        ("DISTRIBUTED_INFERENCE\n1\n", kinds.TEXT),
        ("HYBRID_DLRM pp: 2\n1\n", kinds.SIMAI_TEXT),
        ("HYBRID_DLRM xpp: 2\n1\n", kinds.TEXT),
        (f"A\nB\n{LAYER}", kinds.LLM_SERVING_TEXT),
        (f"{LAYER}x\n", kinds.LLM_SERVING_TEXT),
        (f"A\nB\nC\n{LAYER}", None),
        (f"A\n{LAYER}", None),
        ("version https://git-lfs\nx\n", kinds.LFS_POINTER),
        ("version https://git\nx\n", None),
        ("num_ranks 2\nx\n", kinds.GOAL),
        ("num_ranks two\nx\n", None),
        ("ENABLE_QCN 1\nX 1\n", kinds.NS3_CONFIG),
        ("# a\nCC_MODE 1\nX 1\n", kinds.NS3_CONFIG),
        ("A_B c\nFLOW_FILE f\n", kinds.NS3_CONFIG),
        ("a b\nFLOW_FILE f\n", None),
        ("A_B c\nFLOW f\n", None),
        (f"9 1 8\n{LINK_LINES}", kinds.NS3_TOPOLOGY),
        (f"9 1 8\n8\n9\n{LINK_LINES}", kinds.NS3_TOPOLOGY),
        (f"9 1 8\n8\n9\n10\n{LINK_LINES}", None),
        (f"9 1\n8\n{LINK_LINES}", None),
        (f"9 1 8 4\n8\n{LINK_LINES}", None),
        (f"9 8 1 0 8 H100\n{LINK_LINES}", kinds.SIMAI_TOPOLOGY),
        (f"9 8 1 0 H100\n{LINK_LINES}", None),
        ("9 1 8\n8\n0 8 400Gbps\n", None),
        ("Nodes 16\nTiers 3\n", kinds.HTSIM_TOPOLOGY),
        ("Nodes 16\nTriggers 3\n", kinds.HTSIM_TOPOLOGY),
        ("# a\nNodes 16\nTiers 3\n", kinds.HTSIM_TOPOLOGY),
        ("nodes 16\nconnections 3\n", kinds.HTSIM_MATRIX),
        ("connections 3\nnodes 16\n", kinds.HTSIM_MATRIX),
        ("nodes 16\ntiers 1\nconnections 3\n", kinds.HTSIM_TOPOLOGY),
        ("Nodes 16\nother 3\n", None),
        ("Nodes 16\n# a\n", None),
    ],
)
def test_words_are_told_by_their_first_lines(text: str, kind: FileKind | None) -> None:
    assert kind_of(text.encode()) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<algo/>", kinds.MSCCL),
        ("<ALGO/>", kinds.MSCCL),
        ("  <?xml version='1'?> <!DOCTYPE a><!-- <html> -->\n<Graphs>", kinds.NCCL_TOPOLOGY),
        ("<system>", kinds.NCCL_TOPOLOGY),
        ("<html", kinds.HTML),
        ("<htm>", None),
        ("<!-- <html> ", None),
        ("< html>", None),
        ("<1>", None),
    ],
)
def test_xml_is_told_by_its_root(text: str, kind: FileKind | None) -> None:
    assert kind_of(text.encode()) is kind


def record(key: int, length: int) -> bytes:
    """A record of so many bytes, at most 127, the first of which is a key."""
    return bytes([length, key]) + b"\x01" * (length - 1)


LONG = bytes([0x81, 0x02, 0x0A]) + b"\x01" * 256  # 1 + 2 * 128 bytes: a length of two bytes


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        *((record(key, 5) + record(0x08, 5), kinds.TRACE) for key in (0x0A, 0x12)),
        *((record(0x0A, 5) + record(key, 5), kinds.TRACE) for key in (0x08, 0x12, 0x18)),
        (record(0x0B, 5) + record(0x08, 5), None),
        (record(0x0A, 5) + record(0x09, 5), None),
        (record(0x0A, 5), None),
        (record(0x0A, 5) + b"\x05", None),
        (record(0x0A, 5) + b"\x05\x08", kinds.TRACE),
        (b"\x00" + record(0x08, 5), kinds.TRACE),
        (b"\x00\x00\x08", None),
        (b"\x00", None),
        (LONG + record(0x08, 5), kinds.TRACE),
        (LONG[:-1] + record(0x08, 5), None),
        (LONG + record(0x09, 5), None),
        (b"\x85\x80\x80\x80\x00" + b"\x0a" * 5 + record(0x08, 5), None),
        (b"\x85\x80\x80\x00" + b"\x0a" * 5 + record(0x08, 5), kinds.TRACE),
        (b"SQLite format 3\x00", kinds.SQLITE),
        (b"SQLite format 4\x00", None),
        (b"PK\x03\x04\x00", kinds.ZIP),
        (b"PK\x03\x05\x00", None),
        (bytes(257) + b"ustar", kinds.TAR),
        (bytes(256) + b"ustar", None),
        (bytes(258) + b"ustar", None),
    ],
)
def test_bytes_are_told_by_how_they_begin(data: bytes, kind: FileKind | None) -> None:
    assert kind_of(data) is kind


def test_a_trace_without_nodes_and_one_that_is_cut() -> None:
    assert kind_of(trace()) is kinds.TRACE
    assert kind_of(encode_nodes((), "t")) is None


@pytest.mark.parametrize("letter", [b"\x00", b"\x08", b"\x0e", b"\x1a", b"\x1c", b"\x1f"])
def test_what_no_text_has_makes_it_none(letter: bytes) -> None:
    assert kind_of(b'{"traceEvents": "' + letter + b'"}') is None


@pytest.mark.parametrize("letter", [b"\t", b"\n", b"\r", b"\x0c", b"\x0b", b"\x1b", b" ", b"\x7f"])
def test_what_texts_have_now_and_then_does_not(letter: bytes) -> None:
    assert kind_of(b'{"traceEvents": "' + letter + b'"}') is kinds.KINETO


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("é".encode()[:1], kinds.KINETO),
        ("€".encode()[:2], kinds.KINETO),
        ("😀".encode()[:3], kinds.KINETO),
        (b"\xff", kinds.KINETO),
        (b"\xffabc", None),
        (b"\xffab", kinds.KINETO),
    ],
)
def test_a_letter_may_be_cut_at_the_end_only(end: bytes, kind: FileKind | None) -> None:
    assert kind_of(b'{"traceEvents": "' + end) is kind


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(("before", "is_seen"), [(0, True), (LARGE - 20, True), (LARGE, False)])
def test_so_much_is_looked_at_packed_or_not(before: int, is_seen: object, pack: object) -> None:
    assert callable(pack)
    data = pack(b" " * before + b'{"traceEvents": []}')
    assert (kind_of(data) is kinds.KINETO) == is_seen


def test_a_damaged_archive_is_nothing() -> None:
    packed = gzip.compress(b'{"traceEvents": []}')
    assert kind_of(packed[:-1]) is kinds.KINETO
    assert kind_of(packed[:10] + b"\xff" * 20) is None


def test_a_file_is_named_in_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "t.txt"
    file.write_text("MODEL\n1\n")
    problem = instead_of(file, InputRole.TRACE)
    assert problem is not None
    assert str(file) in problem
    assert "FILE" not in problem


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": 1, "b": {"c": 1}, "d": 2}', {"a", "b", "d"}),
        ('{"a": [[1]], "b": 2}', {"a", "b"}),
        ('{"a"', set()),
        ('{"a":', {"a"}),
        ('{: 1, "a": 2}', {"", "a"}),
        ('[{"a": 1}]', set()),
        ('{"a\\\\": 1}', {"a\\\\"}),
        ('{"a": "{", "b": 1}', {"a", "b"}),
    ],
)
def test_keys_are_those_before_a_colon_of_the_first_object(text: str, keys: set[str]) -> None:
    assert top_keys(text) == keys
