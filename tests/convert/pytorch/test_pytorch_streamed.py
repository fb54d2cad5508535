"""Linked traces read entry by entry, against the whole at once: what is read, and damage."""

import gzip
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from linked import document, entry, kernel, tensor

from simastra.convert import json_stream
from simastra.convert.pytorch import parse_linked, read, read_linked
from simastra.convert.pytorch.operators import Arguments
from simastra.errors import TraceError

_COMMUNICATION = {"Collective name": "allreduce", "In msg nelems": 64, "dtype": "Float"}
_ENTRIES = [
    entry(1, "[pytorch|profiler|execution_trace|thread]"),
    entry(2, "aten::mm", parent=1, inputs=[tensor(3, 5), 7, [[tensor(3, 5)]]], ts=1.25),
    kernel(3, "gemm", 2, 3.5, parent=2, inputs=[tensor(3, 5), 7, [[tensor(3, 5)]]]),
    kernel(4, "ncclKernel", 2, 3.5, communication=_COMMUNICATION, pg_name="ü"),
    entry(9, "aten::mul", inputs=[1e300, None, True, "\ud800"], seq_id=12, op_schema="mul()"),
]
_INFO = {"distributedInfo": {"rank": 1, "world_size": 2, "pg_config": [{"ranks": [0, 1]}]}}
_WHOLE = document(*_ENTRIES, **_INFO, linked_by="simastra", pid=7)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("linked") / "linked.json"


def _outcome(path: Path) -> Any:
    try:
        return read_linked(path)
    except TraceError as error:
        return str(error)


def _outcome_of_whole(path: Path) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "_streamed", lambda _file, _source: None)
        return _outcome(path)


@given(
    entries=st.lists(st.sampled_from(_ENTRIES)),
    keys=st.dictionaries(
        st.sampled_from(["pid", "time", "linked_by", "distributedInfo", "traceEvents"]),
        st.sampled_from(["x", 7, 1.5, None, {}, {"rank": 1}, {"rank": "x"}, [1]]),
    ),
    chunk=st.integers(1, 400),
    packed=st.booleans(),
)
def test_entry_by_entry_is_the_same_as_the_whole(
    *, entries: list[Any], keys: dict[str, Any], chunk: int, packed: bool, path: Path
) -> None:
    data = document(*entries, **keys)
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert _outcome(path) == _outcome_of_whole(path)


@given(
    at=st.integers(0, len(_WHOLE)),
    left_out=st.integers(0, 12),
    put_in=st.sampled_from(
        [b"", b"x", b"\x00", b"\xff", b'"', b"]", b'],"nodes":[', b"}", b"1e999", b"9" * 5000]
    ),
)
def test_damage_is_told_in_the_same_words(
    at: int, left_out: int, put_in: bytes, path: Path
) -> None:
    path.write_bytes(_WHOLE[:at] + put_in + _WHOLE[at + left_out :])
    assert _outcome(path) == _outcome_of_whole(path)


def test_a_sound_trace_is_not_read_twice(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(_WHOLE)
    expected = parse_linked(_WHOLE, path)
    monkeypatch.setattr(read, "parse_linked", None)
    assert read_linked(path) == expected


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(_JSON), st.lists(_JSON), st.lists(_JSON))
def test_arguments_give_back_what_they_are_given(
    values: list[Any], shapes: list[Any], types: list[Any]
) -> None:
    kept = Arguments(values, shapes, types)
    assert (kept.values, kept.shapes, kept.types) == (values, shapes, types)
    assert kept == Arguments(values, shapes, types)
    assert kept != Arguments([*values, 0], shapes, types)
