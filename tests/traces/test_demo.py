"""The demos, as ``make demo`` runs them: scripts, traces, command line."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.demos import TRACES, shown_by_demos

DEMOS = ("demo1_allreduce", "demo1_three_nodes")
# Ours: ASTRA-sim's tools can't convert a recording with gloo.
RECORDED_FINISHES = (("0", "1278686060"), ("1", "1284098875"))


def run_python(*words: str, cwd: Path) -> str:
    """What this Python prints when it is run with these arguments; it must end well."""
    done = subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def simulate(folder: Path, trace: str) -> list[tuple[int, int]]:
    """NPU and cycles of each finish line, in their order."""
    output = run_python(
        "-m",
        "simastra",
        "run",
        f"--workload-configuration={trace}",
        "--system-configuration=system.json",
        "--network-configuration=network.yml",
        "--remote-memory-configuration=memory.json",
        cwd=folder,
    )
    lines = [re.fullmatch(r"sys\[(\d)\] finished, (\d+) cycles", s) for s in output.splitlines()]
    return [(int(line[1]), int(line[2])) for line in lines if line]


def ets(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.et")}


@pytest.fixture(scope="module")
def slowed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is shown where two machines are slower than those of the demos."""
    folder = tmp_path_factory.mktemp("slowed")
    shutil.copytree(TRACES, folder / "traces")
    for name, here, there in (
        ("demo1_allreduce/system.json", '"endpoint-delay": 10', '"endpoint-delay": 11'),
        ("demo3_resnet/network.yml", "bandwidth: [ 1.8 ]", "bandwidth: [ 0.1 ]"),
    ):
        path = folder / "traces" / name
        path.write_text(path.read_text().replace(here, there))
    words = [sys.executable, "traces/demo.py"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    return done.stdout


def test_an_all_reduce_among_eight_takes_117780_cycles() -> None:
    finishes = simulate(TRACES / "demo1_allreduce", "allreduce")
    assert finishes == [(npu, 117780) for npu in range(8)]


def test_three_nodes_take_405520_cycles_and_the_upper_half_is_first() -> None:
    finishes = simulate(TRACES / "demo1_three_nodes", "three_nodes")
    assert finishes == [(npu, 405520) for npu in (4, 5, 6, 7, 0, 1, 2, 3)]


@pytest.mark.parametrize("demo", DEMOS)
def test_the_script_makes_the_committed_trace_byte_for_byte(demo: str, tmp_path: Path) -> None:
    shutil.copy(TRACES / demo / "make_trace.py", tmp_path)
    printed = run_python("make_trace.py", cwd=tmp_path)
    made = ets(tmp_path)
    assert made == ets(TRACES / demo)
    assert len(made) == 8
    assert printed.split() == sorted(made)


@pytest.mark.parametrize("dialect", ["hoti2024", "simastra"])
def test_the_text_makes_the_committed_trace_byte_for_byte(dialect: str, tmp_path: Path) -> None:
    shutil.copy(TRACES / "demo2_text_mlp" / "mlp.txt", tmp_path)
    words = ("convert", "text", "mlp.txt", f"--output=mlp_{dialect}", f"--dialect={dialect}")
    run_python("-m", "simastra", *words, "--npus=8", cwd=tmp_path)
    committed = ets(TRACES / "demo2_text_mlp")
    assert ets(tmp_path) == {
        name: content for name, content in committed.items() if name.startswith(f"mlp_{dialect}.")
    }
    assert len(ets(tmp_path)) == 8


def test_a_converted_text_loses_its_collectives_in_one_dialect_and_says_so() -> None:
    folder = TRACES / "demo2_text_mlp"
    assert simulate(folder, "mlp_hoti2024") == [(npu, 195206000) for npu in range(8)]
    assert simulate(folder, "mlp_simastra") == [(npu, 195350188) for npu in range(8)]
    for trace, dropped in (("mlp_hoti2024", True), ("mlp_simastra", False)):
        words = ("run", f"--workload={trace}", "--system=system.json", "--network=network.yml")
        done = subprocess.run(
            [sys.executable, "-m", "simastra", *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("nothing is sent" in done.stderr) == dropped


def test_the_demo_shows_all_parts_and_is_content(tmp_path_factory: pytest.TempPathFactory) -> None:
    shown = shown_by_demos(tmp_path_factory)
    assert re.findall(r"sys\[(\d)\] finished, (\d+)", shown) == [
        *((str(npu), "117780") for npu in (0, 1, 2, 3, 4, 5, 6, 7)),
        *((str(npu), "405520") for npu in (4, 5, 6, 7, 0, 1, 2, 3)),
        *((str(npu), "195206000") for npu in (0, 1, 2, 3, 4, 5, 6, 7)),
        *((str(npu), "195350188") for npu in (0, 1, 2, 3, 4, 5, 6, 7)),
        *RECORDED_FINISHES,
    ]
    assert shown.count("as expected (") == 5


def test_a_recording_is_set_beside_what_was_measured(slowed: str) -> None:
    (row,) = re.findall(r"^NPU 0 +([\d.]+) ms +([\d.]+) ms +([+-][\d.]+) %$", slowed, re.M)
    measured, simulated, change = map(float, row)
    assert measured == 1285.946  # between the profiler's marks, in the device trace of rank 0
    assert simulated > 1400  # a network so slow would have delayed the recorded steps
    assert change == pytest.approx((simulated / measured - 1) * 100, abs=0.01)
    assert "WRONG (NPU 0 1278686060 cycles, NPU 1 1284098875 cycles)" in slowed


def test_the_demo_fails_where_the_cycles_are_others(slowed: str) -> None:
    assert "WRONG (117780 cycles" in slowed
    assert "as expected (405520 cycles" in slowed
