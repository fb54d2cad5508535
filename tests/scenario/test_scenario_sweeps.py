"""Scenarios in studies: whole files and single keys as axes, and seeds that are repeated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra.errors import ConfigError
from simastra.scenario import ScenarioConfig
from simastra.simulation import Simulation
from simastra.sweep import Study, read_results, run_study
from simastra.sweep.study.statistic import percentile
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import KiB

NPUS = 4
RING = network(("Ring", NPUS))
SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
NETWORK = {"topology": ["Ring"], "npus_count": [NPUS], "bandwidth": [50], "latency": [500]}
JITTER = {"jitter": {"seed": 0, "compute": {"distribution": "lognormal", "sigma": 0.1}}}


def builder() -> TraceBuilder:
    made = TraceBuilder()
    forward = made.compute("forward", micros=100)
    made.all_reduce("gradients", size=64 * KiB, after=forward)
    return made


def study(folder: Path, **keys: Any) -> Path:
    builder().write(folder / "wl", NPUS)
    document = {"workload": "wl", "system": SYSTEM, "network": NETWORK, **keys}
    (folder / "study.yml").write_text(json.dumps(document))
    return folder / "study.yml"


def makespans(folder: Path, **keys: Any) -> list[Any]:
    return rows(study(folder, **keys), folder / "out")["makespan_ns"]


def rows(told: Path, folder: Path) -> dict[str, list[Any]]:
    run_study(Study.load(told), folder)
    return {name: list(column) for name, column in read_results(folder).columns.items()}


def alone(scenario: dict[str, Any]) -> int:
    told = ScenarioConfig.parse(scenario)
    return Simulation(builder(), system(), RING, scenario=told).run().makespan


def test_a_row_is_the_simulation_by_itself(tmp_path: Path) -> None:
    speeds = [1, 0.5, 0.25]
    found = makespans(
        tmp_path,
        scenario={"npus": [{"npus": 2, "compute": 1}]},
        axes={"speed": {"key": "scenario.npus[0].compute", "values": speeds}},
    )
    assert found == [alone({"npus": [{"npus": 2, "compute": it}]}) for it in speeds]


def test_whole_files_are_points_too(tmp_path: Path) -> None:
    (tmp_path / "slow.yml").write_text("npus: {1: {compute: 0.5}}")
    (tmp_path / "paused.yml").write_text("npus: [{npus: 1, at: 5us, until: 9us, stop: true}]")
    found = makespans(tmp_path, axes={"scenario": ["slow.yml", "paused.yml"]})
    usual = alone({})
    assert found == [usual + 100_000, usual + 4_000]


def test_files_that_a_scenario_names_are_found_and_count(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "factors.txt").write_text("2\n")
    told = "jitter: {seed: 1, compute: {distribution: empirical, file: factors.txt}}"
    (tmp_path / "inner" / "what-if.yml").write_text(told)
    keys: dict[str, Any] = {"scenario": "inner/what-if.yml", "axes": {"network.bandwidth[0]": [50]}}
    assert makespans(tmp_path, **keys) == [alone({}) + 100_000]
    (tmp_path / "inner" / "factors.txt").write_text("3\n")
    again = rows(tmp_path / "study.yml", tmp_path / "other")
    assert again["makespan_ns"] == [alone({}) + 200_000]
    first = rows(tmp_path / "study.yml", tmp_path / "once more")
    assert first["point"] == again["point"]


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ({"npus": {"3": {"comput": 1}}}, "scenario.npus"),
        ({"npus": {"9": {"compute": 1}}}, "NPU 9 doesn't exist"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, scenario: dict[str, Any], message: str) -> None:
    told = study(tmp_path, scenario=scenario, axes={"network.bandwidth[0]": [50]})
    with pytest.raises(ConfigError, match=message):
        told_of(told, tmp_path / "out")


def told_of(told: Path, folder: Path) -> None:
    """Raise what is wrong with a study, or with its only point."""
    raise ConfigError(rows(told, folder)["error"][0], source="")


def test_a_thousand_seeds_are_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    told = study(tmp_path, scenario=JITTER, axes={}, repeat={"seeds": 1000, "by": "p99"})
    found = rows(told, tmp_path / "out")["makespan_ns"]
    assert len(set(found)) > 900
    half, nearly_all = (percentile(found, part) for part in (0.5, 0.99))
    assert [half, nearly_all] == [126971, 146837]
    assert alone({}) < half < nearly_all
    first = study(tmp_path, scenario=JITTER, axes={}, repeat={"seeds": 50})
    code = (
        "import sys; from simastra.sweep import Study, read_results, run_study\n"
        "run_study(Study.load(sys.argv[1]), sys.argv[2])\n"
        "print(*read_results(sys.argv[2]).columns['makespan_ns'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(first), str(tmp_path / "first")],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [int(it) for it in done.stdout.split()] == found[:50]


def test_the_collective_alone_has_nothing_that_scatters() -> None:
    trace = one_collective(CollectiveType.ALL_REDUCE)
    told = ScenarioConfig.parse(JITTER)
    simulated = Simulation(trace, system(), RING, scenario=told).run()
    assert simulated.makespan == Simulation(trace, system(), RING).run().makespan
