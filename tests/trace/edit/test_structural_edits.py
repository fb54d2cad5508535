"""Edits that add, drop and join nodes: what has to come before what, still does."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import machines
from trace_strategies import REDUCE, order, traces

from simastra import Node, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.dialect import MASTER
from simastra.errors import TraceError
from simastra.trace import CollectiveType, check_nodes
from simastra.trace.edit import (
    Grouped,
    Selection,
    block_collectives,
    bucket,
    drop,
    free_collectives,
    insert,
    repeat,
    swap,
)

SELECTIONS = st.builds(
    Selection,
    types=st.none() | st.frozensets(st.sampled_from((NodeType.COMP, NodeType.COMM_COLL))),
    name=st.none() | st.sampled_from(("[1-4]", "r", "[579]")),
)
MESSAGE = Node(0, "extra", NodeType.COMP, duration=1000, is_cpu_op=False)


def checked(trace: Trace) -> Trace:
    for nodes in trace.npus:
        check_nodes(nodes, "edited", with_ctrl_deps=True)
    return trace


def run(trace: Trace) -> int:
    options = Options(dialect=MASTER)
    return (
        Simulation(trace, machines.system(), machines.network(("Ring", 4)), options=options)
        .run()
        .makespan
    )


@given(traces(), SELECTIONS)
def test_dropping_leaves_the_order_of_the_others(trace: Trace, where: Selection) -> None:
    left = checked(drop(Grouped(trace), where).trace).npus[0]
    picks, ids = where.picker(), {it.id for it in left}
    assert ids == {it.id for it in trace.npus[0] if not picks(it)}
    before = {(a, b) for a, b in order(trace.npus[0]) if a in ids and b in ids}
    assert order(left) == before


@given(traces(), SELECTIONS, st.randoms(use_true_random=False))
def test_dropping_keeps_the_order_that_control_dependencies_make(
    trace: Trace, where: Selection, random: Random
) -> None:
    nodes = []
    for node in trace.npus[0]:
        control = tuple(it for it in node.data_deps if random.random() < 1 / 2)
        data = tuple(it for it in node.data_deps if it not in control)
        nodes.append(replace(node, data_deps=data, ctrl_deps=control))
    left = checked(drop(Grouped(Trace.uniform(nodes, 4)), where).trace).npus[0]
    ids = {it.id for it in left}
    assert order(left) == {(a, b) for a, b in order(nodes) if a in ids and b in ids}


@given(trace=traces(), where=SELECTIONS, before=st.booleans())
def test_an_inserted_node_comes_between(trace: Trace, where: Selection, *, before: bool) -> None:
    edited = checked(insert(Grouped(trace), MESSAGE, where, before=before).trace)
    picks = where.picker()
    chosen = [it.id for it in trace.npus[0] if picks(it)]
    after = order(edited.npus[0])
    assert order(trace.npus[0]) <= after
    new = [it.id for it in edited.npus[0] if it.name == "extra"]
    assert len(new) == len(chosen)
    for one, other in zip(chosen, new, strict=True):
        assert ((one, other) if before else (other, one)) in after
        for later, earlier in order(trace.npus[0]):
            if earlier == one and not before:
                assert (later, other) in after


@given(traces(5), st.integers(1, 3))
def test_steps_follow_each_other(trace: Trace, times: int) -> None:
    repeated = checked(repeat(trace, times))
    assert len(repeated.npus[0]) == times * len(trace.npus[0])
    assert run(repeated) == times * run(trace)
    assert repeat(trace, 1) is trace
    assert repeated.npus[0] is repeated.npus[3]


def test_what_is_said_of_a_step_is_said_of_all_and_tensors_are_each_steps_own() -> None:
    step = TraceBuilder()
    step.compute("c", micros=1, reads={"w": 8}, writes={"a": 8})
    step.annotate(tokens=4, weight_bytes=8)
    twice = repeat(Trace.uniform(step, 1), 2)
    assert [[it.name for it in node.outputs or ()] for node in twice.npus[0]] == [["a"], ["a#1"]]
    assert [[it.name for it in node.inputs or ()] for node in twice.npus[0]] == [["w"], ["w"]]
    assert (twice.annotations[0].tokens, twice.annotations[0].weight_bytes) == (8, 8)
    with pytest.raises(TraceError, match="is to be done 0 times; 1 or more"):
        repeat(twice, 0)


@given(traces())
def test_blocking_collectives_run_beside_no_computation(trace: Trace) -> None:
    blocked = checked(block_collectives(trace))
    assert [it.data_deps for it in blocked.npus[0]] == [it.data_deps for it in trace.npus[0]]
    network = machines.network(("Ring", 4))
    options = Options(dialect=MASTER)
    result = Simulation(blocked, machines.system(), network, options=options).run()
    types = {it.id: it.type for it in trace.npus[0]}
    spans = [(types[it.node], it.issued, it.finished) for it in result.nodes[0]]
    for kind, begin, end in spans:
        for other, begins, ends in spans:
            if (kind, other) == (NodeType.COMP, NodeType.COMM_COLL):
                assert ends <= begin or end <= begins
    assert result.makespan >= run(trace)


@given(traces())
def test_freeing_takes_back_blocking_and_never_a_data_edge(trace: Trace) -> None:
    freed = free_collectives(block_collectives(trace))
    assert freed.npus == trace.npus
    assert free_collectives(trace) is trace


@given(traces(), st.integers(500, 12_000))
def test_buckets_have_all_the_bytes_and_keep_the_order(trace: Trace, size: int) -> None:
    edited = checked(bucket(Grouped(trace), size).trace)
    total = sum(it.comm_size or 0 for it in trace.npus[0])
    sizes = [it.comm_size or 0 for it in edited.npus[0]]
    assert sum(sizes) == total
    assert max(sizes) <= size
    kept = {it.id for it in edited.npus[0]} & {it.id for it in trace.npus[0]}
    before = {(a, b) for a, b in order(trace.npus[0]) if a in kept and b in kept}
    assert before <= order(edited.npus[0])
    assert run(edited) > 0


def test_a_bucket_is_of_what_follows_and_one_too_large_is_cut() -> None:
    step = TraceBuilder()
    computed = [step.compute(f"c{index}", micros=1) for index in range(3)]
    reduced = [step.all_reduce(f"r{index}", size=10, after=it) for index, it in enumerate(computed)]
    last = step.compute("last", micros=1, after=reduced[0])
    step.all_reduce("late", size=10, after=last)
    step.all_reduce("large", size=65)
    edited = bucket(Grouped(Trace.uniform(step, 2)), 30).trace
    names = {it.name: it for it in edited.npus[0] if it.type is NodeType.COMM_COLL}
    assert {name: it.comm_size for name, it in names.items()} == {
        "r0 to r2": 30,
        "late": 10,
        "large.1": 22,
        "large.2": 22,
        "large.3": 21,
    }
    assert names["r0 to r2"].data_deps == (1, 2, 3)
    assert next(it for it in edited.npus[0] if it.name == "last").data_deps == (6,)
    assert edited.edits == ("bucket 30",)


def test_collectives_that_only_wait_for_their_turn_are_one_bucket() -> None:
    step = TraceBuilder()
    first = step.all_reduce("a", size=10)
    second = step.all_reduce("b", size=10, after=first)
    step.compute("c", micros=1, after=second)
    edited = checked(bucket(Grouped(Trace.uniform(step, 2)), 100).trace)
    assert [(it.id, it.data_deps) for it in edited.npus[0]] == [(2, ()), (3, (2,))]


def test_members_of_a_group_fill_the_same_buckets() -> None:
    builders = []
    for npu in range(2):
        builder = TraceBuilder(npu)
        first = builder.all_reduce("a", size=10)
        after = builder.compute("c", micros=1, after=first) if npu else first
        builder.all_reduce("b", size=10, after=after if npu else ())
        builders.append(builder)
    given = Grouped(Trace.of(builders))
    assert bucket(given, 100) is given  # NPU 1 can't do both at once
    with pytest.raises(TraceError, match="take part in collectives of which not all have the same"):
        bucket(given, 100, Selection(npus=frozenset({0})))
    with pytest.raises(TraceError, match="the size is 0; 1 byte or more"):
        bucket(given, 0)


@given(traces(5), st.integers(2, 4))
def test_an_all_reduce_is_a_reduce_scatter_and_an_all_gather(trace: Trace, npus: int) -> None:
    given = Grouped(Trace.uniform(trace.npus[0], npus))
    parts = (CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER)
    edited = checked(swap(given, REDUCE, parts).trace)
    assert order(trace.npus[0]) <= order(edited.npus[0])
    sizes = [it.comm_size for it in trace.npus[0] if it.comm_type is REDUCE]
    scattered = [it.comm_size for it in edited.npus[0] if it.comm_type is parts[0]]
    gathered = [it.comm_size for it in edited.npus[0] if it.comm_type is parts[1]]
    assert scattered == sizes
    assert gathered == [-(-(it or 0) // npus) for it in sizes]
    assert swap(given, REDUCE, (REDUCE,)) is given


def test_on_a_ring_the_two_take_as_long_as_the_one_but_for_endpoints() -> None:
    step = TraceBuilder()
    step.all_reduce("r", size=2**20)
    given = Grouped(Trace.uniform(step, 4))
    parts = (CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER)
    network = machines.network(("Ring", 4))
    system = machines.system(preferred_dataset_splits=1, endpoint_delay=0)
    times = [
        Simulation(it.trace, system, network).run().makespan
        for it in (given, swap(given, REDUCE, parts))
    ]
    assert times[0] == times[1]
    with pytest.raises(TraceError, match="BROADCAST has no size that others follow from"):
        swap(given, REDUCE, (CollectiveType.BROADCAST,))


def test_all_sides_of_a_message_and_all_members_go_together() -> None:
    builder, other = TraceBuilder(0), TraceBuilder(1)
    builder.send("s", size=1, to=1)
    builder.all_reduce("r", size=8)
    other.recv("s", size=1, source=0)
    other.all_reduce("r", size=8)
    given = Grouped(Trace.of([builder, other]))
    assert [it.name for npu in drop(given, Selection("s")).trace.npus for it in npu] == ["r", "r"]
    with pytest.raises(TraceError, match="from NPU 0 to NPU 1 with tag 0, 1 more sends are"):
        drop(given, Selection(types=frozenset({NodeType.COMM_SEND})))
    with pytest.raises(TraceError, match="ALL_REDUCE of 2 NPUs: fewer are selected on NPU 1"):
        drop(given, Selection("r", npus=frozenset({0})))
    reduce = replace(MESSAGE, type=NodeType.COMM_COLL, comm_type=REDUCE, comm_size=8)
    with pytest.raises(TraceError, match="fewer are selected on NPU 1"):
        insert(given, reduce, Selection("r", npus=frozenset({0})))
    work = TraceBuilder()
    work.all_reduce("r", size=8, after=work.compute("c", micros=1))
    alike, one = Grouped(Trace.uniform(work, 2)), frozenset({0})
    with pytest.raises(TraceError, match=r"insert: ALL_REDUCE of 2 NPUs: fewer .* on NPU 1"):
        insert(alike, reduce, Selection("c", npus=one))
    assert [len(it) for it in insert(alike, reduce, Selection("c")).trace.npus] == [3, 3]
    with pytest.raises(TraceError, match=r"swap: ALL_REDUCE of 2 NPUs: fewer .* on NPU 1"):
        swap(alike, REDUCE, (CollectiveType.REDUCE_SCATTER,), Selection(npus=one))


def test_buckets_that_would_wait_for_each_other_through_a_message_are_refused() -> None:
    builder, other = TraceBuilder(0), TraceBuilder(1)
    first = builder.all_reduce("a", size=100)
    builder.send("s", size=10, to=1, after=first)
    builder.all_reduce("b", size=100)
    other.all_reduce("a", size=100)
    other.all_reduce("b", size=100, after=other.recv("s", size=10, source=0))
    given = Grouped(Trace.of([builder, other]))
    with pytest.raises(TraceError, match="buckets of this size would wait for each other"):
        bucket(given, 1000)
    assert bucket(given, 100) is given
