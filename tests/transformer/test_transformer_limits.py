"""What is the least and the most of each number, and what a small case comes to by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_models import GPT, LLAMA, MIXTURE

from simastra.errors import OptionError
from simastra.notices import Severity
from simastra.transformer import (
    PRESETS,
    Family,
    Hardware,
    Inference,
    Model,
    Parallelism,
    Phase,
    Precision,
    Purpose,
    Schedule,
    Training,
    Work,
    Zero,
    build,
)
from simastra.transformer.costs import shard
from simastra.transformer.graph import Expression, TableError, lower, parse_table, read_table
from simastra.transformer.parallelism import Pass, Pipeline, most_in_flight, passes
from simastra.transformer.plan import make_plan

COUNTS = ("layers", "hidden", "heads", "ffn", "vocabulary", "sequence")
OF_ONE = Model("one", Family.GPT, 1, 1, 1, ffn=1, vocabulary=1, sequence=1)


@pytest.mark.parametrize("name", [*COUNTS, "kv_heads", "head_size", "vocabulary_multiple"])
def test_a_model_has_one_of_everything_at_least(name: str) -> None:
    assert getattr(replace(OF_ONE, **{name: 1}), name) == 1
    option = name.replace("_", "-")
    for number in (0, -1):
        with pytest.raises(OptionError, match=f"--{option}: is {number}; 1 or more are wanted"):
            replace(OF_ONE, **{name: number})


def test_a_mixture_chooses_one_to_all_of_its_experts() -> None:
    for chosen in (1, 4):
        assert replace(MIXTURE, top_k=chosen).top_k == chosen
    for chosen in (0, 5):
        with pytest.raises(OptionError, match=f"--top-k: is {chosen}; 1 to 4, the number of"):
            replace(MIXTURE, top_k=chosen)
    with pytest.raises(OptionError, match="--experts: is -1; 0 or more are wanted"):
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
    assert getattr(Inference(Phase.DECODE, **numbers), name) == 1
    option = name.replace("_", "-")
    with pytest.raises(OptionError, match=f"--{option}: is 0; 1 or more are wanted"):
        Training(**{**numbers, name: 0})
    with pytest.raises(OptionError, match=f"--{option}: is 0; 1 or more are wanted"):
        Inference(Phase.PREFILL, **{**numbers, name: 0})


def test_training_is_no_phase_of_inference() -> None:
    with pytest.raises(OptionError, match="--phase: training isn't inference"):
        Inference(Phase.TRAINING, 1)


def test_elements_have_a_byte_at_least_but_an_optimizer_may_keep_nothing() -> None:
    assert Precision(1, 1, 0, 1).optimizer == 0
    assert Precision() == Precision(2, 2, 12, 2)
    for name in ("parameters", "gradients", "activations"):
        with pytest.raises(OptionError, match=f"--bytes-of-{name}: must be 1 or more"):
            Precision(**{name: 0})
    with pytest.raises(OptionError, match="--bytes-of-optimizer: must be 0 or more"):
        Precision(optimizer=-1)


@pytest.mark.parametrize("name", ["tp", "pp", "dp", "cp", "ep", "chunks"])
def test_degrees_are_one_at_least(name: str) -> None:
    assert getattr(Parallelism(**{name: 1}), name) == 1  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=f"--{name}: is 0; 1 or more is wanted"):
        Parallelism(**{name: 0})  # type: ignore[arg-type]


def test_axes_of_one_npu_and_experts_may_be_left_out_of_the_order() -> None:
    assert Parallelism(order=()).npus == 1
    assert Parallelism(dp=4, ep=2, order=("dp",)).npus == 4
    with pytest.raises(OptionError, match="--order: is dp; each of"):
        Parallelism(dp=4, tp=2, order=("dp",))
    with pytest.raises(OptionError, match="--order: is dp-ep-dp; each of"):
        Parallelism(order=("dp", "ep", "dp"))


def test_numbers_of_npus_and_of_steps_have_a_limit() -> None:
    million = 1_000_000
    assert make_plan(GPT, Parallelism(dp=million), Training(million)).parallelism.npus == million
    with pytest.raises(OptionError, match=r"--dp: .* are 1000001 NPUs; at most 1000000 are"):
        make_plan(GPT, Parallelism(dp=million + 1), Training(million + 1))
    deep = replace(GPT, layers=2 * million)
    assert make_plan(deep, Parallelism(), Training(1)).model is deep
    with pytest.raises(OptionError, match=r"1 through 2000001 layers are more than 2000000"):
        make_plan(replace(GPT, layers=2 * million + 1), Parallelism(), Training(1))
    with pytest.raises(OptionError, match=r"--micro-batches: 1000001 through 2 layers"):
        make_plan(replace(GPT, layers=2), Parallelism(pp=2), Training(million + 1, million + 1))


@pytest.mark.parametrize("name", ["peak_perf", "capacity"])
def test_hardware_has_a_least_and_a_most(name: str) -> None:
    for number in (1e-6, 1e18):
        assert getattr(Hardware(**{name: number}), name) == number
    for number in (0.99e-6, 1.01e18):
        with pytest.raises(OptionError, match=r"1e-06 to 1e\+18 is wanted"):
            Hardware(**{name: number})
    assert Hardware(1, memory_bandwidth=1e-6).memory_bandwidth == 1e-6
    with pytest.raises(OptionError, match="--local-mem-bw: is 0;"):
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
    assert shard(elements, count) == each


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
    }
    assert {model.tied_embeddings for model in PRESETS.values() if model.family == "gpt"} == {True}
    assert {m.tied_embeddings for m in PRESETS.values() if m.family == "llama"} == {False}


# -- schedules -------------------------------------------------------------------------------------


def told(order: tuple[Pass, ...]) -> str:
    """F or B, the micro-batch and the piece of each pass."""
    return " ".join(f"{'B' if p.backward else 'F'}{p.micro_batch}.{p.piece}" for p in order)


def test_schedules_by_hand() -> None:
    assert [told(order) for order in passes(Schedule.GPIPE, Pipeline(2, 1, 2))] == [
        "F0.0 F1.0 B0.0 B1.0",
        "F0.1 F1.1 B0.1 B1.1",
    ]
    assert [told(order) for order in passes(Schedule.ONE_F_ONE_B, Pipeline(2, 1, 3))] == [
        "F0.0 F1.0 B0.0 F2.0 B1.0 B2.0",
        "F0.1 B0.1 F1.1 B1.1 F2.1 B2.1",
    ]
    # arXiv:2104.04473, figure 4: early passes are 2 (stages - 1 - stage) + (chunks - 1) stages.
    assert [told(order) for order in passes(Schedule.INTERLEAVED, Pipeline(2, 2, 4))] == [
        "F0.0 F1.0 F0.2 F1.2 F2.0 B0.2 F3.0 B1.2 F2.2 B0.0 F3.2 B1.0 B2.2 B3.2 B2.0 B3.0",
        "F0.1 F1.1 F0.3 B0.3 F1.3 B1.3 F2.1 B0.1 F3.1 B1.1 F2.3 B2.3 F3.3 B3.3 B2.1 B3.1",
    ]
    assert [told(order) for order in passes(Schedule.INTERLEAVED, Pipeline(2, 2, 2))] == [
        "F0.0 F1.0 F0.2 F1.2 B0.2 B1.2 B0.0 B1.0",
        "F0.1 F1.1 F0.3 F1.3 B0.3 B1.3 B0.1 B1.1",
    ]


def test_inference_has_forward_passes_only() -> None:
    for schedule in (Schedule.GPIPE, Schedule.ONE_F_ONE_B):
        assert [told(o) for o in passes(schedule, Pipeline(2, 1, 2, backward=False))] == [
            "F0.0 F1.0",
            "F0.1 F1.1",
        ]
    chunked = passes(Schedule.INTERLEAVED, Pipeline(2, 2, 2, backward=False))
    assert [told(order) for order in chunked] == ["F0.0 F1.0 F0.2 F1.2", "F0.1 F1.1 F0.3 F1.3"]


def test_the_ends_of_a_model_take_nothing_from_another_piece() -> None:
    pipeline = Pipeline(2, 2, 1)
    assert [pipeline.source(Pass(0, piece)) for piece in (0, 1, 3)] == [
        None,
        Pass(0, 0),
        Pass(0, 2),
    ]
    assert pipeline.source(Pass(0, 3, backward=True)) is None
    assert pipeline.source(Pass(0, 2, backward=True)) == Pass(0, 3, backward=True)


def test_what_is_in_flight_is_counted_by_size() -> None:
    (order,) = passes(Schedule.GPIPE, Pipeline(1, 1, 3))
    assert most_in_flight(order, lambda piece: 7 + piece) == 21
    assert most_in_flight((), lambda _: 7) == 0


# -- the summary -----------------------------------------------------------------------------------


def test_traffic_is_that_of_all_groups() -> None:
    summary = build(LLAMA, Parallelism(tp=4, dp=2), Training(4)).summary
    (alike,) = [one for one in summary.traffic if one.axes == ("tp",)]
    assert (alike.purpose, alike.collective) == (Purpose.ACTIVATIONS, "ALL_REDUCE")
    assert alike.group_size == 4
    (alone,) = build(LLAMA, Parallelism(tp=4), Training(2)).summary.traffic
    assert (alike.count, alike.size) == (2 * alone.count, 2 * alone.size)
    assert alike.sent == alike.size * 2 * 3 // 4


def test_gradients_are_exchanged_as_soon_as_the_last_micro_batch_has_made_them() -> None:
    made = build(replace(GPT, layers=2), Parallelism(dp=2), Training(4, 2))
    names = {node.id: node.name for node in made.trace.npus[0]}
    exchanges = [node for node in made.trace.npus[0] if node.comm_type is not None]
    assert [(node.name, [names[id] for id in node.data_deps]) for node in exchanges] == [
        ("head.gradients", ["B1.head.d_norm_inputs"]),
        ("layer1.gradients", ["head.gradients", "B1.layer1.d_norm1_inputs"]),
        ("layer0.gradients", ["layer1.gradients", "B1.layer0.d_norm1_inputs"]),
        ("embedding.gradients", ["layer0.gradients", "B1.embedding.d_word_table"]),
    ]
    before = [names[node.id - 1] for node in exchanges[:3]]
    assert before == ["B1.head.d_norm_inputs", "B1.layer1.d_x_2", "B1.layer0.d_x_2"]


@pytest.mark.parametrize(
    ("zero", "collective", "share"),
    [(0, "ALL_REDUCE", 2 * 3 / 4), (1, "REDUCE_SCATTER", 3 / 4), (1, "ALL_GATHER", 3)],
)
def test_what_is_sent_at_the_least(zero: int, collective: str, share: float) -> None:
    summary = build(GPT, Parallelism(dp=4, zero=Zero(zero)), Training(4)).summary
    (traffic,) = [one for one in summary.traffic if one.collective == collective]
    assert traffic.sent == share * traffic.size
    assert (traffic.axes, traffic.group_size) == (("edp",), 4)
    assert traffic.count == GPT.layers + 2  # one for each block
    name = "weights" if collective == "ALL_GATHER" else "gradients"
    assert summary.size(Purpose(traffic.purpose), collective) == traffic.size
    assert traffic.purpose.value == name


def test_messages_are_between_two() -> None:
    summary = build(LLAMA, Parallelism(tp=2, pp=2), Training(4, 2)).summary
    (traffic,) = [one for one in summary.traffic if one.collective == "SEND"]
    assert (traffic.count, traffic.group_size, traffic.axes) == (2 * 2 * 2, 2, ())
    assert traffic.size == traffic.sent == 8 * (2 * LLAMA.sequence * LLAMA.hidden * 2)


def test_a_summary_as_plain_data() -> None:
    summary = build(LLAMA, Parallelism(pp=2), Training(4, 2)).summary
    told = summary.to_dict()
    assert list(told) == [
        "model",
        "npus",
        "nodes",
        "parameters",
        "operations",
        "total_operations",
        "model_operations",
        "ideal_bubble",
        "traffic",
        "memory",
    ]
    assert (told["model"], told["npus"], told["ideal_bubble"]) == ("small", 2, 1 / 3)
    assert told["operations"] == {work.value: summary.operations[work] for work in Work}
    assert told["total_operations"] == sum(told["operations"].values())
    assert told["traffic"][0]["purpose"] == "pipeline"
    assert [one["stage"] for one in told["memory"]] == [0, 1]
    assert told["memory"][1]["total"] == sum(
        told["memory"][1][part]
        for part in ("weights", "gradients", "optimizer", "activations", "cache")
    )


def test_who_needs_too_much_memory_is_told_how_much_of_what() -> None:
    gib = 2**30
    made = build(PRESETS["llama2-7b"], Parallelism(pp=2), Training(2, 2), Hardware(capacity=gib))
    first, last = made.summary.memory
    assert first.total > last.total
    notice, groups = made.notices
    assert notice.where == "llama2-7b, stage 0"
    assert notice.message == (
        f"an NPU needs {first.total / gib:.1f} GiB of local memory, and has 1.0 GiB "
        f"(weights {first.weights / gib:.1f}, gradients {first.gradients / gib:.1f}, optimiser "
        f"{first.optimizer / gib:.1f}, activations {first.activations / gib:.1f}, cache 0.0)"
    )
    assert (groups.code, groups.severity) == ("needs-groups", Severity.INFO)


# -- tables ----------------------------------------------------------------------------------------

HEADINGS = "id,require_grads,x1,x2,op_type,op_attr,x1_shape,x1_hidden,x2_shape,x2_hidden,grad_of"
BYTES = {"ActivationBytes": 2, "ParameterBytes": 2, "GradientBytes": 2}


def operations(row: str) -> int:
    """What the node of one row computes, of x of 4 x 8 and w of 8 x 2 elements."""
    table = f'{HEADINGS}\nx,N,,,T,,"A, B",1,,,\nw,Y,,,T,,"B, C",1,,,\n{row}'
    steps = lower(parse_table(table, "one.csv"), {"A": 4, "B": 8, "C": 2, **BYTES}).steps
    return sum(step.operations for step in steps)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ('y,N,x,w,M,"ab,bc->ac",,,,,', 2 * 4 * 8 * 2),
        ('y,N,x,,M,"ab->a",,,,,', 4 * 8),  # a sum: nothing is multiplied
        ('y,N,x,w,M,"ab,bc->abc",,,,,', 4 * 8 * 2),  # an outer product: nothing is added
        ("y,N,x,,E,3,,,,,", 3 * 4 * 8),
    ],
)
def test_an_einsum_multiplies_and_adds(row: str, count: int) -> None:
    assert operations(row) == count


def test_a_weight_that_nothing_uses_and_no_symbol_sizes_names_itself() -> None:
    square = (
        f'{HEADINGS}\nx,N,,,T,,"Batch/dp, Seq, Dmodel",1,,,\nw,Y,,,T,,"Dmodel, Dmodel",1,,,\n'
        'y,N,x,w,M,"bsm,mn->bsn",,,,,\nunused,Y,,,T,,"Strange",1,,,\n'
    )
    with pytest.raises(TableError, match=r"'unused': .*the symbol 'Strange' has no value"):
        build(GPT, Parallelism(), Training(1), layer=parse_table(square, "layer.csv"))


def test_an_expression_has_at_most_500_letters() -> None:
    assert Expression.parse("+".join(["1"] * 250) + " ").evaluate({}) == 250
    with pytest.raises(ValueError, match="is longer than 500 letters"):
        Expression.parse("+".join(["1"] * 251))


def test_a_table_has_at_most_2000_rows_and_a_mebibyte(tmp_path: Path) -> None:
    rows = "".join(f'x{index},N,,,T,,"Batch",1,,,\n' for index in range(2000))
    assert len(parse_table(f"{HEADINGS}\n{rows}", "long.csv").tensors) == 2000
    table = tmp_path / "large.csv"
    short = f'{HEADINGS}\nx,N,,,T,,"Batch",1,,,\n'
    table.write_text(short + "\n" * (2**20 - len(short)))
    assert list(read_table(table).tensors) == ["x"]
    table.write_text(short + "\n" * (2**20 + 1 - len(short)))
    with pytest.raises(TableError, match="is larger than 1 MiB"):
        read_table(table)
