"""What is the least and the most of each number; presets as their papers have them."""

from dataclasses import replace
from typing import Any

import pytest
from small_models import GPT, LLAMA, MIXTURE

from simastra.errors import OptionError
from simastra.trace.shares import share
from simastra.transformer import (
    PRESETS,
    Family,
    Hardware,
    Inference,
    Latent,
    Model,
    ModelPhase,
    Parallelism,
    Precision,
    Training,
    build,
)
from simastra.transformer.plan import make_plan

COUNTS = ("layers", "hidden", "heads", "ffn", "vocabulary", "sequence")
OF_ONE = Model("one", Family.GPT, 1, 1, 1, ffn=1, vocabulary=1, sequence=1)


@pytest.mark.parametrize("name", [*COUNTS, "kv_heads", "head_size", "vocabulary_multiple"])
def test_a_model_has_one_of_everything_at_least(name: str) -> None:
    assert getattr(replace(OF_ONE, **{name: 1}), name) == 1
    for number in (0, -1):
        with pytest.raises(OptionError, match=f"{name}: is {number}; 1 or more are wanted"):
            replace(OF_ONE, **{name: number})


def test_a_mixture_chooses_one_to_all_of_its_experts() -> None:
    for chosen in (1, 4):
        assert replace(MIXTURE, top_k=chosen).top_k == chosen
    for chosen in (0, 5):
        with pytest.raises(OptionError, match=f"top_k: is {chosen}; 1 to 4, the number of"):
            replace(MIXTURE, top_k=chosen)
    with pytest.raises(OptionError, match="experts: is -1; 0 or more are wanted"):
        replace(LLAMA, experts=-1)
    assert replace(MIXTURE, experts=1, top_k=1).experts == 1


def test_heads_need_no_divisor_where_their_size_is_given() -> None:
    model = replace(LLAMA, hidden=60, heads=8, head_size=16)
    assert (model.size_of_head, model.key_heads) == (16, 4)
    assert (GPT.size_of_head, GPT.key_heads) == (8, 8)


@pytest.mark.parametrize(
    ("vocabulary", "multiple", "rows"),
    [(256, 128, 256), (257, 128, 384), (50257, 128, 50304), (50257, 1, 50257)],
)
def test_the_vocabulary_is_padded(vocabulary: int, multiple: int, rows: int) -> None:
    model = replace(GPT, vocabulary=vocabulary, vocabulary_multiple=multiple)
    assert model.padded_vocabulary == rows


@pytest.mark.parametrize("name", ["batch", "micro_batches", "sequence"])
def test_a_task_has_one_of_everything_at_least(name: str) -> None:
    numbers: dict[str, Any] = {"batch": 1, "micro_batches": 1, "sequence": 1}
    assert getattr(Training(**numbers), name) == 1
    assert getattr(Inference(ModelPhase.DECODE, **numbers), name) == 1
    with pytest.raises(OptionError, match=f"{name}: is 0; 1 or more are wanted"):
        Training(**{**numbers, name: 0})
    with pytest.raises(OptionError, match=f"{name}: is 0; 1 or more are wanted"):
        Inference(ModelPhase.PREFILL, **{**numbers, name: 0})


def test_training_is_no_phase_of_inference() -> None:
    with pytest.raises(OptionError, match="phase: training isn't inference"):
        Inference(ModelPhase.TRAINING, 1)


def test_elements_have_a_byte_at_least_but_an_optimizer_may_keep_nothing() -> None:
    assert Precision(1, 1, 0, 1).optimizer == 0
    assert Precision() == Precision(2, 2, 12, 2)
    for name in ("parameters", "gradients", "activations"):
        with pytest.raises(OptionError, match=f"{name}: must be 1 or more"):
            Precision(**{name: 0})
    with pytest.raises(OptionError, match="optimizer: must be 0 or more"):
        Precision(optimizer=-1)


@pytest.mark.parametrize("name", ["tp", "pp", "dp", "cp", "ep", "chunks"])
def test_degrees_are_one_at_least(name: str) -> None:
    assert getattr(Parallelism(**{name: 1}), name) == 1  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=f"{name}: is 0; 1 or more is wanted"):
        Parallelism(**{name: 0})  # type: ignore[arg-type]


def test_axes_of_one_npu_and_experts_may_be_left_out_of_the_order() -> None:
    assert Parallelism(order=()).npus == 1
    assert Parallelism(dp=4, ep=2, order=("dp",)).npus == 4
    with pytest.raises(OptionError, match="order: is dp; each of"):
        Parallelism(dp=4, tp=2, order=("dp",))
    with pytest.raises(OptionError, match="order: is dp-ep-dp; each of"):
        Parallelism(order=("dp", "ep", "dp"))


