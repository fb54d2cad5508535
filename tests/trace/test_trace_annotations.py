"""What a trace says of the step goes into files and comes back; wrong values get a message."""

from pathlib import Path

import et_wire as wire
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import TraceError
from simastra.trace import (
    NOT_ANNOTATED,
    Annotations,
    Node,
    NodeType,
    Trace,
    TraceBuilder,
    et_def_pb2,
    load_trace,
    write_trace,
)
from simastra.trace.annotations import ANNOTATED
from simastra.trace.contents import jsonized
from simastra.trace.protobuf import encode_nodes

NODE = Node(1, "work", NodeType.COMP)


def written(folder: Path, annotations: Annotations) -> Path:
    """A file for one NPU."""
    path = folder / "x.0.et"
    path.write_bytes(encode_nodes([NODE], path, annotations))
    return path


VALUES = st.none() | st.integers(0, 2**64 - 1)


@given(st.fixed_dictionaries(dict.fromkeys(ANNOTATED, VALUES)))
def test_annotations_come_back_from_files_in_both_forms(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, int | None]
) -> None:
    folder = tmp_path_factory.mktemp("x")
    annotations = Annotations(**values)
    path = written(folder, annotations)
    expected = () if annotations == NOT_ANNOTATED else (annotations,)
    assert load_trace(folder / "x", 1).annotations == expected
    path.write_bytes(jsonized(path))
    assert load_trace(folder / "x", 1).annotations == expected


def test_operations_that_no_integer_holds_are_rounded(tmp_path: Path) -> None:
    written(tmp_path, Annotations(model_flops=2**70 + 1))
    assert load_trace(tmp_path / "x", 1).annotations == (Annotations(model_flops=2**70),)


def test_other_attributes_of_the_metadata_are_passed_over(tmp_path: Path) -> None:
    metadata = et_def_pb2.GlobalMetadata(version="0.0.4")
    metadata.attr.add(name="pid", uint64_val=7)
    metadata.attr.add(name="tokens", int32_val=9)
    payload = metadata.SerializeToString()
    content = encode_nodes([NODE], "x").removeprefix(wire.VERSION_004)
    (tmp_path / "x.0.et").write_bytes(wire.varint(len(payload)) + payload + content)
    assert load_trace(tmp_path / "x", 1).annotations == (Annotations(tokens=9),)


def test_a_wrong_value_names_file_and_attribute(tmp_path: Path) -> None:
    metadata = et_def_pb2.GlobalMetadata(version="0.0.4")
    metadata.attr.add(name="weight_bytes", int64_val=-3)
    payload = metadata.SerializeToString()
    (tmp_path / "x.0.et").write_bytes(wire.varint(len(payload)) + payload)
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 1)
    message = str(caught.value)
    assert "x.0.et" in message
    assert "weight_bytes is -3; a whole number, 0 or more is wanted" in message


@pytest.mark.parametrize("name", ["tokens", "cache_bytes"])
def test_what_no_step_can_be_is_refused_in_files_and_in_python(tmp_path: Path, name: str) -> None:
    metadata = et_def_pb2.GlobalMetadata(version="0.0.4")
    metadata.attr.add(name=name, double_val=1.7e308)
    payload = metadata.SerializeToString()
    (tmp_path / "x.0.et").write_bytes(wire.varint(len(payload)) + payload)
    with pytest.raises(TraceError, match=f"{name} is 1.7e\\+308; a whole number, at most 10\\^30"):
        load_trace(tmp_path / "x", 1)
    trace = TraceBuilder()
    trace.annotate(tokens=10**30)
    with pytest.raises(TraceError, match=f"{name} is 1000.*; a whole number, at most 10\\^30"):
        trace.annotate(**{name: 10**30 + 1})


def test_files_that_differ_only_in_annotations_keep_theirs(tmp_path: Path) -> None:
    said = (Annotations(weight_bytes=1), Annotations(weight_bytes=2), Annotations(weight_bytes=1))
    trace = Trace(((NODE,),) * 3, ("a", "b", "c"), said)
    write_trace(tmp_path / "x", trace)
    loaded = load_trace(tmp_path / "x", 3)
    assert loaded.annotations == said
    assert loaded.npus[0] is loaded.npus[2]


def test_builders_annotate_the_traces_that_are_made_of_them(tmp_path: Path) -> None:
    plain, said = TraceBuilder(), TraceBuilder()
    said.annotate(tokens=8)
    said.annotate(weight_bytes=4)
    expected = Annotations(tokens=8, weight_bytes=4)
    for trace in (plain, said):
        trace.compute("work", micros=1)
    assert Trace.of([plain, plain]).annotations == ()
    assert Trace.of([plain, said]).annotations == (NOT_ANNOTATED, expected)
    assert Trace.uniform(said, 2).annotations == (expected, expected)
    said.write(tmp_path / "x", 2)
    assert load_trace(tmp_path / "x", 2).annotations == (expected, expected)


def test_a_builder_refuses_what_makes_no_sense() -> None:
    trace = TraceBuilder()
    with pytest.raises(TraceError, match="annotate: tokens is -1; a whole number, 0 or more"):
        trace.annotate(tokens=-1)
    with pytest.raises(TraceError, match="did you mean 'tokens'"):
        trace.annotate(token=1)  # type: ignore[call-arg]


def test_purposes_and_tensors_come_back(tmp_path: Path) -> None:
    trace = TraceBuilder()
    work = trace.compute("f", micros=1, purpose="forward", writes={"a": 8})
    reduced = trace.all_reduce("g", size=8, purpose="gradients", group=1, after=work)
    trace.compute("b", micros=1, purpose="mine", reads={"a": 8}, after=reduced)
    trace.write(tmp_path / "x", 1)
    (nodes,) = load_trace(tmp_path / "x", 1).npus
    assert nodes == trace.nodes
    assert [node.purpose for node in nodes] == ["forward", "gradients", "mine"]


def test_as_many_annotations_as_npus_are_wanted() -> None:
    with pytest.raises(TraceError, match="2 NPUs and annotations for 1"):
        Trace(((NODE,),) * 2, ("a", "b"), (NOT_ANNOTATED,))
