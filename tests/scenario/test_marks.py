"""Timelines and reports show when a scenario's events happen, and to whom."""

from __future__ import annotations

import json
from typing import Any

from support.machines import network, system

from simastra.report.page.headline import _worth
from simastra.report.page.timeline_data import timeline_data
from simastra.report.run_records import RunRecorder, RunRecords
from simastra.report.run_timeline import run_timeline
from simastra.result import Result
from simastra.scenario import ScenarioConfig
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder
from simastra.units import KiB

NPUS = 4
EVENTS = {
    "npus": [
        {"npus": 2, "at": "30us", "until": "80us", "stop": True},
        {"npus": "0-1", "at": "40us", "compute": 0.5},
        {"npus": 3, "at": "1s", "stop": True},
    ],
    "links": [{"links": "0 -> 1", "at": "10us", "until": "20us", "down": True}],
}


def recorded(scenario: dict[str, Any]) -> tuple[Simulation, Result, RunRecords]:
    builder = TraceBuilder()
    forward = builder.compute("forward", micros=100)
    builder.all_reduce("gradients", size=64 * KiB, after=forward)
    told = ScenarioConfig.parse(scenario)
    simulation = Simulation(builder, system(), network(("Ring", NPUS)), scenario=told)
    recorder = RunRecorder(simulation)
    return simulation, simulation.run(probes=[recorder]), recorder.records()


def test_a_timeline_has_a_bar_for_each_event_that_happens() -> None:
    _, result, records = recorded(EVENTS)
    events = json.loads(run_timeline(result, records))["traceEvents"]
    bars = [
        (it["pid"], it["name"], it["ts"], it["dur"]) for it in events if it.get("cat") == "scenario"
    ]
    end = result.makespan / 1000
    assert bars == [
        (0, "is down (links[0])", 10, 10),
        (2, "stops (npus[0])", 30, 50),
        (0, "computes at 0.5 of its speed (npus[1])", 40, end - 40),
        (1, "computes at 0.5 of its speed (npus[1])", 40, end - 40),
    ]


def test_a_run_without_scenario_has_none() -> None:
    _, result, records = recorded({})
    assert records.marks == ()
    assert "scenario" not in run_timeline(result, records)


def test_a_report_says_what_happens() -> None:
    simulation, result, records = recorded(EVENTS)
    notes = timeline_data(simulation, result, records, result.makespan)["notes"]
    assert "The scenario's npus[0]: NPU 2: stops, from 30 µs to 80 µs." in notes
    assert any(
        it.startswith("The scenario's npus[1]: NPU 0, NPU 1: computes at 0.5") for it in notes
    )
    assert any("links[0]: link 0 -> 1: is down" in it for it in notes)


def test_a_report_has_the_goodput_on_its_first_screen() -> None:
    keys = {"interval": "1ms", "mtbf": "1s", "restart-time": "1ms", "write-time": "1us"}
    _, result, _ = recorded({"restart": keys})
    (found,) = [it for it in _worth(result.metrics) if it.name == "Goodput"]
    share = result.metrics.goodput.share if result.metrics.goodput else 0
    assert found.value == f"{100 * share:.1f} %"
