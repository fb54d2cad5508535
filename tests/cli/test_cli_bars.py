"""Bars and summaries, frame by frame, on a stderr that passes for a terminal."""

import threading
import time
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs, finish_lines
from terminal_seen import ERASED, stderr_as_terminal

from simastra import NetworkConfig, Simulation, SystemConfig, Trace, TraceBuilder
from simastra.cli import main
from simastra.cli.progress import LoadingBar, ProgressBar, progress_bar
from simastra.cli.verbs.generate.writing_progress import writing_bar
from simastra.cli.verbs.run.summary import show_summary, summary_rows
from simastra.engine import NodeFinished, NpuFinished
from simastra.simulation.compiled import installed
from simastra.view.devices import DeviceNames

RECORDED = Path(__file__).parent.parent / "field" / "chakra-command-lines"
WORDS = ("--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def test_files_that_are_written_are_counted_and_the_bar_goes_with_the_last() -> None:
    with stderr_as_terminal() as terminal:
        others = threading.active_count()
        with writing_bar(3) as watch:
            assert terminal.frames == ["writing|0% 0/3 NPUs"]
            watch(2)
            assert not terminal.getvalue().endswith(ERASED)
            watch(3)
            assert terminal.frames[-1] == "writing|100% 3/3 NPUs"
            assert terminal.getvalue().endswith(ERASED)
            deadline = time.monotonic() + 10
            while threading.active_count() > others and time.monotonic() < deadline:
                time.sleep(0.01)
            assert threading.active_count() == others
        assert terminal.getvalue().endswith(ERASED)
        assert terminal.shown.count("\n") == 1


def test_a_bar_that_is_left_early_goes_too() -> None:
    with stderr_as_terminal() as terminal:
        with writing_bar(3) as watch:
            watch(1)
        assert terminal.frames[-1] == "writing|33% 1/3 NPUs"
        assert terminal.getvalue().endswith(ERASED)


def test_a_bar_says_that_it_waits_for_the_loop_to_be_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = Trace.of([TraceBuilder()])
    with stderr_as_terminal() as terminal:
        with ProgressBar().shown(trace):
            pass
        assert terminal.frames[-1].startswith("simulating")
        monkeypatch.setattr(installed.COMPILATION, "is_under_way", True)
        with ProgressBar().shown(trace):
            pass
        assert terminal.frames[-1].startswith("compiling, once")


def test_loading_is_shown_from_when_it_is_told_of() -> None:
    with stderr_as_terminal() as terminal:
        bar = LoadingBar()
        with bar.shown():
            assert terminal.getvalue() == ""
            bar.watch(2_000_000, 8_000_000)
        assert terminal.frames[-1] == "loading|25% 2.0/8.0 MB"
        assert terminal.getvalue().endswith(ERASED)


def three_nodes() -> Trace:
    builders = [TraceBuilder(npu) for npu in range(2)]
    first = builders[0].compute("a", micros=1)
    builders[0].compute("b", micros=2, after=first)
    builders[1].compute("c", micros=5)
    return Trace.of(builders)


def test_nodes_that_finish_are_counted_ten_times_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with stderr_as_terminal() as terminal:
        now = [100.0]
        bar, trace = ProgressBar(), three_nodes()
        first, second = trace.npus[0]
        with bar.shown(trace):
            monkeypatch.setattr("time.monotonic", lambda: now[0])
            bar.on_node_finished(NodeFinished(0, first, 1000))
            monkeypatch.undo()
            bar._progress.refresh()
            assert terminal.frames[-1] == "simulating|33% 1/3 nodes, at 1 µs"
            monkeypatch.setattr("time.monotonic", lambda: now[0])
            now[0] += 0.09
            bar.on_node_finished(NodeFinished(0, second, 3000))
            bar._progress.refresh()
            assert terminal.frames[-1] == "simulating|33% 1/3 nodes, at 1 µs"
            now[0] += 0.02
            bar.on_node_finished(NodeFinished(1, trace.npus[1][0], 5000))
        assert terminal.frames[-1] == "simulating|100% 3/3 nodes, at 5 µs"
        assert terminal.getvalue().endswith(ERASED)


def test_an_npu_that_finishes_has_done_all_its_nodes() -> None:
    with stderr_as_terminal() as terminal:
        bar, trace = ProgressBar(), three_nodes()
        with bar.shown(trace):
            assert terminal.frames == ["simulating|0% 0/3 nodes"]
            bar.on_npu_finished(NpuFinished(0, 3000))
            assert not terminal.getvalue().endswith(ERASED)  # stdout is elsewhere: no need to go
            bar.on_node_finished(NodeFinished(1, trace.npus[1][0], 5000))
        assert terminal.frames[-1] == "simulating|100% 3/3 nodes, at 5 µs"


def test_a_run_ends_with_a_summary(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with stderr_as_terminal() as terminal:
        assert main(["run", *WORDS]) == 0
        assert capsys.readouterr().out == finish_lines([(npu, RING_CYCLES) for npu in range(8)])
        assert terminal.frames[0] == "simulating|0% 0/8 nodes"
        notice, *_ = terminal.shown.splitlines()
        assert notice.startswith("simastra: notice: net.yml: bandwidth: a GB is 2^30 bytes here")
        table = terminal.shown[terminal.shown.index("makespan") :].splitlines()
        assert [line.strip() for line in table if line.strip()] == [
            "makespan        117,780 ns (117.78 µs)",
            "slowest         NPU 7 at 117,780 ns",
            "its time        communication 100.0 %, exposed communication 100.0 %",
            "fastest         NPU 0 at 117,780 ns",
            "finish spread   0 ns (0 ns)",
            "busiest link    NPU 0 to NPU 1, 29.0 % of the time, 1.75 MiB",
            "compat          hoti2024: no node names a process group",
            "notices         1",
        ]


@pytest.mark.parametrize("verb", ["run", "report"])
def test_quiet_means_quiet(verb: str, here: Path) -> None:
    with stderr_as_terminal() as terminal:
        assert main([verb, *WORDS, "--quiet"]) == 0
        assert terminal.getvalue() == ""


def test_a_report_shows_a_bar_and_notices_and_no_summary(here: Path) -> None:
    with stderr_as_terminal() as terminal:
        assert main(["report", *WORDS]) == 0
        assert terminal.frames[0] == "simulating|0% 0/8 nodes"
        assert "notice: net.yml: bandwidth: a GB is" in terminal.shown
        assert "makespan" not in terminal.shown
        assert terminal.getvalue().endswith(ERASED)


def test_shortcuts_are_told_in_the_summary(here: Path) -> None:
    with stderr_as_terminal() as terminal:
        assert main(["run", *WORDS, "--shortcuts=always"]) == 0
        assert "fold            8 NPUs as 1" in terminal.shown


def test_the_busiest_link_is_the_one_that_is_busy_longest() -> None:
    network = NetworkConfig(topology=["Ring"], npus_count=[4], bandwidth=[50], latency=[500])
    builders = [TraceBuilder(npu) for npu in range(4)]
    for src, sizes in ((1, (100_000, 100_000)), (2, (150_000,))):
        for number, size in enumerate(sizes):
            builders[src].send("x", size=size, to=src + 1, tag=number)
            builders[src + 1].recv("x", size=size, source=src, tag=number)
    builders[0].compute("long", micros=10)
    simulation = Simulation(
        Trace.of(builders), SystemConfig.model_validate({"preferred-dataset-splits": 4}), network
    )
    result = simulation.run()
    rows = summary_rows(result, DeviceNames(4), "master")
    busy = {(link.src, link.dst): link.busy for link in result.links}
    assert rows["busiest link"] == (
        f"NPU 1 to NPU 2, {busy[1, 2] / 100:.1f} % of the time, 195.31 KiB"
    )
    assert rows["makespan"] == "10,000 ns (10 µs)"
    assert rows["slowest"] == "NPU 0 at 10,000 ns"
    assert rows["its time"] == "compute 100.0 %"
    spread = 10_000 - result.finishes[0].cycles
    assert rows["finish spread"].startswith(f"{spread:,} ns (")
    assert rows["notices"] == str(len(result.notices))


def test_devices_behind_the_npus_are_switches() -> None:
    with stderr_as_terminal() as terminal:
        network = NetworkConfig(topology=["Switch"], npus_count=[2], bandwidth=[50], latency=[500])
        builders = [TraceBuilder(npu) for npu in range(2)]
        builders[1].send("x", size=1000, to=0)
        builders[0].recv("x", size=1000, source=1)
        result = Simulation(
            Trace.of(builders), SystemConfig(preferred_dataset_splits=4), network
        ).run()
        show_summary(result, DeviceNames(2), "master")
        assert "busiest link    NPU 1 to switch 2, " in terminal.shown
        assert {"NPU 1 to switch 2", "switch 2 to NPU 0"} == {
            f"{'NPU' if it.src < 2 else 'switch'} {it.src} to "
            f"{'NPU' if it.dst < 2 else 'switch'} {it.dst}"
            for it in result.links
        }


def test_linking_shows_what_is_being_done_unless_it_is_to_be_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for side in ("host", "device"):
        name = f"{side}.0.json"
        (tmp_path / name).write_bytes((RECORDED / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    words = ["link", "host.0.json", "device.0.json", "--output=l.json"]
    with stderr_as_terminal() as terminal:
        assert main(words) == 0
    for stage in ("reading host", "reading device", "linking", "writing l.json"):
        assert stage in terminal.shown
    with stderr_as_terminal() as terminal:
        assert main([*words, "--quiet"]) == 0
    assert terminal.getvalue() == ""


def test_the_end_is_estimated_from_the_pace() -> None:
    now = [100.0]
    with stderr_as_terminal() as terminal:
        bar = progress_bar()
        bar.get_time = lambda: now[0]
        task = bar.add_task("writing", total=100)
        with bar:
            assert "left" not in terminal.shown
            for done in (10, 20, 30):
                now[0] += 2
                bar.update(task, completed=done)
            bar.refresh()
            # 10 in 2 s: the 70 that are left take 14 s.
            assert terminal.shown.rstrip().endswith("0:00:06 14 s left")
            bar.update(task, completed=100)
            bar.refresh()
            assert terminal.shown.splitlines()[-1].rstrip().endswith("100% 0:00:06")


def test_a_narrow_terminal_has_a_short_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with stderr_as_terminal() as terminal:
        monkeypatch.setenv("COLUMNS", "60")
        with writing_bar(1000) as watch:
            watch(500)
            frames = [it for it in terminal.shown.splitlines() if it.strip()]
        assert frames
        assert all("0/1000 NPUs 0:00:00" in it for it in frames)


@pytest.mark.parametrize("words", [["run", "--explain"], ["run", "--explain", "--json=r.json"]])
@pytest.mark.usefixtures("here")
def test_explaining_has_a_bar_too(words: list[str]) -> None:
    with stderr_as_terminal() as terminal:
        assert main([*words, *WORDS]) == 0
        shown = [it.partition("|")[0] for it in terminal.frames]
        assert list(dict.fromkeys(shown)) == ["simulating", "explaining"]


def test_the_time_of_the_slowest_is_told_in_parts() -> None:
    npus = [TraceBuilder(npu) for npu in range(2)]
    first = npus[0].compute("a", micros=6, on_cpu=False)
    sent = npus[0].send("x", size=128, to=1, after=first)
    npus[0].compute("b", micros=2, on_cpu=False, after=sent)
    npus[1].recv("x", size=128, source=0)
    network = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[50], latency=[1998])
    result = Simulation(
        Trace.of(npus), SystemConfig.model_validate({"preferred-dataset-splits": 4}), network
    ).run()
    assert result.makespan == 10_000
    assert summary_rows(result, DeviceNames(2), "master")["its time"] == (
        "compute 80.0 %, communication 20.0 %, exposed communication 20.0 %"
    )
