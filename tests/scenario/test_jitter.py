"""Computations that scatter: by a seed alone, by the distribution that is asked for."""

from __future__ import annotations

import subprocess
import sys
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist, fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra.draws import uniform
from simastra.errors import ConfigError
from simastra.scenario import ScenarioConfig
from simastra.scenario.draws import drawing
from simastra.scenario.jitter import ComputeJitter
from simastra.scenario.same_everywhere import exponential, logarithm, normal_quantile
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4
RING = network(("Ring", NPUS))


def builder(*micros: int) -> TraceBuilder:
    made = TraceBuilder()
    last = None
    for place, duration in enumerate(micros):
        last = made.compute(f"layer{place}", micros=duration, after=last or ())
    made.all_reduce("gradients", size=64 * KiB, after=last or ())
    return made


def jitter(seed: int = 0, **compute: object) -> ScenarioConfig:
    return ScenarioConfig.parse({"jitter": {"seed": seed, "compute": compute}})


def lognormal(seed: int = 0, sigma: float = 0.1, **more: object) -> ScenarioConfig:
    return jitter(seed, distribution="lognormal", sigma=sigma, **more)


def durations(scenario: ScenarioConfig, **options: str) -> list[dict[int, int]]:
    told = Options(**options) if options else None  # type: ignore[arg-type]  # texts only
    run = Simulation(builder(100, 200, 300), system(), RING, scenario=scenario, options=told).run()
    return [
        {it.node: it.duration for it in run.nodes[npu] if it.name != "gradients"}
        for npu in range(NPUS)
    ]


@given(st.floats(-600, 600))
def test_the_exponential_is_right(x: float) -> None:
    assert exponential(x) == pytest.approx(exp(x), rel=1e-15)


@given(st.floats(1e-300, 1e300))
def test_the_logarithm_is_right(x: float) -> None:
    assert logarithm(x) == pytest.approx(log(x), rel=1e-15, abs=1e-15)


@given(st.floats(1e-16, 1 - 1e-15))
def test_the_quantile_is_right(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), abs=1e-13)


def test_golden_draws_that_no_machine_and_no_hash_seed_changes() -> None:
    assert [next(uniform(1, "compute", 3, node)).hex() for node in (17, 18)] == GOLDEN
    code = (
        "from simastra.draws import uniform\n"
        "print([next(uniform(1, 'compute', 3, node)).hex() for node in (17, 18)])"
    )
    for seed in ("0", "1"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == str(GOLDEN)


GOLDEN = ["0x1.d92c5cba5d8e2p-1", "0x1.5d5d6cb24cf04p-4"]


def test_a_seed_says_all() -> None:
    first = durations(lognormal(seed=1))
    assert first == durations(lognormal(seed=1))
    assert first == durations(lognormal(seed=1), shortcuts="always")
    assert first != durations(lognormal(seed=2))
    assert len({tuple(it.values()) for it in first}) == NPUS


def test_other_nodes_and_npus_dont_matter() -> None:
    all_of_them = durations(lognormal(seed=1))
    only_two = durations(lognormal(seed=1, npus="1, 3"))
    assert only_two[1] == all_of_them[1]
    assert set(only_two[0].values()) == {100_000, 200_000, 300_000}
    npus = [builder(100, 200, 300) if npu == 3 else builder(7) for npu in range(NPUS)]
    run = Simulation(Trace.of(npus), system(), RING, scenario=lognormal(seed=1)).run()
    alone = {it.node: it.duration for it in run.nodes[3] if it.name != "gradients"}
    assert alone == all_of_them[3]


@pytest.mark.parametrize(
    "compute",
    [{"distribution": "lognormal", "sigma": 0}, {"distribution": "empirical", "file": "one.txt"}],
)
def test_no_scatter_is_no_change(compute: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("1\n1.0  # again\n")
    scenario = ScenarioConfig.parse({"jitter": {"compute": compute}}, tmp_path / "scenario.yml")
    assert {it for npu in durations(scenario) for it in npu.values()} == {100_000, 200_000, 300_000}


@pytest.mark.parametrize(
    ("given_draws", "deviation"),
    [
        (ComputeJitter(distribution="lognormal", sigma=0.3), sqrt(exp(0.09) - 1)),
        (ComputeJitter(distribution="gamma", shape=4.0), 0.5),
        (ComputeJitter(distribution="gamma", shape=0.5), sqrt(2)),
    ],
)
def test_means_are_1(given_draws: ComputeJitter, deviation: float) -> None:
    draw = drawing(given_draws, Path())
    numbers = [draw(uniform(7, "compute", 0, node)) for node in range(20_000)]
    assert fmean(numbers) == pytest.approx(1, abs=4 * deviation / sqrt(20_000))
    assert pstdev(numbers) == pytest.approx(deviation, rel=0.1)


def test_measured_factors_come_as_often_as_they_stand_there(tmp_path: Path) -> None:
    (tmp_path / "factors.txt").write_text("# measured\n0.5\n\n2\n2\n2\n")
    draw = drawing(ComputeJitter(distribution="empirical", file="factors.txt"), tmp_path)
    numbers = [draw(uniform(node)) for node in range(4000)]
    assert set(numbers) == {0.5, 2.0}
    assert numbers.count(2.0) == pytest.approx(3000, abs=150)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "has no number"), ("1\nfast\n", r"not 'fast' \(line 2\)"), ("-1\n", "from 0 to 1e9")],
)
def test_wrong_files_of_numbers_are_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "factors.txt").write_text(text)
    told = {"jitter": {"compute": {"distribution": "empirical", "file": "factors.txt"}}}
    scenario = ScenarioConfig.parse(told, tmp_path / "scenario.yml")
    with pytest.raises(ConfigError, match=message):
        durations(scenario)


def test_speed_and_jitter_go_together() -> None:
    both = {"npus": [{"npus": "all", "compute": 0.5}], "jitter": {"seed": 1, "compute": {}}}
    both["jitter"]["compute"] = {"distribution": "lognormal", "sigma": 0.1}  # type: ignore[index]
    usual, slowed = durations(lognormal(seed=1)), durations(ScenarioConfig.parse(both))
    for one, other in zip(usual, slowed, strict=True):
        assert other == {node: 2 * duration for node, duration in one.items()}


def test_a_variant_with_another_seed_is_as_if_made_anew() -> None:
    base = Simulation(builder(100, 200), system(), RING, scenario=lognormal(seed=1))
    variant = base.with_(scenario=lognormal(seed=2))
    anew = Simulation(builder(100, 200), system(), RING, scenario=lognormal(seed=2))
    assert variant.run().cycles == anew.run().cycles != base.run().cycles
