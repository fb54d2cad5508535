"""Laws: parameters, operations and bytes are those of closed forms and textbooks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_models import GPT, LLAMA, MIXTURE

from simastra.errors import OptionError
from simastra.transformer import (
    PRESETS,
    ContextStyle,
    Family,
    Generated,
    Inference,
    Model,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Precision,
    Purpose,
    Recompute,
    Training,
    Work,
    Zero,
    build,
)
from simastra.transformer.models import model_symbols

ALONE = Parallelism()


def parameters(model: Model) -> int:
    """The closed form."""
    h, heads = model.hidden, model.heads * model.size_of_head
    keys = 2 * model.key_heads * model.size_of_head
    table = model.padded_vocabulary * h
    if model.latent is not None:
        return model.layers * latent_layer(model) + 2 * table + h
    if model.family is Family.GPT:
        layer = (
            h * (2 * heads + keys) + heads + keys + h + 2 * h * model.ffn + model.ffn + h + 4 * h
        )
        ends = table + model.sequence * h + 2 * h
    else:
        experts = max(1, model.experts)
        layer = h * (2 * heads + keys) + 3 * h * model.ffn * experts + 2 * h + h * model.experts
        ends = table + h
    return model.layers * layer + ends + (0 if model.tied_embeddings else table)


def latent_layer(model: Model) -> int:
    """Of DeepSeek-V2, with its shared experts (arXiv:2405.04434, sections 2.1 and 2.2)."""
    h, it = model.hidden, model.latent
    assert it is not None
    queries = h * it.query + it.query + it.query * model.heads * (model.size_of_head + it.rope)
    keys = h * (it.keys + it.rope) + it.keys
    keys += it.keys * model.heads * (model.size_of_head + it.value)
    experts = 3 * h * model.ffn * (model.experts + model.shared_experts) + h * model.experts
    return queries + keys + model.heads * it.value * h + experts + 2 * h


@pytest.mark.parametrize("model", [*PRESETS.values(), GPT, LLAMA, MIXTURE], ids=lambda m: m.name)
def test_parameters_are_those_of_the_closed_form(model: Model) -> None:
    made = build(model, ALONE, Training(batch=4))
    assert made.summary.parameters == parameters(model)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("gpt2-xl", 1.56),
        ("gpt3-6.7b", 6.66),
        ("gpt3-13b", 12.9),
        ("gpt3-175b", 174.6),
        ("mt-nlg-530b", 529.6),
        ("megatron-1t", 1008.0),
        ("llama2-7b", 6.74),
        ("llama2-70b", 68.98),
        ("llama3-8b", 8.03),
        ("llama3-70b", 70.55),
        ("llama3-405b", 405.85),
        ("mixtral-8x7b", 46.7),
        ("mixtral-8x22b", 140.6),
    ],
)
def test_parameters_are_those_that_are_published(name: str, billions: float) -> None:
    # Published figures are rounded (6.66 is printed as 6.7); padding adds up to a thousandth.
    assert parameters(PRESETS[name]) / 1e9 == pytest.approx(billions, rel=0.006)


def multiplied(model: Model) -> int:
    """The parameters that each token is multiplied with: of experts only those chosen."""
    h, heads = model.hidden, model.heads * model.size_of_head
    keys = 2 * model.key_heads * model.size_of_head
    wide = (3 if model.family is Family.LLAMA else 2) * h * model.ffn * max(1, model.top_k)
    layer = h * (2 * heads + keys) + wide + h * model.experts
    return model.layers * layer + model.padded_vocabulary * h


def attention(model: Model, sequence: int) -> int:
    """Operations of attention for each token, forward and backward: 12 s h a layer."""
    return 12 * model.layers * sequence * model.heads * model.size_of_head


@pytest.mark.parametrize("name", [it.name for it in PRESETS.values() if it.latent is None])
def test_operations_of_a_step_are_six_for_each_parameter_and_token(name: str) -> None:
    model = PRESETS[name]
    summary = build(model, ALONE, Training(batch=4)).summary
    tokens = 4 * model.sequence
    law = tokens * (6 * multiplied(model) + attention(model, model.sequence))
    # All operations: norms, activation functions and the optimiser too.
    assert summary.total_operations == pytest.approx(law, rel=0.01)
    if model.family is Family.LLAMA:  # no biases: exactly
        assert summary.model_operations == law


def test_operations_are_narayanans_formula() -> None:
    # arXiv:2104.04473, equation 3: 96 B s l h^2 (1 + s/6h + V/16lh), with activations computed
    # again in each layer; the head isn't computed again.
    model = PRESETS["gpt3-175b"]
    task = Training(batch=4, recompute=Recompute.FULL)
    b, s, layers, h = 4, model.sequence, model.layers, model.hidden
    law = (
        96 * b * s * layers * h**2 * (1 + s / (6 * h) + model.padded_vocabulary / (16 * layers * h))
    )
    summary = build(model, ALONE, task).summary
    assert summary.total_operations == pytest.approx(law, rel=0.01)


def test_full_recomputation_adds_a_forward_pass_of_each_layer() -> None:
    plain = build(LLAMA, ALONE, Training(batch=4)).summary.operations
    again = build(LLAMA, ALONE, Training(batch=4, recompute=Recompute.FULL)).summary.operations
    head = 6 * LLAMA.padded_vocabulary * LLAMA.hidden * 4 * LLAMA.sequence
    assert 3 * (again[Work.MATMUL] - head) == 4 * (plain[Work.MATMUL] - head)
    assert 3 * again[Work.ATTENTION] == 4 * plain[Work.ATTENTION]


@pytest.mark.parametrize("model", [LLAMA, MIXTURE])
def test_prefill_is_a_third_of_training_and_decoding_one_token(model: Model) -> None:
    layers = multiplied(model) - model.padded_vocabulary * model.hidden
    head = 2 * model.padded_vocabulary * model.hidden
    attended = attention(model, model.sequence) // 3
    prefill = build(model, ALONE, Inference(ModelPhase.PREFILL, batch=4)).summary
    tokens = 4 * model.sequence
    assert prefill.model_operations == tokens * (2 * layers + attended) + 4 * head
    decode = build(model, ALONE, Inference(ModelPhase.DECODE, batch=4)).summary
    assert decode.model_operations == 4 * (2 * layers + attended + head)


CUTS: tuple[Mapping[str, Any], ...] = (
    {"tp": 4},
    {"tp": 4, "sequence_parallel": True},
    {"pp": 4},
    {"pp": 2, "schedule": PipelineSchedule.INTERLEAVED, "chunks": 2},
    {"dp": 4},
    {"dp": 2, "zero": Zero.PARAMETERS},
    {"cp": 4},
    {"cp": 2, "tp": 2, "context": ContextStyle.HEADS, "sequence_parallel": True},
    {"tp": 2, "pp": 2, "dp": 2, "cp": 2},
)


@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("model", [LLAMA, MIXTURE], ids=["dense", "mixture"])
def test_the_work_is_the_same_however_it_is_cut(model: Model, cut: Mapping[str, Any]) -> None:
    model = replace(model, kv_heads=8)
    whole = build(model, ALONE, Training(batch=16, micro_batches=4)).summary
    parts = build(model, Parallelism(**cut), Training(16, micro_batches=4)).summary
    assert parts.model_operations == whole.model_operations
    assert parts.operations[Work.ATTENTION] == whole.operations[Work.ATTENTION]
    repeated = 0 if cut.get("sequence_parallel") else cut.get("tp", 1) - 1
    tokens = 16 * model.sequence  # whose experts each NPU of a tensor-parallel group chooses
    router = 6 * tokens * model.layers * model.hidden * model.experts
    assert parts.operations[Work.MATMUL] == whole.operations[Work.MATMUL] + repeated * router


def test_experts_can_be_shared_without_changing_the_work() -> None:
    task = Training(batch=16, micro_batches=2)
    alone, shared = (build(MIXTURE, Parallelism(dp=4, ep=ep), task).summary for ep in (1, 4))
    assert shared.operations[Work.MATMUL] == alone.operations[Work.MATMUL]


@pytest.mark.parametrize("model", [GPT, LLAMA, MIXTURE])
def test_one_npu_communicates_nothing(model: Model) -> None:
    made = build(model, ALONE, Training(batch=4, micro_batches=2))
    assert made.summary.traffic == ()
    assert made.comm_groups is not None
    assert made.comm_groups.groups == ()


# -- bytes -----------------------------------------------------------------------------------------

BATCH, MICRO = 16, 2
TASK = Training(BATCH, MICRO)
PER_MICRO = BATCH // MICRO
TOKEN = 2 * GPT.hidden  # bytes of an activation for each token


def made(model: Model = GPT, **degrees: Any) -> Generated:
    return build(model, Parallelism(**degrees), TASK)


@pytest.mark.parametrize("tp", [2, 4, 8])
def test_tensor_parallelism_all_reduces_four_activations_a_layer(tp: int) -> None:
    # arXiv:1909.08053, section 3: two forward, two backward, of b s h each.
    summary = made(tp=tp).summary
    activation = PER_MICRO * GPT.sequence * TOKEN
    ends = 2 * activation + PER_MICRO * GPT.sequence * 12  # embedding, head, and the loss's sums
    per_npu = MICRO * (4 * GPT.layers * activation + ends)
    assert summary.size(Purpose.ACTIVATIONS, "ALL_REDUCE") == tp * per_npu
    assert summary.size(Purpose.ACTIVATIONS) == tp * per_npu
    assert summary.size(Purpose.GRADIENTS) == 0


@pytest.mark.parametrize("tp", [2, 4, 8])
def test_sequence_parallelism_gathers_and_scatters_as_many_bytes(tp: int) -> None:
    # arXiv:2205.05198, section 4.2.2: the all-reduces in halves, and two gathers more for weights.
    summary = made(tp=tp, sequence_parallel=True).summary
    activation = PER_MICRO * GPT.sequence * TOKEN
    layers = MICRO * GPT.layers * activation
    scattered = summary.size(Purpose.ACTIVATIONS, "REDUCE_SCATTER")
    gathered = summary.size(Purpose.ACTIVATIONS, "ALL_GATHER") * tp
    assert scattered == tp * (4 * layers + 2 * MICRO * activation)
    assert gathered == tp * (6 * layers + 3 * MICRO * activation)


@pytest.mark.parametrize("dp", [2, 4, 8])
def test_data_parallelism_all_reduces_each_gradient_once(dp: int) -> None:
    summary = made(dp=dp).summary
    assert summary.size(Purpose.GRADIENTS, "ALL_REDUCE") == dp * 2 * summary.parameters
    (traffic,) = summary.traffic
    assert traffic.sent == 2 * (dp - 1) * 2 * summary.parameters


@pytest.mark.parametrize(
    ("zero", "scatters", "gathers", "volume"),
    [(1, 1, 1, 2), (2, MICRO, 1, MICRO + 1), (3, MICRO, 2 * MICRO, 3 * MICRO)],
)
def test_zero_sends_what_its_paper_says(
    zero: int, scatters: int, gathers: int, volume: int
) -> None:
    # arXiv:1910.02054, section 7: with one micro-batch 2, 2 and 3 times the parameters.
    even = replace(GPT, hidden=512, ffn=2048)  # so that shards need no padding
    summary = made(even, dp=4, zero=Zero(zero)).summary
    size = 2 * summary.parameters
    assert summary.size(Purpose.GRADIENTS, "REDUCE_SCATTER") == 4 * scatters * size
    assert summary.size(Purpose.WEIGHTS, "ALL_GATHER") == gathers * size
    sent = sum(traffic.sent for traffic in summary.traffic)
    assert sent == volume * 3 * size


@pytest.mark.parametrize(("pp", "chunks", "boundaries"), [(2, 1, 1), (4, 1, 3), (2, 2, 3)])
def test_each_boundary_of_a_pipeline_is_crossed_twice_by_each_micro_batch(
    pp: int, chunks: int, boundaries: int
) -> None:
    schedule = PipelineSchedule.INTERLEAVED if chunks > 1 else PipelineSchedule.ONE_F_ONE_B
    summary = made(pp=pp, chunks=chunks, schedule=schedule).summary
    (traffic,) = summary.traffic
    assert (traffic.purpose, traffic.collective) == (Purpose.PIPELINE, "SEND")
    assert traffic.count == 2 * boundaries * MICRO
    assert traffic.size == traffic.count * PER_MICRO * GPT.sequence * TOKEN


def test_the_ends_of_a_pipeline_exchange_a_tied_table() -> None:
    tied = replace(GPT, tied_embeddings=True)
    assert made(tied).summary.parameters == made().summary.parameters - 256 * 64
    more = made(tied, pp=4).summary.size(Purpose.PIPELINE) - made(pp=4).summary.size(
        Purpose.PIPELINE
    )
    assert more == 2 * 2 * 256 * 64


def test_context_parallelism_gathers_keys_and_values_and_scatters_their_gradients() -> None:
    # arXiv:2407.21783, section 3.3.2; gathered once more for the backward pass.
    summary = made(LLAMA, cp=4).summary
    keys = PER_MICRO * LLAMA.sequence * 2 * LLAMA.key_heads * LLAMA.size_of_head * 2
    passes = MICRO * LLAMA.layers
    assert summary.size(Purpose.ACTIVATIONS, "ALL_GATHER") == 2 * passes * keys
    assert summary.size(Purpose.ACTIVATIONS, "REDUCE_SCATTER") == 4 * passes * keys


def test_ulysses_exchanges_queries_keys_values_and_outputs() -> None:
    # arXiv:2309.14509, section 3.2: all-to-alls of 4 b s h, forward and backward.
    summary = made(GPT, cp=4, context=ContextStyle.HEADS).summary
    activation = PER_MICRO * GPT.sequence * TOKEN
    law = 2 * 4 * activation * MICRO * GPT.layers
    assert summary.size(Purpose.ACTIVATIONS, "ALL_TO_ALL") == law
    assert summary.size(Purpose.ACTIVATIONS) == law


@pytest.mark.parametrize("ep", [2, 4])
def test_expert_parallelism_sends_each_token_to_its_experts_and_back(ep: int) -> None:
    # arXiv:2006.16668: two all-to-alls forward, two backward, of k b s h.
    summary = made(MIXTURE, dp=4, ep=ep).summary
    tokens = PER_MICRO * MIXTURE.sequence * MIXTURE.top_k
    law = 4 * tokens * 2 * MIXTURE.hidden * MICRO * MIXTURE.layers
    assert summary.size(Purpose.EXPERTS, "ALL_TO_ALL") == law
    experts = MIXTURE.layers * 3 * MIXTURE.hidden * MIXTURE.ffn * MIXTURE.experts
    others = summary.parameters - experts
    gradients = summary.size(Purpose.GRADIENTS, "ALL_REDUCE")
    alone = experts * 2 * (4 // ep) if ep < 4 else 0  # each expert among dp / ep replicas
    assert gradients == 4 * 2 * others + alone


def test_bytes_follow_the_precision() -> None:
    task = Training(BATCH, MICRO, precision=Precision(gradients=4))
    summary = build(GPT, Parallelism(dp=2), task).summary
    assert summary.size(Purpose.GRADIENTS) == 2 * 4 * summary.parameters


@given(st.sampled_from(sorted(PRESETS)))
def test_a_model_gives_every_symbol_of_its_tables_a_value(name: str) -> None:
    assert model_symbols(PRESETS[name]).keys() == model_symbols(GPT).keys()


def test_what_is_computed_again_may_be_named_in_text() -> None:
    text: Any = "full"
    assert Training(4, recompute=text).recompute is Recompute.FULL
    wrong: Any
    for wrong in ("some", True, None):
        with pytest.raises(OptionError, match="'none', 'full' or 'selective' is wanted"):
            Training(4, recompute=wrong)
