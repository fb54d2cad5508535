"""The report names a scenario's events and jobs, and says what they cost."""

from __future__ import annotations

from pathlib import Path

from support.machines import network, one_collective, system

from simastra.engine import Category
from simastra.report.page import PageContents, costs_of, html_report, lost_to, path_of
from simastra.report.run_records import RunRecorder
from simastra.scenario import ScenarioConfig
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, write_trace
from simastra.units import KiB


def test_a_planted_fault_and_a_job_stand_on_the_page(tmp_path: Path) -> None:
    collective = one_collective(CollectiveType.ALL_REDUCE, 64 * KiB)
    write_trace(tmp_path / "ring", Trace.uniform(collective, 4))
    told = {
        "links": [
            {"links": "1 -> 0", "rate": 0.9, "at": "1s"},
            {"links": "0 -> 1", "at": 100, "until": 30_000, "down": True},
        ],
        "jobs": [
            {"workload": "ring", "name": "even", "npus": [0, 2, 4, 6]},
            {"workload": "ring", "name": "odd", "npus": [1, 3, 5, 7], "start": 50},
        ],
    }
    scenario = ScenarioConfig.parse(told, tmp_path / "scenario.yml")
    simulation = Simulation(None, system(), network(("Ring", 8)), scenario=scenario)
    recorder = RunRecorder(simulation)
    result = simulation.run(probes=[recorder])
    why = simulation.explain()
    contents = PageContents(
        "what if",
        simulation,
        result,
        recorder.records(),
        attribution=costs_of(why),
        critical_path=path_of(why, simulation),
        lost_to=lost_to(why),
    )
    page = html_report(contents)
    assert "because of links[1]" in page
    assert "because of links[0]" not in page
    assert set(contents.lost_to) <= {"links[1]", "job even", "job odd"}
    for row in why.attributions:
        costs = sum(by_npu.get(row.npu, 0) for by_npu in contents.lost_to.values())
        assert costs == row.times[Category.FAULT] + row.times[Category.OTHER_JOB]
    assert '"job-table"' in page
    assert '"event-table"' in page
