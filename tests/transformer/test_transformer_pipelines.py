"""Pipelines: schedules do everything once in a possible order; the bubble is the textbook's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_models import network, simulation

from simastra.errors import OptionError
from simastra.result import Result
from simastra.transformer import (
    Family,
    Hardware,
    Model,
    Parallelism,
    PipelineSchedule,
    Training,
    build,
)
from simastra.transformer.parallelism import (
    Pass,
    Pipeline,
    most_in_flight,
    passes,
    receipts,
    timetable,
)
from simastra.workload import Activity


def pipelines(schedule: PipelineSchedule) -> st.SearchStrategy[Pipeline]:
    if schedule is PipelineSchedule.INTERLEAVED:
        return st.builds(
            lambda stages, chunks, rounds: Pipeline(stages, chunks, stages * rounds),
            st.integers(2, 5),
            st.integers(2, 4),
            st.integers(1, 4),
        )
    return st.builds(Pipeline, st.integers(1, 6), st.just(1), st.integers(1, 12))


CASES = st.sampled_from(PipelineSchedule).flatmap(
    lambda schedule: st.tuples(st.just(schedule), pipelines(schedule))
)


@given(CASES)
def test_every_pass_is_made_once_on_its_stage(case: tuple[PipelineSchedule, Pipeline]) -> None:
    schedule, pipeline = case
    orders = passes(schedule, pipeline)
    for stage, order in enumerate(orders):
        assert {one.piece % pipeline.stages for one in order} == {stage}
    expected = {
        Pass(index, piece, backward)
        for index in range(pipeline.micro_batches)
        for piece in range(pipeline.pieces)
        for backward in (False, True)
    }
    made = [one for order in orders for one in order]
    assert len(made) == len(expected)
    assert set(made) == expected


@given(CASES)
def test_passes_start_once_what_they_take_is_made(case: tuple[PipelineSchedule, Pipeline]) -> None:
    schedule, pipeline = case
    orders = passes(schedule, pipeline)
    times = timetable(orders, pipeline)
    for one, time in times.items():
        source = pipeline.source(one)
        if source is not None:
            assert times[source].end <= time.start
        if one.backward:
            assert times[Pass(one.micro_batch, one.piece)].end <= time.start


@given(CASES)
def test_messages_are_met_in_the_order_in_which_they_are_made(
    case: tuple[PipelineSchedule, Pipeline],
) -> None:
    schedule, pipeline = case
    orders = passes(schedule, pipeline)
    times = timetable(orders, pipeline)
    for order in orders:
        received = receipts(order, pipeline, times)
        seen = set[Pass]()
        latest = 0
        for one, just_before in zip(order, received, strict=True):
            ends = [times[other].end for other in just_before]
            assert all(latest <= end for end in ends)
            seen.update(just_before)
            assert pipeline.source(one) in {None, *seen}
            latest = max([latest, times[one].start, *ends])
        assert sum(map(len, received)) == len(seen)


@given(st.integers(1, 6), st.integers(1, 12))
def test_ideal_pipelines_wait_as_long_as_the_law_says(stages: int, micro_batches: int) -> None:
    pipeline = Pipeline(stages, 1, micro_batches)
    for schedule in (PipelineSchedule.GPIPE, PipelineSchedule.ONE_F_ONE_B):
        times = timetable(passes(schedule, pipeline), pipeline)
        assert max(time.end for time in times.values()) == 3 * (micro_batches + stages - 1)


@given(st.integers(2, 5), st.integers(2, 4), st.integers(2, 4))
def test_interleaving_divides_the_bubble_by_the_chunks(
    stages: int, chunks: int, rounds: int
) -> None:
    # arXiv:2104.04473, section 2.2.
    pipeline = Pipeline(stages, chunks, stages * rounds)
    times = timetable(passes(PipelineSchedule.INTERLEAVED, pipeline), pipeline)
    ideal = 3 * (pipeline.micro_batches * chunks + stages - 1)
    assert max(time.end for time in times.values()) == ideal


@given(st.integers(1, 6), st.integers(1, 12))
def test_one_f_one_b_has_no_more_in_flight_than_there_are_stages_left(
    stages: int, micro_batches: int
) -> None:
    orders = passes(PipelineSchedule.ONE_F_ONE_B, Pipeline(stages, 1, micro_batches))
    for stage, order in enumerate(orders):
        assert most_in_flight(order, lambda _: 1) == min(micro_batches, stages - stage)


# A head so small that all stages take the same time, within a thousandth.
EVEN = Model("even", Family.LLAMA, 4, 8192, 64, 28672, vocabulary=128, sequence=4096)


def waiting(result: Result) -> float:
    busy = sum(
        record.finished - record.issued
        for records in result.nodes
        for record in records
        if record.activity is Activity.COMPUTE and not record.name.endswith("optimizer")
    )
    compute_end = max(
        record.finished
        for records in result.nodes
        for record in records
        if record.activity is Activity.COMPUTE and not record.name.endswith("optimizer")
    )
    return 1 - busy / (compute_end * len(result.nodes))


@pytest.mark.parametrize("dialect", ["hoti2024", "master"])
@pytest.mark.parametrize(
    ("schedule", "stages", "micro_batches", "chunks"),
    [
        (PipelineSchedule.GPIPE, 2, 1, 1),
        (PipelineSchedule.GPIPE, 2, 4, 1),
        (PipelineSchedule.GPIPE, 4, 1, 1),
        (PipelineSchedule.GPIPE, 4, 4, 1),
        (PipelineSchedule.GPIPE, 4, 12, 1),
        (PipelineSchedule.ONE_F_ONE_B, 4, 4, 1),
        (PipelineSchedule.ONE_F_ONE_B, 4, 12, 1),
        (PipelineSchedule.INTERLEAVED, 2, 4, 2),
    ],
)
def test_the_simulated_bubble_is_that_of_the_law(
    schedule: PipelineSchedule, stages: int, micro_batches: int, chunks: int, dialect: str
) -> None:
    parallelism = Parallelism(pp=stages, schedule=schedule, chunks=chunks, npus_count=(stages,))
    task = Training(micro_batches, micro_batches)
    made = build(EVEN, parallelism, task, Hardware(peak_perf=100))
    idle = network([stages], bandwidth=1e6, latency=1)
    law = (stages - 1) / (micro_batches * chunks + stages - 1)
    assert made.summary.ideal_bubble == pytest.approx(law)
    measured = waiting(simulation(made, idle, dialect=dialect).run())
    assert measured == pytest.approx(law, abs=0.005)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"schedule": PipelineSchedule.INTERLEAVED}, r"^chunks: is 1 .* interleaved has 2 or more"),
        ({"chunks": 2}, r"^chunks: is 2 .* the other schedules have 1"),
        (
            {"schedule": PipelineSchedule.INTERLEAVED, "chunks": 2},
            "^schedule: interleaved is for 2",
        ),
    ],
)
def test_schedules_and_chunks_must_agree(changed: dict[str, object], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        Parallelism(**changed)  # type: ignore[arg-type]
