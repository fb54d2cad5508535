"""``simastra convert pytorch``, as a process."""

import gzip
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import Inputs, environment, python
from support.trace_files import read_nodes

from simastra.cli import main
from simastra.trace import NodeType

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
    for words, time in (((), 110_000), (("--exact-durations",), 109_750)):
        process = folder.call("run", *words)
        assert process.stdout == "".join(f"sys[{n}] finished, {time} cycles\n" for n in (0, 1))


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


def linked_of(rank: int) -> str:
    """A linked trace of one of 4 x 2 ranks, which tells the groups that it is in."""
    mine = ([rank & 6, rank | 1], [rank & 1, 2 + (rank & 1), 4 + (rank & 1), 6 + (rank & 1)])
    names = (str(1 + rank // 2), str(5 + rank % 2))
    groups = [{"pg_name": name, "ranks": ranks} for name, ranks in zip(names, mine, strict=True)]
    return json.dumps({**LINKED, "distributedInfo": {"rank": rank, "pg_config": groups}})


def test_ranks_converted_at_once_come_to_one_file(folder: Inputs) -> None:
    processes = []
    for rank in range(8):
        (folder.folder / f"linked.{rank}.json").write_text(linked_of(rank))
        words = (f"linked.{rank}.json", f"--output=x.{rank}.et", "--groups=groups.json", "--quiet")
        command = python("-m", "simastra", "convert", "pytorch", *words)
        processes.append(subprocess.Popen(command, cwd=folder.folder, env=environment()))
    assert [process.wait(timeout=120) for process in processes] == [0] * 8
    assert json.loads((folder.folder / "groups.json").read_text()) == {
        **{str(1 + first // 2): [first, first + 1] for first in (0, 2, 4, 6)},
        **{str(5 + odd): [odd, 2 + odd, 4 + odd, 6 + odd] for odd in (0, 1)},
    }
    left = {path.name for path in folder.folder.iterdir()}
    assert {name for name in left if not name.startswith(("linked", "x."))} == {"groups.json"}


@pytest.mark.parametrize(
    ("there", "problem"),
    [
        ('{"1": [0, 7]}', "--groups: group 1 is [0, 7] in groups.json, and [0, 1] in this trace"),
        ('{"7": [0, 1]}', "--groups: the group [0, 1] is 7 in groups.json, and 1 in this trace"),
        ("not mine", "--groups: groups.json is there and holds no process groups"),
        ("", "--groups: groups.json is there and holds no process groups"),
    ],
)
def test_a_groups_file_that_contradicts_is_kept_and_nothing_is_written(
    folder: Inputs, there: str, problem: str
) -> None:
    (folder.folder / "linked.json").write_text(linked_of(0))
    (folder.folder / "groups.json").write_text(there)
    words = ("linked.json", "--output=x.0.et", "--groups=groups.json")
    process = folder.call("convert", "pytorch", *words, inputs=False)
    assert (process.returncode, process.stdout) == (2, "")
    assert problem in process.stderr
    assert (folder.folder / "groups.json").read_text() == there
    assert not (folder.folder / "x.0.et").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "2 process groups; --groups writes them"), (("--groups=g.json",), "they are in g.json")],
)
def test_the_summary_says_what_becomes_of_process_groups(
    folder: Inputs, words: Sequence[str], said: str
) -> None:
    (folder.folder / "linked.json").write_text(linked_of(0))
    command = ("convert", "pytorch", "linked.json", "--output=x.0.et", *words)
    process = folder.call(*command, inputs=False)
    assert process.stdout.rstrip().endswith(said)


def test_groups_are_numbered_by_their_members_on_request(folder: Inputs) -> None:
    for rank in (0, 1):
        (folder.folder / "linked.json").write_text(linked_of(rank))
        words = ("linked.json", f"--output=x.{rank}.et", "--groups=g.json", "--group-numbers")
        assert folder.call("convert", "pytorch", *words, "members", inputs=False).returncode == 0
    merged = json.loads((folder.folder / "g.json").read_text())
    assert sorted(merged.values()) == [[0, 1], [0, 2, 4, 6], [1, 3, 5, 7]]
    assert min(map(int, merged)) >= 2**30


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("linked.json", "--output=x.et", "--group-numbers=ranks"), "--group-numbers"),
        (("linked.json",), "--output"),
        (("--output=x.et",), "--input: one linked trace is wanted, and it is missing"),
        (("a", "--input=b", "--output=x.et"), "two are given"),
        (("absent.json", "--output=x.et"), "absent.json: the file does not exist"),
        (("linked.json", "--output=no/x.et"), "there is no folder"),
        (("linked.json", "--output=linked.json"), "is an input"),
        (("linked.json", "--output=x.et", "--rank=-1"), "--rank: must be 0 or more"),
        (("broken.json", "--output=x.et"), "broken.json: line 1, column 2: this is not JSON"),
        (("cut.json.gz", "--output=x.et"), "damaged"),
        (("kineto.json", "--output=x.et"), "no operator, no call and no kernel"),
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


