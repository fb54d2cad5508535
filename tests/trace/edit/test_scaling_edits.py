"""Scaling, precision and replication: laws of other traces made of traces."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import machines

from simastra import Node, NodeType, Simulation, Trace, TraceBuilder
from simastra.errors import TraceError
from simastra.trace import CollectiveType, TensorUse
from simastra.trace.edit import (
    ScaledQuantity,
    Selection,
    change_precision,
    replicate,
    scale,
    scale_each,
)
from simastra.trace.edit.precision import BITS

REDUCE = CollectiveType.ALL_REDUCE


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Two to four NPUs; some share their nodes."""
    sizes = st.integers(0, 2**40)

    def nodes() -> list[Node]:
        made: list[Node] = []
        for id in range(1, draw(st.integers(1, 6)) + 1):
            after = tuple(draw(st.sets(st.integers(1, id - 1), max_size=2))) if id > 1 else ()
            kind = draw(st.sampled_from((NodeType.COMP, NodeType.COMM_COLL, NodeType.MEM_LOAD)))
            name = draw(st.sampled_from(("attention", "mlp", "gradients")))
            node = Node(id, name, kind, after, is_cpu_op=False, tensor_size=draw(sizes))
            if kind is NodeType.COMP:
                exact = draw(st.none() | st.integers(1, 10**9))
                duration = draw(st.integers(0, 10**6)) * 1000
                node = replace(node, duration=duration, num_ops=draw(sizes))
                if exact is not None and exact % 1000:
                    whole = (exact + 500) // 1000 * 1000
                    node = replace(node, duration=whole, duration_nanos=exact)
            elif kind is NodeType.COMM_COLL:
                node = replace(node, comm_type=REDUCE, comm_size=draw(sizes))
            made.append(node)
        return made

    shared = nodes()
    return Trace.of([shared, shared, *(nodes() for _ in range(draw(st.integers(0, 2))))])


SELECTIONS = st.builds(
    Selection,
    name=st.none() | st.sampled_from(("att", "^mlp$", "x")),
    npus=st.none() | st.frozensets(st.integers(0, 3)),
)


@given(traces(), st.integers(0, 12), SELECTIONS, st.sampled_from(ScaledQuantity))
def test_a_power_of_two_and_its_reciprocal_are_the_identity(
    trace: Trace, power: int, where: Selection, quantity: ScaledQuantity
) -> None:
    factor = 2**power
    there = scale(trace, factor, where, quantity)
    assert scale(there, 1 / factor, where, quantity).npus == trace.npus


@given(traces(), SELECTIONS, st.sampled_from(ScaledQuantity))
def test_a_factor_of_1_is_the_very_trace(
    trace: Trace, where: Selection, quantity: ScaledQuantity
) -> None:
    assert scale(trace, 1, where, quantity) is trace
    assert scale(trace, 2, Selection(name="nobody")) is trace


@given(traces(), st.fractions(Fraction(1, 100), 100), SELECTIONS)
def test_only_selected_computations_take_longer_and_their_duration_is_rounded(
    trace: Trace, factor: Fraction, where: Selection
) -> None:
    scaled = scale(trace, factor, where)
    picks = where.picker()
    for npu, (before, after) in enumerate(zip(trace.npus, scaled.npus, strict=True)):
        for old, new in zip(before, after, strict=True):
            meant = where.of_npu(npu) and picks(old) and old.type is NodeType.COMP
            if not meant or factor == 1:
                assert new is old
                continue
            exact = old.exact_duration * factor
            assert abs(new.exact_duration - exact) <= Fraction(1, 2) or new.exact_duration == 1
            assert replace(new, duration=0, duration_nanos=None) == replace(
                old, duration=0, duration_nanos=None
            )


def test_npus_that_were_alike_are_alike_and_the_log_says_what_was_done() -> None:
    step = TraceBuilder()
    step.compute("forward", micros=3)
    trace = scale(scale(Trace.uniform(step, 4), 0.5), 3, Selection(npus=frozenset({1, 2})))
    assert trace.npus[1] is trace.npus[2]
    assert trace.npus[0] is trace.npus[3] is not trace.npus[1]
    assert [it[0].duration for it in trace.npus] == [1500, 4500, 4500, 1500]
    assert trace.edits == ("scale duration=0.5", "scale duration=3 of npus=1|2")


def test_each_computation_has_its_own_factor() -> None:
    step = TraceBuilder()
    step.compute("a", micros=4, num_ops=1)
    step.compute("b", micros=4)
    trace = scale_each(
        Trace.uniform(step, 1), lambda node: Fraction(1, 3) if node.num_ops else None
    )
    assert [it.duration for it in trace.npus[0]] == [1333, 4000]


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_a_factor_is_a_number_above_nothing(factor: float) -> None:
    with pytest.raises(TraceError, match="a number above 0 is wanted"):
        scale(Trace.uniform(TraceBuilder(), 1), factor)
    with pytest.raises(TraceError, match=r"'\(' is no regular expression"):
        Selection(name="(")


@given(traces(), st.sampled_from(sorted(BITS)), st.sampled_from(sorted(BITS)))
def test_a_wider_format_and_back_is_the_identity(trace: Trace, one: str, other: str) -> None:
    narrow, wide = sorted((one, other), key=lambda it: BITS[it])
    there = change_precision(trace, narrow, wide)
    assert change_precision(there, wide, narrow).npus == trace.npus
    ratio = BITS[wide] // BITS[narrow]
    sizes = [(it.comm_size or 0, it.tensor_size or 0) for npu in trace.npus for it in npu]
    wider = [(it.comm_size or 0, it.tensor_size or 0) for npu in there.npus for it in npu]
    assert wider == [(comm * ratio, tensor * ratio) for comm, tensor in sizes]


def test_a_format_is_of_tensors_and_of_what_is_said_of_memory() -> None:
    step = TraceBuilder()
    step.compute("c", micros=1, writes={"w": 8}, reads={"w": 8})
    step.annotate(weight_bytes=16, optimizer_bytes=96)
    trace = change_precision(Trace.uniform(step, 2), "bf16", "fp8")
    assert trace.npus[0][0].outputs == (TensorUse("w", 4),)
    assert (trace.annotations[1].weight_bytes, trace.annotations[1].optimizer_bytes) == (8, 96)
    with pytest.raises(TraceError, match="unknown number format 'bf61'; did you mean 'bf16'"):
        change_precision(trace, "bf61", "fp8")


def test_one_npus_trace_is_everyones() -> None:
    step = TraceBuilder()
    step.all_reduce("gradients", size=2**20)
    one = Trace.uniform(step, 1)
    many = replicate(one, 8)
    run = Simulation(many, machines.system(), machines.network(("Ring", 8))).run()
    built = Simulation(step, machines.system(), machines.network(("Ring", 8))).run()
    assert run.cycles == built.cycles
    assert many.npus[7] is one.npus[0]
    assert replicate(many, 8) is many
    message = TraceBuilder(0)
    message.send("to 1", size=1, to=1)
    with pytest.raises(TraceError, match=r"node 1: 'to 1' is a COMM_SEND, which names the NPUs"):
        replicate(Trace.of([message]), 2)
    with pytest.raises(TraceError, match="is for 0 NPUs; 1 or more"):
        replicate(one, 0)
