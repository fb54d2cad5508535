"""Synthetic traces: they have what was asked for, and they run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import NetworkConfig, Options, Simulation, SystemConfig
from simastra.convert.generate import (
    ExampleSizes,
    MemoryShape,
    PipelineShape,
    collective_groups,
    collective_trace,
    examples,
    memory_trace,
    pipeline_trace,
)
from simastra.dialect import DIALECTS
from simastra.errors import TraceError
from simastra.trace import CollectiveType, NodeType, Trace, check_nodes
from simastra.units import Ns

SYSTEM = SystemConfig(
    all_reduce_implementation=["ring"],
    all_gather_implementation=["ring"],
    reduce_scatter_implementation=["ring"],
    all_to_all_implementation=["ring"],
    preferred_dataset_splits=1,
    local_mem_bw=50,
)


def makespan(trace: Trace, dialect: str) -> Ns:
    network = NetworkConfig(
        topology=["FullyConnected"], npus_count=[len(trace.npus)], bandwidth=[50], latency=[500]
    )
    options = Options(dialect=DIALECTS[dialect])
    return Simulation(trace, SYSTEM, network, options=options).run().makespan


def test_collectives_follow_each_other() -> None:
    (nodes, *_) = collective_trace(CollectiveType.ALL_TO_ALL, [8, 16], 4).npus
    assert [(node.comm_type, node.comm_size) for node in nodes] == [
        (CollectiveType.ALL_TO_ALL, 8),
        (CollectiveType.ALL_TO_ALL, 16),
    ]
    assert nodes[1].data_deps == (nodes[0].id,)


@given(st.integers(1, 12), st.integers(1, 12))
def test_groups_share_out_the_npus_in_order(npus: int, size: int) -> None:
    if npus % size:
        with pytest.raises(TraceError, match="can't be divided into groups"):
            collective_groups(npus, size)
        return
    groups = collective_groups(npus, size)
    assert [npu for members in groups.values() for npu in members] == list(range(npus))
    assert {len(members) for members in groups.values()} == {size}
    trace = collective_trace(CollectiveType.ALL_REDUCE, [8], npus, group_size=size)
    for number, members in groups.items():
        assert {trace.npus[npu][0].pg_name for npu in members} == {str(number)}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("backward", [None, 70])
@pytest.mark.parametrize(("stages", "microbatches"), [(2, 1), (2, 5), (3, 4), (4, 2)])
def test_a_pipeline_ends_and_overlaps_its_stages(
    dialect: str, backward: int | None, stages: int, microbatches: int
) -> None:
    trace = pipeline_trace(stages, PipelineShape(microbatches, 64, 50, backward))
    slots = microbatches + stages - 1  # of the last microbatch's end at the last stage
    ideal = slots * (50 + (backward or 0)) * 1000
    # What is not computed is the time of the messages, some 500 ns each on this network.
    assert ideal <= makespan(trace, dialect) <= ideal + 2 * (slots + stages) * 600


@given(st.integers(1, 5), st.integers(1, 5), st.none() | st.integers(0, 9))
def test_every_send_of_a_pipeline_has_its_receive(
    stages: int, microbatches: int, backward: int | None
) -> None:
    trace = pipeline_trace(stages, PipelineShape(microbatches, 64, 50, backward))
    sends, receives = (
        [
            (node.comm_src, node.comm_dst, node.comm_tag, node.comm_size)
            for nodes in trace.npus
            for node in nodes
            if node.type is kind
        ]
        for kind in (NodeType.COMM_SEND, NodeType.COMM_RECV)
    )
    assert sorted(sends) == sorted(receives)
    assert (
        len(set(sends)) == len(sends) == (stages - 1) * microbatches * (1 + (backward is not None))
    )


@pytest.mark.parametrize("prefetch", [False, True])
def test_a_layer_is_loaded_computed_and_stored(prefetch: bool) -> None:  # noqa: FBT001
    trace = memory_trace(2, MemoryShape(2, 64, 5, prefetch))
    by_name = {node.name: node for node in trace.npus[0]}
    needs = {
        name: [trace.npus[0][id - 1].name for id in it.data_deps] for name, it in by_name.items()
    }
    assert needs == {
        "load_0": [],
        "compute_0": ["load_0"],
        "store_0": ["compute_0"],
        "load_1": ["load_0" if prefetch else "compute_0"],
        "compute_1": ["load_1", "compute_0"],
        "store_1": ["compute_1"],
    }
    assert {node.tensor_size for node in trace.npus[0] if node.type is not NodeType.COMP} == {64}


MADE = examples(ExampleSizes(npus=4))


@pytest.mark.parametrize("name", MADE)
def test_an_example_is_for_all_npus_and_sound(name: str) -> None:
    assert len(MADE[name].npus) == 4
    for nodes in MADE[name].npus:
        assert nodes
        check_nodes(nodes, name, with_ctrl_deps=True)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", [name for name in MADE if name != "BARRIER" and "mem" not in name])
def test_an_example_runs(name: str, dialect: str) -> None:
    time = makespan(MADE[name], dialect)
    expected = {
        "one_comp_node": 5000,
        "two_comp_nodes_dependent": 10_000,
        "two_comp_nodes_independent": 10_000,  # an NPU computes one thing at a time
    }
    assert time == expected.get(name, time)


def test_sizes_out_of_range_are_refused() -> None:
    with pytest.raises(TraceError, match="0 microbatches; 1 to"):
        pipeline_trace(2, PipelineShape(0, 64, 50))
    with pytest.raises(TraceError, match="for 0 NPUs"):
        pipeline_trace(0, PipelineShape(1, 64, 50))
    with pytest.raises(TraceError, match="0 layers; 1 or more"):
        memory_trace(2, MemoryShape(0, 64, 5))
    with pytest.raises(TraceError, match="size is -1"):
        collective_trace(CollectiveType.ALL_REDUCE, [-1], 2)
