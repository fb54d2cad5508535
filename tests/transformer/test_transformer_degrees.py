"""Degrees that don't fit get one message; NPUs, groups and dimensions agree with each other."""

from math import prod
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from small_models import GPT, LLAMA, MIXTURE

from simastra.errors import OptionError
from simastra.transformer import (
    PRESETS,
    ContextStyle,
    Family,
    Inference,
    Model,
    ModelPhase,
    Parallelism,
    PipelineSchedule,
    Task,
    Training,
    build,
)
from simastra.transformer.parallelism import AxisGroups, RankMapping

STEP = Training(64, 4)


@pytest.mark.parametrize(
    ("model", "degrees", "task", "problem"),
    [
        (GPT, {"tp": 3}, STEP, "tp: 8 heads can't be cut evenly into 3"),
        (LLAMA, {"tp": 8}, STEP, "tp: 4 heads of keys and values can't be cut evenly into 8"),
        (GPT, {"pp": 3}, STEP, "pp: 4 layers can't be cut evenly into 3"),
        (
            GPT,
            {"pp": 2, "chunks": 3, "schedule": PipelineSchedule.INTERLEAVED},
            STEP,
            "pp: 4 layers into pp x chunks can't be cut evenly into 6",
        ),
        (GPT, {"dp": 3}, STEP, "dp: 64 sequences among dp x micro-batches can't .* into 12"),
        (GPT, {"cp": 5}, STEP, "cp: 32 tokens of a sequence can't be cut evenly into 5"),
        (
            GPT,
            {"cp": 8, "tp": 8, "sequence_parallel": True},
            STEP,
            "sequence_parallel: 4 tokens of an NPU can't be cut evenly into 8",
        ),
        (
            GPT,
            {"cp": 4, "tp": 4, "context": ContextStyle.HEADS},
            STEP,
            "tp: 8 heads among tp x cp can't be cut evenly into 16",
        ),
        (GPT, {"dp": 2, "ep": 2}, STEP, "ep: is 2, and small has no experts; leave it out"),
        (MIXTURE, {"dp": 8, "ep": 8}, STEP, "ep: 4 experts can't be cut evenly into 8"),
        (
            MIXTURE,
            {"cp": 32, "dp": 4},
            Training(4),
            "top_k: each NPU's 2 choices of a micro-batch can't be spread evenly over 4",
        ),
        (
            GPT,
            {"pp": 2, "chunks": 2, "schedule": PipelineSchedule.INTERLEAVED},
            Training(3, 3),
            "micro_batches: are 3; the interleaved schedule wants a multiple of pp, 2",
        ),
        (GPT, {"cp": 2}, Inference(ModelPhase.DECODE, 8), "cp: one token can't be cut"),
        (
            GPT,
            {"tp": 2, "sequence_parallel": True},
            Inference(ModelPhase.DECODE, 8),
            "sequence_parallel: one token can't be cut",
        ),
        (GPT, {"dp": 2_000_000}, Training(2_000_000), "dp: .* at most 1048576 are wanted"),
        (GPT, {}, Training(10**9, 10**9), "micro_batches: 1000000000 through 4 layers"),
    ],
)
def test_degrees_that_do_not_fit_get_one_clear_message(
    model: Model, degrees: dict[str, Any], task: Task, problem: str
) -> None:
    with pytest.raises(OptionError, match=problem):
        build(model, Parallelism(**degrees), task)


@pytest.mark.parametrize(
    ("degrees", "problem"),
    [
        ({"tp": 0}, "tp: is 0; 1 or more is wanted"),
        ({"dp": 6, "ep": 4}, "ep: is 4, and dp is 6"),
        ({"pp": 2, "order": ("tp", "dp")}, "order: is tp-dp; each of tp, cp, ep, dp and pp"),
        ({"order": ("tp", "tp")}, "order: is tp-tp; each of"),
        ({"order": ("tp", "zp")}, "order: is tp-zp; each of"),
    ],
)
def test_degrees_that_contradict_each_other_are_refused(
    degrees: dict[str, Any], problem: str
) -> None:
    with pytest.raises(OptionError, match=problem):
        Parallelism(**degrees)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"heads": 7}, "heads: the hidden size 64 isn't a multiple of 7 heads"),
        ({"kv_heads": 3}, "kv_heads: 8 heads can't share 3"),
        ({"layers": 0}, "layers: is 0; 1 or more are wanted"),
        ({"experts": 4}, "top_k: is 0; 1 to 4"),
        ({"top_k": 2}, "top_k: is given for a model without experts"),
        ({"experts": 4, "top_k": 2, "family": Family.GPT}, "experts: are for the family llama"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(changed: dict[str, Any], problem: str) -> None:
    numbers = {"family": Family.LLAMA, "layers": 4, "hidden": 64, "heads": 8, "ffn": 256}
    with pytest.raises(OptionError, match=problem):
        Model(**{"name": "m", "vocabulary": 256, "sequence": 32, **numbers, **changed})


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ((4, 4), "4x4 are 16 NPUs; tp x cp x dp x pp are 8"),
        ((8,), r"tp of 2 isn't a number of whole dimensions of the network 8, in the order tp-"),
        ((4, 2), "tp of 2 isn't a number of whole dimensions"),
    ],
)
def test_axes_that_are_no_dimensions_of_the_network_are_refused(
    counts: tuple[int, ...], problem: str
) -> None:
    with pytest.raises(OptionError, match=f"npus_count: {problem}"):
        build(GPT, Parallelism(tp=2, dp=4, npus_count=counts), STEP)


