"""Edited traces in files: what was not edited stays, attributes of other tools too."""

import gzip
from pathlib import Path

import pytest
from support.trace_files import read_messages, write_messages

from simastra import Trace, TraceBuilder
from simastra.trace import et_def_pb2, load_trace, write_trace
from simastra.trace.edit import Selection, change_precision, scale
from simastra.trace.files import trace_path, write_set
from simastra.trace.protobuf import EDITS
from simastra.trace.rewriting import rewritten


def edited_files(prefix: Path, trace: Trace, loaded: Trace) -> list[Path]:
    return write_set(rewritten(prefix, trace, loaded))


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Two NPUs' files as another tool writes them: its own types and attributes."""
    metadata = et_def_pb2.GlobalMetadata(version="1.0")
    metadata.attr.add(name="input_file", string_val="words")
    metadata.attr.add(name="tokens", int64_val=7)
    nodes = []
    for id in (1, 2):
        node = et_def_pb2.Node(id=id, name=f"n{id}", type=et_def_pb2.COMP_NODE, duration_micros=3)
        node.attr.add(name="rf_id", int64_val=id)
        node.attr.add(name="num_ops", uint32_val=8)
        node.attr.add(name="is_cpu_op", int32_val=0)
        node.attr.add(name="tensor_size", int64_val=64)
        nodes.append(node)
    nodes[1].data_deps.append(1)
    for npu in (0, 1):
        write_messages(tmp_path / f"t.{npu}.et", metadata, nodes)
    return tmp_path / "t"


def test_nothing_done_is_the_same_bytes(foreign: Path) -> None:
    packed = trace_path(foreign, 1)
    packed.write_bytes(gzip.compress(packed.read_bytes()))
    loaded = load_trace(foreign, 2)
    same = scale(loaded, 1)
    first, second = edited_files(foreign.with_name("u"), same, loaded)
    assert first.read_bytes() == trace_path(foreign, 0).read_bytes()
    assert second.read_bytes() == packed.read_bytes()


def test_what_is_edited_keeps_all_the_rest(foreign: Path) -> None:
    loaded = load_trace(foreign, 2)
    halved = scale(loaded, 0.5, Selection(name="n2", npus=frozenset({1})))
    first, second = edited_files(foreign.with_name("u"), halved, loaded)
    before, after = read_messages(trace_path(foreign, 1)), read_messages(second)
    assert after.nodes[0] == before.nodes[0] == read_messages(first).nodes[0]
    changed = after.nodes[1]
    assert changed.duration_micros == 2
    names = [it.name for it in changed.attr]
    assert names == ["rf_id", "num_ops", "is_cpu_op", "tensor_size", "duration_nanos"]
    assert changed.attr[1] == before.nodes[1].attr[1]
    assert load_trace(foreign.with_name("u"), 2).npus[1][1].exact_duration == 1500
    told = {it.name: it for it in after.metadata.attr}
    assert told["input_file"].string_val == "words"
    assert list(told[EDITS].string_list.values) == ["scale duration=0.5 of name=n2, npus=1"]


def test_logs_of_one_edit_after_the_other_are_one(foreign: Path) -> None:
    first, second = foreign.with_name("u"), foreign.with_name("v")
    loaded = load_trace(foreign, 2)
    edited_files(first, scale(loaded, 2), loaded)
    again = load_trace(first, 2)
    edited_files(second, change_precision(again, "fp8", "fp16"), again)
    metadata = read_messages(trace_path(second, 0)).metadata
    assert [it.name for it in metadata.attr] == ["input_file", "tokens", EDITS]
    assert list(metadata.attr[2].string_list.values) == [
        "scale duration=2",
        "precision fp8:fp16",
    ]
    assert load_trace(second, 2).annotations[0].tokens == 7


@pytest.mark.parametrize("factor", [0.5, 2, 4])
def test_there_and_back_through_files_is_the_same_records(foreign: Path, factor: float) -> None:
    there, back = foreign.with_name("u"), foreign.with_name("v")
    loaded = load_trace(foreign, 2)
    edited_files(there, scale(loaded, factor), loaded)
    again = load_trace(there, 2)
    edited_files(back, scale(again, 1 / factor), again)
    assert read_messages(trace_path(back, 0)).nodes == read_messages(trace_path(foreign, 0)).nodes


def test_traces_made_in_memory_tell_what_was_done_too(tmp_path: Path) -> None:
    step = TraceBuilder()
    step.compute("c", micros=1)
    trace = scale(Trace.uniform(step, 1), 1.5)
    (path,) = write_trace(tmp_path / "m", trace)
    (log,) = read_messages(path).metadata.attr
    assert list(log.string_list.values) == ["scale duration=1.5"]
    assert load_trace(tmp_path / "m", 1).npus[0][0].exact_duration == 1500
    assert (
        write_trace(tmp_path / "n", Trace.uniform(step, 1))[0].stat().st_size < path.stat().st_size
    )
