"""Engines: the same rows whichever runs them, and whoever is killed meanwhile."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from support.sweeps import many_points, rows_of, some_study

from simastra.errors import InputError, OptionError
from simastra.sweep import Study
from simastra.sweep.driver import run_study
from simastra.sweep.engines import EngineSettings, engine_named
from simastra.sweep.progress import SweepProgress

TWO = EngineSettings(workers=2)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler of Dask, and processes: its workers, then itself."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    with ExitStack() as stack:

        def begun(kind: str, *words: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [*dask[:2], f"{dask[2]}{kind}", *words, "--no-dashboard"],
                cwd=folder,
                env=environment,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        first = begun("scheduler", "--port=0", "--host=127.0.0.1", f"--scheduler-file={file}")
        for _ in range(300):
            if file.exists():
                break
            time.sleep(0.1)
        options = ("--no-nanny", "--nthreads=1", "--memory-limit=0", "--death-timeout=60")
        begin = [begun("worker", f"--scheduler-file={file}", *options) for _ in range(workers)]
        yield json.loads(file.read_text())["address"], [*begin, first]


def test_processes_make_the_same_table(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    run_study(study, tmp_path / "serial")
    progress = run_study(study, tmp_path / "processes", "processes", settings=TWO)
    assert progress.counts == {"ok": 12, "deadlock": 12, "error": 12}
    assert rows_of(tmp_path / "processes") == rows_of(tmp_path / "serial")


def test_dask_makes_the_same_rows_where_no_files_are(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    with engine_named("serial", EngineSettings())(study) as engine:
        expected = list(engine.rows(study.space.numbers()))
    with engine_named("dask", TWO)(study) as engine:
        for trace in tmp_path.glob("*.et"):
            trace.unlink()
        rows = list(engine.rows(study.space.numbers()))
    assert [{**it, "wall_s": 0} for it in rows] == [{**it, "wall_s": 0} for it in expected]
    assert {it["status"] for it in rows} == {"ok", "deadlock", "error"}


def test_a_cluster_loses_nothing_with_a_worker(tmp_path: Path) -> None:
    study = many_points(tmp_path, 60)
    run_study(study, tmp_path / "serial")
    with cluster(tmp_path, 2) as (address, workers):

        def kill_one(progress: SweepProgress) -> None:
            if progress.done == 20:
                workers[0].send_signal(signal.SIGKILL)

        settings = EngineSettings(scheduler=address)
        run_study(study, tmp_path / "dask", "dask", settings=settings, watch=kill_one)
        assert workers[0].wait(10) == -signal.SIGKILL
        assert workers[1].poll() is None
    assert rows_of(tmp_path / "dask") == rows_of(tmp_path / "serial")


def test_a_scheduler_that_goes_is_told_and_what_is_there_stays(tmp_path: Path) -> None:
    study = many_points(tmp_path, 200)
    with cluster(tmp_path, 1) as (address, (_, scheduler)):

        def kill_it(progress: SweepProgress) -> None:
            if progress.done == 10:
                scheduler.send_signal(signal.SIGKILL)

        settings = EngineSettings(scheduler=address)
        with pytest.raises(InputError, match="engine dask: the scheduler is gone"):
            run_study(study, tmp_path / "out", "dask", settings=settings, watch=kill_it)
    assert len(rows_of(tmp_path / "out")) >= 10


def test_a_worker_process_may_be_killed(tmp_path: Path) -> None:
    study = many_points(tmp_path, 60)
    run_study(study, tmp_path / "serial")
    killed = []

    def kill_some(progress: SweepProgress) -> None:
        if progress.done in {5, 50, 100}:
            (victim, *_) = active_children()
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(victim)

    run_study(study, tmp_path / "killed", "processes", settings=TWO, watch=kill_some)
    assert [it.exitcode for it in killed] == [-signal.SIGKILL] * 3
    assert rows_of(tmp_path / "killed") == rows_of(tmp_path / "serial")
    assert active_children() == []


def test_a_point_with_which_all_workers_end_is_a_row(tmp_path: Path) -> None:
    slow = {"network.npus_count[0]": [2, 4096]}
    path = some_study(
        tmp_path,
        workload=None,
        generate={"kind": "collective", "size": "1GiB"},
        axes=slow,
        options={"shortcuts": "off"},
    )
    study = Study.load(path)
    with engine_named("processes", EngineSettings(workers=1))(study) as engine:
        rows = engine.rows([0, 1])
        assert next(rows)["status"] == "ok"
        killer = Thread(target=end_three_that_are_at_work, args=(engine,))
        killer.start()
        lost = next(rows)
        killer.join()
    assert (lost["number"], lost["status"]) == (1, "error")
    assert "killed, perhaps for want of memory" in str(lost["error"])
    assert lost["point"] == study.inputs(study.space.setting(1)).digest


def end_three_that_are_at_work(engine: Any) -> None:
    for _ in range(3):
        while engine._workers[0].given is None:
            time.sleep(0.01)
        (victim,) = active_children()
        victim.kill()
        while engine._workers[0].given is not None:
            time.sleep(0.01)


def test_points_are_taken_a_few_ahead_only(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    taken: list[int] = []

    def many() -> Iterator[int]:
        for number in range(10**9):
            taken.append(number)
            yield number

    with engine_named("processes", EngineSettings(workers=1))(study) as engine:
        rows = engine.rows(many())
        assert next(rows)["number"] == 0
    assert len(taken) < 1000


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        (
            "ray",
            EngineSettings(),
            "engine: unknown engine 'ray'; known are serial, processes, dask",
        ),
        ("serial", TWO, "workers: engine serial takes none; it is for processes and dask"),
        ("processes", EngineSettings(scheduler="tcp://a:1"), "scheduler: .* it is for dask"),
        ("processes", EngineSettings(workers=0), "workers: must be 1 or more, not 0"),
    ],
)
def test_wrong_settings_are_told(name: str, settings: EngineSettings, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        engine_named(name, settings)


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    settings = EngineSettings(scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match=r"no scheduler of Dask answers at tcp://127.0.0.1:9"):
        run_study(study, tmp_path / "out", "dask", settings=settings)