def test_the_summary_counts_nodes_dependencies_and_groups(
    folder: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.folder)
    groups = [{"pg_name": "9", "ranks": [0, 2]}]
    document = {**LINKED, "distributedInfo": {"rank": 0, "pg_config": groups}}
    (folder.folder / "linked.json").write_text(json.dumps(document))
    assert main(["convert", "pytorch", "linked.json", "--output=x.0.et"]) == 0
    first, launches, *_, host, last = capsys.readouterr().out.splitlines()
    assert first == "x.0.et: 2 COMP"
    assert launches.strip() == "1  a kernel runs after its launch"
    assert "the host's nodes take 10.5 µs" in host
    assert last.strip() == "1 process group; --groups writes them"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--output=x.et",), "--input: one linked trace is wanted, and it is missing"),
        (("a", "--input=b", "--output=x.et"), "--input: one linked trace is wanted, and two are"),
        (("linked.json", "--output=x.et", "--rank=-1"), "--rank: must be 0 or more, not -1"),
    ],
)
def test_wrong_words_are_told(
    folder: Inputs,
    words: tuple[str, ...],
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder.folder)
    assert main(["convert", "pytorch", *words]) == 2
    assert capsys.readouterr().err.startswith(f"simastra: {problem}")
    assert main(["convert", "pytorch", "linked.json", "--output=y.et", "--rank=0", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "HOST is required; see --help"),
        (("h.json",), "DEVICE is required; see --help"),
        (("h.json", "d.json", "--et-file=h.json"), "HOST is given twice; see --help"),
    ],
)
def test_the_linker_names_what_is_missing(
    words: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["link", *words]) == 2
    assert problem in capsys.readouterr().err


@pytest.fixture
def two_ranks(tmp_path: Path) -> Inputs:
    """A folder with two ranks' device traces, each in a group of its own and in one of both."""
    (tmp_path / "recorded").mkdir()
    for rank in (0, 1):
        groups = [{"pg_name": "7", "ranks": [0, 1]}, {"pg_name": f"{8 + rank}", "ranks": [rank]}]
        info = {"rank": rank, "world_size": 4, "pg_config": groups}
        told = {"Collective name": "allreduce", "In msg nelems": 64, "dtype": "Float"}
        kernel = {
            **{"ph": "X", "cat": "kernel", "name": "ncclDevKernel_AllReduce", "ts": 9, "dur": 5},
            "args": {"stream": 1, "Process Group Name": "7", **told},
        }
        document = {"schemaVersion": 1, "distributedInfo": info, "traceEvents": [kernel]}
        (tmp_path / "recorded" / f"trace_{rank}.json").write_text(json.dumps(document))
    return Inputs(tmp_path)


@pytest.mark.parametrize("words", [["recorded"], ["recorded/trace_*.json"]])
def test_all_ranks_at_once_have_one_file_of_groups(two_ranks: Inputs, words: list[str]) -> None:
    process = two_ranks.call("convert", "pytorch", *words, "--output=t", inputs=False)
    assert process.returncode == 0
    assert process.stdout.splitlines() == [
        "t.0.et: 1 COMM_COLL; the host's nodes take 0 ns",
        "t.1.et: 1 COMM_COLL; the host's nodes take 0 ns",
        "t.groups.json: 3 process groups",
    ]
    assert process.stderr.count("notice: ") == 2
    assert "2 of 4 ranks have no recording (2, 3)" in process.stderr
    groups = json.loads((two_ranks.folder / "t.groups.json").read_text())
    assert groups == {"7": [0, 1], "8": [0], "9": [1]}
    traces = [read_nodes(two_ranks.folder / f"t.{npu}.et") for npu in (0, 1)]
    assert [node.pg_name for nodes in traces for node in nodes] == ["7", "7"]


def test_a_named_file_of_groups_keeps_what_it_has(two_ranks: Inputs) -> None:
    (two_ranks.folder / "g.json").write_text('{"3": [2, 3]}')
    words = ("convert", "pytorch", "recorded", "--output=t", "--groups=g.json", "--quiet")
    process = two_ranks.call(*words, inputs=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    assert set(json.loads((two_ranks.folder / "g.json").read_text())) == {"3", "7", "8", "9"}
    assert not (two_ranks.folder / "t.groups.json").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("recorded", "--output=t.et"), "--output: all ranks are converted, to PREFIX.<npu>.et"),
        (("recorded", "--output=t", "--rank=1"), "--rank: is of one recording"),
        (("recorded", "--output=t", "--workers=0"), "--workers: must be 1 or more"),
        (("recorded", "--output=t", "--strict"), "2 of 4 ranks have no recording"),
        (("recorded", "--output=t", "--like-chakra"), "--like-chakra: recorded/trace_0.json"),
        (("nothing_*", "--output=t"), "nothing_*: no file has such a name"),
        (("recorded", "--input=x", "--output=t"), "two are given"),
        (("recorded", "--output=recorded/trace_0.json"), "is an input"),
        (("recorded", "--output=no/t"), "there is no folder"),
    ],
)
def test_what_is_wrong_with_all_ranks_is_said_and_nothing_is_written(
    two_ranks: Inputs, words: tuple[str, ...], problem: str
) -> None:
    before = sorted(two_ranks.folder.rglob("*"))
    process = two_ranks.call("convert", "pytorch", *words, inputs=False)
    assert (process.returncode, process.stdout) == (2, "")
    assert problem in process.stderr
    assert "Traceback" not in process.stderr
    assert sorted(two_ranks.folder.rglob("*")) == before