AXES = ("tp", "cp", "ep", "dp", "pp")
PLACEMENTS = st.builds(
    lambda order, tp, cp, ep, edp, pp: RankMapping(
        Parallelism(tp=tp, cp=cp, ep=ep, dp=ep * edp, pp=pp, order=tuple(order))
    ),
    st.permutations(AXES),
    *(st.integers(1, 3) for _ in range(5)),
)


@given(PLACEMENTS)
def test_every_npu_has_a_place_of_its_own(placement: RankMapping) -> None:
    npus = placement.parallelism.npus
    assert prod(placement.parallelism.degrees.values()) == npus
    places = [tuple(placement.position(npu).values()) for npu in range(npus)]
    assert len(set(places)) == npus


@given(PLACEMENTS, st.sets(st.sampled_from(("tp", "cp", "ep", "edp")), min_size=1))
def test_groups_share_out_the_npus_that_differ_along_their_axes(
    placement: RankMapping, chosen: set[str]
) -> None:
    axes = tuple(axis for axis in placement.axes if axis in chosen)
    assume(axes)
    groups = AxisGroups(placement, [axes])
    members = [npu for group in groups.comm_groups().groups for npu in group.members]
    assert sorted(members) == list(range(placement.parallelism.npus))
    for group in groups.comm_groups().groups:
        assert len(group.members) == prod(placement.parallelism.degrees[axis] for axis in axes)
        for npu in group.members:
            assert str(groups.number(npu, axes)) == group.name
            same = [a for a in placement.axes if a not in axes]
            first, here = placement.position(group.members[0]), placement.position(npu)
            assert [first[axis] for axis in same] == [here[axis] for axis in same]


@given(PLACEMENTS)
def test_an_npus_groups_have_tags_of_their_own(placement: RankMapping) -> None:
    kinds = [(axis,) for axis in placement.axes if axis != "pp"]
    kinds.append(tuple(axis for axis in placement.axes if axis != "pp"))
    groups = AxisGroups(placement, [axes for axes in kinds if axes])
    for npu in range(placement.parallelism.npus):
        numbers = [groups.number(npu, axes) % 500 for axes in dict.fromkeys(kinds) if axes]
        assert len(set(numbers)) == len(numbers)


def test_numbers_go_up_along_the_first_axis_of_the_order() -> None:
    megatron = RankMapping(Parallelism(tp=2, dp=2, pp=2))
    assert megatron.line(0, ("tp",)) == (0, 1)
    assert megatron.line(0, ("edp",)) == (0, 2)
    assert megatron.on_stage(1, 1) == 5
    other = RankMapping(Parallelism(tp=2, dp=2, pp=2, order=("pp", "dp", "tp")))
    assert other.line(0, ("tp",)) == (0, 4)
    assert other.on_stage(1, 0) == 0


def test_an_axis_may_be_several_dimensions() -> None:
    p = Parallelism(tp=4, dp=6, npus_count=(2, 2, 6))
    placement = RankMapping(p)
    assert placement.involved(("tp",)) == (True, True, False, False)
    assert placement.involved(("edp",)) == (False, False, True, False)
    assert RankMapping(Parallelism(tp=4)).involved(("tp",)) == (True,) * 4


def test_presets_fit_the_degrees_that_their_papers_name() -> None:
    # arXiv:2104.04473, table 1, and arXiv:2201.11990, section 3.2.
    for name, tp, pp in (("gpt3-175b", 8, 12), ("megatron-1t", 8, 64), ("mt-nlg-530b", 8, 35)):
        assert build(PRESETS[name], Parallelism(tp=tp, pp=pp), Training(1)).npus == tp * pp
