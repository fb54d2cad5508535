"""What runs of generated traces are worth: closed forms, and what the generator's summary says."""

from pathlib import Path

import pytest
from small_models import GPT, LLAMA, network, simulation, system

from simastra import Options, Result, Simulation
from simastra.convert.generate.transformer import write_transformer
from simastra.dialect import MASTER
from simastra.transformer import (
    Generated,
    Hardware,
    Inference,
    Model,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Purpose,
    Recompute,
    Training,
    Zero,
    build,
)

PEAK = 1e-3  # TFLOPS: operations take so long that whole ns are exact enough


def alone(task: Training, model: Model = GPT) -> tuple[Generated, Result]:
    """The step of one NPU whose computations are bound by operations alone."""
    made = build(model, Parallelism(), task)
    config = system(1, peak_perf=PEAK, local_mem_bw=1e12, roofline_enabled=True)
    options = Options(dialect=MASTER)
    return made, Simulation(made.trace, config, network([1]), options=options).run()


def test_utilisation_has_its_closed_form_on_a_single_npu() -> None:
    made, result = alone(Training(batch=4, micro_batches=2))
    metrics, summary = result.metrics, made.summary
    assert metrics.executed_flops == summary.total_operations
    assert metrics.model_flops == summary.model_operations
    assert metrics.hfu == pytest.approx(1, rel=1e-6)
    assert metrics.mfu == pytest.approx(summary.model_operations / summary.total_operations)
    assert metrics.tokens_per_s == pytest.approx(4 * 32 / result.makespan * 1e9)
    assert metrics.missing == ()
    assert result.bound.slack == 0


@pytest.mark.parametrize("degrees", [Parallelism(dp=4), Parallelism(dp=2, tp=2), Parallelism(pp=4)])
def test_utilisation_has_its_closed_form_on_an_idle_network(degrees: Parallelism) -> None:
    made = build(GPT, degrees, Training(batch=16, micro_batches=4))
    config = system(1, peak_perf=PEAK, local_mem_bw=1e12, roofline_enabled=True)
    free = network([4], bandwidth=1e9, latency=0)
    options = Options(dialect=MASTER, backend="congestion-unaware")
    simulation = Simulation(made.trace, config, free, comm_groups=made.comm_groups, options=options)
    result = simulation.run()
    busiest = max(sum(node.num_ops or 0 for node in nodes) for nodes in made.trace.npus)
    expected = made.summary.model_operations / (4 * busiest)
    if degrees.pp == 1:  # all compute all the time
        assert result.metrics.mfu == pytest.approx(expected, rel=1e-3)
        assert result.metrics.hfu == pytest.approx(1, rel=1e-3)
    else:  # stages wait for each other besides
        assert (result.metrics.mfu or 0) < expected * (1 - made.summary.ideal_bubble / 2)


def test_recomputation_is_hardwares_utilisation_and_not_the_models() -> None:
    (made, plain), (_, again) = (
        alone(Training(batch=4, recompute=recompute))
        for recompute in (Recompute.NONE, Recompute.FULL)
    )
    repeated = sum(
        node.num_ops or 0
        for node in build(GPT, Parallelism(), Training(4, recompute=Recompute.FULL)).trace.npus[0]
        if node.purpose == Purpose.RECOMPUTATION
    )
    share = repeated / made.summary.total_operations
    assert again.metrics.model_flops == plain.metrics.model_flops
    assert again.metrics.hfu == pytest.approx(plain.metrics.hfu or 0, rel=1e-6)
    assert (again.metrics.mfu or 0) * (1 + share) == pytest.approx(plain.metrics.mfu or 0)
    assert 0.2 < share < 1 / 3  # a forward pass of the layers is a third; the head isn't repeated


@pytest.mark.parametrize("stages", [2, 4])
def test_one_f_one_b_holds_a_micro_batch_for_each_stage_that_is_left(stages: int) -> None:
    parallelism = Parallelism(pp=stages, npus_count=(stages,))
    made = build(GPT, parallelism, Training(batch=8, micro_batches=8))
    run = simulation(made, network([stages]), dialect="hoti2024", backend="congestion-aware").run()
    single = build(GPT, parallelism, Training(batch=1, micro_batches=1)).summary.memory
    for stage, memory in enumerate(run.metrics.memory):
        assert memory.activations == (stages - stage) * single[stage].activations
        assert memory.samples[-1].size == memory.static.total


