"""Small cases written out: orders of passes, what waits for what, traffic, memory, tables."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_models import GPT, LLAMA

from simastra.notices import Severity
from simastra.transformer import (
    PRESETS,
    Hardware,
    Parallelism,
    PipelineSchedule,
    Purpose,
    Training,
    Work,
    Zero,
    build,
)
from simastra.transformer.graph import (
    SymbolicExpression,
    TableError,
    lower,
    parse_table,
    read_table,
)
from simastra.transformer.parallelism import Pass, Pipeline, most_in_flight, passes

# -- schedules -------------------------------------------------------------------------------------


def told(order: tuple[Pass, ...]) -> str:
    """F or B, the micro-batch and the piece of each pass."""
    return " ".join(f"{'B' if p.backward else 'F'}{p.micro_batch}.{p.piece}" for p in order)


def test_schedules_by_hand() -> None:
    assert [told(order) for order in passes(PipelineSchedule.GPIPE, Pipeline(2, 1, 2))] == [
        "F0.0 F1.0 B0.0 B1.0",
        "F0.1 F1.1 B0.1 B1.1",
    ]
    assert [told(order) for order in passes(PipelineSchedule.ONE_F_ONE_B, Pipeline(2, 1, 3))] == [
        "F0.0 F1.0 B0.0 F2.0 B1.0 B2.0",
        "F0.1 B0.1 F1.1 B1.1 F2.1 B2.1",
    ]
    # arXiv:2104.04473, figure 4: early passes are 2 (stages - 1 - stage) + (chunks - 1) stages.
    assert [told(order) for order in passes(PipelineSchedule.INTERLEAVED, Pipeline(2, 2, 4))] == [
        "F0.0 F1.0 F0.2 F1.2 F2.0 B0.2 F3.0 B1.2 F2.2 B0.0 F3.2 B1.0 B2.2 B3.2 B2.0 B3.0",
        "F0.1 F1.1 F0.3 B0.3 F1.3 B1.3 F2.1 B0.1 F3.1 B1.1 F2.3 B2.3 F3.3 B3.3 B2.1 B3.1",
    ]
    assert [told(order) for order in passes(PipelineSchedule.INTERLEAVED, Pipeline(2, 2, 2))] == [
        "F0.0 F1.0 F0.2 F1.2 B0.2 B1.2 B0.0 B1.0",
        "F0.1 F1.1 F0.3 F1.3 B0.3 B1.3 B0.1 B1.1",
    ]


def test_inference_has_forward_passes_only() -> None:
    for schedule in (PipelineSchedule.GPIPE, PipelineSchedule.ONE_F_ONE_B):
        assert [told(o) for o in passes(schedule, Pipeline(2, 1, 2, backward=False))] == [
            "F0.0 F1.0",
            "F0.1 F1.1",
        ]
    chunked = passes(PipelineSchedule.INTERLEAVED, Pipeline(2, 2, 2, backward=False))
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
    (order,) = passes(PipelineSchedule.GPIPE, Pipeline(1, 1, 3))
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


def test_messages_have_tags_that_no_collective_has() -> None:
    made = build(LLAMA, Parallelism(pp=2), Training(4, 2))
    tags = [node.comm_tag for node in made.trace.npus[0] if node.comm_tag is not None]
    # Of 2 pieces: forward from piece 0, then, behind 2 x 2 of these, backward from piece 1.
    assert sorted(tags) == [100_000_000 + number for number in (0, 2, 5, 7)]


def test_a_summary_as_plain_data() -> None:
    summary = build(LLAMA, Parallelism(pp=2), Training(4, 2)).summary
    told = summary.to_dict()
    assert list(told) == [
        "model",
        "npus",
        "nodes",
        "tokens",
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
        f"(weights {first.weights / gib:.1f}, gradients {first.gradients / gib:.1f}, optimizer "
        f"{first.optimizer / gib:.1f}, activations {first.activations / gib:.1f}, cache 0.0)"
    )
    assert (groups.code, groups.severity) == ("needs-groups", Severity.INFO)


def test_each_node_waits_for_what_it_needs_and_for_the_one_before_it_on_its_unit() -> None:
    made = build(replace(GPT, layers=1), Parallelism(tp=2), Training(1))
    names = {node.id: node.name.removeprefix("F0.") for node in made.trace.npus[0]}
    forward = [node for node in made.trace.npus[0] if node.name.startswith("F0.")]
    assert {names[node.id]: [names[id] for id in node.data_deps] for node in forward} == {
        "embedding.words": [],
        "embedding.words_all_reduce": ["embedding.words"],
        "embedding.y": ["embedding.words", "embedding.words_all_reduce"],
        "layer0.norm1": ["embedding.y"],
        "layer0.q": ["layer0.norm1"],
        "layer0.kv": ["layer0.q"],
        "layer0.attention": ["layer0.kv"],
        "layer0.out": ["layer0.attention"],
        "layer0.out_all_reduce": ["embedding.words_all_reduce", "layer0.out"],
        "layer0.middle": ["layer0.out", "layer0.out_all_reduce"],
        "layer0.norm2": ["layer0.middle"],
        "layer0.up": ["layer0.norm2"],
        "layer0.gelu": ["layer0.up"],
        "layer0.down": ["layer0.gelu"],
        "layer0.down_all_reduce": ["layer0.out_all_reduce", "layer0.down"],
        "layer0.y": ["layer0.down", "layer0.down_all_reduce"],
        "head.norm": ["layer0.y"],
        "head.logits": ["head.norm"],
        "head.statistics": ["head.logits"],
        "head.statistics_all_reduce": ["layer0.down_all_reduce", "head.statistics"],
        "head.loss": ["head.statistics", "head.statistics_all_reduce"],
    }


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


def test_all_that_is_made_of_gradients_belongs_to_the_backward_pass() -> None:
    table = (
        f'{HEADINGS}\nx,N,,,T,,"A, B",1,,,\nw,Y,,,T,,"B, C",1,,,\n'
        'y,N,x,w,M,"ab,bc->ac",,,,,\ndy,N,,,T,,"A, C",1,,,y\n'
        'twice,N,dy,,E,2,,,,,\ndw,N,twice,x,M,"ac,ab->bc",,,,,w\npenalty,N,w,,E,1,,,,,w\n'
    )
    forward = parse_table(table, "own.csv").forward()
    assert set(forward.tensors) == {"x", "w", "y"}
    assert [use.tensor.id for use in forward.results] == ["y"]


def test_a_weight_that_nothing_uses_and_no_symbol_sizes_names_itself() -> None:
    square = (
        f'{HEADINGS}\nx,N,,,T,,"Batch/dp, Seq, Dmodel",1,,,\nw,Y,,,T,,"Dmodel, Dmodel",1,,,\n'
        'y,N,x,w,M,"bsm,mn->bsn",,,,,\nunused,Y,,,T,,"Strange",1,,,\n'
    )
    with pytest.raises(TableError, match=r"'unused': .*the symbol 'Strange' has no value"):
        build(GPT, Parallelism(), Training(1), layer=parse_table(square, "layer.csv"))


def test_an_expression_has_at_most_500_letters() -> None:
    assert SymbolicExpression.parse("+".join(["1"] * 250) + " ").evaluate({}) == 250
    with pytest.raises(ValueError, match="is longer than 500 letters"):
        SymbolicExpression.parse("+".join(["1"] * 251))


def test_a_table_has_at_most_2000_rows_and_a_mebibyte(tmp_path: Path) -> None:
    rows = "".join(f'x{index},N,,,T,,"Batch",1,,,\n' for index in range(2000))
    assert len(parse_table(f"{HEADINGS}\n{rows}", "long.csv").tensors) == 2000
    table = tmp_path / "large.csv"
    short = f'{HEADINGS}\nx,N,,,T,,"Batch",1,,,\n'
    table.write_text(short + "\n" * (2**20 - len(short)))
    assert list(read_table(table).tensors) == ["x"]
    table.write_text(short + "\n" * (2**20 + 1 - len(short)))
    with pytest.raises(TableError, match="is larger than 1048576 bytes; a CSV"):
        read_table(table)
