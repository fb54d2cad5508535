"""The columns of points: what they say, before a run and after."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cases import load_cases, simulation_of
from support.machines import all_reduce_on_ring_of_8, network, system

from simastra import Simulation
from simastra.metrics import time_breakdown
from simastra.result import NodeRecord
from simastra.sweep.columns import (
    COLUMNS,
    PARTS,
    FinishedPoint,
    OfTime,
    PendingPoint,
    column_values,
    values_before,
)
from simastra.sweep.study.measured import MEASURED
from simastra.transformer import PRESETS, Parallelism, Training, build
from simastra.workload import Activity


def simulations() -> Iterator[Simulation]:
    for case in load_cases("master")[:60]:
        yield simulation_of(case)
    yield all_reduce_on_ring_of_8()


def finished(simulation: Simulation, shortcuts: str = "always") -> FinishedPoint:
    return FinishedPoint(PendingPoint(simulation), simulation.run(shortcuts=shortcuts))


def test_they_are_those_that_studies_know() -> None:
    assert [*COLUMNS, "wall_s"] == list(MEASURED)


def test_where_the_time_went_is_all_of_the_makespan() -> None:
    for simulation in simulations():
        row = column_values(finished(simulation))
        parts = [row[name] for name in PARTS]
        assert all(isinstance(part, int) and part >= 0 for part in parts)
        assert sum(part for part in parts if isinstance(part, int)) == row["makespan_ns"]


SPANS = st.lists(
    st.tuples(st.sampled_from(Activity), st.integers(0, 12), st.integers(0, 9)), max_size=8
)


@given(SPANS, st.integers(0, 20))
def test_each_nanosecond_counts_once(spans: list[tuple[Activity, int, int]], finish: int) -> None:
    records = [NodeRecord(0, "n", kind, start, start + long) for kind, start, long in spans]
    counts = dict.fromkeys(PARTS, 0)
    for ns in range(finish):
        active = {it.activity for it in records if it.issued <= ns < it.finished}
        if Activity.COMPUTE in active:
            counts["compute_ns"] += 1
        elif Activity.COMMUNICATION in active:
            counts["exposed_communication_ns"] += 1
        elif Activity.REMOTE_MEMORY in active:
            counts["remote_memory_ns"] += 1
        else:
            counts["compute_ns" if active else "idle_ns"] += 1
    found = time_breakdown(records, finish)
    assert counts == {
        "compute_ns": found.compute,
        "exposed_communication_ns": found.exposed_communication,
        "remote_memory_ns": found.remote_memory,
        "idle_ns": found.idle,
    }


def test_what_is_known_before_is_so_afterwards() -> None:
    for simulation in simulations():
        before, after = values_before(PendingPoint(simulation)), column_values(finished(simulation))
        assert before.keys() == after.keys() == COLUMNS.keys()
        for name, column in COLUMNS.items():
            assert (before[name] is None) or column.of_time is OfTime.STAYS
            if column.of_time is OfTime.STAYS:
                assert before[name] == after[name]


@pytest.fixture(scope="module")
def trained() -> FinishedPoint:
    model = build(
        replace(PRESETS["gpt3-13b"], layers=2),
        Parallelism(tp=4, npus_count=(4,)),
        Training(batch=4),
    )
    config = system(["ring"], peak_perf=300, local_mem_bw=2000)
    groups = model.comm_groups
    return finished(Simulation(model.trace, config, network(("Switch", 4)), comm_groups=groups))


def test_columns_go_with_the_makespan_as_they_say(trained: FinishedPoint) -> None:
    makespan = trained.result.makespan
    assert trained.result.metrics.mfu
    for column in COLUMNS.values():
        if column.at is None:
            continue
        values = [column.at(trained.pending, time) for time in (makespan, 2 * makespan)]
        assert values[0] == column.of(trained)
        first, second = (it for it in values if isinstance(it, int | float))
        assert (second > first) is (column.of_time is OfTime.GROWS)


def test_they_say_what_metrics_say(trained: FinishedPoint) -> None:
    row, metrics = column_values(trained), trained.result.metrics
    assert (row["mfu"], row["tokens_per_s"]) == (metrics.mfu, metrics.tokens_per_s)
    assert row["exposed_communication_ns"] == metrics.exposed_communication[metrics.slowest]
    assert row["memory_per_npu"]


def test_a_folded_run_has_the_same_columns() -> None:
    simulation = all_reduce_on_ring_of_8()
    rows = [column_values(finished(simulation, way)) for way in ("off", "always")]
    assert [it.pop("shortcut") for it in rows] == ["", "fold"]
    assert rows[0] == rows[1]
