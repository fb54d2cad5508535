"""Memory of an NPU: what papers say of weights, activations and caches."""

import pytest
from small_models import GPT, LLAMA

from simastra.transformer import (
    PRESETS,
    Hardware,
    Inference,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Recompute,
    Training,
    Zero,
    build,
)

ALONE = Parallelism()


@pytest.mark.parametrize(
    ("zero", "per_parameter"), [(0, 16), (1, 4 + 12 / 8), (2, 2 + 14 / 8), (3, 16 / 8)]
)
def test_memory_of_the_weights_is_that_of_zeros_figure_1(zero: int, per_parameter: float) -> None:
    # arXiv:1910.02054, figure 1: 2 + 2 + 12 bytes, shared out stage by stage.
    model = PRESETS["gpt3-13b"]
    summary = build(model, Parallelism(dp=8, zero=Zero(zero)), Training(8)).summary
    (memory,) = summary.memory
    own = memory.weights + memory.gradients + memory.optimizer
    if zero == Zero.PARAMETERS:  # and the two largest blocks' worth, gathered
        layer = 12 * model.hidden**2 + 13 * model.hidden
        own -= 2 * 2 * max(layer, (model.padded_vocabulary + model.sequence) * model.hidden)
    assert own == pytest.approx(per_parameter * summary.parameters, rel=0.001)


def test_activations_are_those_of_korthikanti() -> None:
    # arXiv:2205.05198, table 2, tensor and sequence parallelism, attention not kept: 34 s b h / t a
    # layer, of which 2 s b h are masks of dropouts, which there are none of here. The first layers'
    # inputs and the head add little.
    model = PRESETS["gpt3-175b"]
    p = Parallelism(tp=8, sequence_parallel=True)
    (memory,) = build(model, p, Training(1)).summary.memory
    per_layer = memory.activations / model.layers / (model.sequence * model.hidden / 8)
    assert per_layer == pytest.approx(31, abs=2)


def test_recomputation_keeps_one_input_a_layer() -> None:
    model = PRESETS["gpt3-13b"]
    plain, again = (
        build(model, ALONE, Training(1, recompute=recompute)).summary.memory[0].activations
        for recompute in (Recompute.NONE, Recompute.FULL)
    )
    assert again < plain / 8
    assert again > model.layers * model.sequence * model.hidden * 2


def test_one_f_one_b_keeps_as_many_micro_batches_as_there_are_stages_left() -> None:
    task = Training(16, 16)
    early, late = (
        build(LLAMA, Parallelism(pp=4, schedule=schedule), task).summary.memory
        for schedule in (PipelineSchedule.GPIPE, PipelineSchedule.ONE_F_ONE_B)
    )
    assert late[1].activations * 16 == early[1].activations * 3
    assert late[2].activations * 16 == early[2].activations * 2


def test_the_cache_holds_keys_and_values_of_every_layer() -> None:
    task = Inference(ModelPhase.DECODE, batch=8, micro_batches=2, sequence=100)
    summary = build(LLAMA, Parallelism(tp=2, dp=2, pp=2), task).summary
    each = 2 * LLAMA.key_heads * LLAMA.size_of_head * 2  # bytes a token and layer
    per_npu = (8 // 2) * 100 * each * (LLAMA.layers // 2) // 2
    assert {memory.cache for memory in summary.memory} == {per_npu}


def test_a_capacity_that_is_exceeded_is_told() -> None:
    task, needed = Training(4), build(GPT, ALONE, Training(4)).summary.memory[0].total
    assert not build(GPT, Parallelism(npus_count=(1,)), task, Hardware(capacity=needed)).notices
    (notice,) = build(
        GPT, Parallelism(npus_count=(1,)), task, Hardware(capacity=needed - 1)
    ).notices
    assert notice.code == "memory-exceeded"
