"""NPUs that stand still or are slower for some time: laws, closed forms, and who is named."""

from __future__ import annotations

import pickle
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra.debug import Stepper
from simastra.errors import ConfigError, DeadlockError
from simastra.scenario import Hours, ScenarioConfig, resolved
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

NPUS = 4
RING = network(("Ring", NPUS))


def builder(micros: int = 100, size: int = 64 * KiB) -> TraceBuilder:
    made = TraceBuilder()
    forward = made.compute("forward", micros=micros)
    reduced = made.all_reduce("gradients", size=size, after=forward)
    made.compute("update", micros=10, after=reduced)
    return made


def events(*entries: dict[str, object]) -> ScenarioConfig:
    return ScenarioConfig.parse({"npus": list(entries)})


def simulation(scenario: ScenarioConfig | None = None, micros: int = 100) -> Simulation:
    return Simulation(builder(micros), system(), RING, scenario=scenario)


def hours(*entries: dict[str, object]) -> Hours:
    told = [{"npus": 0, **entry} for entry in entries]
    return Hours(resolved(events(*told), 1, {}).npus[0].events)


def end(when: Hours, start: int, work: int) -> int | None:
    found = when.stretches(start, work, is_computation=True)
    return None if found is None else start + sum(it.time for it in found)


PAUSE = {"npus": 2, "at": "30us", "until": "80us", "stop": True}


def test_hours_of_who_stands_still() -> None:
    when = hours({"at": 10, "until": 20, "stop": True}, {"at": 15, "until": 30, "stop": True})
    assert [end(when, 0, 9), end(when, 0, 10), end(when, 0, 11)] == [9, 30, 31]
    assert [end(when, 12, 0), end(when, 30, 5), end(when, 9, 0)] == [30, 35, 9]
    assert when.stretches(5, 7, is_computation=False) == [
        (5, ""),
        (5, "npus[0]"),
        (5, "npus[0], npus[1]"),
        (10, "npus[1]"),
        (2, ""),
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(1, 40),
            st.fractions(min_value=Fraction(1, 8), max_value=1, max_denominator=8) | st.just(0),
        ),
        max_size=4,
    ),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_hours_do_what_ns_by_ns_is_done(
    told: list[tuple[int, int, Fraction]], start: int, work: int
) -> None:
    entries: list[dict[str, object]] = [
        {"at": at, "until": at + long, **({"compute": str(v)} if v else {"stop": True})}
        for at, long, v in told
    ]
    when = hours(*entries)
    now, done = start, Fraction(0)
    while True:
        speed = Fraction(1)
        for at, long, v in told:
            if at <= now < at + long:
                speed *= v
        if done >= work and speed:
            break
        done += speed
        now += 1
    assert end(when, start, work) == now
    found = when.stretches(start, work, is_computation=True)
    assert found is not None
    assert sum(it.time for it in found if not it.because) == work


def test_a_pause_amid_a_computation_makes_it_longer_by_the_pause() -> None:
    usual, paused = simulation().run(), simulation(events(PAUSE)).run()
    assert paused.makespan == usual.makespan + 50_000
    by_name = {it.name: it for it in paused.nodes[2]}
    assert by_name["forward"].duration == 150_000
    assert paused.nodes[0][0].duration == 100_000


def test_a_slow_time_makes_computations_longer_by_what_is_lost() -> None:
    slow = {"npus": 2, "at": "20us", "until": "60us", "compute": 0.25}
    paused = simulation(events(slow)).run()
    assert paused.nodes[2][0].duration == 130_000
    forever = simulation(events({"npus": 2, "at": "20us", "compute": 0.25})).run()
    assert forever.nodes[2][0].duration == 20_000 + 4 * 80_000


def test_slow_from_the_start_is_a_slow_npu() -> None:
    event = simulation(events({"npus": 1, "at": 0, "compute": "3/7"})).run()
    lasting = simulation(events({"npus": 1, "compute": "3/7"})).run()
    assert event.cycles == lasting.cycles
    assert [it.duration for it in event.nodes[1]] == [it.duration for it in lasting.nodes[1]]


