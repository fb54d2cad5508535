"""What is just allowed and what is just refused: the borders of every limit of a field."""

import json
from pathlib import Path
from typing import Any

import pytest

from simastra.config import (
    CommGroup,
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
)
from simastra.config.comm_groups import groups_of_one_number
from simastra.config.messages import show
from simastra.errors import ConfigError

SPLITS = {"preferred-dataset-splits": 1}
LARGEST = 2**63 - 1
NET = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [0.5], "latency": [0.25]}


def system(**keys: object) -> SystemConfig:
    given = {key.replace("_", "-"): value for key, value in keys.items()}
    return SystemConfig.parse({**SPLITS, **given}, "s")


def problem_of(kind: Any, mapping: object) -> str:
    with pytest.raises(ConfigError) as caught:
        kind.parse(mapping, "f")
    return str(caught.value)


@pytest.mark.parametrize("key", ["endpoint-delay", "local-reduction-delay"])
def test_whole_numbers_go_from_0_to_the_largest_of_astra_sim(key: str) -> None:
    field = key.replace("-", "_")
    for value in (0, 1, LARGEST):
        assert system(**{key: value}).model_dump()[field] == value
    for value in (LARGEST + 1, float(LARGEST)):  # whose float is 2**63
        with pytest.raises(ConfigError, match=f"must be at most {LARGEST}, not"):
            system(**{key: value})
    with pytest.raises(ConfigError, match=rf"must be a whole number, not -{LARGEST + 1}$"):
        system(**{key: -LARGEST - 1})
    with pytest.raises(ConfigError, match=f"must be at least 0, not -{LARGEST} "):
        system(**{key: -LARGEST})


@pytest.mark.parametrize("key", ["L", "o", "g", "G"])
def test_amounts_go_from_0_on(key: str) -> None:
    for value in (0, 0.25, 3, 1e-12):
        assert system(**{key: value}).model_dump()[key] == value
    with pytest.raises(ConfigError, match=r"must be at least 0, not -0\.25 "):
        system(**{key: -0.25})


@pytest.mark.parametrize("key", ["local-mem-bw", "peak-perf"])
def test_rates_are_0_or_large_enough_to_divide_by(key: str) -> None:
    field = key.replace("-", "_")
    for value in (0, 1e-9, 0.5, 1, 1600.0):
        assert system(**{key: value}).model_dump()[field] == value
    with pytest.raises(ConfigError, match="is too small: 9e-10 is below 1e-09"):
        system(**{key: 9e-10})
    with pytest.raises(ConfigError, match=r"must be at least 0, not -0\.5 "):
        system(**{key: -0.5})


def test_a_negative_zero_is_an_ordinary_zero() -> None:
    assert str(system(L=-0.0).L) == "0.0"
    assert str(system(local_mem_bw=-0.0).local_mem_bw) == "0.0"


def test_chunks_are_between_1_and_65536() -> None:
    for value in (1, 2, 65_536):
        assert system(preferred_dataset_splits=value).preferred_dataset_splits == value
        assert system(active_chunks_per_dimension=value).active_chunks_per_dimension == value
    assert problem_of(SystemConfig, {"preferred-dataset-splits": 65_537}) == (
        "f: preferred-dataset-splits: must be at most 65536, not 65537"
        " (number of chunks a collective is split into)"
    )
    assert system(active_chunks_per_dimension=65_537).active_chunks_per_dimension == 65_537


def test_defaults_written_out_are_those_left_out() -> None:
    assert json.loads(SystemConfig.parse(SPLITS).model_dump_json(by_alias=True)) == {
        "scheduling-policy": "LIFO",
        "collective-optimization": "baseline",
        "all-reduce-implementation": [],
        "reduce-scatter-implementation": [],
        "all-gather-implementation": [],
        "all-to-all-implementation": [],
        "broadcast-implementation": [],
        "reduce-implementation": [],
        "gather-implementation": [],
        "scatter-implementation": [],
        "all-reduce-implementation-custom": None,
        "reduce-scatter-implementation-custom": None,
        "all-gather-implementation-custom": None,
        "all-to-all-implementation-custom": None,
        "per-node-custom-implementation": None,
        "preferred-dataset-splits": 1,
        "active-chunks-per-dimension": 1,
        "endpoint-delay": 10,
        "local-mem-bw": 0.0,
        "local-mem-capacity": 0,
        "local-reduction-delay": 1,
        "peak-perf": 0.0,
        "roofline-enabled": 0,
        "replay-only": 0,
        "trace-enabled": 0,
        "track-local-mem": 0,
        "local-mem-trace-filename": "local_mem_trace",
        "model-shared-bus": 0,
        **dict.fromkeys(("L", "o", "g", "G"), 0.0),
    }
    assert MemoryConfig().model_dump(mode="json", by_alias=True) == {
        "memory-type": "NO_MEMORY_EXPANSION",
        **dict.fromkeys(("remote-mem-latency", "remote-mem-bw"), 0),
        **dict.fromkeys(("num-nodes", "num-npus-per-node"), 0),
    }


