"""Goodput of a training that fails: closed forms, sums, and what Daly's formula expects."""

from __future__ import annotations

from math import exp, sqrt
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.metrics.goodput import goodput
from simastra.scenario import Restart, ScenarioConfig
from simastra.simulation import Simulation
from simastra.trace import CollectiveType

NEVER = 10**18


def restart(**keys: object) -> Restart:
    usual = {"interval": 1000, "mtbf": NEVER, "restart-time": 50, "write-time": 20, "steps": 100}
    told = ScenarioConfig.parse({"restart": {**usual, **keys}}).restart
    assert told is not None
    return told


def test_without_failures_only_checkpoints_cost() -> None:
    found = goodput(100, restart())
    assert (found.steps_between, found.failures) == (10, 0)
    assert found.time == 100 * 100 + 9 * 20
    assert (found.useful, found.writing, found.lost, found.restarting) == (10_000, 180, 0, 0)
    assert found.share == 10_000 / 10_180


def test_a_planted_failure_loses_what_wasnt_saved() -> None:
    found = goodput(100, restart(), stops=[1020 + 730])
    assert (found.failures, found.lost, found.restarting) == (1, 730, 50)
    assert found.time == 10_180 + 730 + 50


def test_a_failure_amid_a_restart_begins_it_again() -> None:
    found = goodput(100, restart(), stops=[500, 520])
    assert (found.failures, found.lost, found.restarting) == (2, 500, 70)
    assert found.time == 10_180 + 500 + 70


def test_a_failure_amid_a_checkpoint_loses_it() -> None:
    found = goodput(100, restart(), stops=[1010])
    assert (found.lost, found.writing) == (1010, 180)


@given(
    st.integers(1, 500),
    st.integers(1, 5000),
    st.integers(500, 100_000),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 9),
)
def test_times_sum_to_the_whole(  # what a training is told
    step: int, interval: int, mtbf: int, write: int, again: int, seed: int
) -> None:
    told = {"interval": interval, "mtbf": mtbf, "write-time": write, "restart-time": again}
    found = goodput(step, restart(**told, seed=seed, steps=20))
    if found.time is not None:
        parts = found.useful, found.writing, found.lost, found.restarting
        assert sum(parts) == found.time
        assert found.useful == 20 * step


def test_the_mean_is_what_daly_expects() -> None:
    """The expected time of a segment is (e^(λ(τ + δ)) - 1) (1/λ + R) (Daly 2006)."""
    tau, write, again, mtbf, segments = 1000, 50, 300, 5000, 200
    keys = {"interval": tau, "mtbf": mtbf, "write-time": write, "restart-time": again}
    times = []
    for seed in range(40):
        found = goodput(tau, restart(**keys, seed=seed, steps=segments))
        assert found.time is not None
        times.append(found.time)
    expected = segments * (exp((tau + write) / mtbf) - 1) * mtbf * exp(again / mtbf)
    assert fmean(times) == pytest.approx(expected, rel=0.02)


def test_the_best_interval_is_near_youngs() -> None:
    keys = {"mtbf": 10**6, "write-time": 500, "restart-time": 1000, "steps": 200_000}
    best = round(sqrt(2 * 500 * 10**6))
    shares = {
        factor: goodput(100, restart(**keys, interval=round(best * factor))).share
        for factor in (0.2, 1, 5)
    }
    assert max(shares, key=lambda it: shares[it]) == 1
    assert goodput(100, restart(**keys, interval=best)).best_interval == best


def test_bytes_and_bandwidth_are_a_time() -> None:
    told = ScenarioConfig.parse(
        {
            "restart": {
                **{"interval": "10s", "mtbf": "1000s", "restart-time": "5s"},
                **{"bytes": "100GB", "bandwidth": "50GB/s"},
            }
        }
    ).restart
    assert told is not None
    assert told.writing == 2 * 10**9


def test_who_stops_for_good_is_a_failure_of_the_training() -> None:
    told = {
        "npus": [{"npus": 3, "at": "5us", "stop": True}],
        "restart": {
            **{"interval": "1ms", "mtbf": NEVER, "restart-time": "1ms"},
            **{"write-time": "1us", "steps": 10},
        },
    }
    trace, ring = one_collective(CollectiveType.ALL_REDUCE), network(("Ring", 8))
    result = Simulation(trace, system(), ring, scenario=ScenarioConfig.parse(told)).run()
    found = result.metrics.goodput
    assert result.makespan == 117_780
    assert found is not None
    assert (found.failures, found.lost, found.restarting) == (1, 5000, 10**6)
    assert "goodput" in result.metrics.to_dict()
    assert "goodput" not in all_reduce_on_ring_of_8().run().metrics.to_dict()


def test_restarts_longer_than_the_time_between_failures_come_to_nothing() -> None:
    found = goodput(100, restart(mtbf=10, **{"restart-time": 10_000}))
    assert (found.time, found.useful) == (None, 0)
    assert found.failures > 100_000
