"""``simastra run``: what its options add, letter by letter; what is said of a wrong shortcut."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs, finish_lines
from terminal_seen import stderr_as_terminal

from simastra import NetworkConfig, Simulation, SystemConfig, TraceBuilder
from simastra.cli import ExitCode, main
from simastra.cli.verbs.run.check_shortcuts import check_shortcuts
from simastra.result import NpuFinish
from simastra.simulation import Options

WORDS = ("--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[str]:
    """What `run` says on stderr."""
    assert main(["run", *WORDS, *words]) == code
    return [line.removeprefix("simastra: ") for line in capsys.readouterr().err.splitlines()]


def test_statistics_tell_each_npus_time(ring: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    ring.network(2)
    for npu in range(2, 8):
        (ring.folder / f"wl.{npu}.et").unlink()
    ring.system(roofline_enabled=1, peak_perf=1, local_mem_bw=100)
    trace = TraceBuilder()
    trace.compute("matrix", num_ops=3_000_000, tensor_size=1000)
    trace.write("wl", 2)
    assert told(capsys, "--statistics") == [
        "metrics:",
        "  HFU    30000.0 %: computations take less time than peak-perf allows",
        "  bound  10 ns by compute (NPU 0), so that 0 ns are slack, 0.0 %",
        "statistics, in ns:",
        "  NPUs  wall  compute",
        "  0, 1    10       10",
        "statistics of computations under the roofline:",
        "  NPUs  compute bound %  compute utilization %  memory utilization %  intensity",
        "  0, 1          100.000                100.000                 0.333   3000.000",
    ]
    TraceBuilder(1).write("wl")  # has no computations to tell of
    assert told(capsys, "--statistics")[-1].split()[0] == "0"
    ring.system()
    trace = TraceBuilder()
    trace.compute("plain", micros=3)
    trace.write("wl", 2)
    assert told(capsys, "--statistics") == [
        "metrics:",
        "  bound  3 µs by compute (NPU 0), so that 0 ns are slack, 0.0 %",
        "statistics, in ns:",
        "  NPUs   wall  compute",
        "  0, 1  3,000    3,000",
    ]


@pytest.mark.parametrize(
    ("path", "doubtful"),
    [
        ("empty", False),
        ("groups.json", False),
        ("empty.json", True),
        ("not_empty_groups.json", True),
    ],
)
def test_a_groups_file_whose_name_has_empty_in_it_is_doubtful(
    path: str, doubtful: object, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / path).write_text("{}")
    lines = told(capsys, f"--comm-groups={path}")
    assert lines == (
        [
            f"notice: --comm-group-configuration: {path} is read, but ASTRA-sim ignores a path "
            "with 'empty' in it (rename the file, or write 'empty' alone for no groups)"
        ]
        if doubtful
        else []
    )


def test_no_groups_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == []
    assert told(capsys, "--comm-groups=empty", "--strict") == []


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("--compute-scale=2", "compute-scale"),
        ("--comm-scale=0.5", "comm-scale"),
        ("--comm-scale=0", "comm-scale"),
        ("--logging-folder=d", "logging-folder"),
        ("--logging-configuration=sys.json", "logging-configuration"),
        ("--compute-scale=1", None),
        ("--comm-scale=1.0", None),
    ],
)
def test_an_option_without_effect_is_told_where_it_should_have_one(
    words: str, option: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, words)
    assert [line.split()[1] for line in lines] == ([f"--{option}:"] if option else [])
    assert all(" has no effect: " in line and line.endswith(" (leave it out)") for line in lines)
    assert told(capsys, words, "--quiet") == []
    strict = told(capsys, words, "--strict", code=2 if option else 0)
    if option:
        first, second = strict
        assert first == "--strict allows no warnings; 1 warning:"
        assert second.startswith(f"  --{option}: has no effect: ")


def test_warnings_are_counted_and_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "--compute-scale=2", "--logging-folder=d", "--strict", code=2)
    assert lines[0] == "--strict allows no warnings; 2 warnings:"
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "--compute-scale",
        "--logging-folder",
    ]


def a_run(npus: int) -> tuple[Simulation, Callable[[int], list[NpuFinish]]]:
    network = NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[50], latency=[500])
    trace = TraceBuilder()
    trace.all_reduce("x", size=1 << 20)
    system = SystemConfig(preferred_dataset_splits=4, all_reduce_implementation=("ring",))
    simulation = Simulation(trace, system, network, options=Options(shortcuts="always"))
    result = simulation.run()

    def later(wrong: int) -> list[NpuFinish]:
        return [NpuFinish(it.npu, it.cycles + (it.npu < wrong)) for it in result.finishes]

    return simulation, later


@pytest.mark.parametrize(("wrong", "more"), [(1, None), (10, None), (11, 1), (12, 2)])
def test_a_shortcut_that_is_wrong_is_told_for_ten_npus(
    wrong: int, more: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    simulation, later = a_run(12)
    result = simulation.run()
    (cycles,) = {it.cycles for it in result.finishes}
    changed = replace(result, finishes=tuple(later(wrong)))
    assert check_shortcuts(simulation, changed) is ExitCode.DIFFERENCE
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("simastra: check: fold: 12 NPUs as 1")
    assert lines[1 : 1 + min(wrong, 10)] == [
        f"simastra: check: NPU {npu} finishes at {cycles + 1} ns, not {cycles} ns"
        for npu in range(min(wrong, 10))
    ]
    rest = [] if more is None else [f"simastra: check: and {more} more"]
    assert lines[1 + min(wrong, 10) :] == [
        *rest,
        "simastra: check: a shortcut is wrong; please report it with these files, and use "
        "--shortcuts off",
    ]


def test_a_shortcut_that_does_not_apply_is_in_the_summary(here: Path) -> None:
    for npu in range(8):
        trace = TraceBuilder(npu)
        trace.compute("c", micros=npu + 1)
        trace.write(here / "wl")
    with stderr_as_terminal() as terminal:
        assert main(["run", *WORDS, "--shortcuts=always"]) == 0
    (line,) = (it for it in terminal.shown.splitlines() if it.strip().startswith("fold "))
    assert " not taken: " in line


def test_a_process_without_stdout_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(sys, "stdout", None)
        assert main(["run", *WORDS]) == 0
        assert main(["schemas"]) == 0


def test_a_process_without_stderr_keeps_its_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as without:
        without.setattr(sys, "stderr", None)
        assert main(["run", *WORDS, "--compute-scale=2"]) == 0
        assert main(["run", "--workload=no"]) == 2
    assert capsys.readouterr().out == finish_lines([(npu, RING_CYCLES) for npu in range(8)])


class Ascii(io.StringIO):
    """A stdout of few letters."""

    encoding = "ascii"


def test_letters_that_stdout_lacks_are_written_out(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "wl.0.et").rename(here / "ö.0.et")
    with monkeypatch.context() as small:
        screen = Ascii()
        small.setattr(sys, "stdout", screen)
        assert main(["inspect", "ö"]) == 0
    assert "\\xf6.0.et" in screen.getvalue()


@pytest.mark.parametrize(
    ("folder", "is_there"), [("mem", False), (".", True)], ids=["made", "there"]
)
def test_a_folder_for_memory_traces_that_is_made_is_told(
    folder: str, is_there: object, ring: Inputs, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.system(track_local_mem=1, local_mem_trace_filename=f"{folder}/track")
    trace = TraceBuilder()
    trace.compute("c", micros=1)
    trace.write("wl", 8)
    assert main(["check", *WORDS, "--compat=master"]) == 0
    err = capsys.readouterr().err
    line = (
        "simastra: notice: sys.json: local-mem-trace-filename: there is no folder mem; 'simastra "
        "run' makes it (name one that is there, if this is a mistake)"
    )
    assert (line in err.splitlines()) == (not is_there)
    assert (here / folder).is_dir() == is_there
