"""Another degree of data parallelism is what the generator makes of it."""

from dataclasses import replace

import pytest

from simastra import CommGroups, NetworkConfig, Simulation, SystemConfig, Trace, TraceBuilder
from simastra.errors import TraceError
from simastra.trace.edit import Grouped, NpuAxis, axis_of, resize
from simastra.transformer import PRESETS, Parallelism, Training, build

GPT = replace(PRESETS["gpt3-6.7b"], layers=2)
MIXTRAL = replace(PRESETS["mixtral-8x7b"], layers=1)
RINGS = {it: ["ring"] for it in ("all-reduce", "all-gather", "reduce-scatter", "all-to-all")}
SYSTEM = SystemConfig.parse(
    {
        **{f"{name}-implementation": it for name, it in RINGS.items()},
        "preferred-dataset-splits": 1,
        "local-mem-bw": 3350,
        "peak-perf": 989,
        "roofline-enabled": 1,
    }
)


def generated(dp: int, *, experts: bool = False, **degrees: int) -> Grouped:
    stages = degrees.get("pp", 1)
    task = Training(batch=2 * dp * stages, micro_batches=stages)
    made = build(MIXTRAL if experts else GPT, Parallelism(dp=dp, **degrees), task)  # type: ignore[arg-type]
    groups = made.comm_groups
    assert groups is not None
    return Grouped(made.trace, groups.by_number)


def cycles(given: Grouped) -> dict[int, int]:
    npus = len(given.trace.npus)
    network = NetworkConfig.parse(
        {"topology": ["Switch"], "npus_count": [npus], "bandwidth": [400.0], "latency": [500.0]}
    )
    groups = CommGroups.parse(given.groups)
    return dict(Simulation(given.trace, SYSTEM, network, comm_groups=groups).run().cycles)


def but_for_groups(trace: Trace) -> list[list[object]]:
    return [[replace(it, pg_name=None) for it in npu] for npu in trace.npus]


CASES = [
    (2, 4, {}),
    (4, 2, {"tp": 2, "zero": 1}),
    (2, 4, {"tp": 2, "pp": 2, "sequence_parallel": 1}),
    (2, 6, {"tp": 2, "cp": 2}),
    (2, 4, {"zero": 3}),
    (3, 2, {"zero": 1}),
    (2, 4, {"tp": 2, "pp": 2, "zero": 2}),  # stages exchange shares of the table
    (6, 5, {"pp": 2, "zero": 3, "sequence_parallel": 1, "tp": 2}),
    (2, 3, {"zero": 2, "cp": 2}),
    (4, 8, {"ep": 2, "zero": 1, "tp": 2, "experts": 1}),
    (8, 4, {"ep": 2, "zero": 2, "experts": 1}),
]


@pytest.mark.parametrize(("before", "after", "degrees"), CASES)
def test_resized_is_what_the_generator_makes(
    before: int, after: int, degrees: dict[str, int]
) -> None:
    resized = resize(generated(before, **degrees), after)  # type: ignore[arg-type]
    wanted = generated(after, **degrees)  # type: ignore[arg-type]
    assert but_for_groups(resized.trace) == but_for_groups(wanted.trace)
    assert sorted(resized.groups.values()) == sorted(wanted.groups.values())
    assert cycles(resized) == cycles(wanted)
    assert [it.tokens for it in resized.trace.annotations] == [
        it.tokens for it in wanted.trace.annotations
    ]


@pytest.mark.parametrize("zero", [0, 1, 2, 3])
@pytest.mark.parametrize("stages", [1, 2])
def test_memory_is_what_the_generator_says_but_for_padding(zero: int, stages: int) -> None:
    resized = resize(generated(2, zero=zero, pp=stages), 5)
    wanted = generated(5, zero=zero, pp=stages)
    for one, other in zip(resized.trace.annotations, wanted.trace.annotations, strict=True):
        for name in ("weight_bytes", "gradient_bytes", "optimizer_bytes"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-5)


def test_npus_that_share_experts_or_layers_are_no_replicas() -> None:
    both = generated(2, ep=2, cp=2, experts=True)
    with pytest.raises(TraceError, match="no replicas can be recognised"):
        resize(both, 2)
    with pytest.raises(TraceError, match="2 NPUs, 2 apart, are no replicas: they exchange experts"):
        resize(both, 4, axis_of({"cp": 2, "dp": 2}, "dp"))
    with pytest.raises(TraceError, match="they exchange activations; give the degrees in order"):
        resize(generated(2, tp=2), 4, axis_of({"dp": 2, "tp": 2}, "dp"))


