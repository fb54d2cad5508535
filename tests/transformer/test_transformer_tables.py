"""Tables: read as the tutorial writes them, checked, with the backward pass by rule."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_models import GPT

from simastra import transformer
from simastra.errors import InputError
from simastra.transformer import Parallelism, Training, build
from simastra.transformer.graph import (
    Segment,
    TableError,
    TensorCommunication,
    TensorGraph,
    WeightGradient,
    backward_graph,
    lower,
    parse_table,
    read_table,
)

HEADINGS = "id,require_grads,x1,x2,op_type,op_attr,x1_shape,x1_hidden,x2_shape,x2_hidden,grad_of"
LINEAR = f"""\
{HEADINGS}
x,N,,,T,,"Batch/dp, Seq/sp, Din/mp",1,,,
w,Y,,,T,,"Din/mp, Dout",1,,,
y,N,x,w,M,"bsm,mn->bsn","Batch/dp, Seq/sp, Din/mp",1,"Din/mp, Dout",1,
"""
WITH_BACKWARD = (
    LINEAR
    + """\
dy,N,,,T,,"Batch/dp, Seq/sp, Dout",1,,,y
dw,N,dy,x,M,"bsn,bsm->mn","Batch/dp, Seq/sp, Dout",1,"Batch/dp, Seq/sp, Din/mp",1,w
dx,N,dy,w,M,"bsn,mn->bsm","Batch/dp, Seq/sp, Dout",1,"Din/mp, Dout",1,x
"""
)
SIZES = {"Batch": 8, "Seq": 16, "Din": 32, "Dout": 64, "dp": 2, "sp": 2, "mp": 4}
BYTES = {"ActivationBytes": 2, "ParameterBytes": 2, "GradientBytes": 4}
VALUES = {**SIZES, **BYTES}


def collectives(segment: Segment) -> list[tuple[str, tuple[str, ...], int]]:
    return [
        (step.collective.name, step.axes, step.size)
        for step in segment.steps
        if isinstance(step, TensorCommunication)
    ]


def test_the_tutorials_linear_layer_is_a_partial_product_on_each_npu() -> None:
    graph = parse_table(LINEAR, "linear.csv")
    assert str(graph.tensors["y"].layout) == "[Batch/dp, Seq/sp, Dout], partial over mp"
    (product,) = lower(graph, VALUES).steps
    assert product.operations == 2 * 4 * 8 * 8 * 64  # type: ignore[union-attr]
    assert product.size == 2 * (4 * 8 * 8 + 8 * 64 + 4 * 8 * 64)


def test_the_derived_backward_pass_is_that_which_a_table_brings() -> None:
    given = parse_table(WITH_BACKWARD, "linear.csv")
    by_rule = backward_graph(given.forward())
    layouts = {use.tensor.of: use.tensor.layout for use in by_rule.results}
    assert set(layouts) == {"w", "x"}
    for name, layout in layouts.items():
        assert layout.same_placement(given.tensors[f"d{name}"].layout)
    ours = {one.outputs[0].of: one for one in by_rule.operators}
    for one in given.operators:
        if one.name in ("dw", "dx"):
            assert (
                ours[one.name[1:]].attribute.partition("->")[2] == one.attribute.partition("->")[2]
            )


def test_a_weight_gradient_is_a_partial_sum_over_what_cuts_the_tokens() -> None:
    segment = lower(backward_graph(parse_table(LINEAR, "linear.csv")), VALUES)
    assert collectives(segment) == []
    assert [(g.weight, set(g.axes)) for g in segment.gradients] == [("w", {"dp", "sp"})]


MEGATRON = f"""\
{HEADINGS}
x,N,,,T,,"Batch/dp, Seq{{sp}}, Dmodel",1,,,
a,Y,,,T,,"Dmodel, Dff/tp",1,,,
b,Y,,,T,,"Dff/tp, Dmodel",1,,,
h,N,x,a,M,"bsm,mf->bsf","Batch/dp, Seq, Dmodel",1,,,
y,N,h,b,M,"bsf,fm->bsm",,,,,
z,N,y,x,A,,"Batch/dp, Seq{{sp}}, Dmodel",1,,,
"""
TENSOR = {"Batch": 4, "Seq": 8, "Dmodel": 16, "Dff": 64, "dp": 2, "tp": 4, **BYTES}
WHOLE = 2 * (4 // 2) * 8 * 16  # bytes of an activation on one replica


def passes(table: str) -> tuple[Segment, Segment]:
    forward = parse_table(table, "mlp.csv")
    return lower(forward, TENSOR), lower(backward_graph(forward), TENSOR)


def test_tensor_parallelism_has_megatrons_f_and_g() -> None:
    # Shoeybi et al., arXiv:1909.08053, figure 3: g forward, f backward, an all-reduce each.
    forward, backward = passes(MEGATRON.format(sp=""))
    assert collectives(forward) == [("ALL_REDUCE", ("tp",), WHOLE)]
    assert collectives(backward) == [("ALL_REDUCE", ("tp",), WHOLE)]


def test_sequence_parallelism_gathers_and_scatters_and_gathers_again_for_the_weight() -> None:
    # Korthikanti et al., arXiv:2205.05198, section 4.2.2.
    forward, backward = passes(MEGATRON.format(sp="/tp"))
    gather, scatter = ("ALL_GATHER", ("tp",), WHOLE // 4), ("REDUCE_SCATTER", ("tp",), WHOLE)
    assert collectives(forward) == [gather, scatter]
    assert sorted(collectives(backward)) == sorted([gather, gather, scatter])
    assert backward.kept == WHOLE // 4 + 2 * (4 // 2) * 8 * 64 // 4  # x in parts, and h


def test_axes_of_one_npu_communicate_nothing() -> None:
    alone = {**TENSOR, "dp": 1, "tp": 1}
    forward = parse_table(MEGATRON.format(sp="/tp"), "mlp.csv")
    for graph in (forward, backward_graph(forward)):
        segment = lower(graph, alone)
        assert collectives(segment) == []
        assert all(gradient.axes == () for gradient in segment.gradients)


def test_gradients_of_one_tensor_are_added_before_they_are_communicated() -> None:
    table = f"""\
{HEADINGS}
x,N,,,T,,"Batch/dp, Dmodel",1,,,
x0,N,x,,I,,"Batch/dp, Dmodel",1,,,
a,Y,,,T,,"Dmodel, Dff/tp",1,,,
b,Y,,,T,,"Dmodel, Dff/tp",1,,,
p,N,x0,a,M,"bm,mf->bf",,,,,
q,N,x0,b,M,"bm,mf->bf",,,,,
y,N,p,q,E2,4,,,,,
"""
    backward = lower(backward_graph(parse_table(table, "two.csv")), TENSOR)
    assert collectives(backward) == [("ALL_REDUCE", ("tp",), 2 * 2 * 16)]


def test_rows_may_stand_in_any_order() -> None:
    lines = LINEAR.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    assert parse_table(turned, "a").operators == parse_table(LINEAR, "a").operators


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("y,N,x,w", "y,N,x,v", "tensor 'y': unknown tensor 'v'"),
        ("bsm,mn->bsn", "bsm,mn->bsq", "isn't an einsum"),
        ("bsm,mn->bsn", "bs,mn->bsn", "the labels 'bs' don't name"),
        ("bsm,mn->bsn", "bsm,nm->bsn", "the label 'm' is"),
        (",M,", ",Q,", "unknown op_type 'Q'"),
        ('"Batch/dp, Seq/sp, Din/mp",1,"Din', '"Batch/dp, Seq/sp, Dout/mp",1,"Din', "x1_shape is"),
        ('"Din/mp, Dout",1,,,', '"Din/mp, Dout",3,,,', "hidden part is 1"),
        ('"Din/mp, Dout",1,,,', '"Din/mp, Do ut",1,,,', "isn't an expression"),
        ("id,", "name,", "has no column 'id'"),
        ("y,N,x,w", "y,N,y,w", "depends on itself"),
        ("y,N,x,w", "x,N,x,w", "two rows have this id"),
        ("y,N,x,w", ",N,x,w", "a row has no id"),
    ],
)
def test_a_wrong_table_gets_one_message_that_names_the_tensor(
    old: str, new: str, problem: str
) -> None:
    assert old in LINEAR
    with pytest.raises(TableError, match=r"^linear\.csv.*: ") as error:
        parse_table(LINEAR.replace(old, new), "linear.csv")
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"Din": 30}, "tensor 'y': Din is 30, which can't be cut evenly by mp 4"),
        ({"Batch": 0}, "Batch is 0; a whole number from 1"),
    ],
)
def test_a_size_that_does_not_fit_names_the_tensor(changed: dict[str, int], problem: str) -> None:
    with pytest.raises(TableError, match=problem):
        lower(parse_table(LINEAR, "linear.csv"), {**VALUES, **changed})


def test_a_symbol_without_a_value_names_the_tensor() -> None:
    values = {name: value for name, value in VALUES.items() if name != "Dout"}
    with pytest.raises(TableError, match=r"linear\.csv, tensor 'y': Dout: the symbol 'Dout'"):
        lower(parse_table(LINEAR, "linear.csv"), values)


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "linear.csv"
    table.write_text("\ufeff" + LINEAR)  # some of the reference's tables begin so
    assert isinstance(read_table(table), TensorGraph)
    table.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TableError, match="is not UTF-8 text"):
        read_table(table)
    for absent in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(TableError, match=r"is a directory|file not found"):
            read_table(absent)


def test_what_a_backward_pass_leaves_behind_is_named() -> None:
    segment = lower(backward_graph(parse_table(LINEAR, "linear.csv")), VALUES)
    assert segment.gradients == (WeightGradient("w", segment.gradients[0].axes, 1),)
    assert segment.last == (0,)  # the input's gradient goes first


def test_a_table_of_too_many_rows_is_refused() -> None:
    row = 'x{0},N,,,T,,"Batch",1,,,\n'
    table = HEADINGS + "\n" + "".join(row.format(index) for index in range(2001))
    with pytest.raises(TableError, match="has 2001 rows; at most 2000 are wanted"):
        parse_table(table, "long.csv")


LAYER = LINEAR.replace("Dout", "Dmodel").replace("Din", "Dmodel")
SAME_SHAPE = """\
z,N,y,,I,,"Batch/dp, Seq/sp, Dmodel/tp",1,,,
"""


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (LAYER + SAME_SHAPE.replace("tp", "mp"), "unknown axis 'mp'; "),
        (LAYER.replace("mp", "tp"), "a layer's result is like its input, which is"),
        (LINEAR.replace("mp", "tp"), "a layer's result is like its input, which is"),
        (LAYER + LAYER.splitlines()[1].replace("x,", "u,", 1) + "\n", "a layer has one input"),
        (LAYER + SAME_SHAPE + SAME_SHAPE.replace("z,", "w2,", 1), "a layer has one result"),
        (f"{HEADINGS}\n", "a layer has one input; the table has 0: none"),
    ],
)
def test_a_table_that_is_no_layer_is_refused(table: str, problem: str) -> None:
    layer = parse_table(table, "layer.csv")
    with pytest.raises(TableError, match=f"layer.csv.*: {problem}"):
        build(GPT, Parallelism(tp=2), Training(4), layer=layer)


def test_a_layer_may_bring_its_own_backward_pass_which_is_left_out() -> None:
    square = WITH_BACKWARD.replace("Dout", "Dmodel").replace("Din", "Dmodel").replace("/mp", "")
    plain = LAYER.replace("/mp", "")
    traces = [
        build(GPT, Parallelism(dp=2), Training(4), layer=parse_table(table, "layer.csv")).trace
        for table in (square, plain)
    ]
    assert traces[0].npus == traces[1].npus


TINY = replace(GPT, layers=2, hidden=16, heads=4, ffn=32, vocabulary=128, sequence=16)
OWN = Path(transformer.__file__).parent / "models/tables/gpt_layer.csv"


@given(st.data())
def test_a_damaged_table_never_ends_in_anything_but_a_message(data: st.DataObject) -> None:
    text = OWN.read_text()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        cut = data.draw(st.sampled_from([0, 1, 1, 5, 40]))
        letters = data.draw(st.text(st.sampled_from('abdmTMEAIRL,"\n/()*+-01;>spt '), max_size=3))
        text = text[:at] + letters + text[at + cut :]
    message = ""
    try:
        layer = parse_table(text, "layer.csv")
        made = build(TINY, Parallelism(tp=2, dp=2, pp=2), Training(8, 2), layer=layer)
    except InputError as error:
        message = str(error)
    assert len(message.splitlines()) == 1 if message else len(made.trace.npus) == made.npus
