"""A study run into a folder: stopped, killed, gone on with, grown; and its rows replayed."""

import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from support.sweeps import many_points, rows_of, some_study

from simastra.errors import ConfigError
from simastra.sweep import Study
from simastra.sweep.dataset import read_table
from simastra.sweep.driver import run_study
from simastra.sweep.engines import EngineSettings
from simastra.sweep.progress import SweepProgress
from simastra.sweep.replay import StoredPoint


class StoppedError(Exception):
    """What ends a sweep in a test."""


def stop_after(rows: int, progress: SweepProgress) -> None:
    if progress.ran == rows:
        raise StoppedError


def test_it_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    run_study(study, tmp_path / "whole")
    for rows in (5, 1, 12):
        with pytest.raises(StoppedError):
            run_study(study, tmp_path / "parts", watch=lambda it, at=rows: stop_after(at, it))
    assert len(read_table(tmp_path / "parts")) == 18
    progress = run_study(study, tmp_path / "parts")
    assert (progress.found, progress.ran) == (18, 18)
    assert rows_of(tmp_path / "parts") == rows_of(tmp_path / "whole")
    again = run_study(study, tmp_path / "parts")
    assert (again.found, again.ran, again.best) == (36, 0, progress.best)


def test_what_failed_is_run_again_where_that_is_asked(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    run_study(study, tmp_path / "out")
    rows = rows_of(tmp_path / "out")
    failed = [it for it in read_table(tmp_path / "out").values("status") if it != "ok"]
    assert len(failed) not in (0, len(rows))
    progress = run_study(study, tmp_path / "out", retry=True)
    assert (progress.ran, progress.found) == (len(failed), len(rows) - len(failed))
    assert rows_of(tmp_path / "out") == rows


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_its_driver_may_be_killed(tmp_path: Path, engine: str) -> None:
    study = many_points(tmp_path, 200)
    run_study(study, tmp_path / "whole", "processes")
    words = ["sweep", "study.yml", "--output=killed", f"--engine={engine}"]
    killed = 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-m", "simastra", *words], cwd=tmp_path) as driver:
            before = _parts(tmp_path / "killed")
            while _parts(tmp_path / "killed") == before and driver.poll() is None:
                time.sleep(0.01)
            driver.send_signal(signal.SIGKILL)
        if driver.returncode == 0:
            break
        killed += 1
        numbers = read_table(tmp_path / "killed").values("number")
        assert numbers == sorted(set(numbers))
    assert killed
    run_study(study, tmp_path / "killed", engine)
    assert rows_of(tmp_path / "killed") == rows_of(tmp_path / "whole")


def _parts(folder: Path) -> int:
    return len(list((folder / "points").glob("*.parquet")))


def test_a_study_that_has_grown_takes_its_rows_along(tmp_path: Path) -> None:
    axes = {"network.topology[0]": ["Ring"], "network.bandwidth[0]": [50, 100]}
    run_study(Study.load(some_study(tmp_path, axes=axes)), tmp_path / "out")
    grown = {"network.topology[0]": ["Switch", "Ring"], "network.bandwidth[0]": [25, 50, 100]}
    study = Study.load(some_study(tmp_path, axes=grown))
    progress = run_study(study, tmp_path / "out")
    assert (progress.found, progress.ran) == (2, 4)
    run_study(study, tmp_path / "anew")
    assert rows_of(tmp_path / "out") == rows_of(tmp_path / "anew")
    run_study(Study.load(some_study(tmp_path, axes=axes)), tmp_path / "out")
    assert len(read_table(tmp_path / "out")) == 2


def fast_ones_first(folder: Path) -> Study:
    """400 points, in which most of the later ones can't be the best."""
    axes = {
        "network.bandwidth[0]": [400 / (1 + at) for at in range(100)],
        "system.preferred-dataset-splits": [1, 2, 4, 8],
    }
    return Study.load(some_study(folder, axes=axes, objectives={"makespan": "min"}))


def test_what_is_pruned_depends_on_no_engine_and_no_stop(tmp_path: Path) -> None:
    study = fast_ones_first(tmp_path)
    run_study(study, tmp_path / "serial", prune=True)
    settings = EngineSettings(workers=2)
    progress = run_study(study, tmp_path / "two", "processes", settings=settings, prune=True)
    assert progress.counts["pruned"] > 50
    assert rows_of(tmp_path / "two") == rows_of(tmp_path / "serial")
    for rows in (300, 50):
        watch = partial(stop_after, rows)
        with pytest.raises(StoppedError):
            run_study(study, tmp_path / "stopped", prune=True, watch=watch)
    run_study(study, tmp_path / "stopped", prune=True)
    assert rows_of(tmp_path / "stopped") == rows_of(tmp_path / "serial")
    pruned = next(it for it in rows_of(tmp_path / "two") if it["status"] == "pruned")
    replay = StoredPoint(tmp_path / "two", str(pruned["point"])).replay()
    assert (replay.now["status"], replay.differences) == ("ok", {})
    assert replay.now["makespan_ns"] >= pruned["bound_ns"]


def test_all_that_was_pruned_runs_where_nothing_is(tmp_path: Path) -> None:
    study = fast_ones_first(tmp_path)
    run_study(study, tmp_path / "out", prune=True)
    progress = run_study(study, tmp_path / "out")
    assert progress.counts == {"ok": 400}
    run_study(study, tmp_path / "anew")
    assert rows_of(tmp_path / "out") == rows_of(tmp_path / "anew")


def test_a_study_of_something_else_is_refused(tmp_path: Path) -> None:
    run_study(Study.load(some_study(tmp_path)), tmp_path / "out")
    before = rows_of(tmp_path / "out")
    other = some_study(tmp_path, columns={"cost": "2 * npus"})
    with pytest.raises(ConfigError, match="what differs: columns"):
        run_study(Study.load(other), tmp_path / "out")
    system = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 2}
    with pytest.raises(ConfigError, match="what differs: what its inputs say"):
        run_study(Study.load(some_study(tmp_path, system=system)), tmp_path / "out")
    assert rows_of(tmp_path / "out") == before


