"""Ranks that are told by what they name: as if each had nodes of its own."""

import pickle
import random
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from support.machines import system

from simastra import NetworkConfig, Options, Simulation, SystemConfig
from simastra.dialect import MASTER
from simastra.errors import TraceError
from simastra.result import Result
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType, Node, NodeMark, NodeType, Trace, marked, write_trace
from simastra.trace.marks import MarkedNodes
from simastra.trace.renamed import NodeTemplate, RenamedNodes
from simastra.transformer import (
    Family,
    Generated,
    Hardware,
    Model,
    Parallelism,
    PipelineSchedule,
    Training,
    Zero,
    build,
)
from simastra.workload import OperationRules, compile_trace

_MODEL = Model(
    "tiny", Family.GPT, layers=8, hidden=64, heads=4, ffn=256, vocabulary=256, sequence=32
)


def _step(random: random.Random) -> tuple[Generated, tuple[int, int, int]]:
    tp, dp, pp = (random.choice((1, 2, 3, 4)) for _ in range(3))
    tp = random.choice((1, 2, 4))
    schedule = random.choice(list(PipelineSchedule)) if pp > 1 else PipelineSchedule.ONE_F_ONE_B
    chunks = 2 if schedule is PipelineSchedule.INTERLEAVED else 1
    if chunks * pp > _MODEL.layers or _MODEL.layers % (chunks * pp):
        pp, schedule, chunks = 2, PipelineSchedule.ONE_F_ONE_B, 1
    micro_batches = pp * random.choice((1, 2))
    parallelism = Parallelism(
        tp=tp,
        dp=dp,
        pp=pp,
        sequence_parallel=tp > 1 and random.random() < 0.5,
        zero=random.choice(list(Zero))
        if schedule is not PipelineSchedule.INTERLEAVED
        else Zero.NONE,
        schedule=schedule,
        chunks=chunks,
        npus_count=(tp, dp, pp) if random.random() < 0.4 else None,
    )
    task = Training(batch=dp * micro_batches, micro_batches=micro_batches)
    hardware = Hardware(peak_perf=random.choice((1.0, 100.0)))
    return build(_MODEL, parallelism, task, hardware), (tp, dp, pp)


def _each_its_own(trace: Trace) -> Trace:
    """The same trace with nodes at hand for every NPU, as it was before there were names."""
    return replace(trace, npus=tuple(map(tuple, trace.npus)))


