"""``--calibration`` on the command line: no system file, bands, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Inputs
from support.calibrations import MADE_UP, made_up

from simastra import MiB, TraceBuilder
from simastra.metrics import Band
from simastra.report.result_files import read_result_file
from simastra.trace import CollectiveType

CALIBRATED = ("--workload=wl", "--network=net.yml", "--calibration=made-up.json")


@pytest.fixture
def calibrated(ring: Inputs) -> Inputs:
    """The same without a system file, and with a calibration."""
    (ring.folder / "made-up.json").write_bytes(MADE_UP.read_bytes())
    return Inputs(ring.folder, CALIBRATED)


def priced() -> tuple[int, int, int]:
    it = made_up().collective(CollectiveType.ALL_REDUCE, MiB, 8)
    return it.low, it.mid, it.high


def test_run_needs_no_system_and_prints_a_band(calibrated: Inputs) -> None:
    done = calibrated.call("run")
    low, mid, high = priced()
    assert done.returncode == 0, done.stderr
    *lines, band = done.stdout.splitlines()
    assert lines == [f"sys[{npu}] finished, {mid} cycles" for npu in range(8)]
    assert (
        band
        == f"makespan {low:,} \u2013 {mid:,} \u2013 {high:,} ns (low, expected, high; 90 % band)"
    )


def test_json_has_the_band_the_calibration_and_the_backend(calibrated: Inputs) -> None:
    assert calibrated.call("run", "--json=out.json").returncode == 0
    document = json.loads((calibrated.folder / "out.json").read_text())
    low, mid, high = priced()
    assert document["band"] == {"low": low, "mid": mid, "high": high}
    assert document["makespan"] == mid
    assert document["inputs"]["calibration"] == "made-up.json"
    assert document["inputs"]["system"] is None
    assert document["options"]["network-backend"] == "calibrated"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--calibration=nosuch",), "nosuch"),
        (("--calibration=none.json",), "none.json"),
        (("--network-backend=fluid",), "leave it out, or say calibrated"),
        (("--json=made-up.json",), "made-up.json"),
    ],
)
def test_what_is_wrong_is_one_message(
    calibrated: Inputs, words: tuple[str, ...], told: str
) -> None:
    done = calibrated.call("run", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert (calibrated.folder / "made-up.json").read_bytes() == MADE_UP.read_bytes()


def test_the_backend_alone_says_how_to_get_a_calibration(ring: Inputs) -> None:
    done = ring.call("run", "--network-backend=calibrated")
    assert done.returncode == 2
    assert "--calibration FILE" in done.stderr
    assert "simastra calibrate" in done.stderr


def test_without_a_calibration_the_system_is_missing(calibrated: Inputs) -> None:
    bare = Inputs(calibrated.folder, CALIBRATED[:2])
    done = bare.call("run")
    assert done.returncode == 2
    assert "--system is required" in done.stderr


def test_members_that_disagree_end_with_a_message_that_names_both(calibrated: Inputs) -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(8)]
    for npu, builder in enumerate(builders):
        builder.all_reduce(f"of {npu}", size=MiB + (npu == 5))
    write(calibrated.folder, builders)
    done = calibrated.call("run")
    assert done.returncode == 2
    assert "NPU 5's node 1 ('of 5')" in done.stderr
    assert "NPU 0's node 1 ('of 0')" in done.stderr


def test_one_that_never_comes_is_a_deadlock(calibrated: Inputs) -> None:
    builders = [TraceBuilder(npu=npu) for npu in range(8)]
    for builder in builders[:7]:
        builder.all_reduce("gradients", size=MiB)
    builders[7].compute("alone", micros=1)
    write(calibrated.folder, builders)
    done = calibrated.call("run")
    assert done.returncode == 3
    assert "NPU 7" in done.stderr
    assert "ALL_REDUCE" in done.stderr


def write(folder: Path, builders: list[TraceBuilder]) -> None:
    for builder in builders:
        builder.write(folder / "wl")


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("report", "--output=page.html"),
        ("debug", "-c", "step 9", "-c", "npu 0", "-c", "why 0", "-c", "back 3", "-c", "where"),
        ("run", "--explain", "--statistics", "--timeline=t.json.gz"),
        ("run", "--check"),
        ("diff", "--calibration-b=h100"),
    ],
    ids=lambda it: it[0],
)
def test_every_verb_that_simulates_takes_one(calibrated: Inputs, words: tuple[str, ...]) -> None:
    done = calibrated.call(*words)
    assert done.returncode == 0, done.stderr


def test_the_page_and_a_result_that_is_read_again_have_the_band(calibrated: Inputs) -> None:
    assert calibrated.call("report", "--output=page.html").returncode == 0
    assert "90 % band" in (calibrated.folder / "page.html").read_text("utf-8")
    assert calibrated.call("run", "--explain", "--json=out.json").returncode == 0
    low, mid, high = priced()
    read = read_result_file(str(calibrated.folder / "out.json")).result
    assert read.band == Band(low, mid, high)
