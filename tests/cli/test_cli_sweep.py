"""``simastra sweep``."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command_line import Inputs, environment, python
from support.sweeps import many_points, some_study

from simastra.sweep.dataset import read_table


@pytest.fixture
def study(tmp_path: Path) -> Inputs:
    """The study that has some of everything."""
    some_study(tmp_path)
    return Inputs(tmp_path)


def test_it_says_what_came_of_the_points(study: Inputs) -> None:
    ran = study.call("sweep", "study.yml", "--output=out", "--json=sum.json", inputs=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == "Some of everything: 36 points in out"
    assert lines[1].startswith("12 ok, 12 deadlock, 12 error; ")
    assert "deadlock, such as point " in lines[2]
    assert ": deadlock: the simulation stands still at 8,000 ns with 4 NPUs unfinished" in lines[2]
    assert "study.yml: network: topology[0]: unknown topology 'Klein bottle'" in lines[3]
    assert lines[4].startswith("best makespan_ns (min): 74.08 µs, point ")
    assert lines[5].startswith("  workload=together, network.topology[0]=Ring")
    summary = json.loads((study.folder / "sum.json").read_text())
    assert summary["status"] == {"ok": 12, "deadlock": 12, "error": 12, "pruned": 0}
    assert (summary["points"], summary["found"]) == (36, 0)
    assert summary["for-each"] == []
    (best,) = summary["best"]["makespan_ns"]
    assert best == next(
        row for row in read_table(study.folder / "out").rows() if row["number"] == best["number"]
    )
    again = study.call("sweep", "study.yml", "--output=out", inputs=False)
    assert again.stdout.startswith("Some of everything: 36 points in out, 36 of them there before")


SIZES = """
title: Sizes
generate: {kind: collective, type: all-reduce}
system: "@demo"
network: {topology: [Ring], npus_count: [4], bandwidth: [50], latency: [500]}
axes:
  size: {key: generate.size, values: [1MiB, 16KiB]}
  network.bandwidth[0]: [25, 50]
