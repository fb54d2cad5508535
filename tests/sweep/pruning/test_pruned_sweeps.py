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


def test_the_same_points_are_left_out_with_every_engine(study: Study, tmp_path: Path) -> None:
    run_study(study, tmp_path / "here", "serial", prune=True)
    settings = EngineSettings(workers=2)
    run_study(study, tmp_path / "there", "processes", settings=settings, prune=True)
    assert rows_of(tmp_path / "here") == rows_of(tmp_path / "there")
