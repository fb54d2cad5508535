"""Text workloads that AICB writes for SimAI: process groups, sizes, times."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simastra import CommGroups, NetworkConfig, Options, Simulation, SystemConfig
from simastra.cli import main
from simastra.convert.text import (
    TextConversion,
    TextError,
    TextOptions,
    TimeUnit,
    convert_text,
    convert_text_file,
)
from simastra.convert.text.layout import GroupLayout, WorkloadAxis
from simastra.notices import Severity
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType, Node
from simastra.trace.decoding import decode_any
from simastra.trace.protobuf import encode_nodes

FIELD = Path(__file__).parents[2] / "field" / "simai-text" / "aicb.txt"
HEAD = (
    "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: {tp} ep: {ep} pp: {pp} vpp: 1 ga: 1 "
    "all_gpus: {npus} checkpoints: 0 checkpoint_initiates: 0 pp_comm 0\n"
)


def convert(
    layer: str, *, tp: int = 2, ep: int = 2, pp: int = 1, npus: int = 8, **options: object
) -> TextConversion:
    text = HEAD.format(tp=tp, ep=ep, pp=pp, npus=npus) + f"1\n{layer}\n"
    return convert_text(text, "a.txt", TextOptions(npus, **options))  # type: ignore[arg-type]


def collectives(conversion: TextConversion, npu: int = 0) -> dict[str, Node]:
    prefix = "COMM_COLL_NODE_"
    return {
        node.name.removeprefix(prefix): node
        for node in conversion.nodes(npu)
        if node.name.startswith(prefix)
    }


def members(conversion: TextConversion, node: Node) -> list[int]:
    assert node.pg_name is not None
    return conversion.groups[node.pg_name]


def test_each_suffix_names_the_group_of_its_collective() -> None:
    found = convert_text_file(FIELD, TextOptions(8))
    nodes = {npu: collectives(found, npu) for npu in (0, 5)}
    expected = {
        "attention_column_ALLGATHER": {0: [0, 1], 5: [4, 5]},
        "attention_column_REDUCESCATTER": {0: [0, 1], 5: [4, 5]},
        "cross_entropy_ALLREDUCE": {0: [0, 1], 5: [4, 5]},
        "moe_dispatch_ALLTOALL_EP": {0: [0, 2], 5: [5, 7]},
        "moe_expert_ALLGATHER_DP_EP": {0: [0, 4], 5: [1, 5]},
        "moe_expert_REDUCESCATTER_DP_EP": {0: [0, 4], 5: [1, 5]},
        "grad_gather_ALLGATHER": {0: [0, 2, 4, 6], 5: [1, 3, 5, 7]},
        "grad_param_comm_REDUCESCATTER": {0: [0, 2, 4, 6], 5: [1, 3, 5, 7]},
    }
    assert {
        name: {npu: members(found, nodes[npu][name]) for npu in (0, 5)} for name in nodes[0]
    } == expected


def test_a_size_of_an_all_gather_is_its_results_and_of_others_what_an_npu_has() -> None:
    nodes = collectives(convert_text_file(FIELD, TextOptions(8)))
    sizes = {name: (node.comm_type, node.comm_size) for name, node in nodes.items()}
    assert sizes["attention_column_ALLGATHER"] == (CollectiveType.ALL_GATHER, 4194304 // 2)
    assert sizes["grad_gather_ALLGATHER"] == (CollectiveType.ALL_GATHER, 1048576 // 4)
    assert sizes["moe_expert_ALLGATHER_DP_EP"] == (CollectiveType.ALL_GATHER, 4194304 // 2)
    assert sizes["grad_param_comm_REDUCESCATTER"] == (CollectiveType.REDUCE_SCATTER, 2097152)
    assert sizes["moe_dispatch_ALLTOALL_EP"] == (CollectiveType.ALL_TO_ALL, 4194304)
    assert sizes["cross_entropy_ALLREDUCE"] == (CollectiveType.ALL_REDUCE, 16384)


def test_the_files_hold_the_nodes_of_each_npu() -> None:
    found = convert_text_file(FIELD, TextOptions(8))
    for npu in range(8):
        assert found.encoded(npu) == encode_nodes(found.nodes(npu), "a")
        assert decode_any(found.encoded(npu), "a") == found.nodes(npu)


def test_times_are_nanoseconds_unless_it_is_said() -> None:
    layer = "a -1 45000 NONE 0 1499 NONE 0 1500 NONE 0 9"

    def durations(unit: TimeUnit | None) -> list[int]:
        return [node.duration for node in convert(layer, time_unit=unit).nodes(0)]

    assert durations(None) == durations(TimeUnit.NS) == [45000, 1000, 2000]
    assert durations(TimeUnit.US) == [45_000_000, 1_499_000, 1_500_000]


def test_a_collective_of_everybody_names_no_group_and_one_of_an_npu_alone_is_none() -> None:
    layer = "a -1 1 ALLREDUCE 64 1 ALLTOALL_EP 64 1 ALLREDUCE 64 9"
    (everybody,) = collectives(convert(layer, tp=1, ep=1, npus=4)).values()
    assert (everybody.name, everybody.pg_name) == ("COMM_COLL_NODE_a_ALLREDUCE", None)
    assert convert(layer, tp=1, ep=1, npus=4).groups == {}
    found = collectives(convert(layer, tp=4, ep=1, npus=4))
    assert [node.pg_name for node in found.values()] == [None]


def test_groups_of_the_same_members_are_one() -> None:
    found = convert("a -1 1 ALLTOALL_EP 64 1 NONE 0 1 ALLREDUCE 64 9", tp=2, ep=4)
    expert, data = collectives(found).values()
    assert expert.pg_name == data.pg_name
    assert len(found.groups) == 4 + 2


def test_involved_dimensions_are_those_that_the_groups_span() -> None:
    layer = "a -1 1 ALLREDUCE 64 1 ALLTOALL_EP 64 1 ALLREDUCE_DP_EP 64 9"
    found = convert(layer, dims=3, npus_count=(2, 2, 2))
    dims = [node.involved_dim for node in collectives(found).values()]
    assert dims == [(True, False, False), (False, True, False), (False, False, True)]
    assert not any("would be among all NPUs" in notice.message for notice in found.notices)
    across = convert(layer, dims=2, npus_count=(4, 2))
    dims = [node.involved_dim for node in collectives(across).values()]
    assert dims == [(True, True), (True, True), (False, True)]
    (notice,) = [it for it in across.notices if it.code == "groups-need-master"]
    assert "in hoti2024 collectives of TP, EP would be among all NPUs" in notice.message


def test_what_is_converted_runs_in_the_groups_and_as_by_dimension(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(FIELD, "aicb.txt")
    assert main(["convert", "text", "aicb.txt", "--npus", "8", "--output", "aicb"]) == 0
    output = capsys.readouterr()
    assert output.out == (
        "aicb.0.et to aicb.7.et: 27 nodes each\naicb.groups.json: 14 process groups\n"
    )
    assert "run --comm-groups" in output.err
    assert "TP 2, EP 2, DP 4, DP_EP 2; times are taken for ns" in output.err
    groups = json.loads(Path("aicb.groups.json").read_text())
    assert groups == {str(int(key)): value for key, value in groups.items()}
    keys = {"preferred-dataset-splits": 4, "local-mem-bw": 50}
    kinds = ("all-reduce", "all-gather", "reduce-scatter", "all-to-all")
    system = {**keys, **{f"{kind}-implementation": ["ring"] for kind in kinds}}
    Path("s.json").write_text(json.dumps(system))
    Path("n.yml").write_text("topology: [Ring]\nnpus_count: [8]\nbandwidth: [50]\nlatency: [500]\n")
    words = "--workload aicb --system s.json --network n.yml --strict"
    assert main(["run", *words.split(), "--comm-groups", "aicb.groups.json"]) == 0
    assert capsys.readouterr().out.count("finished") == 8


def test_the_text_says_how_many_npus_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(FIELD, "aicb.txt")
    assert main(["convert", "text", "aicb.txt", "--output", "a", "--quiet"]) == 0
    assert capsys.readouterr().out.startswith("a.0.et to a.7.et: ")
    assert main(["convert", "text", "aicb.txt", "--output", "a", "--npus=4"]) == 2
    assert "all_gpus is 8, and 4 NPUs are asked for" in capsys.readouterr().err


def test_the_group_file_never_replaces_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(FIELD, "a.groups.json")
    assert main(["convert", "text", "a.groups.json", "--output", "a"]) == 2
    assert "input; name another prefix" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.groups.json"]


def test_stages_of_a_pipeline_run_the_same_and_a_warning_says_so() -> None:
    found = convert("a -1 1 ALLREDUCE 64 1 NONE 0 1 ALLREDUCE 64 9", tp=2, ep=1, pp=2)
    (notice,) = [it for it in found.notices if it.code == "one-stage"]
    assert notice.severity is Severity.WARNING
    assert notice.message.startswith("pp is 2, and the file describes one stage, which the NPUs")
    assert sorted(found.groups.values()) == [
        [0, 1], [0, 2], [1, 3], [2, 3], [4, 5], [4, 6], [5, 7], [6, 7],
    ]  # fmt: skip


def test_a_broadcast_is_left_out_and_said() -> None:
    found = convert("norm -1 1 BROADCAST 64 1 NONE 0 1 ALLREDUCE 64 9")
    assert list(collectives(found)) == ["norm_ALLREDUCE"]
    (notice,) = [it for it in found.notices if it.code == "unused-collective"]
    assert "1 collective (norm BROADCAST), SimAI neither; it is left out" in notice.message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tp": 3}, "a.txt, line 1: 8 NPUs can't be divided into model_parallel_NPU_group 3 times"),
        ({"pp": 3}, "a.txt, line 1: 8 NPUs can't be divided into model_parallel_NPU_group 2 times"),
        (
            {"ep": 3},
            "ep is 3, which doesn't divide the 4 NPUs of a data-parallel group (8 / 2 / 1)",
        ),
        ({"ep": 8}, "ep is 8, which doesn't divide the 4 NPUs of a data-parallel group"),
        ({"ep": 0}, "ep: is 0; 1 or more is wanted"),
        ({"pp": 0}, "pp: is 0; 1 or more is wanted"),
    ],
)
def test_numbers_that_do_not_divide_are_told(changes: dict[str, int], message: str) -> None:
    with pytest.raises(TextError) as caught:
        convert("a -1 1 NONE 0 1 NONE 0 1 ALLREDUCE 64 9", **changes)  # type: ignore[arg-type]
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ep: 1 ep: 1", "ep: is given twice"),
        ("ep: 1 2", "one number is wanted behind ep: and 2 are there"),
        ("ep:", "one number is wanted behind ep: and nothing stands there"),
        ("ep: x", "ep is 'x'; a whole number"),
        ("eq: 1", "unknown key 'eq:'; did you mean 'ep:'?"),
    ],
)
def test_a_wrong_key_of_the_first_line_is_told(line: str, message: str) -> None:
    text = f"HYBRID_TRANSFORMER model_parallel_NPU_group: 2 {line}\n1\na -1 1 NONE 0 1 NONE 0 1 "
    with pytest.raises(TextError) as caught:
        convert_text(text + "ALLREDUCE 64 9\n", "a.txt", TextOptions(8))
    assert message in str(caught.value)


def test_a_suffix_without_simais_keys_says_which_are_missing() -> None:
    text = "HYBRID_TRANSFORMER model_parallel_NPU_group: 2\n1\na -1 1 ALLTOALL_EP 64 1 NONE 0 1 "
    with pytest.raises(TextError, match=r"ALLTOALL_EP is a collective in SimAI's form, whose"):
        convert_text(text + "NONE 0 9\n", "a.txt", TextOptions(8))


@given(*[st.integers(1, 4)] * 4)
def test_groups_of_an_axis_part_the_npus(tp: int, ep: int, dp_ep: int, pp: int) -> None:
    dp = ep * dp_ep
    layout = GroupLayout(tp * dp * pp, tp, ep, dp)
    for axis in WorkloadAxis:
        size = layout.size(axis)
        numbers = [layout.number(axis, npu) for npu in range(layout.npus)]
        if size in (1, layout.npus):
            assert set(numbers) == {None}
            continue
        for npu, number in enumerate(numbers):
            group = layout.groups[str(number)]
            assert npu in group
            assert len(group) == size
            assert {layout.number(axis, member) for member in group} == {number}
    if layout.groups:
        groups = CommGroups.parse(layout.groups)
        groups.check_members(layout.npus)


@given(st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 4]), st.sampled_from([1, 2]))
def test_whatever_the_degrees_it_finishes(tp: int, ep: int, pp: int) -> None:
    assume(16 // tp // pp % ep == 0)
    layer = "a -1 1000 ALLGATHER 64 1000 ALLTOALL_EP 64 1000 REDUCESCATTER_DP_EP 64 9"
    found = convert(layer, tp=tp, ep=ep, pp=pp, npus=16)
    names = ("all_reduce", "all_gather", "reduce_scatter", "all_to_all")
    system = SystemConfig(
        preferred_dataset_splits=2, **{f"{name}_implementation": ["ring"] for name in names}
    )
    network = NetworkConfig(topology=["Ring"], npus_count=[16], bandwidth=[50], latency=[500])
    result = Simulation(
        found.trace(),
        system,
        network,
        comm_groups=CommGroups.parse(found.groups),
        options=Options(dialect=dialect_named("master")),
    ).run()
    assert len(result.cycles) == 16