columns: {cost: "network.bandwidth[0] * 4"}
objectives: {makespan: min, cost: min}
"""


def test_it_tells_the_front_or_the_best_for_each_value_of_an_axis(tmp_path: Path) -> None:
    (tmp_path / "sizes.yml").write_text(SIZES)
    words = ("sweep", "sizes.yml", "--output=out")
    ran = Inputs(tmp_path).call(*words, inputs=False)
    assert ran.returncode == 0, ran.stderr
    front = ran.stdout.partition("Pareto front of makespan_ns and cost\n")[2].splitlines()[1:3]
    assert [line.split()[1:3] for line in front] == [["16,384", "25"], ["16,384", "50"]]
    said = (*words, "--set=for-each=size", "--json=sum.json", "--prune")
    each = Inputs(tmp_path).call(*said, inputs=False).stdout
    best = each.partition("best makespan_ns (min) for each size\n")[2].splitlines()[1:3]
    assert [line.split()[1:3] for line in best] == [["1,048,576", "50"], ["16,384", "50"]]
    front = each.partition("Pareto front of makespan_ns and cost for each size\n")[2].splitlines()
    sizes = [line.split()[1] for line in front[1:5]]
    assert sizes == ["1,048,576", "1,048,576", "16,384", "16,384"]
    assert "best makespan_ns (min):" not in each
    summary = json.loads((tmp_path / "sum.json").read_text())
    assert summary["for-each"] == ["size"]
    assert [row["size"] for row in summary["best"]["makespan_ns"]] == [2**20, 2**14]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("for-each=sise", "sizes.yml: for-each: unknown axis 'sise'; did you mean 'size'?"),
        ("mode={optuna: {points: 2}}", "sizes.yml: for-each: is not for mode optuna"),
    ],
)
def test_what_nothing_is_told_for_is_told_before_anything_runs(
    tmp_path: Path, change: str, told: str
) -> None:
    (tmp_path / "sizes.yml").write_text(f"{SIZES}for-each: [size]\n")
    words = ("sweep", "sizes.yml", "--output=out", f"--set={change}")
    ran = Inputs(tmp_path).call(*words, inputs=False)
    assert (ran.returncode, told in ran.stderr) == (2, True), ran.stderr
    assert not (tmp_path / "out").exists()


def test_the_fastest_algorithm_for_a_size_becomes_a_system_file(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path)
    machine = ("--set=network=@tpu-v5p:4x4x4", "--set=system=@tpu-v5p")
    words = ("sweep", "@algorithms-by-size", *machine, "--set=axes.size.log=[256KiB,16MiB]")
    ran = inputs.call(*words, "--output=out", "--json=sum.json", inputs=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    *_, last = ran.stdout.splitlines()
    said = "a point's system, network and traces as files: simastra "
    assert last == f"{said}sweep --replay out POINT --inputs DIR"
    best = json.loads((tmp_path / "sum.json").read_text())["best"]["makespan_ns"]
    assert [row["size"] for row in best] == [2**18, 2**20, 2**22, 2**24]
    assert [row["algorithm"] for row in best] == ["direct", "direct", "ring", "ring"]
    row = best[-1]
    command = last.removeprefix(said).replace("POINT", row["point"]).replace("DIR", "files")
    told = inputs.call(*command.split(), inputs=False)
    system = json.loads((tmp_path / "files" / "system.json").read_text())
    assert system["all-reduce-implementation"][0] == "ring"
    run = told.stdout.splitlines()[1].split()[1:]
    assert f"{row['makespan_ns']} cycles" in inputs.call(*run, inputs=False).stdout


def test_a_page_has_every_row_and_the_command_that_runs_it_again(study: Inputs) -> None:
    ran = study.call("sweep", "study.yml", "--output=out", "--page=page.html", inputs=False)
    assert ran.returncode == 0
    page = (study.folder / "page.html").read_text(encoding="utf-8")
    assert "<h1>Some of everything</h1>" in page
    assert '"replay":"simastra sweep --replay out"' in page
    for row in read_table(study.folder / "out").rows():
        assert f'"{row["point"]}"' in page


def test_a_row_is_run_again_and_looked_into(study: Inputs) -> None:
    study.call("sweep", "study.yml", "--output=out", inputs=False)
    rows = list(read_table(study.folder / "out").rows())
    fast = next(row for row in rows if row["status"] == "ok")
    replay = study.call("sweep", "--replay", "out", str(fast["point"]), "--inputs=in", inputs=False)
    said, *commands = replay.stdout.splitlines()
    assert replay.returncode == 0
    assert said.startswith(f"point {fast['point']}: the same as stored: {fast['makespan_ns']:,} ns")
    words = commands[0].split()
    assert words[:2] == ["simastra", "run"]
    assert f"{fast['makespan_ns']} cycles" in study.call(*words[1:], inputs=False).stdout
    page = ("--open=report",)
    assert study.call(*replay.args[3:7], *page, inputs=False).stdout.endswith("report.html\n")
    assert (study.folder / "report.html").stat().st_size > 10_000
    stuck = next(row for row in rows if row["status"] == "deadlock")
    told = study.call("sweep", "--replay", "out", str(stuck["point"]), inputs=False)
    assert (told.returncode, "the same as stored: deadlock" in told.stdout) == (0, True)


def test_a_row_that_comes_out_otherwise_is_told(study: Inputs) -> None:
    study.call("sweep", "study.yml", "--output=out", inputs=False)
    row = next(iter(read_table(study.folder / "out").rows()))
    for npu in range(8):
        (study.folder / f"together.{npu}.et").write_bytes(
            (study.folder / f"waiting.{npu}.et").read_bytes()
        )
    told = study.call("sweep", "--replay", "out", str(row["point"]), inputs=False)
    assert told.returncode == 4
    assert f"its inputs aren't those of {row['point']} any more" in told.stdout
    assert "status was ok, and is deadlock" in told.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["study.yml"], "--output: is required"),
        (["--output=out"], "no study is given"),
        (["study.yml", "--output=out", "--engine=ray"], "--engine: unknown engine 'ray'"),
        (["study.yml", "--output=out", "--workers=2"], "--workers: engine serial takes none"),
        (["study.yml", "--output=study.yml"], "--output: study.yml is an input"),
        (["study.yml", "--output=together.0.et"], "together.0.et is a file"),
        (["study.yml", "--output=out", "--json=study.yml"], "--json: study.yml is an input"),
        (["nothing.yml", "--output=out"], "nothing.yml"),
        (["--replay", "out", "0", "--open=jump"], "--open: unknown command 'jump'; known are run"),
        (["--replay", "out", "0"], "out: there is no sweep.json in it"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(
    study: Inputs, words: list[str], message: str
) -> None:
    ran = study.call("sweep", *words, inputs=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert not (study.folder / "out").exists()


def test_without_any_allowed_point_that_is_told(study: Inputs) -> None:
    for mode in ("grid", "{random: {points: 2}}", "{optuna: {points: 2}}"):
        words = ("study.yml", "--output=out", "--set=where=npus > 99", f"--set=mode={mode}")
        ran = study.call("sweep", *words, inputs=False)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "study.yml: where: allows none of the 36 points" in ran.stderr


def test_another_studys_folder_is_left_alone(study: Inputs) -> None:
    study.call("sweep", "study.yml", "--output=out", inputs=False)
    some_study(study.folder, title="Another", columns={"cost": "2 * npus"})
    ran = study.call("sweep", "study.yml", "--output=out", inputs=False)
    assert ran.returncode == 2
    assert "out: it has rows of another study, 'Some of everything'" in ran.stderr


@pytest.mark.parametrize("engine", ["serial", "processes"])
@pytest.mark.parametrize(
    ("by", "code", "last"),
    [(signal.SIGINT, 130, "simastra: interrupted"), (signal.SIGTERM, 143, "")],
)
def test_interrupted_it_keeps_what_is_there(
    tmp_path: Path, engine: str, by: signal.Signals, code: int, last: str
) -> None:
    many_points(tmp_path, 1000)
    words = ("sweep", "study.yml", "--output=out", f"--engine={engine}")
    with subprocess.Popen(
        python("-m", "simastra", *words),
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not list((tmp_path / "out").glob("points/*.parquet")):
            time.sleep(0.01)
        process.send_signal(by)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == code
    rows = len(read_table(tmp_path / "out"))
    assert f"are in out; the same command goes on from there\n{last}" in said
    # The signal may come when a row is kept and not counted yet.
    assert any(f"rows of {it:,} point" in said for it in (rows, rows - 1))
