"""Latent attention and shared experts, as DeepSeek's models have them."""

from dataclasses import replace

import pytest
from small_models import GPT, LLAMA, MIXTURE, network, simulation

from simastra.errors import OptionError
from simastra.transformer import (
    PRESETS,
    Attention,
    ContextStyle,
    Inference,
    Latent,
    Model,
    ModelPhase,
    Parallelism,
    Purpose,
    Recompute,
    Training,
    Work,
    build,
)

SMALL = replace(
    MIXTURE,
    head_size=8,
    kv_heads=None,
    latent=Latent(query=32, keys=16, rope=4, value=8),
    shared_experts=1,
)
"""Of 4 layers, 64 columns, 8 heads."""


@pytest.mark.parametrize(
    ("name", "billions"),
    # All layers are taken for mixtures, so that the first, dense ones weigh more than they do.
    [("deepseek-v2", 236 + 3.4), ("deepseek-v3", 671 + 32.8)],
)
def test_parameters_are_those_that_are_published(name: str, billions: float) -> None:
    made = build(PRESETS[name], Parallelism(), Training(1))
    assert made.summary.parameters / 1e9 == pytest.approx(billions, rel=0.003)


def test_attention_is_of_whole_queries_and_values() -> None:
    made = build(SMALL, Parallelism(), Training(2))
    forward = 2 * 2 * SMALL.sequence**2 * SMALL.heads * (8 + 4 + 8) * SMALL.layers
    assert made.summary.operations[Work.ATTENTION] == 3 * forward


def test_products_are_six_operations_for_each_parameter_that_a_token_meets() -> None:
    model = PRESETS["deepseek-v3"]
    made = build(model, Parallelism(), Training(1))
    idle = 3 * model.hidden * model.ffn * (model.experts - model.top_k) * model.layers
    norms = model.layers * (2 * model.hidden + 1536 + 512) + model.hidden
    table = model.padded_vocabulary * model.hidden  # which is only looked up
    met = made.summary.parameters - idle - norms - table
    assert made.summary.operations[Work.MATMUL] == 6 * met * model.sequence


def test_only_latent_vectors_are_cached() -> None:
    task = Inference(ModelPhase.DECODE, batch=4, sequence=100)
    alone, cut = (build(SMALL, Parallelism(tp=tp), task).summary.memory[0].cache for tp in (1, 2))
    assert alone == cut == 2 * 4 * 100 * (16 + 4) * SMALL.layers
    usual = build(LLAMA, Parallelism(), task).summary.memory[0].cache
    assert alone < usual / 3


def test_tokens_go_to_their_experts_and_back() -> None:
    made = build(SMALL, Parallelism(dp=4, ep=4), Training(4))
    chosen = SMALL.top_k * SMALL.sequence * 2 * SMALL.hidden
    assert made.summary.size(Purpose.EXPERTS) == 4 * 4 * chosen * SMALL.layers


def test_experts_have_room_for_tokens_that_cannot_be_spread_evenly() -> None:
    uneven = replace(SMALL, experts=5, top_k=2)  # 64 choices for 5 experts: room for 13 each
    made = build(uneven, Parallelism(), Training(1))
    gate = next(node for node in made.trace.npus[0] if node.name == "F0.layer0.gate")
    assert gate.num_ops == 2 * 5 * 13 * SMALL.hidden * SMALL.ffn


@pytest.mark.parametrize(
    "degrees",
    [
        Parallelism(tp=2, dp=4, ep=2, sequence_parallel=True),
        Parallelism(cp=2, pp=2, dp=2),
        Parallelism(tp=2, cp=2, dp=2, context=ContextStyle.HEADS),
    ],
    ids=["tp-ep", "cp-pp", "heads"],
)
def test_all_parallelism_does_the_same_products(degrees: Parallelism) -> None:
    task = Training(16, 2, recompute=Recompute.FULL)
    alone, cut = (build(SMALL, it, task).summary for it in (Parallelism(), degrees))
    assert cut.operations[Work.ATTENTION] == alone.operations[Work.ATTENTION]
    assert cut.model_operations == alone.model_operations


def test_a_step_runs() -> None:
    degrees = Parallelism(tp=2, pp=2, dp=2, ep=2)
    task = Training(8, 4, recompute=Recompute.SELECTIVE, attention=Attention.UNFUSED)
    made = build(SMALL, degrees, task)
    assert simulation(made, network([8])).run().makespan > 0


def test_latent_attention_is_for_mixtures() -> None:
    latent = Latent(query=32, keys=16, rope=4, value=8)
    wrong: list[tuple[Model, dict[str, object], str]] = [
        (LLAMA, {"latent": latent}, "latent: is for mixtures"),
        (MIXTURE, {"latent": latent}, "latent: is for mixtures"),
        (MIXTURE, {"shared_experts": 1}, "shared_experts: are for latent attention"),
        (GPT, {"shared_experts": -1}, "shared_experts: are for latent attention"),
    ]
    for model, changed, problem in wrong:
        with pytest.raises(OptionError, match=problem):
            replace(model, **changed)  # type: ignore[arg-type] # what is wrong
    with pytest.raises(OptionError, match="latent rope: is 0"):
        replace(latent, rope=0)
