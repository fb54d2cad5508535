"""Generated traces run: in every dialect and backend, without a warning, whatever the degrees."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from small_models import GPT, LLAMA, MIXTURE, network, simulation
from support.played import PLAYED
from support.trace_files import decode_nodes

from simastra.dialect import DIALECTS
from simastra.errors import OptionError
from simastra.notices import Severity
from simastra.trace import NodeType, check_nodes
from simastra.trace.protobuf import encode_nodes
from simastra.transformer import (
    ContextStyle,
    Generated,
    Hardware,
    Inference,
    Model,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Recompute,
    Task,
    Training,
    Zero,
    build,
)
from simastra.transformer.parallelism import RankMapping

MOST_NPUS = 16


@dataclass(frozen=True)
class Case:
    """A workload, and the network's dimensions if collectives name them."""

    generated: Generated
    counts: tuple[int, ...]

    @property
    def dialects(self) -> list[str]:
        return ["master"] if self.generated.comm_groups is not None else list(DIALECTS)


DEGREE = st.sampled_from([1, 1, 2, 2, 4])


@st.composite
def parallelisms(draw: st.DrawFn, model: Model) -> Parallelism:
    tp, pp, dp, cp = (draw(DEGREE) for _ in range(4))
    assume(1 < tp * pp * dp * cp <= MOST_NPUS)
    schedule = draw(st.sampled_from(PipelineSchedule)) if pp > 1 else PipelineSchedule.GPIPE
    parallelism = Parallelism(
        tp=tp,
        pp=pp,
        dp=dp,
        cp=cp,
        ep=draw(st.sampled_from([ep for ep in (1, 2, 4) if dp % ep == 0])) if model.experts else 1,
        sequence_parallel=draw(st.booleans()),
        zero=draw(st.sampled_from(Zero)),
        context=draw(st.sampled_from(ContextStyle)),
        schedule=schedule,
        chunks=2 if schedule is PipelineSchedule.INTERLEAVED else 1,
        order=tuple(draw(st.permutations(("tp", "cp", "dp", "pp")))),
    )
    if draw(st.booleans()):
        axes = RankMapping(parallelism).axes
        counts = tuple(parallelism.degrees[axis] for axis in axes)
        parallelism = replace(parallelism, npus_count=counts)
    return parallelism


@st.composite
def tasks(draw: st.DrawFn, replicas: int) -> Task:
    micro_batches = draw(st.sampled_from([1, 2, 3, 4, 8]))
    batch = replicas * micro_batches * draw(st.integers(1, 2))
    phase = draw(st.sampled_from([ModelPhase.TRAINING, ModelPhase.TRAINING, *ModelPhase]))
    if phase is ModelPhase.TRAINING:
        return Training(batch, micro_batches, recompute=draw(st.sampled_from(Recompute)))
    return Inference(phase, batch, micro_batches)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    model = draw(st.sampled_from([GPT, replace(GPT, tied_embeddings=True), LLAMA, MIXTURE]))
    model = replace(model, layers=8, hidden=32, ffn=64)
    parallelism = draw(parallelisms(model))
    task = draw(tasks(parallelism.dp))
    if task.phase is ModelPhase.DECODE:
        parallelism = replace(parallelism, sequence_parallel=False)
    hardware = Hardware(draw(st.sampled_from([0.001, 0.1, 10.0])))
    try:
        generated = build(model, parallelism, task, hardware)
    except OptionError:
        reject()
    return Case(generated, parallelism.npus_count or (parallelism.npus,))


FUZZ = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@FUZZ
@given(cases(), st.sampled_from([0.01, 1.0, 1000.0]), st.sampled_from([0, 500, 100_000]))
def test_no_combination_of_degrees_stands_still(
    case: Case, bandwidth: float, latency: float
) -> None:
    config = network(case.counts, bandwidth, latency)
    for dialect in case.dialects:
        for backend in PLAYED:
            run = simulation(case.generated, config, dialect=dialect, backend=backend)
            # Messages of a few bytes are made longer, whatever the trace: that is the network's.
            codes = {n.code for n in run.notices if n.severity is Severity.WARNING}
            assert codes <= {"rounded-up"}
            result = run.run()
            assert len(result.finishes) == case.generated.npus


@FUZZ
@given(cases())
def test_none_stands_still_where_sends_wait_for_receives(case: Case) -> None:
    for dialect in case.dialects:
        run = simulation(case.generated, network(case.counts), dialect=dialect, rendezvous=True)
        assert len(run.run().finishes) == case.generated.npus


@FUZZ
@given(cases())
def test_files_are_what_the_nodes_are(case: Case) -> None:
    files = list(case.generated.files("x"))
    for npu, ((path, content), nodes) in enumerate(
        zip(files, case.generated.trace.npus, strict=True)
    ):
        assert path.name == f"x.{npu}.et"
        assert content == encode_nodes(nodes, path, case.generated.trace.annotations[npu])
        assert decode_nodes(content, path) == nodes
        check_nodes(nodes, path, with_ctrl_deps=True)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("backend", PLAYED)
