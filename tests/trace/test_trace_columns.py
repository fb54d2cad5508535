"""Columns say what the nodes do that the usual decoder makes; what is wrong, it alone says."""

import gzip
import io
import pickle
from dataclasses import fields
from pathlib import Path
from random import Random

import pytest
from support.damaged_traces import damaged, trace_file

from simastra.errors import TraceError
from simastra.trace import Node, NodeType, Trace, TraceFiles, load_trace, write_trace
from simastra.trace.decoding import DecodedTrace, decode_stream
from simastra.trace.marks import MarkedNodes, NodeMark, computed_operations, marked
from simastra.trace.node_facts import node_facts
from simastra.trace.nodes import ATTRIBUTE_FIELDS

pytest.importorskip("numba")
from simastra.jit.function import KeptFunction
from simastra.jit.place import CachePlace
from simastra.trace.columns import kept, worth
from simastra.trace.columns.column_nodes import ColumnNodes
from simastra.trace.columns.decoding import ColumnDecoder
from simastra.trace.columns.tables import FLAGS, NUMBERS

DECODER = ColumnDecoder()
FIELDS = tuple(field.name for field in fields(Node))


def plainly(data: bytes) -> DecodedTrace | None:
    try:
        return decode_stream(io.BytesIO(data), "f")
    except TraceError:
        return None


def node_from_columns(nodes: ColumnNodes, row: int) -> Node:
    """A node of nothing but what columns say."""
    columns = nodes.columns
    attributes: dict[str, object] = {}
    for name in ATTRIBUTE_FIELDS:
        number = int(columns.number(name)[row])
        if not columns.has(name)[row]:
            assert number == 0
        elif name in FLAGS:
            attributes[name] = bool(columns.is_true(name)[row])
        else:
            attributes[name] = number if name in NUMBERS else columns.value(number)
    return Node(
        int(columns.id[row]),
        nodes.name(row),
        columns.type[row],
        tuple(columns.data_deps[row].tolist()),
        tuple(columns.ctrl_deps[row].tolist()),
        int(columns.duration[row]),
        metadata=columns.metadata.get(row, ""),
        **attributes,
    )


def check(data: bytes) -> str:
    """Check that columns and nodes are the same, if columns are made of it; say what it was."""
    plain = plainly(data)
    made = DECODER.decoded(data, "f")
    if made is None:
        return "wrong" if plain is None else "left out"
    assert plain is not None
    assert made.annotations == plain.annotations
    assert made.nodes == plain.nodes
    nodes = made.nodes
    assert isinstance(nodes, ColumnNodes)
    for row, node in enumerate(plain.nodes):
        assert node_from_columns(nodes, row) == node
        assert nodes[row] == node
    assert isinstance(nodes, MarkedNodes)  # else each would be made to be asked
    assert nodes.computed_operations == computed_operations(plain.nodes)
    for mark in NodeMark:
        assert nodes.marked(mark) == marked(plain.nodes, mark), mark
    assert nodes.types == bytes(node.type for node in plain.nodes)
    assert list(nodes.ids) == [node.id for node in plain.nodes]
    rows = [*reversed(range(len(nodes))), *range(len(nodes))]
    assert repr(list(node_facts(nodes, rows, FIELDS))) == repr(
        list(node_facts(plain.nodes, rows, FIELDS))
    )
    return "odd" if len(nodes.columns.odd) else "plain"


@pytest.mark.parametrize("seed", range(20))
def test_usual_files_are_columns(seed: int) -> None:
    random = Random(seed)
    assert check(trace_file(random, random.randrange(40), 0)) == "plain"


def test_files_of_any_kind_are_as_the_usual_decoder_says() -> None:
    seen = set()
    for seed in range(150):
        random = Random(seed)
        data = trace_file(random, random.randrange(1, 30), random.choice([0, 0.02, 0.3]))
        seen.add(check(damaged(random, data) if seed % 3 == 0 else data))
    assert seen == {"plain", "odd", "wrong", "left out"}


def test_a_dependency_that_is_listed_twice_is_marked_wherever_it_stands(tmp_path: Path) -> None:
    lists = [(), (1,), (1, 1), (2, 1), (2, 1, 2), (3, 1, 2), (4, 5, 4, 5), (5, 5), (7, 6)]
    nodes = [Node(id, "a", NodeType.COMP, deps) for id, deps in enumerate(lists, 1)]
    write_trace(tmp_path / "t", Trace.uniform(nodes, 1))
    made = DECODER.decoded((tmp_path / "t.0.et").read_bytes(), "f")
    assert made is not None
    wanted = bytes(len(set(deps)) < len(deps) for deps in lists)
    assert (
        marked(made.nodes, NodeMark.REPEATING) == marked(tuple(nodes), NodeMark.REPEATING) == wanted
    )


