"""``simastra convert pytorch``, as a process."""

import gzip
import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra.trace import NodeType
from simastra.trace.protobuf import read_nodes

LINKED = {
    "schema": "1.1.1-chakra.0.0.4",
    "pid": 7,
    "nodes": [
        {"id": 1, "name": "aten::mm", "ts": 0, "inclusive_dur": 10.5, "exclusive_dur": 10.5},
        {"id": 2, "name": "gemm", "ctrl_deps": 1, "cat": "kernel", "ts": 5, "inclusive_dur": 99.25},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Inputs:
    """A folder with a linked trace."""
    (tmp_path / "linked.json").write_text(json.dumps(LINKED))
    return Inputs(tmp_path)


def test_what_is_converted_can_be_simulated(folder: Inputs) -> None:
    folder.system()
    folder.network(2)
    for npu in (0, 1):
        output = f"--output=wl.{npu}.et"
        process = folder.call("convert", "pytorch", "linked.json", output, inputs=False)
        assert (process.returncode, process.stderr) == (0, "")
        assert process.stdout.startswith(f"wl.{npu}.et: 2 COMP\n")
    process = folder.call("run")
    assert process.stdout == "".join(f"sys[{n}] finished, 109750 cycles\n" for n in (0, 1))


def test_chakra_s_option_names_and_gzip_are_taken(folder: Inputs) -> None:
    packed = gzip.compress((folder.folder / "linked.json").read_bytes())
    (folder.folder / "linked.json.gz").write_bytes(packed)
    words = ("--input_filename=linked.json.gz", "--output_filename=x.0.et", "--simulate")
    process = folder.call("convert", "pytorch", *words, "--like-chakra", "--quiet", inputs=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    # Without a thread root Chakra's converter finds no dependencies, and drops what has none.
    assert read_nodes(folder.folder / "x.0.et") == ()


def test_the_groups_are_written_where_they_are_wanted(folder: Inputs) -> None:
    groups = [{"pg_name": "9", "ranks": [0, 2]}]
    document = {**LINKED, "distributedInfo": {"rank": 0, "pg_config": groups}}
    (folder.folder / "linked.json").write_text(json.dumps(document))
    words = ("linked.json", "--output=x.0.et", "--groups=groups.json")
    assert folder.call("convert", "pytorch", *words, inputs=False).returncode == 0
    assert json.loads((folder.folder / "groups.json").read_text()) == {"9": [0, 2]}
    assert {node.type for node in read_nodes(folder.folder / "x.0.et")} == {NodeType.COMP}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("linked.json",), "--output"),
        (("--output=x.et",), "--input: one linked trace is wanted, and it is missing"),
        (("a", "--input=b", "--output=x.et"), "two are given"),
        (("absent.json", "--output=x.et"), "absent.json: the file does not exist"),
        (("linked.json", "--output=no/x.et"), "there is no folder"),
        (("linked.json", "--output=linked.json"), "is an input"),
        (("linked.json", "--output=x.et", "--rank=-1"), "--rank: must be 0 or more"),
        (("broken.json", "--output=x.et"), "broken.json: line 1, column 2: this is not JSON"),
        (("cut.json.gz", "--output=x.et"), "damaged"),
        (("kineto.json", "--output=x.et"), "device trace"),
        (("untimed.json", "--output=x.et", "--strict"), "--strict allows no warnings"),
    ],
)
def test_what_is_wrong_is_said_once_and_nothing_is_written(
    folder: Inputs, words: tuple[str, ...], problem: str
) -> None:
    content = (folder.folder / "linked.json").read_bytes()
    (folder.folder / "broken.json").write_bytes(content[:1])
    (folder.folder / "cut.json.gz").write_bytes(gzip.compress(content)[:-9])
    (folder.folder / "kineto.json").write_text('{"traceEvents": []}')
    (folder.folder / "untimed.json").write_text('{"nodes": [{"id": 1, "name": "a"}]}')
    process = folder.call("convert", "pytorch", *words, inputs=False)
    assert process.returncode == 2
    assert process.stdout == ""
    assert problem in process.stderr
    assert "Traceback" not in process.stderr
    assert not (folder.folder / "x.et").exists()
    assert (folder.folder / "linked.json").read_bytes() == content


def test_like_chakra_tells_that_the_trace_is_linked_otherwise(folder: Inputs) -> None:
    (folder.folder / "linked.json").write_text(json.dumps({**LINKED, "linked_by": "simastra"}))
    words = ("convert", "pytorch", "linked.json", "--output=x.0.et")
    process = folder.call(*words, "--like-chakra", inputs=False)
    assert process.returncode == 0
    assert "simastra: notice: linked.json: 'simastra link' linked it" in process.stderr
    assert "simastra link --like-chakra" in process.stderr
    assert folder.call(*words, inputs=False).stderr == ""
