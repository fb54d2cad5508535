"""NPUs of another speed: the laws and closed forms that they obey."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4
RING = network(("Ring", NPUS))
EXACT = Options(shortcuts="off")


def slow(npus: object, speed: object) -> ScenarioConfig:
    return ScenarioConfig.parse({"npus": [{"npus": npus, "compute": speed}]})


def workload(micros: list[int]) -> Trace:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder, duration in zip(npus, micros, strict=True):
        forward = builder.compute("forward", micros=duration)
        reduced = builder.all_reduce("gradients", size=64 * KiB, after=forward)
        builder.compute("update", micros=7, after=reduced)
    return Trace.of(npus)


def uniform() -> TraceBuilder:
    builder = TraceBuilder()
    forward = builder.compute("forward", micros=100)
    builder.all_reduce("gradients", size=64 * KiB, after=forward)
    return builder


def test_an_empty_scenario_changes_nothing() -> None:
    collective = one_collective(CollectiveType.ALL_REDUCE)
    ring = network(("Ring", 8))
    for given_scenario in (ScenarioConfig(), slow("all", 1), slow(3, "1/1")):
        simulation = Simulation(collective, system(), ring, scenario=given_scenario)
        assert simulation.run().makespan == 117780
        assert simulation.experiment.programs[0] is simulation.experiment.programs[3]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(0, 50), min_size=NPUS, max_size=NPUS),
    st.fractions(min_value=Fraction(1, 8), max_value=8, max_denominator=64),
)
def test_a_speed_for_all_is_a_trace_of_such_durations(micros: list[int], speed: Fraction) -> None:
    base = Simulation(workload(micros), system(), RING, options=EXACT)
    slowed = Simulation(
        workload(micros), system(), RING, options=EXACT, scenario=slow("all", str(speed))
    )
    before, after = base.run(), slowed.run()
    for npu in range(NPUS):
        was = {it.node: it.duration for it in before.nodes[npu]}
        for record in after.nodes[npu]:
            if record.name != "gradients":
                assert record.duration == ceil(was[record.node] / speed)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, NPUS - 1), st.integers(1, 64))
def test_a_straggler_delays_a_ring_by_what_it_lacks(npu: int, half: int) -> None:
    """All begin together, and each step of a ring waits for its slowest member."""
    usual = Simulation(uniform(), system(), RING, options=EXACT).run().makespan
    late = Simulation(uniform(), system(), RING, options=EXACT, scenario=slow(npu, f"1/{half}"))
    assert late.run().makespan == usual + 100_000 * (half - 1)


def test_a_straggler_that_is_folded_stays_so() -> None:
    ring = network(("Ring", 16))
    for selected in ("all", "every 4", "every 2", 5):
        simulation = Simulation(uniform(), system(), ring, scenario=slow(selected, 0.5))
        assert simulation.run(shortcuts="always").cycles == simulation.run(shortcuts="off").cycles
    halved = Simulation(uniform(), system(), ring, scenario=slow("every 2", 0.5))
    taken = [it for it in halved.run(shortcuts="always").shortcuts if it.taken]
    assert "16 NPUs as 2" in taken[0].reason


def test_a_roofline_is_slowed_too() -> None:
    builder = TraceBuilder()
    builder.compute("matmul", micros=0, num_ops=10**9, tensor_size=10**6)
    machine = system(roofline_enabled=1, peak_perf=10)
    usual = Simulation(builder, machine, RING).run().makespan
    slowed = Simulation(builder, machine, RING, scenario=slow(2, "3/7")).run()
    assert slowed.makespan == slowed.cycles[2] == ceil(Fraction(usual) * 7 / 3)
    assert slowed.cycles[0] == usual


def test_bounds_hold_for_who_is_slow() -> None:
    simulation = Simulation(uniform(), system(), RING, scenario=slow(2, "1/9"))
    assert 900_000 <= simulation.lower_bound().time <= simulation.run().makespan


def test_with_another_scenario_it_is_as_if_made_anew() -> None:
    plain = Simulation(uniform(), system(), RING)
    slowed = plain.with_(scenario=slow(1, 0.5))
    slower = slowed.with_(scenario=slow(1, 0.25))
    back = slower.with_(scenario=ScenarioConfig())
    faster = network(("Ring", NPUS), bandwidth=100)
    assert slowed.run().makespan == plain.run().makespan + 100_000
    assert slower.run().makespan == plain.run().makespan + 300_000
    assert back.run().cycles == plain.run().cycles
    on_faster = slowed.with_(network=faster)
    anew = Simulation(uniform(), system(), faster, scenario=slow(1, 0.5))
    assert on_faster.run().cycles == anew.run().cycles


def test_a_speed_of_npus_that_compute_nothing_is_told() -> None:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder in npus:
        builder.all_reduce("gradients", size=64 * KiB)
    npus[3].compute("update", micros=1)
    entries = [
        {"npus": [0, 1], "compute": 0.5},
        {"npus": "2-3", "compute": 0.5},
        {"npus": 2, "at": 10, "compute": 0.5},
        {"npus": 1, "compute": 1},
    ]
    scenario = ScenarioConfig.parse({"npus": entries}, "s.yml")
    base = Simulation(Trace.of(npus), system(), RING)
    told = [it for it in base.with_(scenario=scenario).notices if "speed" in it.code]
    assert [it.where for it in told] == ["s.yml: npus[0].compute", "s.yml: npus[2].compute"]
    assert all("it changes nothing" in it.message for it in told)
    again = base.with_(scenario=scenario).with_(scenario=slow(3, 0.5))
    assert not [it for it in again.notices if "speed" in it.code]
