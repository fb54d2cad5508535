"""From nothing to what a transformer's step is worth: the printed commands, as they are printed."""

import re
import shlex
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.machines import machine

GENERATE = (
    "generate transformer --model llama2-70b --layers 4 --tp 8 --pp 2 --dp 1 --sequence-parallel "
    "--micro-batches 4 --output llama"
)


def test_a_generated_transformer_runs_on_a_machine_as_printed_and_has_its_worth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(GENERATE)) == 0
    (printed,) = re.findall(r"^next: simastra (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert "--system @hgx-h100 --network @hgx-h100:8x2" in printed
    assert main(shlex.split(printed)) == 0
    told = capsys.readouterr()
    assert told.out.count(" finished, ") == 16
    achieved, peak = map(
        float, re.findall(r"model FLOPs +([\d.]+) of ([\d.]+) TFLOP/s", told.err)[0]
    )
    (mfu,) = map(float, re.findall(r"MFU +([\d.]+) %", told.err))
    assert peak == 989.4
    assert 0 < achieved < peak
    assert mfu == pytest.approx(100 * achieved / peak, abs=0.06)
    (used, capacity) = map(
        float, re.findall(r"peak memory +([\d.]+) GiB of ([\d.]+) GiB", told.err)[0]
    )
    held = machine("hgx-h100").memory_capacity
    assert held is not None
    assert capacity == pytest.approx(held / 2**30, abs=0.01)
    assert 0 < used < capacity


SMALL = "generate transformer --model llama2-70b --layers 2 --tp 8 --pp 2 --output x --machine "


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ("dgx-a100", "--system @dgx-a100 --network @dgx-a100:8x2"),
        ("@dgx-a100:8x2", "--system @dgx-a100 --network @dgx-a100:8x2"),
        ("gb200-nvl72", "--system @gb200-nvl72 --network @gb200-nvl72:16"),
        ("dgx-a100 --npus-count 8,2", "--compat master --system @dgx-a100 --network @dgx-a100:8x2"),
    ],
)
def test_a_machine_that_is_asked_for_is_in_the_next_command(
    asked: str,
    taken: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(SMALL + asked)) == 0
    assert capsys.readouterr().out.endswith(f" {taken}\n")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("dgx-a100:8x4", "--machine: @dgx-a100:8x4 is 8x4 NPUs; the traces are for 16"),
        ("dgx-a100:8x2 --npus-count 4,4", "is 8x2 NPUs; the traces are for 4x4"),
        ("dgx-a10", "--machine: unknown machine 'dgx-a10'; did you mean 'dgx-a100'?"),
        ("tpu-v4", "--machine: @tpu-v4:16 has 1 of 3 dimensions; shapes are NxMxL"),
    ],
)
def test_a_machine_of_other_npus_is_refused_before_anything_is_written(
    asked: str,
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(SMALL + asked)) == 2
    assert problem in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_memory_of_the_machine_is_what_a_transformer_must_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    large = SMALL.replace("--layers 2", "--layers 4 --bytes-of-optimizer 400")
    assert main(shlex.split(large + "dgx-a100")) == 0
    assert "of local memory, and has 74.5 GiB" in capsys.readouterr().err
    assert main(shlex.split(large + "dgx-a100 --capacity 1TB")) == 0
    assert "of local memory" not in capsys.readouterr().err


def test_a_machine_without_its_at_sign_is_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split("run --workload x --system @demo --network hgx-h100:8x4")) == 2
    told = "hgx-h100:8x4: file not found; the machine is @hgx-h100:8x4"
    assert told in capsys.readouterr().err
    assert main(shlex.split("run --workload x --system hgx-h100 --network @hgx-h100")) == 2
    assert "hgx-h100: file not found; the machine is @hgx-h100" in capsys.readouterr().err