def _simulation(seed: int, *, own: bool, shortcuts: str) -> Simulation:
    randomly = random.Random(seed)
    step, shape = _step(randomly)
    backend = randomly.choice(("congestion-aware", "congestion-unaware"))
    ring = ["ring"] * 3
    system = SystemConfig(
        all_reduce_implementation=ring,
        all_gather_implementation=ring,
        reduce_scatter_implementation=ring,
        all_to_all_implementation=ring,
        preferred_dataset_splits=randomly.choice((1, 4)),
        local_mem_bw=50,
    )
    topology = [randomly.choice(("Ring", "Switch", "FullyConnected")) for _ in shape]
    network = NetworkConfig(
        topology=topology, npus_count=shape, bandwidth=[50] * 3, latency=[500] * 3
    )
    trace = _each_its_own(step.trace) if own else step.trace
    options = Options(backend=backend, shortcuts=shortcuts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Simulation(trace, system, network, comm_groups=step.comm_groups, options=options)


def _told(result: Result) -> object:
    return result.finishes, tuple(result.nodes), tuple(result.links), result.metrics, result.bound


def _taken(result: Result) -> object:
    return [(it.shortcut, it.taken, it.order_is_known) for it in result.shortcuts]


@pytest.mark.parametrize("seed", range(6))
def test_the_same_comes_of_names_as_of_nodes(seed: int) -> None:
    for shortcuts in ("off", "always"):
        ours, oracle = (_simulation(seed, own=own, shortcuts=shortcuts) for own in (False, True))
        assert ours.notices == oracle.notices
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            one, other = ours.run(), oracle.run()
        assert _told(one) == _told(other)
        assert _taken(one) == _taken(other)
        assert one.notices == other.notices


def _nodes() -> tuple[Node, ...]:
    return (
        Node(1, "send", NodeType.COMM_SEND, comm_src=0, comm_dst=4, comm_size=8),
        Node(
            3,
            "sum",
            NodeType.COMM_COLL,
            comm_type=CollectiveType.ALL_REDUCE,
            comm_size=8,
            pg_name="2",
        ),
        Node(2, "compute", NodeType.COMP, num_ops=7),
    )


def test_a_renamed_node_differs_in_names_alone() -> None:
    template = NodeTemplate(_nodes())
    other = template.renamed((1, 5), ("3",))
    send, collective, compute = other
    assert (send.comm_src, send.comm_dst, collective.pg_name) == (1, 5, "3")
    assert replace(send, comm_src=0, comm_dst=4) == template.nodes[0]
    assert replace(collective, pg_name="2") == template.nodes[1]
    assert compute is template.nodes[2]
    assert [node.id for node in other.in_order] == [1, 2, 3]
    assert other == tuple(other)
    assert hash(other) == hash(tuple(other))
    assert template.renamed((0, 4), ("2",)) == template.nodes
    copied = pickle.loads(pickle.dumps(other))
    assert isinstance(copied, RenamedNodes)
    assert copied == other


def test_other_groups_are_other_nodes() -> None:
    template = NodeTemplate(_nodes())
    assert template.renamed((1, 5), ("3",)) != template.renamed((1, 5), ("4",))
    assert template.renamed((1, 5), ("3",)) != template.renamed((2, 5), ("3",))


def test_a_root_of_another_name_is_another_collective() -> None:
    broadcast = Node(
        1,
        "weights",
        NodeType.COMM_COLL,
        comm_type=CollectiveType.BROADCAST,
        comm_src=0,
        comm_size=8,
        is_cpu_op=False,
    )
    nodes = (broadcast,)
    trace = Trace.of([nodes, NodeTemplate(nodes).renamed((1,), ())])
    rules = OperationRules(dialect_named("master", extended_collectives=True), system())
    found = [it.columns.collectives.distinct for it in compile_trace(trace, rules)]
    assert [[it.root for it in distinct] for distinct in found] == [[0], [1]]


def test_marks_of_renamed_nodes_are_those_of_the_nodes() -> None:
    other = NodeTemplate(_nodes()).renamed((1, 5), ("3",))
    assert isinstance(other, MarkedNodes)
    for mark in NodeMark:
        assert marked(other, mark) == marked(tuple(other), mark)


def test_a_group_that_is_called_wrongly_is_told_as_of_any_node() -> None:
    nodes = _nodes()
    receive = Node(1, "receive", NodeType.COMM_RECV, comm_src=0, comm_dst=4, comm_size=8)
    template = NodeTemplate(nodes)
    npus = (nodes, template.renamed((1, 5), ("x",)), nodes, nodes, (receive,), (receive,))
    network = NetworkConfig(topology=["Ring"], npus_count=[6], bandwidth=[50], latency=[500])
    system = SystemConfig(preferred_dataset_splits=1, all_reduce_implementation=["ring"])
    said = []
    for trace in (Trace.of(npus), Trace.of([tuple(it) for it in npus])):
        with pytest.raises(TraceError) as error:
            Simulation(trace, system, network, options=Options(dialect=MASTER))
        said.append(str(error.value))
    assert said[0] == said[1]
    assert "pg_name 'x'" in said[0]


def test_files_of_a_generated_step_are_those_of_its_trace(tmp_path: Path) -> None:
    step, _ = _step(random.Random(3))
    write_trace(tmp_path / "ours", step.trace)
    for npu, (_, content) in enumerate(step.files(tmp_path / "files")):
        assert (tmp_path / f"ours.{npu}.et").read_bytes() == content
