"""``simastra report``, ``simastra bandwidth`` and ``simastra run --timeline``."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.trace import TraceBuilder

SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
INPUTS = ["--workload=wl", "--system=sys.json", "--network=net.yml"]
MACHINE = INPUTS[1:]


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight NPUs in a ring, and one all-reduce; where commands are given."""
    monkeypatch.chdir(tmp_path)
    Path("sys.json").write_text(json.dumps(SYSTEM))
    Path("net.yml").write_text(
        "topology: [Ring]\nnpus_count: [8]\nbandwidth: [50]\nlatency: [500]\n"
    )
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=2**20)
    trace.write("wl", 8)


@pytest.fixture
def hang() -> None:
    """NPU 1 waits for a message that nobody sends."""
    waiting = TraceBuilder(1)
    waiting.recv("never sent", size=64, source=0)
    waiting.write("wl")


def test_report_writes_one_page_and_says_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", *INPUTS]) == 0
    assert capsys.readouterr().out == "report.html\n"
    page = Path("report.html").read_text()
    assert "<title>wl</title>" in page
    assert all(f'<section id="{it}"' in page for it in ("attribution", "critical-path"))
    assert "117,780 ns" in page
    assert sorted(it.name for it in Path().iterdir() if not it.name.startswith("wl.")) == [
        *("net.yml", "report.html", "sys.json")
    ]


def test_report_takes_a_title_a_name_and_a_folder_for_tables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--title=5 < 6", "--output=page.html", "--tables=out", "--quiet"]
    assert main(["report", *INPUTS, *words]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "page.html"
    assert "<h1>5 &lt; 6</h1>" in Path("page.html").read_text()
    with Path("out/collectives.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["name"], row["time_ns"]) == ("gradients", "117780")


def test_report_comes_out_the_same_each_time() -> None:
    assert main(["report", *INPUTS, "--output=a.html"]) == 0
    assert main(["report", *INPUTS, "--output=b.html"]) == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


@pytest.mark.usefixtures("hang")
def test_a_hang_gets_its_report_too_and_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", *INPUTS, "--tables=out"]) == 3
    assert "NPU 1, node 1 ('never sent')" in capsys.readouterr().err
    assert "NPU 1, node 1 ('never sent')" in Path("report.html").read_text()
    assert Path("out/tables.json").exists()


def test_run_writes_a_timeline() -> None:
    assert main(["run", *INPUTS, "--timeline=t.json"]) == 0
    assert main(["run", *INPUTS, "--timeline=t.json.gz"]) == 0
    document = json.loads(Path("t.json").read_text())
    assert sum(event["ph"] == "s" for event in document["traceEvents"]) == 4 * 14 * 8
    assert gzip.decompress(Path("t.json.gz").read_bytes()) == Path("t.json").read_bytes()


def test_a_timeline_changes_nothing_that_run_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *INPUTS]) == 0
    plain = capsys.readouterr()
    assert main(["run", *INPUTS, "--timeline=t.json"]) == 0
    assert capsys.readouterr() == plain


