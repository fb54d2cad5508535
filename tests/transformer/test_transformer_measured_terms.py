"""What measured steps do that textbooks leave out: each an option, off if it is not asked for."""

from dataclasses import replace

import pytest
from small_models import GPT, LLAMA, network, simulation
from support.calibrations import made_up

from simastra.calibration.calibration import Calibration
from simastra.calibration.compute import ComputeModel
from simastra.convert.generate.requests.transformer import TransformerRequest
from simastra.errors import InputError, OptionError
from simastra.trace import CollectiveType, Node, NodeType, Purpose
from simastra.transformer import (
    Attention,
    CalibratedCosts,
    Generated,
    Hardware,
    Inference,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Recompute,
    TableError,
    Training,
    Work,
    Zero,
    build,
    parse_table,
)

UNFUSED = Attention.UNFUSED


def calibrated(host: tuple[float, float] = (0.0, 0.0)) -> Hardware:
    """A measured GPU, of which the host takes so many us to launch a layer."""
    file = made_up().file
    assert file.compute is not None
    section = file.compute.model_copy(update={"host_us_per_layer": host})
    return Hardware(
        calibrated=CalibratedCosts(Calibration(file.model_copy(update={"compute": section})))
    )


def compute_time(made: Generated) -> int:
    """The ns that the first NPU's computations take."""
    return sum(exact(node) for node in made.trace.npus[0])


def exact(node: Node) -> int:
    if node.type is not NodeType.COMP:
        return 0
    return node.duration_nanos if node.duration_nanos is not None else node.duration or 0


@pytest.mark.parametrize("model", [GPT, LLAMA], ids=["gpt", "llama"])
@pytest.mark.parametrize("degrees", [Parallelism(), Parallelism(tp=2, cp=2)], ids=["1", "tp2cp2"])
def test_unfused_attention_computes_the_same_and_its_softmax(
    model: object, degrees: Parallelism
) -> None:
    fused, unfused = (build(model, degrees, Training(4, attention=it)) for it in Attention)  # type: ignore[arg-type] # a parameter
    for work in (Work.MATMUL, Work.ATTENTION, Work.OPTIMIZER):
        assert unfused.summary.operations[work] == fused.summary.operations[work]
    assert unfused.summary.operations[Work.ELEMENTWISE] > fused.summary.operations[Work.ELEMENTWISE]
    assert unfused.summary.model_operations == fused.summary.model_operations
    assert unfused.summary.traffic == fused.summary.traffic


def test_unfused_attention_keeps_scores_and_passes_them_through_memory() -> None:
    fused, unfused = (build(GPT, Parallelism(), Training(1, attention=it)) for it in Attention)
    scores = 2 * GPT.heads * GPT.sequence**2
    kept = [made.summary.memory[0].activations for made in (fused, unfused)]
    assert kept[1] - kept[0] == 2 * scores * GPT.layers  # the scores, and their softmax
    moved = [sum(node.tensor_size or 0 for node in made.trace.npus[0]) for made in (fused, unfused)]
    assert 10 * scores < (moved[1] - moved[0]) / GPT.layers < 14 * scores  # 4 forward, 6 backward


@pytest.mark.parametrize("attention", Attention)
def test_selective_recomputation_lies_between_none_and_all(attention: Attention) -> None:
    none, full, selective = (
        build(
            GPT, Parallelism(tp=2), Training(4, 2, recompute=it, attention=attention), calibrated()
        )
        for it in (Recompute.NONE, Recompute.FULL, Recompute.SELECTIVE)
    )
    kept = [made.summary.memory[0].activations for made in (full, selective, none)]
    assert kept == sorted(kept)
    times = [compute_time(made) for made in (none, selective, full)]
    assert times[0] < times[1] < times[2]
    assert selective.summary.model_operations == none.summary.model_operations
    again = [node for node in selective.trace.npus[0] if node.purpose is Purpose.RECOMPUTATION]
    assert {node.type for node in again} == {NodeType.COMP}
    assert len(again) == 2 * GPT.layers * (1 if attention is Attention.FUSED else 3)


def test_selective_recomputation_keeps_no_scores_but_of_one_layer() -> None:
    none, selective = (
        build(GPT, Parallelism(), Training(1, recompute=it, attention=UNFUSED)).summary.memory[0]
        for it in (Recompute.NONE, Recompute.SELECTIVE)
    )
    scores = 2 * 2 * GPT.heads * GPT.sequence**2
    assert none.activations - selective.activations == scores * (GPT.layers - 1)


def test_unfused_attention_needs_queries_that_it_knows() -> None:
    table = """\
id,require_grads,x1,x2,op_type,op_attr,x1_shape,x1_hidden,x2_shape,x2_hidden,work
x,N,,,T,,"Batch/dp, Seq, Dmodel",1,,,
y,N,x,,CUSTOM,4*Batch*Seq*Seq*Dmodel/dp,,,,,attention
"""
    layer = parse_table(table, "own.csv")
    with pytest.raises(TableError, match=r"own\.csv, tensor 'y': attention can be unfused only"):
        build(GPT, Parallelism(), Training(1, attention=UNFUSED), layer=layer)


@pytest.mark.parametrize("phase", [ModelPhase.PREFILL, ModelPhase.DECODE])
def test_inference_may_be_unfused(phase: ModelPhase) -> None:
    fused, unfused = (
        build(LLAMA, Parallelism(tp=2), Inference(phase, 4, attention=it)).summary.operations
        for it in Attention
    )
    assert unfused[Work.ATTENTION] == fused[Work.ATTENTION]


