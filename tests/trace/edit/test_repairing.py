"""What other tools leave out of a trace comes back; and more sequences of a generated step."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trace_strategies import traces

from simastra import Node, NodeType, Trace, TraceBuilder
from simastra.errors import TraceError
from simastra.trace.edit import Grouped, change_batch, repair
from simastra.transformer import PRESETS, Parallelism, Training, build


@given(traces(), st.sampled_from(({}, {1: (0, 1, 2, 3)})))
def test_nothing_is_repaired_in_a_sound_trace(
    trace: Trace, groups: dict[int, tuple[int, ...]]
) -> None:
    given = Grouped(trace, groups)
    repaired = repair(given)
    assert repaired.grouped.trace is trace
    assert repaired.grouped.groups == groups
    assert not repaired.repairs


@given(traces())
def test_what_was_left_out_comes_back(trace: Trace) -> None:
    bare = tuple(
        replace(it, is_cpu_op=None, involved_dim=None, data_deps=(*it.data_deps, *it.data_deps, 99))
        for it in trace.npus[0]
    )
    lacking = tuple(replace(it, comm_size=None) for it in bare)
    repaired = repair(Grouped(Trace.of([bare, lacking, bare, bare]))).grouped.trace
    assert repaired.npus == trace.npus


def test_messages_get_their_own_ends_tags_and_the_senders_size() -> None:
    builder, other = TraceBuilder(0), TraceBuilder(1)
    builder.send("s", size=7, to=1)
    other.recv("s", size=7, source=0)
    sound = Trace.of([builder, other])
    send = replace(sound.npus[0][0], comm_src=None, comm_tag=None)
    receive = replace(sound.npus[1][0], comm_dst=None, comm_tag=None, comm_size=None)
    assert repair(Grouped(Trace.of([[send], [receive]]))).grouped.trace.npus == sound.npus


def test_groups_that_nobody_lists_are_of_all_that_name_them() -> None:
    builder = TraceBuilder()
    builder.all_reduce("a", size=8, group=3)
    (node,) = builder.nodes
    named = replace(node, pg_name="mesh_tp")
    trace = Trace.of([[node], [named], [node], [named]])
    repaired = repair(Grouped(trace, {1: (0, 1)})).grouped
    assert repaired.groups == {1: (0, 1), 3: (0, 2), 2: (1, 3)}
    assert [it.pg_name for npu in repaired.trace.npus for it in npu] == ["3", "2", "3", "2"]


def test_ids_are_each_nodes_own_where_nothing_depends_on_them() -> None:
    nodes = [Node(0, f"n{index}", NodeType.COMP, is_cpu_op=False) for index in range(3)]
    repaired = repair(Grouped(Trace.of([nodes])))
    assert [it.id for it in repaired.grouped.trace.npus[0]] == [0, 1, 2]
    assert repaired.repairs == {"id of its own": 2}
    assert repaired.grouped.trace.edits == ("repair (id of its own: 2)",)
    nodes[2] = replace(nodes[2], id=5, data_deps=(0,))
    with pytest.raises(TraceError, match="NPU 0, node 5: depends on node 0, and several have this"):
        repair(Grouped(Trace.of([nodes])))


def test_a_size_that_nobody_knows_is_told() -> None:
    builder = TraceBuilder()
    builder.all_reduce("a", size=8)
    lacking = replace(builder.nodes[0], comm_size=None)
    with pytest.raises(TraceError, match=r"NPU 0, node 1: 'a' has no comm_size, and no other side"):
        repair(Grouped(Trace.uniform([lacking], 2)))


def test_a_larger_batch_communicates_what_the_generator_says() -> None:
    model = replace(PRESETS["gpt3-6.7b"], layers=2)
    degrees = Parallelism(tp=2, dp=2, sequence_parallel=True)
    small, large = (build(model, degrees, Training(batch=it)).trace for it in (2, 4))
    grown = change_batch(small, 2)
    for made, wanted in zip(grown.npus[0], large.npus[0], strict=True):
        assert (made.comm_size, made.num_ops) == (wanted.comm_size, wanted.num_ops)
        assert made.outputs == wanted.outputs
    assert grown.annotations[0].tokens == large.annotations[0].tokens
    assert change_batch(grown, 0.5).npus == small.npus
    with pytest.raises(TraceError, match="no node says what it is for"):
        change_batch(Trace.uniform(TraceBuilder(), 1), 2)
