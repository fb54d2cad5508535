"""Links that change under a workload: laws, closed forms, and who is to blame."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.graphs import four_and_six
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.engine import Category
from simastra.errors import Cause, DeadlockError
from simastra.network import BACKENDS
from simastra.result import LinkFaults, Result
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

CHANGING = [name for name, entry in BACKENDS.items() if entry.changing is not None]
every_backend = pytest.mark.parametrize("backend", CHANGING)

NPUS = 4
RING = network(("Ring", NPUS))
ENDS = [(npu, (npu + step) % NPUS) for npu in range(NPUS) for step in (1, -1)]


def simulation(
    backend: str,
    *events: dict[str, Any],
    machine: NetworkConfig = RING,
    collective: CollectiveType = CollectiveType.ALL_REDUCE,
    shortcuts: str = "auto",
) -> Simulation:
    options = Options(backend=backend, shortcuts=shortcuts)
    scenario = ScenarioConfig.parse({"links": list(events)}) if events else None
    workload = one_collective(collective, 64 * KiB)
    return Simulation(workload, system(), machine, options=options, scenario=scenario)


@cache
def usual(backend: str) -> Result:
    return simulation(backend).run()


@every_backend
@pytest.mark.parametrize("rate", ["x0.5", 0.5, "=25GiB/s", "25 GiB/s"])
@pytest.mark.parametrize("collective", [CollectiveType.ALL_REDUCE, CollectiveType.ALL_TO_ALL])
def test_halved_from_the_start_is_a_file_with_that_rate(
    backend: str, rate: object, collective: CollectiveType
) -> None:
    told = {"links": "all", "rate": rate}
    slower = network(("Ring", NPUS), bandwidth=25.0)
    expected = simulation(backend, machine=slower, collective=collective).run()
    assert simulation(backend, told, collective=collective).run().finishes == expected.finishes


@every_backend
def test_a_slower_dimension_is_a_file_with_that_rate(backend: str) -> None:
    two = network(("Ring", 2), ("Switch", 3))
    slower = NetworkConfig.parse(
        {
            "topology": ["Ring", "Switch"],
            "npus_count": [2, 3],
            "bandwidth": [50.0, 12.5],
            "latency": [500.0, 500.0],
        }
    )
    told = {"links": "dimension 1", "rate": "x0.25"}
    assert (
        simulation(backend, told, machine=two).run().finishes
        == simulation(backend, machine=slower).run().finishes
    )


@every_backend
def test_events_after_the_end_change_nothing(backend: str) -> None:
    late = simulation(backend, {"links": "all", "at": "1s", "down": True}).run()
    assert (late.finishes, late.links) == (usual(backend).finishes, usual(backend).links)


@every_backend
@settings(max_examples=40)
@given(
    ends=st.sampled_from(ENDS),
    at=st.integers(0, 12_000),
    length=st.integers(1, 8_000),
    what=st.sampled_from([{"down": True}, {"rate": 0.1}, {"flap": {"down": 90, "up": 700}}]),
)
def test_a_ring_ends_no_earlier_and_every_nanosecond_is_accounted_for(
    backend: str, ends: tuple[int, int], at: int, length: int, what: dict[str, Any]
) -> None:
    event = {"links": f"{ends[0]} -> {ends[1]}", "at": at, "until": at + length, **what}
    explanation = simulation(backend, event).explain()
    before = usual(backend)
    if backend != "fluid":  # whose messages, out of step, no longer share links as they did
        for row in explanation.attributions:
            assert row.finish >= before.cycles[row.npu]
    for row in explanation.attributions:
        assert row.total == explanation.makespan
        assert sum(row.faults.values()) == row.times[Category.FAULT]
    path = explanation.critical_path()
    assert [span.start for span in path] == [0, *(span.end for span in path[:-1])]
    assert path[-1].end == explanation.makespan
    assert {span.because for span in path if span.category is Category.FAULT} <= {"links[0]"}


@every_backend
def test_links_that_come_up_late_delay_all_by_what_is_left_of_it(backend: str) -> None:
    """The first messages come to them after 10 ns, for the endpoint, and wait from then on."""
    down = {"links": "all", "at": 0, "until": 3000, "down": True}
    late = simulation(backend, down).run()
    assert late.cycles == {npu: time + 2990 for npu, time in usual(backend).cycles.items()}


@every_backend
def test_planted_faults_are_named(backend: str) -> None:
    """Twenty for each backend: of three events the one that costs something is on the path."""
    draw = random.Random(backend)
    for _ in range(20):
        npu, planted = draw.randrange(NPUS), draw.randrange(3)
        at = draw.randrange(10, usual(backend).makespan // 2)
        down = {"links": f"{npu} -> {(npu + 1) % NPUS}", "at": at, "until": at + 6000, "down": True}
        idle = {"links": f"{npu} -> {(npu - 1) % NPUS}", "rate": 0.5}
        events = [down if index == planted else idle for index in range(3)]
        explanation = simulation(backend, *events).explain()
        named = {span.because for span in explanation.critical_path() if span.because}
        assert named == {f"links[{planted}]"}
        assert f"links[{planted}]" in str(explanation)
        costs = [row.faults for row in explanation.attributions if row.faults]
        assert costs
        assert all(set(it) == {f"links[{planted}]"} for it in costs)


@every_backend
def test_a_link_that_stays_down_is_the_reason_of_a_standstill(backend: str) -> None:
    with pytest.raises(DeadlockError, match="is down") as caught:
        simulation(backend, {"links": "0 -> 1", "at": 700, "down": True}).run()
    first = caught.value.waits[0]
    assert (first.npu, first.cause) == (1, Cause.LINK_DOWN)
    assert "held at link 0 -> 1, which is down (links[0])" in first.explanation
    assert caught.value.likely_cause == "link down"


@every_backend
def test_messages_that_are_sent_again_are_counted(backend: str) -> None:
    down = {"links": [0, 1], "at": 20, "until": 900, "down": True}
    result = simulation(backend, down).run()
    # NPU 0 sends the first of its chunks; in fluid all chunks that it has begun.
    sent = result.link_faults[0].sent_again
    assert result.link_faults == (LinkFaults(0, 1, sent, 0, "links[0]"),)
    assert result.to_dict()["link_faults"][0]["sent_again"] == sent >= 1
    words = "1 message" if sent == 1 else f"{sent} messages"
    told = f"link NPU 0 to NPU 1 was down (links[0]): {words} sent again over it"
    assert told in str(result)
    carried = {(it.src, it.dst): it.size for it in result.links}
    before = {(it.src, it.dst): it.size for it in usual(backend).links}
    assert carried.get((0, 1), 0) >= before.get((0, 1), 0)
    assert "link_faults" not in usual(backend).to_dict()


def test_every_shortcut_is_refused_and_changes_nothing() -> None:
    event = {"links": [0, 1], "at": 20, "until": 900, "down": True}
    plain = simulation("congestion-aware", event, shortcuts="off").run()
    result = simulation("congestion-aware", event, shortcuts="always").run()
    assert result.finishes == plain.finishes
    assert result.shortcuts
    assert not any(use.taken for use in result.shortcuts)


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ([0, 10], 2),
        ("npu.0 -> switch.a", 1),
        ("npu.0 <-> switch.a", 2),
        ({"from": "switch.a", "to": 0}, 1),
        ("npu.0 <- switch.a", 1),
        ("of switch.a", 10),
        ({"of": 4}, 6),
        ("kind nvlink", 8),
        ({"kind": "ib"}, 2),
        ([[0, 10], "kind ib", [0, "switch.a"]], 4),
        ("0 -> 10, 1 -> 10", 2),
        ("all", 22),
    ],
)
def test_links_are_selected_by_ends_device_and_kind(selector: object, count: int) -> None:
    told = simulation(
        "congestion-aware", {"links": selector, "rate": 0.5}, machine=four_and_six()
    ).experiment
    assert told.link_events is not None
    (change,) = told.link_events.changes
    assert len(change.conditions) == count


@every_backend
def test_a_transmission_that_is_lost_is_fault_from_its_beginning(backend: str) -> None:
    """As docs/scenarios.md says: 700 ns in vain, and the 200 ns of the event."""
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("there", size=64 * KiB, to=1)
    receiver.recv("here", size=64 * KiB, source=0)
    told = {"links": [{"links": "0 -> 1", "at": 700, "until": 900, "down": True}]}
    explanation = Simulation(
        Trace.of([sender, receiver]),
        system(),
        network(("Ring", 2)),
        options=Options(backend=backend, shortcuts="off"),
        scenario=ScenarioConfig.parse(told),
    ).explain()
    row = explanation.attributions[1]
    assert row.faults == {"links[0]": 900}
    assert explanation.makespan == 1720 + 900
