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
        ("edit x --output u", "x.0.et: there is no such file"),
        ("edit t --output u --scale 0", "--scale: must be a number above 0, such as 0.5 or 2/3"),
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
