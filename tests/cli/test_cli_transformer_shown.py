"""What ``simastra generate transformer`` shows of what it made, letter by letter."""

import json
from pathlib import Path

import pytest

from simastra.cli import main

TINY = "--layers=1 --hidden=8 --heads=2 --ffn=8 --vocabulary=8 --sequence=8"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], words: str) -> list[str]:
    assert main(["generate", "transformer", *words.split(), "--output=t"]) == 0
    *lines, blank, last = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert (blank, last[:36]) == ("", "next: simastra run --workload t --co")
    return lines


def test_stages_that_send_and_shards_that_reduce(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--layers=2 --hidden=64 --heads=8 --ffn=256 --vocabulary=256 --sequence=32"
    assert shown(capsys, f"{words} --tp=2 --dp=2 --pp=2") == [
        "t.0.et to t.7.et, t.groups.json, t.summary.json",
        "model                    all NPUs",
        "parameters                 134912",
        "NPUs                            8",
        "ET nodes                      728",
        "tokens of the step            128",
        "operations of the model    94.6 M",
        "operations: matmul        88.31 M",
        "operations: attention     6.291 M",
        "operations: elementwise   3.457 M",
        "operations: optimizer     3.309 M",
        "ideal pipeline bubble      33.3 %",
        "",
        "purpose      collective  axes  group  count  comm_size/NPU   sent/NPU",
        "activations  ALL_REDUCE  tp        2     44      40.38 KiB  40.38 KiB",
        "pipeline     SEND        pp        2     16          8 KiB      8 KiB",
        "gradients    ALL_REDUCE  edp       2      8      67.31 KiB  67.31 KiB",
        "",
        "stage    weights  gradients   optimizer  activations  cache       total",
        "0      69.19 KiB  69.19 KiB  415.12 KiB    88.25 KiB    0 B  641.75 KiB",
        "1      65.44 KiB  65.44 KiB  392.62 KiB    56.38 KiB    0 B  579.88 KiB",
    ]


def test_large_numbers_have_letters(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--layers=1 --hidden=16384 --heads=128 --ffn=65536 --vocabulary=50257 --sequence=2048"
    lines = shown(capsys, f"{words} --batch=512")
    assert lines[2:11] == [
        "parameters                4.903 G",
        "NPUs                            1",
        "ET nodes                       45",
        "tokens of the step        1048576",
        "operations of the model   25.87 P",
        "operations: matmul        25.45 P",
        "operations: attention     422.2 T",
        "operations: elementwise   2.946 T",
        "operations: optimizer     58.84 G",
    ]
    assert lines[-1] == ("0      9.13 GiB   9.13 GiB   54.8 GiB   706.27 GiB    0 B  779.33 GiB")


def test_with_a_capacity_each_stages_part_of_it_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = shown(capsys, f"{TINY} --phase=decode --capacity=16KiB")
    assert lines[-2].endswith("     total  of 16 KiB")
    assert lines[-1].endswith("  7.47 KiB     46.7 %")


def test_inference_has_neither_gradients_nor_an_optimizer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shown(capsys, f"{TINY} --phase=decode") == [
        "t.0.et, t.groups.json, t.summary.json",
        "model                    all NPUs",
        "parameters                   2592",
        "NPUs                            1",
        "ET nodes                       15",
        "tokens of the step              1",
        "operations of the model      3104",
        "operations: matmul           2848",
        "operations: attention         256",
        "operations: elementwise       280",
        "ideal pipeline bubble       0.0 %",
        "",
        "stage   weights  gradients  optimizer  activations  cache     total",
        "0      4.95 KiB        0 B        0 B     2.27 KiB  256 B  7.47 KiB",
    ]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("--dp=2 --pp=1", "--micro-batches=1 --batch=2"),
        ("--dp=2 --micro-batches=3", "--batch=6"),
        (
            "",
            "--tp=1 --pp=1 --dp=1 --cp=1 --ep=1 --zero=0 --context=gather --schedule=1f1b "
            "--chunks=1 --order=tp-cp-ep-dp-pp --phase=training --recompute=none --family=gpt",
        ),
        (
            "",
            "--bytes-of-parameters=2 --bytes-of-gradients=2 --bytes-of-optimizer=12 "
            "--bytes-of-activations=2",
        ),
        ("--order=TP,CP,EP,DP,PP", "--order=tp-cp-ep-dp-pp"),
        ("--phase=TRAINING --recompute=None", "--phase=training"),
        (
            "--layers=8 --pp=2 --schedule=interleaved",
            "--layers=8 --pp=2 --schedule=interleaved --chunks=2",
        ),
    ],
)
def test_what_is_left_out_has_its_default(
    here: Path, left_out: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = TINY if "--layers" not in left_out else TINY.replace("--layers=1 ", "")
    one = shown(capsys, f"{words} {left_out}")
    files = {path.name: path.read_bytes() for path in here.iterdir()}
    if "--dp" in left_out or "--layers" in left_out:
        said = f"{said} {left_out}"
    assert shown(capsys, f"{words} {said}") == one
    assert {path.name: path.read_bytes() for path in here.iterdir()} == files


@pytest.mark.parametrize("part", ["parameters", "gradients", "optimizer", "activations"])
def test_bytes_of_a_part_are_those_of_its_memory(
    here: Path, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    column = {"parameters": "weights"}.get(part, part)
    sizes = []
    for size in (4, 8):
        shown(capsys, f"{TINY} --bytes-of-{part}={size}")
        (stage,) = json.loads((here / "t.summary.json").read_text())["memory"]
        sizes.append(stage[column])
    assert sizes[0] < sizes[1] <= 2 * sizes[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "--layers=1 --hidden=8 --heads=2 --ffn=8 --vocabulary=8",
            "or all the numbers of a model: --sequence is missing",
        ),
        (
            "--layers=1 --hidden=8 --heads=2 --ffn=8",
            "or all the numbers of a model: --vocabulary, --sequence are missing",
        ),
        ("--model=gpt3", "unknown model 'gpt3'; did you mean 'gpt3-13b'? Known are gpt2-xl, gpt3"),
        ("--model=zzz", "--model: unknown model 'zzz'; known are gpt2-xl, gpt3-6.7b, gpt3-13b"),
        (f"{TINY} --zero=4", "--zero: is 4; 0 to 3 is wanted"),
        (f"{TINY} --zero=-1", "--zero: is -1; 0 to 3 is wanted"),
        (f"{TINY} --npus-count=0", "--npus-count: must be whole numbers such as 8,4, not '0'"),
        (
            f"{TINY} --npus-count=1234567890",
            "--npus-count: must be whole numbers such as 8,4, not '1234567890'",
        ),
    ],
)
def test_what_is_wrong_is_one_message(
    here: Path, words: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", "transformer", *words.split(), "--output=t"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert err.count("nown are") <= 1
    assert not list(here.iterdir())


def test_a_model_with_experts_is_llamas(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = shown(capsys, f"{TINY} --experts=4 --top-k=1")
    assert shown(capsys, f"{TINY} --experts=4 --top-k=1 --family=llama") == one
    assert shown(capsys, f"{TINY} --family=gpt") == shown(capsys, TINY)
    words = ["generate", "transformer", *TINY.split(), "--experts=4", "--top-k=1", "--family=gpt"]
    assert main([*words, "--output=t"]) == 2
    assert capsys.readouterr().err == (
        "simastra: --experts: are for the family llama; leave them out\n"
    )


LARGE = f"{TINY} --hidden=65536 --dp=8"


def test_what_the_machine_that_is_named_has_no_room_for_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["generate", "transformer", *LARGE.split(), "--output=t"]) == 0
    *_, command, said = capsys.readouterr().out.splitlines()
    assert command.endswith("--network @hgx-h100:8")
    needed = said.removeprefix("but stage 0 needs ").partition(" GiB, and an NPU of @hgx-h100")[0]
    assert float(needed) > 74.51
    assert said.endswith("has 74.51 GiB: raise --tp, --pp or --zero, or --recompute full")


@pytest.mark.parametrize("words", [TINY, f"{LARGE} --capacity=1TB"])
def test_nothing_is_told_of_what_has_room(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "transformer", *words.split(), "--output=t"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("next: ")
