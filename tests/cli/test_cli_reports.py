"""What ``run``, ``check``, ``report`` and ``debug`` print and write beside the finish lines."""

import json
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs, finish_lines

from simastra import TraceBuilder
from simastra.cli import main

WORDS = ("--workload=wl", "--system=sys.json", "--network=net.yml")
FINISHES = finish_lines([(npu, RING_CYCLES) for npu in range(8)])


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str]]:
    """Stdout, and the lines of stderr."""
    captured = capsys.readouterr()
    return captured.out, captured.err.splitlines()


def test_check_shows_what_was_understood(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *WORDS]) == 0
    out, _ = told(capsys)
    assert out.splitlines() == [
        "NPUs        8",
        "nodes       8 COMM_COLL",
        "ALL_REDUCE  ring",
        "memory      NO_MEMORY_EXPANSION",
        "groups      0",
        "network     congestion-aware",
        "compat      hoti2024: no node names a process group",
        "queues      1 a dimension",
        "notices     1",
        "",
        "dim  topology  NPUs  GiB/s  latency, ns",
        "  0  Ring         8     50          500",
        "",
        "collective         size of each  nodes",
        "ALL_REDUCE  1,048,576 B (1 MiB)      8",
    ]


@pytest.mark.parametrize(("kinds", "more"), [(12, None), (14, ["and", "2", "more", "kinds", "16"])])
def test_check_lists_twelve_kinds_of_collectives(
    kinds: int, more: list[str] | None, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = TraceBuilder()
    for number in range(kinds):
        trace.all_reduce("x", size=1000 * (number + 1))
    trace.write(here / "wl", 8)
    assert main(["check", *WORDS, "--rendezvous-protocol", "true"]) == 0
    lines = told(capsys)[0].splitlines()
    assert "network     congestion-aware, with handshakes" in lines
    at = next(place for place, line in enumerate(lines) if line.startswith("collective"))
    assert sum(line.startswith("ALL_REDUCE") for line in lines[at:]) == 12
    assert lines[-1].split() == (more or lines[-1].split())
    assert (more is None) == lines[-1].startswith("ALL_REDUCE")


def test_statistics_of_each_npu_go_to_stderr(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *WORDS, "--statistics"]) == 0
    out, err = told(capsys)
    assert out == FINISHES
    assert err == [
        "simastra: metrics:",
        "  exposed communication  117.78 µs, 100.0 % of the time, on NPU 0",
        "  bound                  62.1 µs by dependencies (NPU 0), so that 55.68 µs are slack, "
        "47.3 %",
        "  has to be sent         14 MiB",
        "simastra: statistics, in ns:",
        "  NPUs       wall  communication  exposed communication",
        "  0 to 7  117,780        117,780                117,780",
    ]


def test_an_explanation_follows_the_finish_lines(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *WORDS, "--explain"]) == 0
    out, _ = told(capsys)
    assert out.startswith(f"{FINISHES}\nwhat each NPU's time went to, in ns\n")
    rows = [line.split() for line in out.splitlines()]
    assert ["0", "to", "7", "600", "55020", "28000", "34160", "117780"] in rows
    assert "critical path of NPU 0, which finishes last, at 117780 ns" in out


def test_a_check_of_shortcuts_says_which_and_that_all_is_the_same(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *WORDS, "--check"]) == 0
    out, err = told(capsys)
    assert out == FINISHES
    assert err[-1] == "simastra: check: event by event, all 8 NPUs do the same"
    assert err[0].startswith("simastra: check: fold: 8 NPUs as 1")
    assert main(["run", *WORDS, "--check", "--shortcuts", "off"]) == 2
    assert "compares shortcuts with the plain path; drop --shortcuts off" in told(capsys)[1][-1]


