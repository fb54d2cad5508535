"""``simastra edit`` and ``--replicate``, as a user meets them."""

import json
from pathlib import Path

import pytest

from simastra import TraceBuilder
from simastra.cli import main
from simastra.trace import load_trace


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a trace of two NPUs, and one of messages."""
    monkeypatch.chdir(tmp_path)
    step = TraceBuilder()
    forward = step.compute("attention", micros=10)
    other = step.compute("mlp", micros=10, after=forward)
    step.all_reduce("gradients", size=2**20, group=1, after=other)
    step.write("t", 2)
    (tmp_path / "t.groups.json").write_text('{"1": [0, 1]}\n')
    message = TraceBuilder(0)
    message.send("to 1", size=1, to=1)
    message.write("m")
    return tmp_path


def durations(prefix: str, npu: int = 0) -> list[int]:
    return [it.exact_duration for it in load_trace(prefix, npu + 1).npus[npu]]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


def error_of(capsys: pytest.CaptureFixture[str], words: str) -> str:
    assert main(words.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.removeprefix("simastra: ").rstrip("\n")


def test_edits_are_done_in_turn_each_where_it_is_narrowed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = "edit t --output u --on name=att --on npu=1 --scale 0.5 --scale 3"
    assert told(capsys, *words.split()) == (
        "u.0.et to u.1.et, u.groups.json\n"
        "  scale duration=0.5 of name=att, npus=1\n"
        "  scale duration=3\n"
    )
    assert durations("u") == [30_000, 30_000, 0]
    assert durations("u", 1) == [15_000, 30_000, 0]
    assert json.loads(Path("u.groups.json").read_text()) == {"1": [0, 1]}


def test_nothing_to_do_gives_the_same_files(here: Path) -> None:
    assert main(["edit", "t", "--output", "u", "--scale", "1", "--quiet"]) == 0
    for name in ("0.et", "1.et", "groups.json"):
        assert (here / f"u.{name}").read_bytes() == (here / f"t.{name}").read_bytes()


def test_an_edit_without_effect_is_told_and_strictly_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["edit", "t", "--output", "u", "--on", "purpose=forward", "--scale", "2"]
    assert main(words) == 0
    assert "--scale: nothing changes of purposes=forward" in capsys.readouterr().err
    (here / "u.0.et").unlink()
    assert main([*words, "--strict"]) == 2
    assert not (here / "u.0.et").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("edit t", "--output: is required; see --help"),
        ("edit --output u", "PREFIX is required; see --help"),
        ("edit t --output t", "--output: t.0.et is an input; name another prefix"),
        ("edit x --output u", "x.0.et: the file does not exist"),
        ("edit t --output u --scale 0", "--scale: must be a number above 0, from 1e-12"),
        ("edit t --output u --scale 1e400", "--scale: must be a number above 0, from 1e-12"),
        ("edit t --output u --repeat 999999999", "--repeat: makes 2 files of about 2,999,999,997"),
        ("edit t --output u --replicate 99999999", "--replicate: makes 99,999,999 files of about"),
        ("edit t --output u --resize dp=99999999", "--resize: makes 99,999,998 files of about 3"),
        ("edit t --output u --scale comm_size=1024 --bucket 1", "--bucket: makes 2 files of about"),
        ("edit t --output u --place 0,99999999", "--place: makes 100,000,000 files of about 3"),
        ("edit t --output u --place 0-99999999", "--place: has '0-99999999'; at most 1,000,000"),
        ("edit t --output u --scale size=2", "--scale: unknown quantity 'size'"),
        ("edit t --output u --on nam=x --scale 2", "--on: unknown property 'nam'; did you mean"),
        ("edit t --output u --on name= --scale 2", "--on: needs a value behind name="),
        ("edit t --output u --on name=( --scale 2", "--on: '(' is no regular expression"),
        ("edit t --output u --on type=COM --scale 2", "--on: unknown type of node 'COM'"),
        ("edit t --output u --on npu=3-1 --scale 2", "--on: has '3-1', in which there is no NPU"),
        ("edit t --output u --on npu=x --scale 2", "--on: must be NPUs such as 0-3,8 or 0-15:4"),
        (
            "edit t --output u --on npu=1 --on npu=0 --scale 2",
            "--on: npus is narrowed twice; give all its values in one",
        ),
        ("edit t --output u --scale 2 --on npu=1", "--on: narrows the edit behind it, and there"),
        ("edit t --output u --on npu=1 --replicate 2", "--replicate: is for the whole trace"),
        ("edit t --output u --precision bf16", "--precision: must be two names such as bf16:fp8"),
        ("edit t --output u --precision bf16:x", "precision: unknown number format 'x'"),
        ("edit t --output u --drop", "--drop: needs --on before it"),
        ("edit t --output u --bucket 0", "bucket: the size is 0; 1 byte or more"),
        ("edit t --output u --scale comm_size=1024 --bucket 0", "bucket: the size is 0; 1 byte"),
        ("edit t --output u --repeat 0", "repeat: is to be done 0 times"),
        ("edit t --output u --overlap maybe", "--overlap: must be on or off, not 'maybe'"),
        ("edit t --output u --swap ALL_REDUCE", "--swap: must be such as ALL_REDUCE=REDUCE"),
        ("edit t --output u --swap ALL_REDUCE=BARRIER", "swap: BARRIER has no size that others"),
        ("edit t --output u --batch 2", "batch: no node says what it is for"),
        ("edit t --output u --resize dp", "--resize: must be a degree such as dp=8"),
        ("edit t --output u --resize dp=2:tp=2", "--resize: must list each degree once"),
        ("edit t --output u --resize dp=2:tp=2,dp=2", "--resize: 2 x 2 aren't the 2 NPUs"),
        ("edit t --output u --resize tp=2", "--resize: tp can't be changed: how layers are cut"),
        ("edit t --output u --merge t", "--merge: must be PREFIX@NPUS such as b@4-7"),
        ("edit t --output u --merge x@2-3", "--merge: there is no x.0.et"),
        ("edit t --output u --merge t@2", "job 't#0': its trace has 2 NPUs, and its placement 1"),
        ("edit m --output t --merge t@2-3", "--output: t.0.et is an input; name another prefix"),
        ("edit t --output u --place 3", "job 'trace': its trace has 2 NPUs, and its placement 1"),
        ("edit t --output u --retime x.json y.json", "x.json: "),
        ("edit t --output u --retime a100 nothing", "nothing: unknown calibration 'nothing'"),
        ("edit t --output u --retime @demo @demo", "--retime: @demo has no peak-perf"),
        (
            "edit t --output u --retime a100 h100",
            "--retime: no selected computation has both a duration and num_ops",
        ),
        (
            "edit t --output u --on name=mlp --insert-after COMP:x",
            "--insert-after: must be such as COMP:NAME:50us",
        ),
        (
            "edit t --output u --on npu=0 --on name=gradients --drop",
            "drop: ALL_REDUCE of 2 NPUs: fewer are selected on NPU 1",
        ),
        ("edit m --output u --replicate 2", "m.0.et, node 1: 'to 1' is a COMM_SEND, which names"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    words: str, problem: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = error_of(capsys, words)
    assert said.startswith(problem)
    assert "\n" not in said
    assert not list(here.glob("u*"))


@pytest.mark.parametrize(
    ("words", "names", "log"),
    [
        ("--on name=mlp --drop", ["attention", "gradients"], "drop of name=mlp"),
        (
            "--on name=mlp --insert-before COMP:wait:5us",
            ["attention", "wait", "mlp", "gradients"],
            "insert wait (COMP) before each of name=mlp",
        ),
        (
            "--on name=gradients --insert-after BARRIER:b:0",
            ["attention", "mlp", "gradients", "b"],
            "insert b (COMM_COLL) after each of name=gradients",
        ),
        (
            "--swap all_reduce=reduce_scatter+all_gather",
            ["attention", "mlp", "gradients.reduce_scatter", "gradients.all_gather"],
            "swap ALL_REDUCE=REDUCE_SCATTER+ALL_GATHER",
        ),
        (
            "--bucket 512KiB",
            ["attention", "mlp", "gradients.1", "gradients.2"],
            "bucket 524288",
        ),
        ("--repeat 2", ["attention", "mlp", "gradients"] * 2, "repeat 2"),
        ("--resize dp=4:dp=2", ["attention", "mlp", "gradients"], "resize 2 replicas to 4"),
        ("--resize dp=4", ["attention", "mlp", "gradients"], "resize 2 replicas to 4"),
        ("--place 2,1", ["attention", "mlp", "gradients"], "place on NPUs 2, 1"),
        ("--merge t@2,3", ["attention", "mlp", "gradients"], "merge t on NPUs 2, 3"),
        ("--overlap off", ["attention", "mlp", "gradients"], "overlap off"),
    ],
)
def test_each_edit_is_written_with_what_was_done(
    words: str, names: list[str], log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, *f"edit t --output u {words}".split())
    assert out.splitlines()[1:] == [f"  {log}"]
    npus = 1 + int(out.splitlines()[0].split("u.")[2].split(".")[0])
    trace = load_trace("u", npus)
    assert [it.name for it in trace.npus[1]] == names
    groups = json.loads(Path("u.groups.json").read_text())
    used = {it.pg_name for npu in trace.npus for it in npu if it.pg_name}
    assert used <= set(groups)


def test_durations_of_another_machine_are_in_proportion_to_rooflines(here: Path) -> None:
    for name, peak in (("old", 100), ("new", 400)):
        keys = {"peak-perf": peak, "local-mem-bw": 100, "preferred-dataset-splits": 1}
        (here / f"{name}.json").write_text(json.dumps(keys))
    step = TraceBuilder()
    step.compute("matrix", micros=8, num_ops=10**12, tensor_size=10**6)
    step.compute("vector", micros=8, num_ops=10**6, tensor_size=10**6)
    step.write("c", 1)
    assert main(["edit", "c", "--output", "u", "--retime", "old.json", "new.json", "--quiet"]) == 0
    assert durations("u") == [2000, 8000]
    assert main(["edit", "c", "--output", "v", "--retime", "a100", "h100", "--quiet"]) == 0
    assert all(it < 8000 for it in durations("v"))


MACHINE = "--system @demo --network @demo:4"


def test_one_trace_may_be_every_npus(capsys: pytest.CaptureFixture[str]) -> None:
    step = TraceBuilder()
    step.all_reduce("gradients", size=2**20)
    step.write("all", 4)
    step.write("one", 1)
    wanted = told(capsys, *f"run --workload all {MACHINE} --quiet".split())
    for prefix in ("one", "one.0.et"):
        words = f"run --workload {prefix} --replicate 4 {MACHINE} --quiet".split()
        assert told(capsys, *words) == wanted
    assert "for 3 NPUs, and the network has 4; give --replicate 4" in error_of(
        capsys, f"run --workload one --replicate 3 {MACHINE}"
    )
    assert "m.0.et, node 1: 'to 1' is a COMM_SEND" in error_of(
        capsys, f"run --workload m --replicate 4 {MACHINE}"
    )
    assert main(f"run --workload one --replicate 4 {MACHINE} --quiet --json r.json".split()) == 0
    assert json.loads(Path("r.json").read_text())["inputs"]["replicate"] == "4"


def test_replicated_groups_are_of_all_npus_or_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", "t", "--output", "u", "--replicate", "4", "--quiet"]) == 0
    assert json.loads(Path("u.groups.json").read_text()) == {"1": [0, 1, 2, 3]}
    words = "run --workload u --comm-groups u.groups.json --system @demo --network @demo:4 --quiet"
    assert main(words.split()) == 0
    assert main(["edit", "t", "--output", "v", "--place", "0,2", "--quiet"]) == 0
    capsys.readouterr()
    assert "'gradients' is in process group 1, which isn't of all NPUs" in error_of(
        capsys, "edit v --output w --replicate 4"
    )
    assert not list(here.glob("w*"))


def test_inspect_says_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "t", "--output", "u", "--scale", "2", "--repeat", "2", "--quiet"]) == 0
    capsys.readouterr()
    lines = told(capsys, "inspect", "u").splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("u.0.et")][2:] == [
        "scale duration=2",
        "repeat 2",
    ]
    parts = json.loads(told(capsys, "inspect", "u", "--json"))["parts"]
    assert [it["edits"] for it in parts] == [["scale duration=2", "repeat 2"]]
    assert "edit" not in told(capsys, "inspect", "t")


def test_what_a_usual_run_passes_over_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "t", "--output", "u", "--scale", "1/16", "--overlap", "off"]) == 0
    assert "durations: 2 nodes take parts of a microsecond" in capsys.readouterr().err
    step = TraceBuilder()
    step.compute("c", micros=2, after=step.all_reduce("r", size=8))
    step.compute("d", micros=2)
    step.write("p", 2)
    assert main(["edit", "p", "--output", "q", "--overlap", "off"]) == 0
    err = capsys.readouterr().err
    assert "--overlap: the trace is read as ASTRA-sim's hoti2024 does, which passes over" in err
    assert main(["edit", "t", "--output", "u", "--scale", "0.5", "--overlap", "off"]) == 0
    assert not capsys.readouterr().err