def test_long_names_large_ids_and_empty_groups(tmp_path: Path) -> None:
    lengths = (0, 1, 127, 128, 300, 20_000)
    ids = (1, 127, 128, 2**35 - 1, 2**35, 2**63 - 1)
    nodes = [
        Node(id, "n" * length, NodeType.COMP, pg_name=group)
        for (id, length), group in zip(zip(ids, lengths, strict=True), ("", "a") * 3, strict=True)
    ]
    write_trace(tmp_path / "t", Trace.uniform(nodes, 1))
    assert check((tmp_path / "t.0.et").read_bytes()) == "plain"


def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[bytes]) -> Trace:
    monkeypatch.setattr(worth, "LOADING", -1)
    monkeypatch.setattr(worth, "COMPILING", -1)
    for npu, data in enumerate(files):
        (tmp_path / f"t.{npu}.et").write_bytes(data)
    return load_trace(tmp_path / "t", len(files), on_demand=True)


def test_files_are_loaded_as_columns_where_it_is_worth_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [trace_file(Random(seed), 30, 0) for seed in (1, 2, 1)]
    files.append(gzip.compress(trace_file(Random(3), 30, 0)))
    trace = load(tmp_path, monkeypatch, files)
    assert all(isinstance(nodes, ColumnNodes) for nodes in trace.npus)
    assert trace.npus[0] is trace.npus[2]
    assert trace == load_trace(tmp_path / "t", 4)
    assert pickle.loads(pickle.dumps(trace)) == trace
    in_objects = TraceFiles(tmp_path / "t", on_demand=False).load(4)
    assert all(isinstance(nodes, tuple) for nodes in in_objects.npus)
    assert in_objects == trace


@pytest.mark.parametrize("at", [3, 40, 700])
def test_what_is_wrong_with_a_file_is_said_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    data = trace_file(Random(1), 30, 0)
    for wrong in (data[:at], data[:at] + b"\xff" * 12 + data[at + 12 :]):
        for content in (wrong, gzip.compress(wrong), gzip.compress(data)[:at]):
            with pytest.raises(TraceError) as said:
                load(tmp_path, monkeypatch, [content])
            with pytest.raises(TraceError) as wanted:
                load_trace(tmp_path / "t", 1)
            assert str(said.value) == str(wanted.value)


def test_files_that_are_alike_share_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = trace_file(Random(1), 30, 0)
    files = [first] + [first.replace(b"node 7", b"node %d" % npu) for npu in (1, 2, 3)]
    trace = load(tmp_path, monkeypatch, files)
    assert all(type(nodes) is tuple for nodes in trace.npus)  # not some of them: all are alike
    assert trace.npus[2][3] is trace.npus[3][3]
    assert trace == load_trace(tmp_path / "t", 4)


def test_where_libraries_are_broken_files_are_loaded_as_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("could not find or load a shared library")

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(kept, "DECODE", KeptFunction(CachePlace("none", tmp_path, ()), 3, broken))
    trace = load(tmp_path, monkeypatch, [trace_file(Random(1), 30, 0)])
    assert type(trace.npus[0]) is tuple


def test_small_files_are_not_worth_it(tmp_path: Path) -> None:
    (tmp_path / "t.0.et").write_bytes(trace_file(Random(1), 30, 0))
    assert type(load_trace(tmp_path / "t", 1, on_demand=True).npus[0]) is tuple


@pytest.mark.parametrize(("third", "made"), [("copy", tuple), ("other", ColumnNodes)])
def test_copies_count_once_in_what_is_worth_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, third: str, made: type
) -> None:
    of_two = [trace_file(Random(seed), 30, 0) for seed in (1, 2)]
    last = of_two[0] if third == "copy" else of_two[0].replace(b"node", b"NODE")
    files = [*of_two, last]
    load(tmp_path, monkeypatch, files)
    monkeypatch.setattr(worth, "LOADING", len(files[0]) + len(files[1]))
    trace = load_trace(tmp_path / "t", 3, on_demand=True)
    assert type(trace.npus[0]) is made