@pytest.mark.parametrize("recompute", list(Recompute))
@pytest.mark.parametrize(
    ("parallelism", "counts"),
    [
        (Parallelism(tp=2, pp=2, dp=2, sequence_parallel=True, npus_count=(2, 2, 2)), (2, 2, 2)),
        (Parallelism(dp=4, zero=Zero.PARAMETERS, npus_count=(4,)), (4,)),
        (Parallelism(pp=2, chunks=2, schedule=PipelineSchedule.INTERLEAVED, npus_count=(2,)), (2,)),
        (Parallelism(pp=4, schedule=PipelineSchedule.GPIPE, npus_count=(4,)), (4,)),
        (Parallelism(tp=2, dp=2), (4,)),
    ],
)
def test_memory_and_bytes_are_those_of_the_summary(
    parallelism: Parallelism, counts: tuple[int, ...], recompute: Recompute
) -> None:
    made = build(LLAMA, parallelism, Training(batch=16, micro_batches=4, recompute=recompute))
    metrics = simulation(made, network(counts), backend="congestion-aware").run().metrics
    assert sum(metrics.bytes_by_purpose.values()) == sum(it.sent for it in made.summary.traffic)
    for purpose, size in metrics.bytes_by_purpose.items():
        of_summary = [it.sent for it in made.summary.traffic if it.purpose == purpose]
        assert size == sum(of_summary)
    for npu, memory in enumerate(metrics.memory):
        told = made.summary.memory[made.plan.placement.stage(npu)]
        assert memory.static.total == told.total - told.activations
        assert memory.static.total < memory.peak.size <= told.total
        if recompute is Recompute.NONE:
            assert memory.peak.size == told.total
        assert all(sample.size >= memory.static.total for sample in memory.samples)


def test_what_holds_memory_at_the_peak_is_named_and_adds_up() -> None:
    made = build(GPT, Parallelism(pp=2, npus_count=(2,)), Training(batch=4, micro_batches=4))
    memory = simulation(made, network([2]), dialect="hoti2024").run().metrics.memory[0]
    assert memory.held == len(memory.holders) == 2 * 3  # micro-batches of two layers, embeddings
    assert sum(holder.size for holder in memory.holders) == memory.activations
    assert memory.holders[0].name in {"F0.layer0", "F1.layer0", "F0.layer1", "F1.layer1"}
    assert memory.holders[0].node.startswith(f"{memory.holders[0].name}.")


def test_inference_holds_weights_cache_and_workspace_throughout() -> None:
    made = build(LLAMA, Parallelism(tp=2, npus_count=(2,)), Inference(ModelPhase.DECODE, batch=8))
    metrics = simulation(made, network([2]), dialect="hoti2024").run().metrics
    assert metrics.tokens == 8
    for memory in metrics.memory:
        assert memory.peak.size == memory.static.total == made.summary.memory[0].total
        assert memory.static.cache > 0


def test_files_are_worth_what_the_traces_are(tmp_path: Path) -> None:
    made = build(GPT, Parallelism(pp=2, dp=2, npus_count=(2, 2)), Training(batch=4), Hardware(1))
    write_transformer(made, tmp_path / "x")
    options, shape = Options(dialect=MASTER), network([2, 2])
    results = [
        Simulation(workload, system(2, peak_perf=1), shape, options=options).run()
        for workload in (made.trace, tmp_path / "x")
    ]
    assert results[0].metrics == results[1].metrics
    assert results[0].metrics.tokens == 4 * 32


def test_folded_runs_have_the_memory_of_plain_ones() -> None:
    parallelism = Parallelism(tp=2, dp=2, pp=2, npus_count=(2, 2, 2))
    made = build(GPT, parallelism, Training(batch=8, micro_batches=2))
    told = simulation(made, network([2, 2, 2]), dialect="hoti2024")
    folded, plain = told.run(shortcuts="always"), told.run(shortcuts="off")
    assert any(use.taken for use in folded.shortcuts)
    assert folded.metrics == plain.metrics
    assert len(set(map(id, folded.metrics.memory))) == 2