@pytest.mark.parametrize("model", [GPT, LLAMA, MIXTURE], ids=["gpt", "llama", "mixture"])
def test_a_set_for_a_network_runs_everywhere_without_a_warning(
    model: Model, backend: str, dialect: str
) -> None:
    counts = (2, 2, 2)
    p = Parallelism(tp=2, dp=2, pp=2, sequence_parallel=True, npus_count=counts)
    generated = build(model, p, Training(16, 4), Hardware(1))
    run = simulation(generated, network(counts), dialect=dialect, backend=backend)
    assert [n for n in run.notices if n.severity is Severity.WARNING] == []
    run.run()


def test_groups_and_dimensions_are_two_ways_to_say_the_same() -> None:
    # With rings of one dimension each, the same members exchange the same bytes in the same order.
    degrees: dict[str, Any] = {"tp": 2, "dp": 4}
    by_group = build(GPT, Parallelism(**degrees), Training(16, 2), Hardware(1))
    by_dimension = build(
        GPT, Parallelism(**degrees, npus_count=(2, 4)), Training(16, 2), Hardware(1)
    )
    times = [simulation(made, network((2, 4))).run().makespan for made in (by_group, by_dimension)]
    assert times[0] == times[1]


def test_npus_that_are_alike_share_their_nodes() -> None:
    p = Parallelism(tp=2, dp=4, npus_count=(2, 4))
    trace = build(GPT, p, Training(16)).trace
    assert all(nodes is trace.npus[0] for nodes in trace.npus)
    grouped = build(GPT, Parallelism(tp=2, dp=4), Training(16)).trace.npus
    for node, other, distant in zip(grouped[0], grouped[1], grouped[2], strict=True):
        if node.type is NodeType.COMP:
            assert node is other is distant


def test_files_that_are_alike_are_one_object() -> None:
    p = Parallelism(tp=2, dp=4, npus_count=(2, 4))
    contents = [content for _, content in build(GPT, p, Training(16)).files("x")]
    assert all(content is contents[0] for content in contents)


def test_generating_twice_gives_the_same_bytes() -> None:
    p = Parallelism(tp=2, pp=2, dp=2)
    first, second = (dict(build(GPT, p, Training(16, 2)).files("x")) for _ in range(2))
    assert first == second


def test_every_node_says_what_a_roofline_and_every_dialect_need() -> None:
    trace = build(MIXTURE, Parallelism(tp=2, pp=2, dp=2, ep=2), Training(16, 2)).trace
    for nodes in trace.npus:
        assert [node.id for node in nodes] == list(range(1, len(nodes) + 1))
        for node in nodes:
            assert node.is_cpu_op is False
            assert not node.ctrl_deps
            if node.type is NodeType.COMP:
                assert node.num_ops
                assert node.tensor_size
                assert node.duration == 0
            else:
                assert node.comm_size
                assert node.involved_dim is not None
                assert node.comm_priority == 0


def test_durations_are_those_of_the_slower_of_unit_and_memory() -> None:
    hardware = Hardware(peak_perf=2, memory_bandwidth=10)
    made = build(GPT, Parallelism(), Training(4), hardware)
    for node in made.trace.npus[0]:
        assert node.num_ops is not None
        assert node.tensor_size is not None
        slower = max(node.num_ops / 2000, node.tensor_size / 10)
        assert node.exact_duration == max(1, round(slower))
        assert node.duration == (node.exact_duration + 500) // 1000 * 1000


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"peak_perf": 0}, "^peak_perf: is 0; 1e-06 to 1e"),
        ({"capacity": -1}, "^capacity: is -1"),
        ({"peak_perf": float("nan")}, "^peak_perf: is nan; 1e-06 to 1e"),
        ({"peak_perf": 1e-300}, "^peak_perf: is 1e-300; 1e-06 to 1e"),
        ({"memory_bandwidth": 5}, "^local_mem_bw: is for durations, which need a peak performance"),
    ],
)
def test_hardware_that_makes_no_sense_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        Hardware(**arguments)


def test_gradients_are_exchanged_under_the_backward_pass() -> None:
    # Where computing a block's backward pass takes longer than its exchange, only the last exchange
    # is seen.
    p = Parallelism(dp=4, npus_count=(4,))
    task = Training(16)
    slow = build(replace(GPT, layers=8), p, task, Hardware(0.001))
    config = network((4,), bandwidth=10)
    with_exchange = simulation(slow, config).run().makespan
    alone = build(replace(GPT, layers=8), Parallelism(), Training(4), Hardware(0.001))
    result = simulation(slow, config).run()
    exchanges = [r.finished - r.issued for r in result.nodes[0] if r.name.endswith("gradients")]
    computed = sum(node.duration for node in alone.trace.npus[0])
    assert computed < with_exchange < computed + 2 * max(exchanges)
    assert sum(exchanges) > 2 * max(exchanges)