@pytest.mark.parametrize("flag", ["roofline-enabled", "track-local-mem", "model-shared-bus"])
def test_a_switch_is_0_or_1_and_written_so(flag: str) -> None:
    for value in (0, 1, 0.0, 1.0, False, True):
        config = system(**{flag: value})
        dumped = config.model_dump(mode="json", by_alias=True)[flag]
        assert (dumped, type(dumped)) == (int(value), int)
    for wrong in (-1, 2, 0.5, "1", [1], None):
        with pytest.raises(ConfigError, match="must be 0, 1, false or true, not "):
            system(**{flag: wrong})


def test_a_prefix_is_one_text_alone_or_in_a_list() -> None:
    key = "all-reduce-implementation-custom"
    for right in ("et/x", ["et/x"], ("et/x",)):
        config = system(**{key: right})
        assert config.all_reduce_implementation_custom == "et/x"
        assert config.model_dump(mode="json", by_alias=True)[key] == ["et/x"]
    for wrong, shown in (
        ("", "''"),
        ([""], "a list of 1"),
        (("",), "a list"),
        ([], "a list of 0"),
        (["a", "b", "c"], "a list of 3"),
        (7, "7"),
    ):
        assert problem_of(SystemConfig, {**SPLITS, key: wrong}) == (
            f'f: {key}: must be a list of exactly one ET prefix, as in ["et/ring"], not {shown}'
        )


def test_a_path_is_a_path_or_a_text_that_is_not_empty() -> None:
    for right in ("a.yml", Path("a.yml")):
        found = system(per_node_custom_implementation=right).per_node_custom_implementation
        assert found == Path("a.yml")
    for wrong in ("", 0, [], ["a.yml"], True):
        with pytest.raises(ConfigError, match="must be the path of a file, not "):
            system(per_node_custom_implementation=wrong)


def test_a_memory_trace_has_a_name_of_at_least_one_letter() -> None:
    assert system(local_mem_trace_filename="m").local_mem_trace_filename == "m"
    with pytest.raises(ConfigError, match="local-mem-trace-filename"):
        system(local_mem_trace_filename="")


@pytest.mark.parametrize("dimensions", [1, 2, 63, 64])
def test_up_to_64_dimensions_are_possible(dimensions: int) -> None:
    assert len(system(all_reduce_implementation=["ring"] * dimensions).all_reduce_implementation)
    network = NetworkConfig.parse({key: value * dimensions for key, value in ONES.items()})
    assert (network.dimensions, network.npus) == (dimensions, 1)


ONES = {"topology": ["Ring"], "npus_count": [1], "bandwidth": [1], "latency": [0]}


def test_65_dimensions_are_not_possible() -> None:
    with pytest.raises(ConfigError, match="has 65 dimensions; at most 64 are possible"):
        NetworkConfig.parse({key: value * 65 for key, value in ONES.items()})
    assert problem_of(NetworkConfig, dict.fromkeys(ONES, ())).splitlines() == [
        f"f: {key}: must have at least one entry, one per dimension" for key in ONES
    ]


@pytest.mark.parametrize(("counts", "npus"), [([2**31 - 1], 2**31 - 1), ([2**16, 2**14], 2**30)])
def test_npus_are_numbered_in_31_bits(counts: list[int], npus: int) -> None:
    mapping = {key: value * len(counts) for key, value in ONES.items()}
    assert NetworkConfig.parse({**mapping, "npus_count": counts}).npus == npus
    assert problem_of(NetworkConfig, {**ONES, "npus_count": [2**31]}) == (
        "f: npus_count: multiplies to 2147483648 NPUs; at most 2147483647 are possible"
    )


def test_bandwidths_are_larger_than_0() -> None:
    assert NetworkConfig.parse(NET).bandwidth == (0.5,)
    assert NetworkConfig.parse({**NET, "bandwidth": [1e-9]}).bandwidth == (1e-9,)
    for wrong in (0, -0.5, -2):
        assert problem_of(NetworkConfig, {**NET, "bandwidth": [wrong]}) == (
            f"f: bandwidth[0]: must be larger than 0, not {wrong}"
        )