def test_a_check_where_no_shortcut_applies(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for npu in range(8):
        trace = TraceBuilder(npu)
        trace.compute("c", micros=npu)
        trace.write(here / "wl")
    # The compiled loop, where numba is installed, has no fluid backend.
    assert main(["run", *WORDS, "--network-backend", "fluid", "--check"]) == 0
    assert told(capsys)[1][-1] == "simastra: check: no shortcut applies; this is the plain path"


def test_a_result_as_json(here: Path) -> None:
    assert main(["run", *WORDS, "--json", "r.json", "--injection-scale", "2"]) == 0
    document = json.loads((here / "r.json").read_text())
    assert document["finished"] is True
    assert document["inputs"] == {
        "workload": "wl",
        "system": "sys.json",
        "network": "net.yml",
        "memory": None,
        "comm-groups": None,
    }
    assert document["options"] == {
        "network-backend": "congestion-aware",
        "compat": "hoti2024",
        "num-queues-per-dim": 1,
        "injection-scale": 2.0,
        "rendezvous-protocol": False,
        "extended-collectives": False,
        "exact-durations": False,
    }
    assert document["makespan"] >= RING_CYCLES
    assert [npu["idle"] for npu in document["statistics"]] == [0] * 8


def test_a_hang_as_json(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(deadlock.folder)
    assert main(["run", *WORDS, "--json", "r.json"]) == 3
    assert told(capsys)[0] == finish_lines([(2, 5000), (0, 7000)])
    document = json.loads((deadlock.folder / "r.json").read_text())
    assert (document["finished"], document["makespan"], document["time"]) == (False, None, 7000)
    assert (document["unfinished"], document["cycle"]) == ([1], [])
    (wait,) = document["waits"]
    assert (wait["npu"], wait["node"], wait["peers"]) == (1, 1, [0])


def test_a_timeline_has_each_npu(here: Path) -> None:
    assert main(["run", *WORDS, "--timeline", "t.json"]) == 0
    events = json.loads((here / "t.json").read_text())["traceEvents"]
    names = [it["args"]["name"] for it in events if it["name"] == "process_name"]
    assert names[:8] == [f"NPU {npu}" for npu in range(8)]


def test_a_report_is_a_page_and_tables(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", *WORDS, "--tables", "tables", "--title", "A <ring>"]) == 0
    first, *tables = told(capsys)[0].splitlines()
    assert first == "report.html"
    page = (here / "report.html").read_text()
    assert "A &lt;ring&gt;" in page
    assert "<ring>" not in page
    assert tables
    assert all((here / name).is_file() for name in tables)
    assert {Path(name).parent.name for name in tables} == {"tables"}
    assert main(["report", *WORDS, "--output", "p.html"]) == 0
    assert told(capsys)[0] == "p.html\n"
    assert "<title>wl" in (here / "p.html").read_text()


def test_a_hang_gets_its_page(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(deadlock.folder)
    assert main(["report", *WORDS]) == 3
    out, err = told(capsys)
    assert out == "report.html\n"
    assert "never sent" in (deadlock.folder / "report.html").read_text()
    assert any("missing send" in line for line in err)


def test_a_debugger_carries_out_commands_and_leaves(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deadlock.folder)
    assert main(["debug", *WORDS, "-c", "c"]) == 3
    assert main(["debug", *WORDS, "-c", "q"]) == 0


def test_memory_is_tracked_into_files_and_its_peak_told(
    ring: Inputs, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.system(track_local_mem=1, local_mem_trace_filename="mem/track")
    trace = TraceBuilder()
    trace.compute("c", micros=1)
    trace.write(here / "wl", 8)
    words = ("--compat", "master")
    assert main(["check", *WORDS, *words]) == 0
    assert not (here / "mem").exists()
    assert main(["run", *WORDS, *words]) == 0
    _, err = told(capsys)
    assert "simastra: sys[7] peak memory usage: 0.00 MB" in err
    assert len(list((here / "mem").iterdir())) == 8
    assert main(["run", *WORDS, *words, "--quiet"]) == 0
    assert not [line for line in told(capsys)[1] if "peak" in line]