def sizes(made: Generated, name: str) -> int:
    return made.summary.size(Purpose.PIPELINE, name)


@pytest.mark.parametrize(
    "schedule", [PipelineSchedule.GPIPE, PipelineSchedule.ONE_F_ONE_B, PipelineSchedule.INTERLEAVED]
)
def test_messages_may_be_shares_that_are_gathered(schedule: PipelineSchedule) -> None:
    chunks = 2 if schedule is PipelineSchedule.INTERLEAVED else 1
    plain, shared = (
        build(GPT, Parallelism(tp=4, pp=2, schedule=schedule, chunks=chunks, scatter_gather=it),
              Training(4, 4))
        for it in (False, True)
    )  # fmt: skip
    assert sizes(shared, "SEND") * 4 == sizes(plain, "SEND")
    assert sizes(shared, CollectiveType.ALL_GATHER.name) == sizes(shared, "SEND")
    assert sizes(plain, CollectiveType.ALL_GATHER.name) == 0
    assert shared.summary.operations == plain.summary.operations


def test_sequence_parallelism_has_shares_anyway() -> None:
    degrees = Parallelism(tp=4, pp=2, sequence_parallel=True)
    plain, shared = (
        build(GPT, it, Training(4, 4)) for it in (degrees, replace(degrees, scatter_gather=True))
    )
    assert shared.trace == plain.trace


@pytest.mark.parametrize("dialect", ["master", "hoti2024"])
@pytest.mark.parametrize("rendezvous", [False, True])
def test_shares_run_to_their_end_wherever_they_run(dialect: str, rendezvous: bool) -> None:  # noqa: FBT001 (a parameter)
    degrees = Parallelism(tp=2, pp=4, npus_count=(2, 4), scatter_gather=True)
    made = build(GPT, degrees, Training(8, 8))
    result = simulation(made, network([2, 4]), dialect=dialect, rendezvous=rendezvous).run()
    assert result.makespan > 0


def test_gradients_at_the_end_come_after_every_backward_pass() -> None:
    overlapped, last = (
        build(GPT, Parallelism(dp=2, gradients_at_end=it), Training(4, 2)) for it in (False, True)
    )
    assert last.summary.traffic == overlapped.summary.traffic
    for made, expected in ((last, True), (overlapped, False)):
        nodes = made.trace.npus[0]
        backward = [node.id for node in nodes if node.purpose is Purpose.BACKWARD]
        exchanged = [node.id for node in nodes if node.purpose is Purpose.GRADIENTS]
        assert (min(exchanged) > max(backward)) is expected


def test_gradients_that_each_pass_exchanges_cannot_wait_for_the_end() -> None:
    with pytest.raises(OptionError, match="gradients_at_end: is for zero 0 and 1"):
        Parallelism(dp=2, zero=Zero.GRADIENTS, gradients_at_end=True)


def test_durations_are_those_of_the_calibration() -> None:
    file = made_up().file
    assert file.compute is not None
    model = ComputeModel(file.compute)
    made = build(GPT, Parallelism(), Training(4), calibrated())
    times = {node.name: exact(node) for node in made.trace.npus[0]}
    tokens = 4 * GPT.sequence
    up = model.gemm(
        tokens,
        GPT.ffn,
        GPT.hidden,
        size=2 * (tokens * (GPT.hidden + GPT.ffn) + GPT.ffn * (GPT.hidden + 1)),
    )
    assert times["F0.layer0.up"] == up
    attention = 4 * 4 * GPT.sequence**2 * GPT.hidden
    assert times["F0.layer0.attention"] == model.attention(attention)
    assert times["B0.layer0.d_attention_inputs"] == model.attention(2 * attention, backward=True)


@pytest.mark.parametrize("tp", [1, 4])
def test_a_layer_takes_at_least_what_its_host_takes(tp: int) -> None:
    host = (500.0, 2500.0)
    made = build(GPT, Parallelism(tp=tp), Training(2), calibrated(host))
    price = made_up().collective
    for letter, least in (("F", 500_000), ("B", 2_500_000)):
        nodes = [it for it in made.trace.npus[0] if it.name.startswith(f"{letter}0.layer1.")]
        waits = sum(
            price(CollectiveType.ALL_REDUCE, it.comm_size or 0, tp).mid
            for it in nodes
            if it.type is NodeType.COMM_COLL
        )
        assert bool(waits) is (tp > 1)
        assert least <= sum(map(exact, nodes)) + waits < least + 100


def test_a_calibration_takes_the_place_of_a_peak() -> None:
    request = TransformerRequest(model="gpt3-13b", layers=1, calibration="h100", tp=8)
    assert compute_time(request.built()) > 0
    with pytest.raises(OptionError, match="peak_perf: is for durations, which the calibration"):
        request.model_copy(update={"peak_perf": 100.0}).built()


def test_a_calibration_without_computations_is_told() -> None:
    request = TransformerRequest(model="gpt3-13b", layers=1, calibration="l40s")
    with pytest.raises(OptionError, match="calibration: 'l40s' says nothing of computations"):
        request.built()
    with pytest.raises(InputError, match="unknown calibration"):
        request.model_copy(update={"calibration": "h10"}).built()
