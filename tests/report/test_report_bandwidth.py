"""Bandwidths as nccl-tests defines them, of a sweep and of a simulation's own collectives."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system
from support.recorded_runs import collective_on

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.config import CommGroups
from simastra.errors import ConfigError, OptionError
from simastra.report.bandwidth import (
    CollectiveRecord,
    collective_named,
    collective_records,
    rates,
    sizes_between,
    sweep,
    total_size,
)
from simastra.report.data_tables import group_table
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB, MiB


@pytest.mark.parametrize(
    ("collective", "factor"),
    [  # nccl-tests, doc/PERFORMANCE.md, for 8 ranks
        (CollectiveType.ALL_REDUCE, 2 * 7 / 8),
        (CollectiveType.REDUCE_SCATTER, 7 / 8),
        (CollectiveType.ALL_GATHER, 7 / 8),
        (CollectiveType.ALL_TO_ALL, 7 / 8),
        (CollectiveType.GATHER, 7 / 8),
        (CollectiveType.SCATTER, 7 / 8),
        (CollectiveType.BROADCAST, 1),
        (CollectiveType.REDUCE, 1),
    ],
)
def test_busbw_is_algbw_times_the_factor_of_nccl_tests(
    collective: CollectiveType, factor: float
) -> None:
    found = rates(collective, 8_000_000, 8, 1_000_000)
    assert found is not None
    assert (found.algbw, found.busbw) == (8.0, 8.0 * factor)


def test_a_barrier_and_what_takes_no_time_have_no_bandwidth() -> None:
    assert rates(CollectiveType.BARRIER, 0, 8, 100) is None
    assert rates(CollectiveType.ALL_REDUCE, 100, 8, 0) is None


def test_a_simulated_all_reduce_has_the_time_of_the_worked_example() -> None:
    (row,) = sweep(CollectiveType.ALL_REDUCE, [MiB], system(), network(("Ring", 8)))
    assert (row.size, row.time) == (MiB, 117780)
    assert row.rates is not None
    assert row.rates.busbw == pytest.approx(MiB / 117780 * 2 * 7 / 8)


def test_an_all_gather_is_sized_as_nccl_tests_sizes_it() -> None:
    (row,) = sweep(CollectiveType.ALL_GATHER, [MiB], system(), network(("Ring", 8)))
    run = collective_on(("Ring", 8), collective=CollectiveType.ALL_GATHER, size=MiB // 8)
    assert (row.size, row.time) == (MiB, run.result.makespan)
    assert total_size(CollectiveType.ALL_GATHER, MiB // 8, 8) == MiB


def test_busbw_comes_near_a_links_bandwidth_and_never_over_it() -> None:
    shape = network(("Ring", 8))
    rows = list(
        sweep(
            CollectiveType.ALL_GATHER,
            sizes_between(KiB, 2**30, factor=32),
            system(local_mem_bw=0),
            shape,
        )
    )
    found = [row.rates.busbw for row in rows if row.rates]
    assert all(a < b for a, b in pairwise(found))
    assert 0.99 * shape.bytes_per_ns[0] < found[-1] <= shape.bytes_per_ns[0]


@pytest.mark.parametrize("name", ["broadcast", "reduce", "gather", "scatter"])
def test_collectives_that_need_no_algorithm_are_simulated_in_any_dialect(name: str) -> None:
    (row,) = sweep(collective_named(name), [MiB], system(), network(("Switch", 4)))
    assert row.time > MiB / network(("Switch", 4)).bytes_per_ns[0] / 4  # not replayed at once


def test_a_machine_without_the_algorithm_is_refused() -> None:
    bare = system().model_copy(update={"all_to_all_implementation": ()})
    with pytest.raises(ConfigError, match="all-to-all-implementation"):
        list(sweep(CollectiveType.ALL_TO_ALL, [8], bare, network(("Ring", 4))))


@pytest.mark.parametrize(
    ("name", "collective"),
    [
        ("all-reduce", CollectiveType.ALL_REDUCE),
        ("all_reduce_perf", CollectiveType.ALL_REDUCE),
        ("alltoall", CollectiveType.ALL_TO_ALL),
        ("Reduce-Scatter", CollectiveType.REDUCE_SCATTER),
    ],
)
def test_collectives_go_by_our_names_and_by_those_of_nccl_tests(
    name: str, collective: CollectiveType
) -> None:
    assert collective_named(name) is collective


def test_a_collective_that_there_is_not_is_refused() -> None:
    with pytest.raises(OptionError, match="unknown collective 'all-reduc'; did you mean 'all-red"):
        collective_named("all-reduc")
    with pytest.raises(OptionError, match="unknown collective 'barrier'"):
        collective_named("barrier")


@given(st.integers(1, 10**6), st.integers(0, 10**7), st.integers(2, 9))
def test_sizes_grow_by_the_factor_and_stop_at_the_largest(first: int, more: int, by: int) -> None:
    sizes = sizes_between(first, first + more, factor=by)
    assert sizes[0] == first
    assert all(b == a * by for a, b in pairwise(sizes))
    assert sizes[-1] <= first + more < sizes[-1] * by


@pytest.mark.parametrize(
    "wrong", [{"factor": 1}, {"step": 0}, {"factor": 2, "step": 8}], ids=lambda it: str(sorted(it))
)
def test_sizes_that_would_never_end_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="sizes"):
        sizes_between(8, 16, **wrong)


def run_with_groups() -> tuple[CollectiveRecord, ...]:
    """NPUs 0 and 1, and 2 and 3, are groups; NPU 3 comes 7 µs late; then all have one together."""
    traces = [TraceBuilder(npu) for npu in range(4)]
    for npu, trace in enumerate(traces):
        late = trace.compute("late", micros=7) if npu == 3 else ()
        own = trace.all_reduce("own", size=KiB, group=1 + npu // 2, after=late)
        trace.all_gather("common", size=KiB, after=own)
    simulation = Simulation(
        Trace.of(traces),
        system(),
        network(("FullyConnected", 4)),
        comm_groups=CommGroups.parse({"1": [0, 1], "2": [2, 3]}),
        options=Options(dialect=dialect_named("master")),
    )
    return collective_records(simulation, simulation.run())


def test_collectives_are_told_apart_by_their_members() -> None:
    found = {(it.name, it.npus): it for it in run_with_groups()}
    assert list(found) == [("own", (0, 1)), ("own", (2, 3)), ("common", (0, 1, 2, 3))]
    early, late, common = found.values()
    assert (early.first_issued, early.skew, late.first_issued, late.skew) == (0, 0, 0, 7000)
    assert early.time == late.time
    assert common.first_issued == early.finished
    assert common.last_issued == late.finished
    assert common.size == 4 * KiB  # gathered from all


def test_the_time_of_a_collective_begins_when_the_last_member_comes() -> None:
    _, late, _ = run_with_groups()
    assert late.time == late.finished - 7000
    assert late.rates == rates(CollectiveType.ALL_REDUCE, KiB, 2, late.time)


def test_lines_of_a_dimension_have_collectives_of_their_own() -> None:
    trace = TraceBuilder()
    trace.all_reduce("rows", size=KiB, dims=[True, False])
    trace.all_reduce("columns", size=KiB, dims=[False, True], after=trace.nodes[-1])
    simulation = Simulation(trace, system(("ring", "ring")), network(("Ring", 2), ("Ring", 3)))
    found = collective_records(simulation, simulation.run())
    assert {it.npus for it in found if it.name == "rows"} == {(0, 1), (2, 3), (4, 5)}
    assert {it.npus for it in found if it.name == "columns"} == {(0, 2, 4), (1, 3, 5)}


@pytest.mark.parametrize("collective", EXTENDED_COLLECTIVES)
def test_collectives_with_a_root_and_barriers_are_recorded_too(collective: CollectiveType) -> None:
    trace = TraceBuilder()
    trace.collective(collective, "rooted", size=KiB)
    options = Options(dialect=dialect_named("hoti2024", extended_collectives=True))
    simulation = Simulation(trace, system(), network(("Switch", 4)), options=options)
    (found,) = collective_records(simulation, simulation.run())
    assert (found.collective, found.npus) == (collective, (0, 1, 2, 3))
    assert (found.rates is None) == (collective is CollectiveType.BARRIER)


def test_the_busbw_of_a_ring_is_what_each_link_carried() -> None:
    run = collective_on(("Ring", 8))
    (link,) = {(it.size, it.busy) for it in run.result.links}
    table = group_table(collective_records(run.simulation, run.result))
    (row,) = table.to_dicts()
    assert row["busbw_gb_per_s"] == pytest.approx(link[0] / run.result.makespan)
