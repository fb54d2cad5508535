"""What a person sees: the progress bar and the summary, on a terminal and only there."""

import os
import pty
import re
import subprocess

from command_line import RING_CYCLES, SYSTEM, Inputs, environment, finish_lines, python

from simastra import NetworkConfig, Simulation, SystemConfig, Trace, TraceBuilder
from simastra.cli.verbs.run.summary import summary_rows
from simastra.view.devices import DeviceNames

RING_LINES = finish_lines([(npu, RING_CYCLES) for npu in range(8)])
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def call_on_terminal(inputs: Inputs, *words: str, stdout_too: bool = False) -> tuple[int, str, str]:
    """Run with stderr on a new terminal: the exit code, stdout, and what the terminal got."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        python("-m", "simastra", "run", *inputs.words, *words),
        cwd=inputs.folder,
        env=environment({"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}),
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout_too else subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
        stdout = process.stdout.read() if process.stdout else ""
        return process.wait(timeout=120), stdout, shown


def read_all(terminal: int) -> str:
    """Read until the other side is closed."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux's word for the end
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts).decode()
        parts.append(part)


def test_a_terminal_gets_a_bar_that_goes_and_a_table_that_stays(ring: Inputs) -> None:
    code, stdout, shown = call_on_terminal(ring)
    assert (code, stdout) == (0, RING_LINES)
    bar, table = shown.index("simulating"), shown.index("makespan")
    assert bar < shown.index("\x1b[2K") < table  # the line is erased before the table comes
    rows = [CONTROL.sub("", line).strip() for line in shown[table - 2 :].splitlines()]
    assert [row for row in rows if row] == [
        "makespan        117,780 ns (117.78 µs)",
        "slowest         NPU 7 at 117,780 ns",
        "its time        communication 100.0 %, exposed communication 100.0 %",
        "fastest         NPU 0 at 117,780 ns",
        "finish spread   0 ns (0 ns)",
        "busiest link    NPU 0 to NPU 1, 29.0 % of the time, 1.75 MiB",
        "compat          hoti2024: no node names a process group",
        "notices         1",
    ]


def test_the_bar_steps_aside_for_lines_on_the_same_terminal(ring: Inputs) -> None:
    code, _, shown = call_on_terminal(ring, stdout_too=True)
    assert code == 0
    assert "simulating" in shown
    # Of each line only what is behind the last return or erasure is left to see.
    seen = [re.split(r"\r|\x1b\[2K", line)[-1] for line in shown.split("\r\n")]
    lines = [CONTROL.sub("", line) for line in seen if "finished" in line]
    assert lines == RING_LINES.splitlines()


def test_a_terminal_that_is_to_be_quiet_stays_empty(ring: Inputs) -> None:
    ring.system(boost_mode=0)
    assert call_on_terminal(ring, "--quiet") == (0, RING_LINES, "")


def test_a_deadlock_on_a_terminal_shows_its_report_and_no_table(deadlock: Inputs) -> None:
    code, stdout, shown = call_on_terminal(deadlock)
    assert (code, stdout) == (3, finish_lines([(2, 5000), (0, 7000)]))
    assert "simastra: deadlock: the simulation stands still at 7,000 ns" in shown
    assert "makespan" not in shown


def test_without_a_terminal_there_is_neither(ring: Inputs) -> None:
    assert ring.call("run").stderr == ""


def test_the_summary_names_switches_and_the_first_and_last_to_finish() -> None:
    network = NetworkConfig(topology=["Switch"], npus_count=[4], bandwidth=[50], latency=[500])
    trace = [TraceBuilder(npu) for npu in range(4)]
    trace[0].send("a", size=3_000_000, to=3)
    trace[3].recv("a", size=3_000_000, source=0)
    trace[2].compute("b", micros=1)
    simulation = Simulation(Trace.of(trace), SystemConfig.parse(SYSTEM), network)
    rows = summary_rows(simulation.run(), DeviceNames(4), "master")
    assert rows["fastest"] == "NPU 1 at 0 ns"
    assert rows["slowest"].startswith(("NPU 0 at", "NPU 3 at"))
    assert rows["finish spread"] == rows["makespan"]
    assert rows["busiest link"].startswith("NPU 0 to switch 4, ")
    assert rows["busiest link"].endswith("2.86 MiB")


def test_the_summary_of_a_run_that_took_no_time() -> None:
    network = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[50], latency=[500])
    rows = summary_rows(
        Simulation(TraceBuilder(), SystemConfig.parse(SYSTEM), network).run(),
        DeviceNames(2),
        "master",
    )
    assert rows["makespan"] == "0 ns (0 ns)"
    assert rows["busiest link"] == "none is known"
    assert rows["its time"] == "nothing took any"


def test_a_large_trace_shows_how_far_loading_is_and_the_bar_goes(ring: Inputs) -> None:
    ring.network(2)
    trace = TraceBuilder()
    for index in range(200):
        trace.compute(f"{index} " + "x" * 10_000, micros=1)
    trace.write(ring.folder / "wl", 2)
    code, stdout, shown = call_on_terminal(ring)
    assert (code, stdout) == (0, finish_lines([(0, 200_000), (1, 200_000)]))
    loading, simulating = shown.index("loading"), shown.index("simulating")
    assert loading < shown.index("\x1b[2K") < simulating  # erased before anything else comes
    assert " MB" in CONTROL.sub("", shown[loading:simulating])