def test_every_row_replays(tmp_path: Path) -> None:
    run_study(Study.load(some_study(tmp_path)), tmp_path / "out")
    for point in read_table(tmp_path / "out").values("point"):
        assert StoredPoint(tmp_path / "out", point).replay().differences == {}


def test_a_replay_tells_that_inputs_have_changed(tmp_path: Path) -> None:
    run_study(Study.load(some_study(tmp_path)), tmp_path / "out")
    point = read_table(tmp_path / "out").values("point")[0]
    (tmp_path / "together.0.et").write_bytes((tmp_path / "waiting.0.et").read_bytes())
    differences = StoredPoint(tmp_path / "out", point).replay().differences
    assert {"point", "status", "makespan_ns"} <= set(differences)
    assert differences["status"] == ("ok", "deadlock")


@pytest.mark.parametrize(
    ("point", "message"), [("zz", "no row whose point is 'zz'"), ("", "no row whose point is ''")]
)
def test_a_point_that_is_not_there_is_told(tmp_path: Path, point: str, message: str) -> None:
    run_study(Study.load(some_study(tmp_path)), tmp_path / "out")
    with pytest.raises(ConfigError, match=message):
        StoredPoint(tmp_path / "out", point)


def test_a_digit_that_many_points_begin_with_is_told(tmp_path: Path) -> None:
    run_study(many_points(tmp_path, 40), tmp_path / "out")
    with pytest.raises(ConfigError, match=r"\d+ points begin with '[0-9a-f]', such as .* more dig"):
        StoredPoint(tmp_path / "out", read_table(tmp_path / "out").values("point")[0][0])