@pytest.mark.parametrize("zero", [0, 1])
def test_with_one_replica_left_nothing_is_exchanged(zero: int) -> None:
    resized = resize(generated(4, tp=2, zero=zero), 1)
    wanted = build(GPT, Parallelism(tp=2), Training(batch=2))
    assert wanted.comm_groups is not None
    assert cycles(resized) == cycles(Grouped(wanted.trace, wanted.comm_groups.by_number))
    assert [len(it) for it in resized.trace.npus] == [len(it) for it in wanted.trace.npus]


def test_there_and_back_is_the_identity() -> None:
    given = generated(2, tp=2, pp=2)
    assert resize(given, 2) is given
    back = resize(resize(given, 8), 2)
    assert (back.trace.npus, back.groups) == (given.trace.npus, given.groups)
    assert back.trace.annotations == given.trace.annotations
    assert back.trace.edits == ("resize 2 replicas to 8", "resize 8 replicas to 2")


def test_traces_along_dimensions_keep_them() -> None:
    def along(dp: int) -> Grouped:
        degrees = Parallelism(tp=2, dp=dp, npus_count=(2, dp))
        return Grouped(build(GPT, degrees, Training(batch=2 * dp)).trace, {}, (2, dp))

    resized = resize(along(2), 4)
    assert resized.trace.npus == along(4).trace.npus
    assert resized.shape == (2, 4)


def test_a_plain_trace_of_everybody_has_replicas_too() -> None:
    step = TraceBuilder()
    step.all_gather("weights", size=1000)
    resized = resize(Grouped(Trace.uniform(step, 4)), 3)
    assert [it.comm_size for npu in resized.trace.npus for it in npu] == [1334] * 3


def test_axes_of_degrees() -> None:
    degrees = {"tp": 2, "cp": 3, "dp": 4, "pp": 5}
    assert axis_of(degrees, "dp") == NpuAxis(6, 4)
    axis = axis_of(degrees, "pp")
    assert [axis.at(axis.without(npu), axis.place(npu)) for npu in range(120)] == list(range(120))


def grouped(*groups: tuple[int, ...]) -> Grouped:
    """Each NPU reduces in each of its groups."""
    builders = []
    for npu in range(1 + max(max(it) for it in groups)):
        builder = TraceBuilder(npu)
        for number, members in enumerate(groups, 1):
            if npu in members:
                builder.all_reduce("r", size=8, group=number)
        builders.append(builder)
    return Grouped(Trace.of(builders), dict(enumerate(groups, 1)))


@pytest.mark.parametrize(
    ("given", "to", "axis", "problem"),
    [
        (grouped((0, 1, 3)), 2, None, "no replicas can be recognised"),
        (grouped((0, 1), (1, 2)), 2, None, "no replicas can be recognised"),
        (
            grouped((0, 1), (2, 3), (0, 2), (1, 3)),
            4,
            None,
            "more than one axis .2 NPUs, 1 apart and 2 NPUs, 2 apart.; give the degrees",
        ),
        (grouped((0, 1, 2)), 2, NpuAxis(1, 4), "4 replicas at a stride of 1 aren't 3 NPUs"),
        (grouped((0, 1, 2, 3), (1, 2)), 2, NpuAxis(1, 4), "NPUs 1, 2 is in some replicas only"),
        (grouped((0, 2, 1)), 4, NpuAxis(1, 3), r"group \[0, 2, 1\] isn't in order of NPUs"),
        (grouped((0, 1)), 0, NpuAxis(1, 2), "the degree is 0; 1 or more"),
        (grouped((0, 1)), 2, NpuAxis(2, 1), "there is one replica, so nothing tells"),
    ],
)
def test_what_cant_be_resized_is_told(
    given: Grouped, to: int, axis: NpuAxis | None, problem: str
) -> None:
    with pytest.raises(TraceError, match=problem):
        resize(given, to, axis)


def test_messages_between_replicas_are_refused() -> None:
    builder = TraceBuilder(0)
    builder.all_reduce("r", size=8)
    builder.send("s", size=1, to=1)
    other = TraceBuilder(1)
    other.all_reduce("r", size=8)
    other.recv("s", size=1, source=0)
    with pytest.raises(TraceError, match=r"node 2: 's' names NPU 1, which is in another replica"):
        resize(Grouped(Trace.of([builder, other])), 4)
    with pytest.raises(TraceError, match="2 of them share experts; give a multiple"):
        resize(generated(4, ep=2, experts=True), 5)
