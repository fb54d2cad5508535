"""What the converters print, and what they make of words that miss or contradict something."""

import json
import shutil
from pathlib import Path

import pytest
from terminal_seen import ERASED, stderr_as_terminal

from simastra.cli import main
from simastra.trace import load_trace

FIELD = Path(__file__).parents[1] / "field" / "system-file-of-1x"
PYTORCH = {
    "schema": "1.1.1-chakra.0.0.4",
    "pid": 7,
    "nodes": [
        {"id": 1, "name": "aten::mm", "ts": 0, "inclusive_dur": 10.5, "exclusive_dur": 10.5},
        {"id": 2, "name": "gemm", "ctrl_deps": 1, "cat": "kernel", "ts": 5, "inclusive_dur": 99.25},
    ],
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: texts of one and two layers, files of ASTRA-sim 1.x and of PyTorch."""
    (tmp_path / "one.txt").write_text("DATA\n1\na -1 5 NONE 0 3 NONE 0 9 NONE 0 7\n")
    (tmp_path / "ns.txt").write_text("DATA\n1\na -1 5000 NONE 0 3000 NONE 0 9000 NONE 0 7000\n")
    shutil.copytree(FIELD, tmp_path, dirs_exist_ok=True)
    (tmp_path / "linked.json").write_text(json.dumps(PYTORCH))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What is said, on stdout or, if it is an error, on stderr."""
    assert main(["convert", *words]) == code
    out, err = capsys.readouterr()
    if code:
        assert out == ""
    return err.removeprefix("simastra: ") if code else out


@pytest.mark.parametrize(
    ("npus", "files"), [(1, "o.0.et"), (2, "o.0.et to o.1.et"), (12, "o.0.et to o.11.et")]
)
def test_a_text_says_how_many_files_and_nodes_it_makes(
    here: Path, capsys: pytest.CaptureFixture[str], npus: int, files: str
) -> None:
    words = ("text", "one.txt", "--output=o", f"--npus={npus}")
    assert said(capsys, *words) == f"{files}: 2 nodes each\n"
    assert len(list(here.glob("o.*"))) == npus


def test_one_node_is_one_node(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "few.txt").write_text("MICRO\n1\na -1 0 NONE 0 0 NONE 0 0 ALLREDUCE 64 0\n")
    assert said(capsys, "text", "few.txt", "--output=o", "--npus=1") == "o.0.et: 1 node each\n"


@pytest.mark.parametrize(
    ("words", "npus"),
    [
        ("--npus-count=2,3", 6),
        ("--npus-count=4", 4),
        ("--npus-count=2,3 --npus=6", 6),
        ("--npus=5", 5),
    ],
)
def test_npus_are_those_said_or_those_of_the_dimensions(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, npus: int
) -> None:
    assert said(capsys, "text", "one.txt", "--output=o", *words.split())
    assert len(list(here.glob("o.*"))) == npus


@pytest.mark.parametrize(
    ("words", "micros"),
    [("one.txt", 5), ("one.txt --time-unit=us", 5), ("ns.txt --time-unit=ns", 5)],
)
def test_times_are_in_the_unit_that_is_named(
    capsys: pytest.CaptureFixture[str], words: str, micros: int
) -> None:
    said(capsys, "text", *words.split(), "--output=o", "--npus=1")
    assert load_trace("o", 1).npus[0][0].duration == micros * 1000


def test_passes_follow_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("text", "one.txt", "--output=o", "--npus=1")
    assert said(capsys, *words, "--passes=1") == said(capsys, *words)
    assert said(capsys, *words, "--passes=3") == "o.0.et: 6 nodes each\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("text --output=o", "the input is missing: name a text workload; see --help"),
        (
            "text one.txt --input=ns.txt --output=o",
            "two inputs are given, 'one.txt' and 'ns.txt'; give one",
        ),
        (
            "text one.txt",
            "--output is required: files PREFIX.<npu>.et are written; see --help",
        ),
        ("text one.txt --output=o", "--npus is required: how many NPUs there are; see --help"),
        (
            "text one.txt --output=o --npus=1 --time-unit=ms",
            "--time-unit: unknown unit 'ms'; known are us, ns",
        ),
        (
            "text one.txt --output=o --npus-count=2,",
            "--npus-count: must be whole numbers such as 4,2, not '2,'",
        ),
        (
            "text one.txt --output=o --npus-count=1234567890123456789",
            "--npus-count: must be whole numbers such as 4,2, not '1234567890123456789'",
        ),
        ("astra-sim-1 --output=o", "FILE is required: name a system or a network file; see --help"),
        ("astra-sim-1 sys.txt", "--output: is required; see --help"),
        ("astra-sim-1 sys.txt sys.txt --output=o", "sys.txt and sys.txt are of one kind; name one"),
        ("pytorch --output=o.et", "--input: one linked trace is wanted, and it is missing; see"),
        (
            "pytorch a --input=b --output=o.et",
            "--input: one linked trace is wanted, and two are given; see --help",
        ),
        ("pytorch linked.json --output=o.et --rank=-1", "--rank: must be 0 or more, not -1"),
        ("pytorch linked.json", "--output: is required; see --help"),
        ("txt", "unknown converter 'txt'; did you mean 'text'?"),
        ("flexflow a", "there is no converter 'flexflow': Chakra's own, of 2024, failed on every"),
        (
            "",
            "nothing stands where a converter is wanted, one of text, pytorch, astra-sim-1, msccl; "
            "as in: simastra convert text mlp.txt --output mlp --npus 8",
        ),
        ("--foo", "'--foo' stands where a converter is wanted, one of text, pytorch, astra-sim-1"),
    ],
)
def test_what_is_wrong_is_one_message(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, message: str
) -> None:
    before = sorted(here.iterdir())
    error = said(capsys, *words.split(), code=2)
    assert error.startswith(message)
    assert error.count("\n") == 1
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ("sys.txt", ["o.system.json: LIFO, 4 chunks a collective"]),
        ("net.json", ["o.network.yml: Ring of 4 x Switch of 2, 8 NPUs"]),
        (
            "sys.txt net.json",
            [
                "o.system.json: LIFO, 4 chunks a collective",
                "o.network.yml: Ring of 4 x Switch of 2, 8 NPUs",
            ],
        ),
    ],
)
def test_files_of_the_first_astra_sim_are_told_in_short(
    here: Path, capsys: pytest.CaptureFixture[str], files: str, lines: list[str]
) -> None:
    assert said(capsys, "astra-sim-1", *files.split(), "--output=o").splitlines() == lines
    assert {path.name for path in here.glob("o.*")} == {line.split(":")[0] for line in lines}


