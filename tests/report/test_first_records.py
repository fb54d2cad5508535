"""The first records of each kind are kept, and the longest nodes are looked at."""

from typing import Any

import pytest
from support.machines import network, one_collective, system
from support.recorded_runs import Run, collective_on

from simastra.report.run_records import Excerpt, RunRecorder
from simastra.report.run_timeline.bars import longest_first
from simastra.simulation import Simulation
from simastra.trace import CollectiveType
from simastra.view.bars import Bar


@pytest.fixture(scope="module")
def every() -> Run:
    return collective_on(("Ring", 2), ("Switch", 3), algorithms=("ring", "direct"))


@pytest.mark.parametrize("kept", [0, 1, 7, 16])
@pytest.mark.parametrize("kind", ["messages", "transmissions", "phases"])
def test_of_each_kind_the_first_are_kept_and_it_is_known_until_when_all_are(
    every: Run, kind: str, kept: int
) -> None:
    few = collective_on(
        ("Ring", 2), ("Switch", 3), algorithms=("ring", "direct"), most_records=kept
    )
    whole: Excerpt[Any] = getattr(every.records, kind)
    part = getattr(few.records, kind)
    assert whole.total > 16
    assert (whole.left_out, whole.complete_until) == (0, None)
    assert part.records == tuple(whole.records[:kept])
    assert (part.total, part.left_out) == (whole.total, whole.total - kept)
    assert part.complete_until == whole.records[kept].start
    assert few.records.load == every.records.load


def test_as_many_records_as_there_are_is_all_of_them(every: Run) -> None:
    total = every.records.messages.total
    exact = collective_on(
        ("Ring", 2), ("Switch", 3), algorithms=("ring", "direct"), most_records=total
    )
    assert exact.records.messages == every.records.messages


def test_a_recording_can_be_looked_at_before_the_end() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 2))
    )
    recorder = RunRecorder(simulation)
    run = simulation.start(probes=[recorder])
    before = recorder.records()
    assert (before.messages.total, before.phases.total, before.load.bins) == (0, 0, 0)
    run.env.run(until=11)
    begun = recorder.records()
    assert [(it.npu, it.node, it.name, it.start) for it in begun.unfinished] == [
        (npu, 1, "ALL_REDUCE", 0) for npu in range(2)
    ]
    assert {(it.place, it.start, it.end) for it in begun.phases.records} == {(0, 0, None)}
    assert all(it.end is None for it in begun.messages.records)
    run.run()
    after = recorder.records()
    assert after.unfinished == ()
    assert all(it.end is not None for it in (*after.messages.records, *after.phases.records))


def test_150000_nodes_are_looked_at_the_longest() -> None:
    spans = [Bar(0, 1, "", "cpu", 0, 1)] * 150_000
    found = longest_first([*spans, Bar(1, 7, "", "cpu", 5, 9), Bar(1, 8, "", "cpu", 6, None)], 9)
    assert len(found) == 150_000
    assert [it.id for it in found[:4]] == [7, 8, 1, 1]
