"""What jobs cost each other at the links that they share."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.machines import network, system

from simastra.engine import Category, Envelope, Transmitting
from simastra.explain import Explanation, Span
from simastra.explain.other_jobs import OtherJobs
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder, write_trace

LINE = network(("Ring", 8))
"""Messages from NPU 0 to NPU 2 go by NPU 1."""


def explained(
    folder: Path, backend: str, npus: tuple[list[int], list[int]], start: int = 0
) -> Explanation:
    """Two jobs of two ranks, the first of which sends 64 KiB to the second; b begins later."""
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("there", size=65_536, to=1)
    receiver.recv("back", size=65_536, source=0)
    write_trace(folder / "pair", Trace.of([sender, receiver]))
    jobs = [
        {"workload": "pair", "name": "a", "npus": npus[0]},
        {"workload": "pair", "name": "b", "npus": npus[1], "start": start},
    ]
    config = ScenarioConfig.parse({"jobs": jobs}, folder / "scenario.yml")
    options = Options(backend=backend)
    return Simulation(None, system(), LINE, options=options, scenario=config).explain()


@pytest.mark.parametrize(
    ("backend", "start", "costs"),
    [
        # On a wire for 1,220 ns. NPU 0's is at link 1 -> 2 after 1,720 ns, where NPU 1's is from
        # 1,000 to 2,220 ns.
        ("congestion-aware", 1000, {0: {"b": 500}, 2: {"b": 500}}),
        # Half of the link each for 2,441.4 ns, not 1,220.7.
        ("fluid", 0, {0: {"b": 1221}, 1: {"a": 1221}, 2: {"b": 1221}, 3: {"a": 1221}}),
        ("congestion-unaware", 0, {}),
    ],
)
def test_what_another_job_costs_in_closed_form(
    tmp_path: Path, backend: str, start: int, costs: dict[int, dict[str, int]]
) -> None:
    explanation = explained(tmp_path, backend, ([0, 2], [1, 3]), start)
    for row in explanation.attributions:
        assert row.total == explanation.makespan
        assert sum(row.other_jobs.values()) == row.times[Category.OTHER_JOB]
        assert row.times[Category.SHARING] == row.times[Category.QUEUEING] == 0
    found = {row.npu: row.other_jobs for row in explanation.attributions if row.other_jobs}
    assert found == costs
    table = explanation.other_jobs_table()
    jobs = sorted({job for each in costs.values() for job in each})
    assert ([] if table is None else [row[0] for row in table.rows]) == jobs
    path = explanation.critical_path(2)
    assert path[-1].end == explanation.attributions[2].finish
    named = {span.because for span in path if span.category is Category.OTHER_JOB}
    assert named == ({"b"} if costs else set())
    assert ("other job" in str(explanation)) == bool(costs)
    segments = explanation.segments(2)
    assert {job for it in segments for job in it.other_jobs} == named


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware", "fluid"])
def test_jobs_that_share_nothing_cost_each_other_nothing(tmp_path: Path, backend: str) -> None:
    explanation = explained(tmp_path, backend, ([0, 1], [4, 5]))
    assert not any(row.other_jobs for row in explanation.attributions)
    assert explanation.other_jobs_table() is None


def test_queueing_is_cut_by_what_the_link_carried() -> None:
    others = OtherJobs({0: "a", 1: "b", 2: "a"})
    for start, src in ((0, 0), (10, 1), (20, 1), (30, 2), (40, 7)):
        others.on_transmitting(Transmitting(5, 6, 8, start, start + 10, Envelope(0, src, 3, 8)))
    span = Span(5, 48, Category.QUEUEING, 0, peer=3, link=(5, 6))
    told = others.told(0, [span])
    assert [(it.start, it.end, it.category.value, it.because) for it in told] == [
        (5, 10, "queueing", ""),
        (10, 30, "other job", "b"),
        (30, 48, "queueing", ""),  # its own job's, and those of an NPU of several jobs
    ]
    assert others.told(7, [span]) == (span,)
