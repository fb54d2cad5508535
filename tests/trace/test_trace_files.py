"""Traces of several NPUs, and the files that hold them."""

import gzip
from pathlib import Path

import pytest
from support.trace_files import write_nodes

from simastra.errors import TraceError
from simastra.trace import Node, NodeType, Trace, TraceBuilder, load_trace, write_trace

ONE = (Node(1, "one", NodeType.COMP),)
TWO = (Node(1, "two", NodeType.COMP),)


def test_a_uniform_trace_shares_one_tuple() -> None:
    trace = Trace.uniform(list(ONE), 3)
    assert trace.npus == (ONE, ONE, ONE)
    assert trace.npus[0] is trace.npus[2]
    assert trace.sources == ("NPU 0", "NPU 1", "NPU 2")


def test_equal_nodes_share_one_tuple() -> None:
    builder = TraceBuilder()
    builder.compute("a")
    trace = Trace.of([builder, ONE, list(ONE), builder])
    assert trace.npus[1] is trace.npus[2]
    assert trace.npus[0] is trace.npus[3]
    assert trace.npus[0] == builder.nodes
    assert trace.npus[1] == ONE


@pytest.mark.parametrize("npus", [0, -1])
def test_a_trace_needs_npus(npus: int, tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="1 or more"):
        Trace.uniform(ONE, npus)
    with pytest.raises(TraceError, match="1 or more"):
        load_trace(tmp_path / "x", npus)
    with pytest.raises(TraceError, match="one or more"):
        Trace.of([])


def test_each_npu_has_a_source() -> None:
    with pytest.raises(TraceError, match="nodes for 2 NPUs and 1 sources"):
        Trace((ONE, TWO), ("a",))


def test_a_builder_stands_in_its_own_place() -> None:
    builders = [TraceBuilder(npu=0), TraceBuilder(npu=1)]
    assert Trace.of(builders).npus == ((), ())
    with pytest.raises(TraceError, match="a builder for NPU 1 stands in the place of NPU 0"):
        Trace.of(builders[::-1])
    with pytest.raises(TraceError, match="the builder is for NPU 1 only"):
        Trace.uniform(builders[1], 2)


def test_a_written_trace_is_loaded_and_shared_again(tmp_path: Path) -> None:
    paths = write_trace(tmp_path / "x", Trace.of([ONE, TWO, ONE]))
    assert [path.name for path in paths] == ["x.0.et", "x.1.et", "x.2.et"]
    trace = load_trace(str(tmp_path / "x"), 3)
    assert trace.npus == (ONE, TWO, ONE)
    assert trace.npus[0] is trace.npus[2]
    assert trace.sources == tuple(map(str, paths))


def test_compressed_files_are_loaded(tmp_path: Path) -> None:
    (path,) = write_trace(tmp_path / "x", Trace.uniform(ONE, 1))
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert load_trace(tmp_path / "x", 1).npus == (ONE,)


def test_a_prefix_may_hold_dots_and_signs(tmp_path: Path) -> None:
    prefix = tmp_path / "v1.0[a]*"
    write_trace(prefix, Trace.of([ONE, TWO]))
    assert load_trace(prefix, 2).npus == (ONE, TWO)
    with pytest.raises(TraceError, match=r"prefix: v1\.0\[a\]\*\.0\.et, v1\.0\[a\]\*\.1\.et$"):
        load_trace(prefix, 3)


def test_a_missing_file_is_named_with_those_that_exist(tmp_path: Path) -> None:
    write_trace(tmp_path / "x", Trace.uniform(ONE, 11))
    write_trace(tmp_path / "xx", Trace.uniform(ONE, 1))
    (tmp_path / "x.1.et").unlink()
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 4)
    error = caught.value
    assert error.source == tmp_path / "x.1.et"
    assert "For a network of 4 NPUs" in error.problem
    assert "x.0.et to x.3.et; files" in error.problem
    listed = "x.0.et, x.2.et, x.3.et, x.4.et, x.5.et, x.6.et, x.7.et, x.8.et and 2 more"
    assert error.problem.endswith(f"files with this prefix: {listed}")


@pytest.mark.parametrize("prefix", ["nothing", "no/such/folder/x"])
def test_a_prefix_without_files_says_so(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(TraceError, match="files with this prefix: none"):
        load_trace(tmp_path / prefix, 2)


def test_a_file_name_in_place_of_a_prefix_is_recognised(tmp_path: Path) -> None:
    write_trace(tmp_path / "x", Trace.uniform(ONE, 1))
    with pytest.raises(TraceError, match=r"x\.0\.et looks like a file; the prefix ends before"):
        load_trace(tmp_path / "x.0.et", 1)


def test_a_file_that_can_not_be_read_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "x.0.et").mkdir()
    with pytest.raises(TraceError, match="this is a directory"):
        load_trace(tmp_path / "x", 1)
    (tmp_path / "file").touch()
    with pytest.raises(TraceError, match="can't be read"):
        load_trace(tmp_path / "file" / "x", 1)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    write_trace(tmp_path / "x", Trace.uniform(ONE, 2))
    (tmp_path / "x.1.et").write_bytes(b"{}")
    with pytest.raises(TraceError) as caught:
        load_trace(tmp_path / "x", 2)
    assert caught.value.source == tmp_path / "x.1.et"


def test_a_folder_must_exist_to_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"the folder .*nowhere does not exist"):
        write_nodes(tmp_path / "nowhere" / "x.0.et", ONE)
    with pytest.raises(TraceError, match="the file can't be written: Is a directory"):
        write_nodes(tmp_path, ONE)


def test_nothing_is_written_if_one_npu_can_not_be(tmp_path: Path) -> None:
    bad = (Node(1, "n", NodeType.COMP, duration=-1),)
    with pytest.raises(TraceError, match=r"x\.1\.et, node 1"):
        write_trace(tmp_path / "x", Trace.of([ONE, bad]))
    assert list(tmp_path.iterdir()) == []


def test_a_set_whose_writer_was_stopped_is_finished_before_it_is_read(tmp_path: Path) -> None:
    write_trace(tmp_path / "x", Trace.uniform(ONE, 2))
    (tmp_path / ".simastra-commit" / "new").mkdir(parents=True)
    other = Node(1, "other", NodeType.COMP, duration=1000)
    write_nodes(tmp_path / ".simastra-commit" / "new" / "x.1.et", [other])
    assert load_trace(tmp_path / "x", 2).npus[1] == (other,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.0.et", "x.1.et"]


def test_a_set_that_cannot_be_finished_is_said(tmp_path: Path) -> None:
    write_trace(tmp_path / "x", Trace.uniform(ONE, 1))
    (tmp_path / ".simastra-commit" / "new").mkdir(parents=True)
    (tmp_path / ".simastra-commit" / "new" / "y").touch()
    (tmp_path / "y").mkdir()
    with pytest.raises(TraceError, match="which can't be finished: Is a directory"):
        load_trace(tmp_path / "x", 1)


def test_a_set_is_written_as_one(tmp_path: Path) -> None:
    (tmp_path / "x.1.et").mkdir()
    with pytest.raises(TraceError, match=r"x\.1\.et: the file can't be written: Is a directory"):
        write_trace(tmp_path / "x", Trace.uniform(ONE, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["x.1.et"]