def test_resume_ends_what_has_no_end() -> None:
    stopped = events({**PAUSE, "until": None}, {"npus": 2, "at": "80us", "resume": True})
    assert simulation(stopped).run().cycles == simulation(events(PAUSE)).run().cycles


def test_an_npu_may_begin_late() -> None:
    late = simulation(events({"npus": "all", "until": "7us", "stop": True})).run()
    assert late.makespan == simulation().run().makespan + 7_000


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
@pytest.mark.parametrize("algorithm", ["ring", "direct", "halvingDoubling", "doubleBinaryTree"])
def test_a_pause_of_all_delays_all_by_it(backend: str, algorithm: str) -> None:
    """What is on its way goes on, so that the pause may cost less, but no more."""
    trace = one_collective(CollectiveType.ALL_REDUCE, 64 * KiB)
    machine, options = network(("Switch", 8)), Options(backend=backend)
    usual = Simulation(trace, system([algorithm]), machine, options=options).run().makespan
    for at in range(0, usual, max(1, usual // 7)):
        pause = events({"npus": "all", "at": at, "until": at + 5000, "stop": True})
        told = Simulation(trace, system([algorithm]), machine, options=options, scenario=pause)
        assert usual < told.run().makespan <= usual + 5000


@settings(deadline=None, max_examples=40)
@given(st.integers(0, NPUS - 1), st.integers(0, 200_000), st.integers(1, 100_000))
def test_a_pause_makes_nothing_earlier(npu: int, at: int, time: int) -> None:
    usual = simulation().run()
    pause = events({"npus": npu, "at": at, "until": at + time, "stop": True})
    paused = simulation(pause).run()
    assert all(usual.cycles[it] <= paused.cycles[it] for it in range(NPUS))
    assert paused.makespan <= usual.makespan + time


def test_what_comes_after_the_end_changes_nothing() -> None:
    usual = simulation().run()
    after = events({"npus": "all", "at": usual.makespan + 1, "stop": True})
    assert simulation(after).run().cycles == usual.cycles


def test_who_stops_for_good_is_named() -> None:
    stopped = simulation(events({"npus": 2, "at": "30us", "stop": True}))
    with pytest.raises(DeadlockError) as caught:
        stopped.run()
    told = str(caught.value)
    assert "NPU 2, node 1 ('forward')" in told
    assert "stops at 30,000 ns (npus[0])" in told
    assert "likely cause: an NPU stands still, as the scenario says" in told
    assert caught.value.unfinished == (0, 1, 2, 3)


def test_who_never_begins_is_named() -> None:
    stopped = simulation(events({"npus": 1, "at": 0, "stop": True}))
    with pytest.raises(DeadlockError) as caught:
        stopped.run()
    assert "NPU 1 stops at 0 ns (npus[0])" in str(caught.value)


@pytest.mark.parametrize("number", range(60))
def test_reports_name_the_planted_event(number: int) -> None:
    npu, at = number % NPUS, 1000 + 1900 * number
    entries: list[dict[str, object]] = [{"npus": "all", "at": 1, "until": 2, "compute": 0.5}]
    entries.insert(number % 2, {"npus": npu, "at": at, "stop": True})
    stopped = simulation(events(*entries), micros=100)
    with pytest.raises(DeadlockError) as caught:
        stopped.run()
    assert f"NPU {npu}" in str(caught.value)
    assert f"stops at {at:,} ns (npus[{number % 2}])" in str(caught.value)


def test_why_names_it_while_it_lasts() -> None:
    run = simulation(events(PAUSE)).start()
    run.env.run(until=50_000)
    assert "stops from 30,000 ns to 80,000 ns (npus[0])" in str(run.why(2))
    run.env.run(until=140_000)
    assert "npus[0]" in str(run.why(1))


def test_messages_that_are_held_back() -> None:
    trace = [TraceBuilder(npu) for npu in range(2)]
    trace[0].send("it", size=KiB, to=1)
    trace[1].recv("it", size=KiB, source=0)
    machine = network(("Ring", 2))
    usual = Simulation(Trace.of(trace), system(), machine).run().makespan

    def late(**draws: object) -> int:
        told = {"seed": 5, "messages": {"mean": "2us", **draws}}
        scenario = ScenarioConfig.parse({"jitter": told})
        return Simulation(Trace.of(trace), system(), machine, scenario=scenario).run().makespan

    assert late(distribution="lognormal", sigma=0) == usual + 2000
    assert late(distribution="gamma", shape=2) == late(distribution="gamma", shape=2) > usual
    assert late(distribution="lognormal", sigma=0, npus=1) == usual


def test_shortcuts_say_why_they_are_refused() -> None:
    result = simulation(events(PAUSE)).run(shortcuts="always")
    assert result.cycles == simulation(events(PAUSE)).run(shortcuts="off").cycles
    assert {it.reason for it in result.shortcuts} == {
        "the scenario has events, which happen in a run event by event",
        "it has no events of a scenario",
    }


def test_bounds_hold() -> None:
    for entry in (PAUSE, {"npus": 2, "at": 5, "compute": "1/9"}):
        told = simulation(events(entry))
        assert told.lower_bound().time <= told.run().makespan


def test_rounding_is_up_to_whole_nanoseconds() -> None:
    made = TraceBuilder()
    made.compute("it", micros=1)
    slow = events({"npus": 0, "at": 1, "compute": "3/7"})
    told = Simulation(made, system(), network(("Ring", 1)), scenario=slow).run()
    assert told.makespan == 1 + ceil(Fraction(999) * 7 / 3)


def test_what_begins_after_the_end_is_told() -> None:
    late = simulation(events({"npus": "all", "at": "1s", "stop": True})).run()
    (told,) = [it for it in late.notices if it.code == "event-after-end"]
    assert told.where == "scenario: npus[0]"
    assert "it changes nothing" in told.message
    in_time = simulation(events(PAUSE)).run()
    assert not [it for it in in_time.notices if it.code == "event-after-end"]


def test_a_simulation_with_a_scenario_goes_into_a_pickle() -> None:
    draws = {"distribution": "gamma", "shape": 2, "mean": 100}
    scenario = ScenarioConfig.parse({"npus": [PAUSE], "jitter": {"messages": draws}})
    made = simulation(scenario)
    copy = pickle.loads(pickle.dumps(made))
    assert copy.run().cycles == made.run().cycles


def test_the_debugger_goes_back_over_events() -> None:
    draws = {"distribution": "gamma", "shape": 2, "mean": 100}
    scenario = ScenarioConfig.parse({"npus": [PAUSE], "jitter": {"messages": draws}})
    stepper = Stepper(simulation(scenario), snapshot_events=20)
    stepper.until(90_000)
    there = stepper.position
    stepper.until(140_000)
    stepper.go_to(there)
    assert stepper.position == there
    stepper.finish()
    assert stepper.result().makespan == simulation(scenario).run().makespan


def test_who_has_nothing_to_do_may_stand_still() -> None:
    busy = TraceBuilder(0)
    busy.compute("work", micros=1)
    workload = Trace.of([busy, *map(TraceBuilder, range(1, NPUS))])
    pause = events({"npus": "all", "at": 0, "until": 5, "stop": True})
    result = Simulation(workload, system(), RING, scenario=pause).run()
    assert result.cycles == {0: 1005, 1: 0, 2: 0, 3: 0}


def test_thousands_of_events_of_one_npu_are_no_matter_but_very_many_at_once() -> None:
    pauses = [{"npus": 2, "at": 3 * it, "until": 3 * it + 1, "stop": True} for it in range(3000)]
    found = simulation(events(*pauses)).run()
    assert found.makespan > simulation().run().makespan
    slow = [{"npus": 2, "at": it, "until": 9999, "compute": 0.9} for it in range(101)]
    with pytest.raises(ConfigError, match="more than 100 events of one NPU at one time"):
        simulation(events(*slow))
