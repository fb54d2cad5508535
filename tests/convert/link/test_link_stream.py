"""Reading one array of a JSON file by pieces: against Python's own reader, and on damage."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.convert import json_stream
from simastra.convert.json_stream import JsonArray
from simastra.errors import TraceError

_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_KEYS = st.text(max_size=6).filter(lambda key: key != "nodes")
_DOCUMENTS = st.tuples(st.dictionaries(_KEYS, _VALUES, max_size=3), st.lists(_VALUES, max_size=6))


def _document(before: dict[str, Any], nodes: list[Any], *, nodes_first: bool) -> dict[str, Any]:
    return {"nodes": nodes, **before} if nodes_first else {**before, "nodes": nodes}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stream") / "trace.json"


@given(
    parts=_DOCUMENTS,
    nodes_first=st.booleans(),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 0, 2]),
    packed=st.booleans(),
    chunk=st.integers(1, 40),
)
def test_any_document_in_pieces_of_any_size_is_what_json_reads(  # noqa: PLR0913
    *,
    parts: tuple[dict[str, Any], list[Any]],
    nodes_first: bool,
    ascii_only: bool,
    indent: int | None,
    packed: bool,
    chunk: int,
    path: Path,
) -> None:
    header, nodes = parts
    document = _document(header, nodes, nodes_first=nodes_first)
    data = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode(
        "utf-8", "surrogatepass"
    )
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        array = JsonArray(path, "nodes")
        elements = list(array)
    assert [element.value for element in elements] == nodes
    assert [json.loads(element.text) for element in elements] == nodes
    assert array.header == header


_SAMPLE = json.dumps(
    {"schema": "ü", "n": 12.5, "nodes": [{"id": 1, "x": [1, -2e3, None]}, {"id": 22}], "end": 7},
    ensure_ascii=False,
).encode()


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_cut_off_anywhere_is_refused(packed: bool, path: Path) -> None:  # noqa: FBT001
    data = gzip.compress(_SAMPLE) if packed else _SAMPLE
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(TraceError):
            list(JsonArray(path, "nodes"))


@given(position=st.integers(0, len(_SAMPLE) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_gives_a_document_or_one_message(
    position: int, byte: int, path: Path
) -> None:
    path.write_bytes(_SAMPLE[:position] + bytes([byte]) + _SAMPLE[position + 1 :])
    message = ""
    elements = []
    try:
        elements = list(JsonArray(path, "nodes"))
    except TraceError as error:
        message = str(error)
    assert "\n" not in message
    for element in elements:
        assert json.loads(element.text, strict=False, parse_float=Decimal) == element.value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (" \n ", "the file is empty"),
        ("[]", r"line 1, column 1: a JSON object is expected here, not '\['"),
        ("{}", "there is no 'nodes'"),
        ('{"nodes": {}}', "line 1, column 11: the array of 'nodes' is expected"),
        ('{"nodes": [],\n "x" 1}', "line 2, column 6: ':' is expected here, not '1'"),
        ('{"nodes": [\n\n 1 2]}', r"line 3, column 4: ',' or '\]' is expected here, not '2'"),
        ('{"nodes": []} {}', "something follows"),
        ('{"nodes": [' + "[" * 100_000, "nested too deeply"),
        ('{"nodes": [' + "7" * 9000 + "]}", "a value can't be read"),
        ('{3: 4, "nodes": []}', "a key must be a string"),
        ('{"nodes": [tru]}', "line 1, column 12: Expecting value"),
    ],
)
def test_damage_is_told_with_its_place(text: str, message: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TraceError, match=message):
        list(JsonArray(path, "nodes"))


def test_names_with_raw_tabs_and_a_byte_order_mark_are_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf{"nodes": [{"name": "a\tb"}]}')
    assert [element.value for element in JsonArray(path, "nodes")] == [{"name": "a\tb"}]


def test_files_that_cant_be_opened_are_told(tmp_path: Path) -> None:
    for name, message in (("nothing", "does not exist"), ("", "is a directory"), ("\0", "null")):
        with pytest.raises(TraceError, match=message):
            list(JsonArray(f"{tmp_path}/{name}", "nodes"))
