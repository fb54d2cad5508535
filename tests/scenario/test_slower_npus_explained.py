"""Explanations name the NPU that others wait for, and still sum to the nanosecond."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra.engine import Category
from simastra.explain import Attribution
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4
RING = network(("Ring", NPUS))


def trace(micros: tuple[int, ...] = (100,) * NPUS) -> Trace:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder, duration in zip(npus, micros, strict=True):
        forward = builder.compute("forward", micros=duration)
        reduced = builder.all_reduce("gradients", size=64 * KiB, after=forward)
        builder.compute("update", micros=7, after=reduced)
    return Trace.of(npus)


def explained(
    scenario: ScenarioConfig | None, micros: tuple[int, ...] = (100,) * NPUS, **options: str
) -> tuple[Attribution, ...]:
    told = Options(**options) if options else None  # type: ignore[arg-type]  # texts only
    simulation = Simulation(trace(micros), system(), RING, scenario=scenario, options=told)
    explanation = simulation.explain()
    makespan = simulation.run().makespan
    for it in explanation.attributions:
        assert it.total == makespan
        assert sum(it.slower.values()) == it.times[Category.SLOWER]
        assert it.npu not in it.slower
        assert sum(it.partners.values()) == it.times[Category.PARTNER]
        assert sum(it.faults.values()) == it.times[Category.FAULT]
    return explanation.attributions


def npus(*entries: dict[str, object], **more: object) -> ScenarioConfig:
    return ScenarioConfig.parse({"npus": list(entries), **more})


def test_a_straggler_is_waited_for_as_long_as_it_is_slower() -> None:
    found = explained(npus({"npus": 2, "compute": 0.5}))
    usual = explained(None)
    assert found[3].slower == {2: 100_000}
    assert found[2].slower == {}
    for it, before in zip(found, usual, strict=True):
        assert before.slower == {}
        assert set(it.slower) <= {2}


def test_waiting_for_who_has_more_to_do_is_no_slowness() -> None:
    found = explained(npus({"npus": 0, "compute": 1}), micros=(100, 100, 300, 100))
    assert all(not it.slower for it in found)
    found = explained(npus({"npus": 2, "compute": "3/4"}), micros=(100, 100, 300, 100))
    assert found[3].slower == {2: 100_000}
    assert found[3].partners[2] >= 200_000


def test_what_all_lose_is_nobodys_slowness() -> None:
    usual = explained(None, micros=(100, 100, 200, 100))
    found = explained(npus({"npus": "all", "compute": 0.5}), micros=(100, 100, 200, 100))
    assert usual[3].partners[2] >= 100_000
    assert found[3].slower == {2: 100_000}
    assert found[3].partners == usual[3].partners


def test_what_was_waited_for_before_isnt_counted_again() -> None:
    made = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(made):
        one = builder.compute("one", micros=100)
        first = builder.all_reduce("first", size=KiB, after=one)
        two = builder.compute("two", micros=300 if npu == 2 else 100, after=first)
        builder.all_reduce("second", size=KiB, after=two)
    pause = npus({"npus": 2, "at": "10us", "until": "30us", "stop": True})
    found = Simulation(Trace.of(made), system(), RING, scenario=pause).explain().attribution(3)
    assert found.slower == {2: 20_000}
    assert found.partners[2] >= 195_000


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
def test_who_stands_still_loses_it_and_others_wait(backend: str) -> None:
    pause = npus({"npus": 1, "at": "30us", "until": "80us", "stop": True})
    found = explained(pause, backend=backend)
    assert found[1].faults == {"npus[0]": 50_000}
    assert found[1].times[Category.COMPUTE] == 107_000
    assert found[2].slower == {1: 50_000}


def test_a_slow_time_is_a_fault_of_what_is_lost() -> None:
    slow = npus({"npus": 1, "at": "20us", "until": "60us", "compute": 0.25})
    found = explained(slow)
    assert found[1].faults == {"npus[0]": 30_000}
    assert found[1].times[Category.COMPUTE] == 107_000
    assert found[2].slower == {1: 30_000}


def test_messages_that_are_held_back_are_faults_of_the_jitter() -> None:
    draws = {"distribution": "lognormal", "sigma": 0, "mean": 1000, "npus": 0}
    found = explained(npus(jitter={"messages": draws}))
    assert found[1].slower == {0: 6 * 1000}
    trace = [TraceBuilder(npu) for npu in range(NPUS)]
    trace[0].send("it", size=KiB, to=1)
    trace[1].recv("it", size=KiB, source=0)
    told = npus(jitter={"messages": draws})
    own = Simulation(Trace.of(trace), system(), RING, scenario=told).explain().attributions
    assert own[0].faults == {"jitter.messages": 1000}
    assert own[1].slower == {0: 1000}


def test_the_table_names_it() -> None:
    simulation = Simulation(trace(), system(), RING, scenario=npus({"npus": 2, "compute": 0.5}))
    table = simulation.explain().slower_table()
    assert table is not None
    assert [row[0] for row in table.rows] == ["2"]
    assert Simulation(trace(), system(), RING).explain().slower_table() is None


@settings(deadline=None, max_examples=30)
@given(
    st.tuples(*[st.integers(1, 60)] * NPUS),
    st.integers(0, NPUS - 1),
    st.integers(1, 9),
    st.integers(0, 60_000),
    st.integers(1, 30_000),
    st.integers(0, 3),
)
def test_all_of_it_sums_to_the_makespan(  # what a scenario is made of
    micros: tuple[int, ...], npu: int, speed: int, at: int, time: int, seed: int
) -> None:
    scenario = npus(
        {"npus": npu, "compute": f"{speed}/9"},
        {"npus": (npu + 1) % NPUS, "at": at, "until": at + time, "stop": True},
        {"npus": "all", "at": at, "until": at + 2 * time, "compute": 0.5},
        jitter={"seed": seed, "compute": {"distribution": "gamma", "shape": 3}},
    )
    explained(scenario, micros)


def test_nobody_is_waited_for_longer_than_it_has_lost() -> None:
    """Collectives that nobody waits for overlap computations, and a link goes down amid them."""
    builder = TraceBuilder()
    before = None
    for layer in range(4):
        before = builder.compute(f"layer{layer}", micros=200, after=before or ())
        builder.all_reduce(f"gradients{layer}", size=4096 * KiB, after=before)
    machine = system(local_mem_bw=0, preferred_dataset_splits=1)
    told = npus(
        {"npus": 3, "compute": 0.5},
        links=[{"links": "2 -> 3", "at": "850us", "until": "900us", "down": True}],
    )
    ring = network(("Ring", 8))
    simulation = Simulation(builder, machine, ring, scenario=told)
    for it in simulation.explain().attributions:
        assert it.total == simulation.run().makespan
        assert it.slower.get(3, 0) <= (0 if it.npu == 3 else 800_000)
