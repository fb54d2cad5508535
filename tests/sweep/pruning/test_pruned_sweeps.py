"""Sweeps that leave points out: the same ones with every engine, and never one of the front."""

from pathlib import Path

import pytest
from support.sweeps import rows_of, some_study

from simastra.sweep import Study, read_results, run_study
from simastra.sweep.engines import EngineSettings

AXES = {
    "system.preferred-dataset-splits": [1, 4, 64],
    "network.topology[0]": ["Switch", "Ring"],
    "network.bandwidth[0]": {"linear": [25, 100], "points": 6},
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.load(some_study(tmp_path, axes=AXES))


def front_of(folder: Path) -> list[object]:
    return list(read_results(folder).front().columns["number"])


def test_the_front_is_that_of_all_points(study: Study, tmp_path: Path) -> None:
    run_study(study, tmp_path / "all", "serial")
    run_study(study, tmp_path / "pruned", "serial", prune=True)
    pruned = [row for row in rows_of(tmp_path / "pruned") if row["status"] == "pruned"]
    assert len(pruned) >= 6
    assert all(row["bound_ns"] and row["cost"] and row["makespan_ns"] is None for row in pruned)
    assert front_of(tmp_path / "pruned") == front_of(tmp_path / "all")


KIND = {
    "keys": ["network.topology[0]", "network.latency[0]"],
    "values": [["Switch", 500], ["Ring", 100]],
}


@pytest.mark.parametrize("axis", ["network.topology[0]", "kind"])
def test_each_part_keeps_its_front(tmp_path: Path, axis: str) -> None:
    values = {"network.topology[0]": ["Switch", "Ring"], "kind": KIND}[axis]
    axes = {axis if "topology" in name else name: it for name, it in AXES.items()}
    path = some_study(tmp_path, axes={**axes, axis: values}, **{"for-each": axis})
    given = Study.load(path)
    run_study(given, tmp_path / "all")
    run_study(given, tmp_path / "pruned", prune=True)
    assert {row["status"] for row in rows_of(tmp_path / "pruned")} == {"ok", "pruned"}
    everything = read_results(tmp_path / "all")
    parts = [list(it.front().columns["number"]) for it in everything.by(axis).values()]
    assert all(parts)
    assert front_of(tmp_path / "pruned") == [number for part in parts for number in part]
    assert front_of(tmp_path / "all") == front_of(tmp_path / "pruned")


def test_what_was_left_out_for_another_question_is_run(study: Study, tmp_path: Path) -> None:
    run_study(study, tmp_path / "out", prune=True)
    path = some_study(tmp_path, axes=AXES, **{"for-each": "network.topology[0]"})
    each = Study.load(path)
    run_study(each, tmp_path / "out", prune=True)
    run_study(each, tmp_path / "all")
    assert front_of(tmp_path / "out") == front_of(tmp_path / "all")


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_the_same_points_are_left_out_with_every_engine(
    study: Study, tmp_path: Path, engine: str
) -> None:
    run_study(study, tmp_path / "here", "serial", prune=True)
    settings = EngineSettings(workers=2)
    run_study(study, tmp_path / "there", engine, settings=settings, prune=True)
    assert "pruned" in {row["status"] for row in rows_of(tmp_path / "here")}
    assert rows_of(tmp_path / "here") == rows_of(tmp_path / "there")
