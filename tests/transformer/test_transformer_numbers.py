"""Cut graphs compute what whole ones do, forward and backward, on real numbers."""

from collections.abc import Mapping

import numpy as np
import pytest
from distributed_arrays import Machine
from hypothesis import given
from hypothesis import strategies as st

from simastra.transformer.graph import (
    Role,
    TensorGraph,
    backward_graph,
    gradient_name,
    parse_table,
)

HEADINGS = "id,require_grads,x1,x2,x3,op_type,op_attr,x1_shape,x1_hidden,x2_shape,x2_hidden,grad_of"
# What layers have: norms with gains, biases, products cut both ways, a gate, two residuals, a
# result that is read twice.
LAYER = f"""\
{HEADINGS}
x,N,,,,T,,"Batch/dp, Seq/cp/sp, Dmodel",1,,,
gain,Y,,,,T,,"Dmodel",1,,,
norm,N,x,gain,,E,2,,,,,
a,Y,,,,T,,"Dmodel, Dff/tp",1,,,
a_bias,Y,,,,T,,"Dff/tp",1,,,
c,Y,,,,T,,"Dmodel, Dff/tp",1,,,
up,N,norm,a,a_bias,M,"bsm,mf->bsf","Batch/dp, Seq/cp, Dmodel",1,,,
gate,N,norm,c,,M,"bsm,mf->bsf","Batch/dp, Seq/cp, Dmodel",1,,,
act,N,up,gate,,E2,3,,,,,
b,Y,,,,T,,"Dff/tp, Dmodel",1,,,
b_bias,Y,,,,T,,"Dmodel",1,,,
down,N,act,b,,M,"bsf,fm->bsm",,,,,
middle,N,down,x,b_bias,A,,"Batch/dp, Seq/cp/sp, Dmodel",1,,,
mix,Y,,,,T,,"Seq, Seq",1,,,
moved,N,middle,,,I,,"Batch/dp, Seq, Dmodel/tp/cp",1,,,
mixed,N,moved,mix,,M,"bsm,st->btm",,,,,
back,N,mixed,,,I,,"Batch/dp, Seq/cp/sp, Dmodel",1,,,
y,N,back,middle,,A,,,,,,
"""
SIZES = {"Batch": 4, "Seq": 12, "Dmodel": 12, "Dff": 12}
AXES = {"dp": "dp", "cp": "cp", "tp": "tp"}
DEGREES = st.fixed_dictionaries({axis: st.sampled_from([1, 2]) for axis in AXES})


def graph(degrees: Mapping[str, int], *, sequence_parallel: bool) -> TensorGraph:
    aliases = {axis: (axis,) if degree > 1 else () for axis, degree in degrees.items()}
    sp = aliases["tp"] if sequence_parallel else ()
    return parse_table(LAYER, "layer.csv").resolved({**aliases, "sp": sp})


def run(degrees: Mapping[str, int], *, sequence_parallel: bool) -> Machine:
    forward = graph(degrees, sequence_parallel=sequence_parallel)
    machine = Machine(degrees, SIZES)
    numbers = np.random.default_rng(1)
    for tensor in forward.tensors.values():
        if tensor.role in (Role.WEIGHT, Role.INPUT):
            shape = [SIZES[extent.text] for extent in tensor.layout.extents]
            machine.put(tensor, numbers.integers(-2, 3, shape))
    machine.run(forward)
    backward = backward_graph(forward)
    (given_gradient,) = backward.inputs
    shape = [SIZES[extent.text] for extent in given_gradient.layout.extents]
    machine.put(given_gradient, numbers.integers(-2, 3, shape))
    machine.run(backward)
    for use in backward.results:
        layout, parts = machine.tensors[use.tensor.id]
        machine.tensors[f"result {use.tensor.of}"] = (layout, parts)
    return machine


WEIGHTS = ("gain", "a", "a_bias", "c", "b", "b_bias", "mix")


@given(DEGREES, st.booleans())
def test_cut_or_whole_the_numbers_are_the_same(
    degrees: Mapping[str, int],
    sequence_parallel: bool,  # noqa: FBT001  # drawn by hypothesis
) -> None:
    cut = run(degrees, sequence_parallel=sequence_parallel)
    whole = run(dict.fromkeys(degrees, 1), sequence_parallel=False)
    assert np.array_equal(cut.whole("y"), whole.whole("y"))
    for name in (*WEIGHTS, "x"):
        assert np.array_equal(cut.whole(f"result {name}"), whole.whole(f"result {name}"))


@pytest.mark.parametrize("name", [*WEIGHTS, "x"])
def test_gradients_are_derivatives(name: str) -> None:
    # <dy, y(w + v) - y(w - v)> is twice the derivative along v, and what is of the third order in
    # v: nothing, for a result that depends on w in the second order at the most.
    alone = dict.fromkeys(AXES, 1)
    forward = graph(alone, sequence_parallel=False)
    machine = run(alone, sequence_parallel=False)
    dy = machine.whole(gradient_name("y"))
    base = machine.whole(name)
    step = np.random.default_rng(2).integers(-2, 3, base.shape)
    results = []
    for sign in (1, -1):
        moved = Machine(alone, SIZES)
        for tensor in forward.tensors.values():
            if tensor.role in (Role.WEIGHT, Role.INPUT):
                change = sign * step if tensor.id == name else 0
                moved.put(tensor, machine.whole(tensor.id) + change)
        moved.run(forward)
        results.append(moved.whole("y"))
    difference = (dy * (results[0] - results[1])).sum()
    assert difference == 2 * (machine.whole(f"result {name}") * step).sum()
    assert difference != 0
