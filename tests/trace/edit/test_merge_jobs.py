"""Several jobs as one trace: what is each job's stays its own."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import (
    CommGroups,
    NetworkConfig,
    Node,
    NodeType,
    Result,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.errors import TraceError
from simastra.trace import CollectiveType
from simastra.trace.edit import Job, Merged, merge

SYSTEM = SystemConfig.parse(
    {
        "preferred-dataset-splits": 4,
        "all-reduce-implementation": ["ring"],
        "all-gather-implementation": ["ring"],
        "reduce-scatter-implementation": ["ring"],
        "all-to-all-implementation": ["ring"],
    }
)


def network(npus: int) -> NetworkConfig:
    text = {"topology": ["Switch"], "npus_count": [npus], "bandwidth": [50.0], "latency": [500.0]}
    return NetworkConfig.parse(text)


def run(merged: Merged) -> Result:
    groups = CommGroups.parse(merged.groups)
    return Simulation(
        merged.trace, SYSTEM, network(len(merged.trace.npus)), comm_groups=groups
    ).run()


def finish(result: Result, npu: int) -> int:
    return next(it.cycles for it in result.finishes if it.npu == npu)


def training(npus: int, micros: int, size: int) -> Trace:
    """Each NPU computes, sends to the next one, and all reduce gradients."""
    builders = []
    for npu in range(npus):
        builder = TraceBuilder(npu)
        forward = builder.compute("forward", micros=micros, num_ops=5, tensor_size=5)
        sent = builder.send("to the next", size=size, to=(npu + 1) % npus, tag=3, after=forward)
        got = builder.recv(
            "from the last", size=size, source=(npu - 1) % npus, tag=3, after=forward
        )
        builder.all_reduce("gradients", size=4 * size, after=(sent, got))
        builders.append(builder)
    return Trace.of(builders)


def test_a_job_that_has_the_machine_to_itself_is_its_trace() -> None:
    trace = training(4, 3, 1000)
    merged = merge([Job("a", trace, (0, 1, 2, 3))])
    assert merged.trace.npus == trace.npus
    assert all(new is old for new, old in zip(merged.trace.npus[0], trace.npus[0], strict=True))
    assert merged.groups == {}


@st.composite
def two_jobs(draw: st.DrawFn) -> tuple[Job, Job]:
    """Jobs on different NPUs of one machine, in any order."""
    counts = draw(st.tuples(st.integers(2, 4), st.integers(2, 4)))
    places = draw(st.permutations(range(sum(counts) + 1)))
    traces = [training(it, draw(st.integers(1, 50)), draw(st.integers(1, 10**6))) for it in counts]
    first = Job("first", traces[0], tuple(places[: counts[0]]))
    return first, Job("second", traces[1], tuple(places[counts[0] : sum(counts)]))


@given(two_jobs())
def test_jobs_on_ports_of_their_own_take_as_long_as_alone(
    jobs: tuple[Job, Job],
) -> None:
    together = run(merge(jobs, 9))
    for job in jobs:
        alone = run(merge([job], 9))
        for place in job.placement:
            assert finish(together, place) == finish(alone, place)


@given(two_jobs())
def test_nodes_of_jobs_on_different_npus_keep_ids_tags_and_dependencies(
    jobs: tuple[Job, Job],
) -> None:
    merged = merge(jobs)
    for job, placed in zip(jobs, merged.jobs, strict=True):
        assert (placed.name, placed.placement, placed.first_id) == (job.name, job.placement, 0)
        back = {place: npu for npu, place in enumerate(job.placement)}
        for npu, place in enumerate(job.placement):
            restored = tuple(
                replace(
                    it,
                    comm_src=None if it.comm_src is None else back[it.comm_src],
                    comm_dst=None if it.comm_dst is None else back[it.comm_dst],
                    pg_name=None,
                )
                for it in merged.trace.npus[place]
            )
            assert restored == job.trace.npus[npu]


def test_groups_keep_their_numbers_where_they_are_free() -> None:
    def grouped(group: int) -> Trace:
        builder = TraceBuilder()
        builder.all_reduce("in a group", size=8, group=group)
        builder.all_reduce("of all", size=8)
        return Trace.uniform(builder, 2)

    first = Job("first", grouped(7), (0, 1), {7: (0, 1)})
    second = Job("second", grouped(7), (3, 2), {7: (1, 0)})
    merged = merge([first, second])
    assert merged.groups == {7: (0, 1), 1: (0, 1), 2: (2, 3), 3: (3, 2)}
    assert [it.pg_name for it in merged.trace.npus[0]] == ["7", "1"]
    assert [it.pg_name for it in merged.trace.npus[3]] == ["2", "3"]
    assert [it.group_numbers for it in merged.jobs] == [{7, 1}, {2, 3}]


def test_jobs_that_share_npus_have_ids_tags_and_tensors_apart() -> None:
    builder = TraceBuilder(0)
    made = builder.compute("c", micros=1, writes={"w": 8})
    builder.send("s", size=8, to=1, tag=4, after=made)
    other = TraceBuilder(1)
    other.recv("r", size=8, source=0, tag=4)
    trace = Trace.of([builder, other])
    merged = merge([Job("a", trace, (0, 1)), Job("b", trace, (0, 1))])
    assert [it.id for it in merged.trace.npus[0]] == [1, 2, 4, 5]
    assert [it.data_deps for it in merged.trace.npus[0]] == [(), (1,), (), (4,)]
    assert [it.comm_tag for it in merged.trace.npus[1]] == [4, 9]
    assert [[use.name for use in it.outputs or ()] for it in merged.trace.npus[0]] == [
        ["w"],
        [],
        ["b/w"],
        [],
    ]
    assert merged.jobs[1].has(0, 5)
    assert not merged.jobs[0].has(0, 5)
    assert run(merged).makespan > 0


def test_npus_that_are_alike_share_their_nodes() -> None:
    builder = TraceBuilder()
    builder.all_reduce("gradients", size=8)
    merged = merge([Job("a", Trace.uniform(builder, 3), (4, 2, 0))], 6)
    assert merged.trace.npus[4] is merged.trace.npus[0]
    assert merged.trace.npus[1] is merged.trace.npus[5] == ()
    assert merged.groups == {1: (4, 2, 0)}


def test_collectives_along_dimensions_become_groups_of_the_job() -> None:
    builder = TraceBuilder()
    builder.all_reduce("inner", size=8, dims=[True, False])
    trace = Trace.uniform(builder, 4)
    merged = merge([Job("a", trace, (7, 6, 5, 4), shape=(2, 2))])
    assert merged.groups == {1: (7, 6), 2: (5, 4)}
    with pytest.raises(TraceError, match=r"node 1: 'inner' involves some .*\[4, 2\]"):
        merge([Job("a", trace, (7, 6, 5, 4))])


def test_groups_that_traces_list_are_moved_to_the_groups_of_all() -> None:
    def nodes(members: Sequence[int]) -> list[Node]:
        text = f"['{json.dumps([{'pg_name': '1', 'ranks': list(members)}])}']"
        reduce = CollectiveType.ALL_REDUCE
        return [
            Node(1, "groups", NodeType.METADATA, metadata=text),
            Node(2, "r", NodeType.COMM_COLL, comm_type=reduce, comm_size=8, pg_name="1"),
        ]

    trace = Trace.of([nodes([0, 1]), nodes([0, 1]), nodes([3, 2]), nodes([3, 2])])
    merged = merge([Job("a", trace, (1, 2, 3, 0))])
    assert merged.groups == {1: (1, 2), 2: (0, 3)}
    assert not any(it.metadata for npu in merged.trace.npus for it in npu)
    assert run(merged).makespan > 0
    kept = merge([Job("a", trace, (0, 1, 2, 3))])
    assert kept.trace.npus == trace.npus


def test_what_is_said_of_the_step_is_added_up() -> None:
    builder = TraceBuilder()
    builder.compute("c", micros=1)
    builder.annotate(tokens=10, weight_bytes=5)
    trace = Trace.uniform(builder, 2)
    merged = merge([Job("a", trace, (0, 1)), Job("b", trace, (1, 2))])
    assert [it.tokens for it in merged.trace.annotations] == [20, 20, 20]
    assert [it.weight_bytes for it in merged.trace.annotations] == [5, 10, 5]
    silent = replace(trace, annotations=())
    merged = merge([Job("a", trace, (0, 1)), Job("b", silent, (2, 3))])
    assert [it.tokens for it in merged.trace.annotations] == [None] * 4


@pytest.mark.parametrize(
    ("placement", "problem"),
    [
        ((0, 1, 2), r"its trace has 2 NPUs, and its placement 3 places"),
        ((1, 1), r"its placement has NPU 1 twice"),
        ((0, -1), r"its placement has NPU -1; NPUs count from 0"),
    ],
)
def test_a_placement_gives_each_npu_a_place(placement: tuple[int, ...], problem: str) -> None:
    with pytest.raises(TraceError, match=f"job 'a': {problem}"):
        Job("a", training(2, 1, 1), placement)


def test_jobs_have_to_fit() -> None:
    job = Job("a", training(2, 1, 1), (0, 5))
    with pytest.raises(TraceError, match=r"job 'a': its placement has NPU 5; .* NPUs 0 to 3"):
        merge([job], 4)
    with pytest.raises(TraceError, match="two jobs of this name"):
        merge([job, job])
    with pytest.raises(TraceError, match="no jobs"):
        merge([])


def test_messages_and_groups_have_to_be_among_the_jobs_npus() -> None:
    builder = TraceBuilder(0)
    builder.send("far", size=1, to=9)
    with pytest.raises(TraceError, match=r"node 1: 'far' names NPU 9; job 'a' has NPUs 0 to 0"):
        merge([Job("a", Trace.of([builder]), (3,))])
    builder = TraceBuilder()
    builder.all_reduce("r", size=1, group=2)
    trace = Trace.uniform(builder, 2)
    with pytest.raises(TraceError, match=r"'r' has pg_name '2', but there is no such group"):
        merge([Job("a", trace, (0, 1))])
    with pytest.raises(TraceError, match=r"but NPU 1 isn't a member of it"):
        merge([Job("a", trace, (0, 1), {2: (0,)})])
    with pytest.raises(TraceError, match=r"process group 2 lists NPU 2; the trace has NPUs 0 to 1"):
        merge([Job("a", trace, (0, 1), {2: (0, 2)})])