def test_a_dimension_of_one_npu_is_told_with_what_to_do() -> None:
    two = {key: value * 2 for key, value in NET.items()}
    (alone,) = NetworkConfig.parse({**NET, "npus_count": [1]}, "n.yml").notices()
    (one,) = NetworkConfig.parse({**two, "npus_count": [4, 1]}, "n.yml").notices()
    assert (alone.code, alone.where) == ("single-npu-dimension", "n.yml: npus_count[0]")
    assert (one.code, one.where) == ("single-npu-dimension", "n.yml: npus_count[1]")
    assert (alone.fix, one.fix) == ("write 2 or more NPUs", "leave the dimension out")
    assert NetworkConfig.parse({**two, "npus_count": [2, 3]}).notices() == ()


def test_a_node_needs_one_memory_and_one_npu_at_the_least() -> None:
    mapping = {"memory-type": "PER_NODE_MEMORY_EXPANSION", "remote-mem-bw": 1}
    ones = MemoryConfig.parse({**mapping, "num-nodes": 1, "num-npus-per-node": 1})
    assert ones.notices() == ()
    assert problem_of(MemoryConfig, {**mapping, "num-nodes": 1}) == (
        "f: num-npus-per-node: must be at least 1 with PER_NODE_MEMORY_EXPANSION"
    )


@pytest.mark.parametrize("kind", ["PER_NPU_MEMORY_EXPANSION", "MEMORY_POOL"])
@pytest.mark.parametrize("value", [1, 2])
def test_nodes_of_a_memory_without_nodes_are_noticed(kind: str, value: int) -> None:
    mapping = {"memory-type": kind, "remote-mem-bw": 1, "remote-mem-latency": 1}
    assert MemoryConfig.parse(mapping).notices() == ()
    keys = {"num-nodes": value, "num-npus-per-node": value}
    found = MemoryConfig.parse({**mapping, **keys}, "m").notices()
    assert [(it.code, it.where) for it in found] == [("no-effect-key", f"m: {key}") for key in keys]
    assert found[0].message == f"{kind} doesn't use it"


def test_without_remote_memory_no_key_of_it_has_an_effect() -> None:
    keys = ("remote-mem-latency", "remote-mem-bw", "num-nodes", "num-npus-per-node")
    mapping = {"memory-type": "NO_MEMORY_EXPANSION", **dict.fromkeys(keys, 1)}
    assert [it.where for it in MemoryConfig.parse(mapping, "m").notices()] == [
        f"m: {key}" for key in keys
    ]
    assert MemoryConfig.parse({"memory-type": "NO_MEMORY_EXPANSION"}).notices() == ()


@pytest.mark.parametrize("bandwidth", [1, 1600.0])
def test_a_memory_with_a_bandwidth_makes_reductions_take_time(bandwidth: float) -> None:
    assert system(local_mem_bw=bandwidth).notices() == ()


@pytest.mark.parametrize("value", [0, 0.0, 1, 1.0, 5])
def test_npu_ids_are_whole_numbers_in_any_spelling(value: float) -> None:
    (group,) = CommGroups.parse({"1": [value]}).groups
    assert (group.members, type(group.members[0])) == ((int(value),), int)


@pytest.mark.parametrize("value", [-1, -1.0, 0.5, "0", True, None, LARGEST + 1])
def test_nothing_else_is_an_npu_id(value: object) -> None:
    assert problem_of(CommGroups, {"a": [7, value]}) == (
        f"f: a[1]: must be an NPU id, a whole number from 0, not {show(value)}"
    )
    assert CommGroups.parse({"a": [LARGEST]}).groups[0].members == (LARGEST,)


def test_groups_may_be_made_of_lists_and_tuples_and_nothing_else() -> None:
    groups = (CommGroup("1", (0, 1)), CommGroup("tp", (2,)))
    assert CommGroups(groups=groups) == CommGroups(groups=list(groups))
    assert CommGroups(groups={"1": (0, 1), "tp": [2]}).groups == groups
    for wrong, said in (
        (7, "must be a list of CommGroup objects, not 7"),
        ([7], "must be CommGroup objects, not 7"),
        ([groups[0], "1"], "must be CommGroup objects, not '1'"),
    ):
        with pytest.raises(ConfigError, match=said):
            CommGroups(groups=wrong)


def test_the_first_two_groups_of_one_number_are_found() -> None:
    names = ["a", "2", "7", "b", "02", "7.0"]
    groups = [CommGroup(name, (npu,)) for npu, name in enumerate(names)]
    assert groups_of_one_number(groups) == (groups[1], groups[4])
    assert groups_of_one_number(groups[:4]) is None


def test_a_network_has_no_npu_beyond_its_last() -> None:
    groups = CommGroups.parse({"1": [0], "tp": [3, 2]}, "g")
    groups.check_members(4)
    with pytest.raises(
        ConfigError, match=r"^g: tp\[0\]: NPU 3 doesn't exist; the network has NPUs 0 to 2$"
    ):
        groups.check_members(3)