def test_its_warnings_are_told_and_refused_and_its_remarks_are_for_a_terminal(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = json.loads((here / "net.json").read_text())
    (here / "net.json").write_text(json.dumps({**network, "hbm-scale": [1, 1]}))
    words = ["convert", "astra-sim-1", "sys.txt", "net.json", "--output=o"]
    assert main(words) == 0
    told = capsys.readouterr().err.splitlines()
    assert any("hbm-scale" in line for line in told)
    with stderr_as_terminal() as terminal:
        assert main(words) == 0
    assert set(told) < set(terminal.shown.splitlines())
    with stderr_as_terminal() as terminal:
        assert main([*words, "--quiet"]) == 0
    assert terminal.shown == ""
    for path in here.glob("o.*"):
        path.unlink()
    capsys.readouterr()
    assert main([*words, "--strict"]) == 2
    assert capsys.readouterr().err.startswith("simastra: --strict allows no warnings; ")
    assert not list(here.glob("o.*"))


def test_a_pytorch_trace_says_what_it_comes_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "pytorch", "linked.json", "--output=o.0.et") == (
        "o.0.et: 2 COMP\n         1  a kernel runs after its launch\n"
        "  the host's nodes take 10.5 µs\n"
    )
    assert said(capsys, "pytorch", "linked.json", "--output=o.0.et", "--quiet") == ""


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ([[0, 1]], "  1 process group; --groups writes them"),
        ([[0, 1], [0, 2]], "  2 process groups; --groups writes them"),
    ],
)
def test_process_groups_are_counted(
    here: Path, capsys: pytest.CaptureFixture[str], groups: list[list[int]], line: str
) -> None:
    config = [{"pg_name": str(number), "ranks": it} for number, it in enumerate(groups, 1)]
    document = {**PYTORCH, "distributedInfo": {"rank": 0, "pg_config": config}}
    (here / "linked.json").write_text(json.dumps(document))
    words = ("pytorch", "linked.json", "--output=o.0.et")
    assert said(capsys, *words).splitlines()[-1] == line
    assert said(capsys, *words, "--groups=g.json").splitlines()[-1] == (
        line.replace("--groups writes them", "they are in g.json")
    )
    text = (here / "g.json").read_text()
    assert text == json.dumps(json.loads(text), indent=2) + "\n"


def test_a_terminal_sees_the_phases_of_a_conversion(capsys: pytest.CaptureFixture[str]) -> None:
    with stderr_as_terminal() as terminal:
        assert main(["convert", "pytorch", "linked.json", "--output=o.0.et"]) == 0
    assert "converting: nodes" in terminal.shown
    assert ERASED in terminal.getvalue()
    assert "o.0.et: 2 COMP" in capsys.readouterr().out
    with stderr_as_terminal() as terminal:
        assert main(["convert", "pytorch", "linked.json", "--output=o.0.et", "--quiet"]) == 0
    assert terminal.getvalue() == ""


def test_remarks_on_a_simai_text_are_told_without_a_terminal(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "aicb.txt").write_text(
        "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 2 ep: 1 pp: 1 vpp: 1 ga: 1 "
        "all_gpus: 4 checkpoints: 0 checkpoint_initiates: 0\n1\n"
        "layer -1 5000 ALLREDUCE 64 3000 NONE 0 2000 NONE 0 100\n"
    )
    assert main(["convert", "text", "aicb.txt", "--output=o"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("o.0.et to o.3.et: ")
    assert "is in SimAI's form" in err
    assert main(["convert", "text", "aicb.txt", "--output=o", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
