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
    (mfu,) = map(float, re.findall(r"MFU +([\d.]+)%", told.err))
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