def test_numbers_of_npus_and_of_steps_have_a_limit() -> None:
    most, million = 128 * 128 * 64, 1_000_000
    assert make_plan(GPT, Parallelism(dp=most), Training(most)).parallelism.npus == most
    with pytest.raises(OptionError, match=r"dp: .* are 1048577 NPUs; at most 1048576 are"):
        make_plan(GPT, Parallelism(dp=most + 1), Training(most + 1))
    deep = replace(GPT, layers=2 * million)
    assert make_plan(deep, Parallelism(), Training(1)).model is deep
    with pytest.raises(OptionError, match=r"1 through 2000001 layers are more than 2000000"):
        make_plan(replace(GPT, layers=2 * million + 1), Parallelism(), Training(1))
    with pytest.raises(OptionError, match=r"micro_batches: 1000001 through 2 layers"):
        make_plan(replace(GPT, layers=2), Parallelism(pp=2), Training(million + 1, million + 1))


@pytest.mark.parametrize("name", ["peak_perf", "capacity"])
def test_hardware_has_a_least_and_a_most(name: str) -> None:
    for number in (1e-6, 1e18):
        assert getattr(Hardware(**{name: number}), name) == number
    for number in (0.99e-6, 1.01e18):
        with pytest.raises(OptionError, match=r"1e-06 to 1e\+18 is wanted"):
            Hardware(**{name: number})
    assert Hardware(1, memory_bandwidth=1e-6).memory_bandwidth == 1e-6
    with pytest.raises(OptionError, match="local_mem_bw: is 0;"):
        Hardware(1, memory_bandwidth=0)


@pytest.mark.parametrize(
    ("hardware", "ns"),
    [
        (Hardware(), 0),
        (Hardware(2), 2000),  # 4e6 operations at 2e12 a second
        (Hardware(2, memory_bandwidth=10), 3000),  # 30,000 bytes at 10 a ns
        (Hardware(2, memory_bandwidth=20), 2000),
        (Hardware(1e9), 1),
    ],
)
def test_a_computation_takes_what_it_takes(hardware: Hardware, ns: int) -> None:
    assert hardware.duration(4_000_000, 30_000) == ns


@pytest.mark.parametrize(
    ("elements", "count", "each"),
    [(1, 8, 128), (1024, 8, 128), (1025, 8, 256), (128, 1, 128), (129, 1, 256), (0, 4, 0)],
)
def test_shards_are_of_whole_chunks(elements: int, count: int, each: int) -> None:
    assert share(elements, count) == each


def test_presets_are_as_their_papers_have_them() -> None:
    numbers = {
        name: (
            model.family.value,
            *(getattr(model, count) for count in COUNTS),
            model.key_heads,
            model.experts,
            model.top_k,
        )
        for name, model in PRESETS.items()
    }
    assert numbers == {
        "gpt2-xl": ("gpt", 48, 1600, 25, 6400, 50257, 1024, 25, 0, 0),
        "gpt3-6.7b": ("gpt", 32, 4096, 32, 16384, 50257, 2048, 32, 0, 0),
        "gpt3-13b": ("gpt", 40, 5120, 40, 20480, 50257, 2048, 40, 0, 0),
        "gpt3-175b": ("gpt", 96, 12288, 96, 49152, 50257, 2048, 96, 0, 0),
        "mt-nlg-530b": ("gpt", 105, 20480, 128, 81920, 50257, 2048, 128, 0, 0),
        "megatron-1t": ("gpt", 128, 25600, 160, 102400, 50257, 2048, 160, 0, 0),
        "llama2-7b": ("llama", 32, 4096, 32, 11008, 32000, 4096, 32, 0, 0),
        "llama2-70b": ("llama", 80, 8192, 64, 28672, 32000, 4096, 8, 0, 0),
        "llama3-8b": ("llama", 32, 4096, 32, 14336, 128256, 8192, 8, 0, 0),
        "llama3-70b": ("llama", 80, 8192, 64, 28672, 128256, 8192, 8, 0, 0),
        "llama3-405b": ("llama", 126, 16384, 128, 53248, 128256, 8192, 8, 0, 0),
        "mixtral-8x7b": ("llama", 32, 4096, 32, 14336, 32000, 4096, 8, 8, 2),
        "mixtral-8x22b": ("llama", 56, 6144, 48, 16384, 32768, 4096, 8, 8, 2),
        "deepseek-v2": ("llama", 60, 5120, 128, 1536, 102400, 4096, 128, 160, 6),
        "deepseek-v3": ("llama", 61, 7168, 128, 2048, 129280, 4096, 128, 256, 8),
    }
    latent = {(m.latent, m.shared_experts) for m in PRESETS.values() if m.latent is not None}
    assert latent == {(Latent(1536, 512, 64, 128), 1), (Latent(1536, 512, 64, 128), 2)}
    assert {model.tied_embeddings for model in PRESETS.values() if model.family == "gpt"} == {True}
    assert {m.tied_embeddings for m in PRESETS.values() if m.family == "llama"} == {False}


def test_one_token_of_each_sequence_is_spread_over_the_experts() -> None:
    assert build(MIXTURE, Parallelism(), Inference(ModelPhase.DECODE, 2)).npus == 1  # 4 choices
    with pytest.raises(OptionError, match="top_k: each NPU's 2 choices of a micro-batch"):
        build(MIXTURE, Parallelism(), Inference(ModelPhase.DECODE, 1))
