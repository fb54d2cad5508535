"""``simastra generate transformer``: files that run, numbers for people and for programs."""

import json
import os
import pty
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from command_line import Inputs, environment, python
from test_cli_terminal import read_all

from simastra.cli import main
from simastra.trace import load_trace
from simastra.transformer import PRESETS, Family, Model, Parallelism, Training, build

SMALL = (
    "--layers=4",
    "--hidden=64",
    "--heads=8",
    "--ffn=256",
    "--vocabulary=256",
    "--sequence=32",
)
SAME = Model("model", Family.GPT, 4, 64, 8, ffn=256, vocabulary=256, sequence=32)
RINGS = {
    f"{name}_implementation": ["ring"] * 3
    for name in ("all_reduce", "all_gather", "reduce_scatter", "all_to_all")
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(*words: str) -> int:
    return main(["generate", "transformer", *words])


def test_what_is_written_is_what_python_builds(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    degrees = ("--tp=2", "--pp=2", "--dp=2", "--sequence-parallel")
    assert generate(*SMALL, *degrees, "--batch=16", "--micro-batches=4", "--output=g") == 0
    p = Parallelism(tp=2, pp=2, dp=2, sequence_parallel=True)
    made = build(SAME, p, Training(16, 4))
    assert load_trace("g", 8).npus == made.trace.npus
    assert made.comm_groups is not None
    groups = json.loads((here / "g.groups.json").read_text())
    assert groups == {group.name: list(group.members) for group in made.comm_groups.groups}
    assert json.loads((here / "g.summary.json").read_text()) == made.summary.to_dict()
    assert len(list(here.iterdir())) == 8 + 2
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == "g.0.et to g.7.et, g.groups.json, g.summary.json"


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize("dialect", ["hoti2024", "master"])
def test_a_set_for_a_networks_dimensions_runs_strictly(
    here: Path, dialect: str, backend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--tp=2", "--pp=2", "--dp=2", "--npus-count=2,2,2", "--micro-batches=2")
    assert generate(*SMALL, *words, "--peak-perf=1", "--output=g") == 0
    assert not (here / "g.groups.json").exists()
    inputs = Inputs(here, ("--workload=g", "--system=sys.json", "--network=net.yml"))
    inputs.system(**RINGS, preferred_dataset_splits=1)
    (here / "net.yml").write_text(
        "topology: [Ring, Switch, FullyConnected]\nnpus_count: [2, 2, 2]\n"
        "bandwidth: [50, 50, 50]\nlatency: [500, 500, 500]\n"
    )
    capsys.readouterr()
    process = inputs.call("run", "--strict", f"--compat={dialect}", f"--network-backend={backend}")
    assert process.returncode == 0
    assert re.fullmatch(r"simastra: metrics:\n(  .*\n)+", process.stderr)  # and no notice
    assert len(re.findall(r"sys\[\d\] finished", process.stdout)) == 8


def test_process_groups_run_in_the_dialect_that_reads_them(here: Path) -> None:
    assert generate(*SMALL, "--tp=2", "--dp=4", "--batch=8", "--output=g") == 0
    inputs = Inputs(here)
    inputs.system(**{name: ["ring"] for name in RINGS}, preferred_dataset_splits=1)
    inputs.network(8)
    groups = ("--comm-groups=g.groups.json", "--compat=master", "--strict", "--workload=g")
    process = inputs.call("run", "--system=sys.json", "--network=net.yml", *groups, inputs=False)
    assert process.returncode == 0
    assert re.fullmatch(r"simastra: metrics:\n(  .*\n)+", process.stderr)  # and no notice
    assert process.stdout.count("finished") == 8


def test_a_preset_takes_other_numbers(here: Path) -> None:
    words = ("--model=gpt3-175b", "--layers=2", "--sequence=128", "--dp=2")
    assert generate(*words, "--output=g") == 0
    summary = json.loads((here / "g.summary.json").read_text())
    h, table = 12288, PRESETS["gpt3-175b"].padded_vocabulary
    assert summary["parameters"] == 2 * (12 * h**2 + 13 * h) + (table + 128) * h + 2 * h


def test_a_layers_table_stands_in_for_the_familys_own(here: Path) -> None:
    (here / "layer.csv").write_text(
        "id,require_grads,x1,x2,op_type,op_attr,x1_shape,x1_hidden,x2_shape,x2_hidden,grad_of\n"
        'x,N,,,T,,"Batch/dp, Seq/cp/sp, Dmodel",1,,,\n'
        'w,Y,,,T,,"Dmodel, Dmodel/tp",1,,,\n'
        'v,Y,,,T,,"Dmodel/tp, Dmodel",1,,,\n'
        'h,N,x,w,M,"bsm,mn->bsn","Batch/dp, Seq/cp, Dmodel",1,,,\n'
        'y,N,h,v,M,"bsn,nm->bsm",,,,,\n'
        'z,N,y,x,A,,"Batch/dp, Seq/cp/sp, Dmodel",1,,,\n'
    )
    assert generate(*SMALL, "--tp=2", "--layer-table=layer.csv", "--output=g") == 0
    summary = json.loads((here / "g.summary.json").read_text())
    assert summary["parameters"] == 4 * 2 * 64 * 64 + (2 * 256 + 32) * 64 + 2 * 64
    products = 4 * 6 * 2 * 64 * 64 * 32 + 6 * 256 * 64 * 32
    assert summary["operations"]["matmul"] == products


def test_memory_beyond_the_capacity_is_a_warning_that_strict_refuses(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (*SMALL, "--npus-count=1", "--capacity=1MiB", "--output=g")
    assert generate(*words, "--strict") == 2
    assert not list(here.iterdir())
    assert "needs" in capsys.readouterr().err
    assert generate(*words) == 0
    assert capsys.readouterr().err.startswith("simastra: notice: model, stage 0: an NPU needs")
    assert generate(*words, "--quiet") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_inference_is_generated_too(here: Path, phase: str) -> None:
    words = (*SMALL, f"--phase={phase}", "--pp=2", "--tp=2", "--batch=4", "--output=g")
    assert generate(*words) == 0
    summary = json.loads((here / "g.summary.json").read_text())
    assert {one["purpose"] for one in summary["traffic"]} == {"activations", "pipeline"}
    assert all(one["gradients"] == 0 < one["cache"] for one in summary["memory"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model=gpt3-175b"], "--output: is required; see --help"),
        (["--output=x"], "--model: is required, one of gpt2-xl, "),
        (["--layers=2", "--output=x"], "--model: is required, one of"),
        (["--model=gpt3-175", "--output=x"], "--model: unknown model 'gpt3-175'; did you mean"),
        (["--model=bert", "--output=x"], "--model: unknown model 'bert'; known are gpt2-xl, "),
        ([*SMALL, "--tp=3", "--output=x"], "--tp: 8 heads can't be cut evenly into 3"),
        ([*SMALL, "--pp=8", "--output=x"], "--pp: 4 layers can't be cut evenly into 8"),
        ([*SMALL, "--zero=4", "--output=x"], "--zero: is 4; 0 to 3 is wanted"),
        ([*SMALL, "--schedule=1f1", "--output=x"], "--schedule: unknown schedule '1f1'; did you"),
        ([*SMALL, "--phase=train", "--output=x"], "--phase: unknown phase 'train'; did you mean"),
        (
            [*SMALL, "--phase=decode", "--recompute=full", "--output=x"],
            "--recompute: is for training; decode has no backward pass",
        ),
        ([*SMALL, "--npus-count=2", "--output=x"], "--npus-count: 2 are 2 NPUs; tp x cp x dp x"),
        ([*SMALL, "--npus-count=2x2"], "--npus-count: must be whole numbers such as 8,4, not"),
        ([*SMALL, "--order=tp-xp", "--output=x"], "--order: is tp-xp; each of tp, cp, ep, dp"),
        ([*SMALL, "--dp=0", "--output=x"], "--dp: is 0; 1 or more is wanted"),
        ([*SMALL, "--batch=0", "--output=x"], "--batch: is 0; 1 or more are wanted"),
        ([*SMALL, "--layer-table=no.csv", "--output=x"], "no.csv: file not found"),
        ([*SMALL, "--output=no/x"], "--output: there is no folder "),
        ([*SMALL, "--peak-perf=0", "--output=x"], "--peak-perf: is 0.0; 1e-06 to 1e+18 is"),
        ([*SMALL, "--bytes-of-gradients=0", "--output=x"], "--bytes-of-gradients: must be 1 or"),
        ([*SMALL, "--tensor-parallel=2", "--output=x"], "unknown option '--tensor-parallel'"),
        ([*SMALL[1:], "--layers=999999999", "--output=x"], "--layers: 1 through 999999999"),
        (["--model=gpt3-13b", "--batch=999999999999999999", "--output=x"], "x.0.et: can't be"),
    ],
)
def test_a_wrong_command_line_gets_one_message_and_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert generate(*words) == 2
    output = capsys.readouterr()
    assert output.err.startswith(f"simastra: {message}")
    assert (output.out, len(output.err.splitlines())) == ("", 1)
    assert not list(here.iterdir())


def test_a_file_that_can_not_be_written_leaves_the_others_unwritten(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "g.3.et").mkdir()
    assert generate(*SMALL, "--dp=4", "--output=g") == 2
    assert "g.3.et" in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["g.3.et"]


def test_other_kinds_of_traces_do_not_load_the_generator(here: Path) -> None:
    Inputs(here).network(2)
    code = (
        "import sys; from simastra.cli import main; "
        "main(['generate', 'memory', '--npus=1', '--output=m']); "
        "sys.exit(any(name.startswith('simastra.transformer.') for name in sys.modules))"
    )
    assert subprocess.run(python("-c", code), cwd=here, check=False).returncode == 0
    assert subprocess.run(python("-c", code), cwd=here, check=False).returncode == 0


def test_a_terminal_gets_a_bar_that_goes(here: Path) -> None:
    ours, theirs = pty.openpty()
    words = ("-m", "simastra", "generate", "transformer", *SMALL, "--dp=16", "--output=g")
    with subprocess.Popen(
        python(*words),
        cwd=here,
        env=environment({"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
        assert process.stdout is not None
        assert process.stdout.read().startswith("g.0.et to g.15.et, ")
        assert process.wait(timeout=120) == 0
    assert "writing" in shown
    assert "16/16" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the line is erased


@pytest.mark.parametrize(
    ("words", "prefix", "machine"),
    [
        (("--tp=2", "--dp=4", "--batch=8"), "my g", "@hgx-h100:8"),
        (("--tp=2", "--dp=2", "--batch=8"), "g", "@hgx-h100:4"),
        (("--tp=2", "--dp=8", "--batch=8"), "out/it's", "@hgx-h100:8x2"),
        (("--tp=2", "--dp=6", "--batch=6"), "g", "@demo:12"),
        (("--tp=8", "--dp=2", "--npus-count=8,2", "--batch=4"), "g", "@hgx-h100:8x2"),
    ],
)
def test_the_command_that_is_printed_runs(
    words: tuple[str, ...],
    prefix: str,
    machine: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (here / "out").mkdir()
    assert generate(*SMALL, *words, f"--output={prefix}") == 0
    line = capsys.readouterr().out.splitlines()[-1]
    program, *command = shlex.split(line.removeprefix("next: "))
    assert (program, command[-1]) == ("simastra", machine)
    assert command[1:3] == ["--workload", prefix]
    assert main([*command, "--strict"]) == 0
    assert "finished" in capsys.readouterr().out


def test_a_network_that_no_machine_has_is_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--tp=2", "--pp=2", "--dp=2", "--npus-count=2,2,2", "--output=g")
    assert generate(*SMALL, *words) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "next: simastra run --workload g --compat master --system FILE --network FILE "
        "(npus_count: [2, 2, 2])"
    )