@pytest.mark.usefixtures("hang")
def test_a_hang_gets_its_timeline_too() -> None:
    assert main(["run", *INPUTS, "--timeline=t.json"]) == 3
    events = json.loads(Path("t.json").read_text())["traceEvents"]
    (bar,) = [event for event in events if event["name"] == "never sent"]
    assert bar["args"]["finished"] is False


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", *INPUTS, "--timeline=no/t.json"], "--timeline: there is no folder"),
        (["run", *INPUTS, "--timeline=net.yml"], "--timeline: net.yml is an input"),
        (["run", *INPUTS, "--timeline=-"], "--timeline: stdout isn't a file"),
        (["run", *INPUTS, "--timeline=."], "--timeline: . isn't a regular file"),
        (["report", *INPUTS, "--output=no/r.html"], "--output: there is no folder"),
        (["report", *INPUTS, "--output=sys.json"], "--output: sys.json is an input"),
        (
            ["report", *INPUTS, "--tables=net.yml"],
            "--tables: net.yml is an input; name another folder",
        ),
        (["report", *INPUTS, "--tables=wl.0.et/x"], "wl.0.et/x can't be made a folder"),
        (["report"], "--workload, --system, --network are"),
        (["bandwidth", *MACHINE], "COLLECTIVE is required"),
        (["bandwidth", "all-reduce"], "--system, --network are required"),
        (["bandwidth", "all-redoos", *MACHINE], "unknown collective 'all-redoos'; did you mean"),
        (["bandwidth", "all-reduce", *MACHINE, "-b0"], "--minbytes: must be at least 1"),
        (["bandwidth", "all-reduce", *MACHINE, "-b9", "-e8"], "--maxbytes: is 8, less than"),
        (["bandwidth", "all-reduce", *MACHINE, "-f1"], "--stepfactor: must be at least 2"),
        (["bandwidth", "all-reduce", *MACHINE, "-f2", "-i8"], "--stepbytes: is given beside"),
        (["bandwidth", "all-reduce", *MACHINE, "-i1"], "--stepbytes: makes more than 10000"),
        (["bandwidth", "all-reduce", *MACHINE, "-i0"], "--stepbytes: makes more than 10000"),
        (["bandwidth", "all-reduce", *MACHINE, "-b8Q"], "must be a size such as 8, 32K"),
        (["bandwidth", "all-to-all", *MACHINE], "sys.json: all-to-all-implementation"),
        (["bandwidth", "all-reduce", *MACHINE, "--csv=net.yml"], "--csv: net.yml is an input"),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, list) else "",
)
def test_what_is_wrong_is_said_before_anything_is_simulated(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(Path().iterdir())
    assert main(words) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert sorted(Path().iterdir()) == before


def test_bandwidth_prints_the_table_of_nccl_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bandwidth", "all_reduce", *MACHINE, "-b", "1M", "-e", "4M", "-f", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "# all-reduce among 8 NPUs, simulated"
    assert lines[1].split() == ["#", "size", "time", "algbw", "busbw"]
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert rows[0] == ["1048576", "117.78", "8.90", "15.58"]
    assert rows[1][0] == "4194304"
    mean = (float(rows[0][3]) + float(rows[1][3])) / 2
    assert float(lines[-1].removeprefix("# Avg bus bandwidth    : ")) == pytest.approx(mean, 0.01)


def test_bandwidth_steps_by_bytes_and_writes_files(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["-b", "1K", "-e", "3KiB", "-i", "1024", "--csv=t.csv", "--json=t.json"]
    assert main(["bandwidth", "broadcast", *MACHINE, *words]) == 0
    rows = [it.split() for it in capsys.readouterr().out.splitlines() if not it.startswith("#")]
    assert [row[0] for row in rows] == ["1024", "2048", "3072"]
    with Path("t.csv").open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["size"] for row in read] == ["1024", "2048", "3072"]
    assert [str(it["time_ns"]) for it in json.loads(Path("t.json").read_text())] == [
        row["time_ns"] for row in read
    ]
    assert float(read[0]["busbw_gb_per_s"]) == 1024 / int(read[0]["time_ns"])


def test_a_bandwidth_that_no_links_have_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ["-b16M", "-e32M"]
    assert main(["bandwidth", "all-reduce", *MACHINE, *sizes]) == 0
    assert capsys.readouterr().err == ""
    fast = {**SYSTEM, "all-reduce-implementation": ["direct"], "local-mem-bw": 100_000}
    Path("sys.json").write_text(json.dumps(fast))
    unaware = "--network-backend=congestion-unaware"
    assert main(["bandwidth", "all-reduce", *MACHINE, *sizes, unaware]) == 0
    told = capsys.readouterr().err
    assert told.startswith(
        "simastra: notice: net.yml: bandwidth: an NPU's port would have had to carry 3"
    )
    assert "a busbw of 3" in told
    assert "at 33554432 bytes; its links carry 107.4 GB/s" in told
