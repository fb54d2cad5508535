"""What is just allowed and what is just refused: the borders of every limit of a configuration."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simastra.config import (
    CommGroup,
    CommGroups,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
    load_comm_groups,
    load_network,
    load_system,
)
from simastra.config.comm_groups import groups_of_one_number
from simastra.config.custom_yaml import parse_custom_yaml
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.config.load import parse_json, read_text
from simastra.config.messages import show, show_key, unknown_key
from simastra.config.network_yaml import parse_network_yaml
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
        "all-reduce-implementation-custom": None,
        "reduce-scatter-implementation-custom": None,
        "all-gather-implementation-custom": None,
        "all-to-all-implementation-custom": None,
        "per-node-custom-implementation": None,
        "preferred-dataset-splits": 1,
        "active-chunks-per-dimension": 1,
        "endpoint-delay": 10,
        "local-mem-bw": 0.0,
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
    assert problem_of(NetworkConfig, dict.fromkeys(ONES, ())).startswith(
        "f: topology: must have at least one entry, one per dimension (and 3 more)"
    )


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
        with pytest.raises(ValidationError, match=said):
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


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 60, repr("x" * 60)),
        ("x" * 61, repr("x" * 60 + "...")),
        (2**128 - 1, str(2**128 - 1)),
        (2**128, "a number of 129 bits"),
        (False, "false"),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        ([], "a list"),
        ((1,), "a list"),
        ({}, "an object"),
        (b"x", "a Python bytes"),
    ],
)
def test_wrong_values_are_shown_on_one_short_line(value: object, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("k", "k"),
        ("k" * 60, "k" * 60),
        ("k" * 61, repr("k" * 60 + "...")),
        ("", "''"),
        ("a\tb", "'a\\tb'"),
        (7, "7"),
    ],
)
def test_keys_are_shown_bare_if_that_is_legible(key: object, shown: str) -> None:
    assert show_key(key) == shown


def test_an_unknown_key_is_compared_with_those_that_there_are() -> None:
    eight = [f"key-{letter * 9}" for letter in "abcdefgh"]
    assert unknown_key("zzz", eight) == f"unknown key 'zzz'; the keys are {', '.join(eight)}"
    assert unknown_key("zzz", [*eight, "nine"]) == (
        "unknown key 'zzz', and no key of this file looks like it"
    )
    assert unknown_key(7, ["a", "b"]) == "unknown key 7; the keys are a, b"
    known = ["k" * 59 + "a"]
    assert unknown_key("k" * 60, known).endswith(f"; did you mean '{known[0]}'?")
    assert unknown_key("k" * 61, known).endswith(f"; the keys are {known[0]}")


def test_mistakes_are_counted() -> None:
    assert problem_of(SystemConfig, {**SPLITS, "zz": 1}) == (
        "f: zz: unknown key 'zz', and no key of this file looks like it"
    )
    assert problem_of(SystemConfig, {**SPLITS, "zz": 1, "L": -1, "yy": 1, "xx": 1}) == (
        "f: zz: unknown key 'zz', and no key of this file looks like it (and 2 more)"
    )
    assert problem_of(MemoryConfig, {"memory-type": "x", "remote-mem-bw": -1}).endswith("1 more)")
    wrong = {"endpoint-delay": -1, "o": -2, "g": -3}
    assert problem_of(SystemConfig, {**SPLITS, **wrong}) == (
        "f: endpoint-delay: must be at least 0, not -1 (delay between an NPU and its network "
        "endpoint, in ns) (and 2 more)"
    )


def test_the_key_that_was_given_first_is_named_when_it_is_given_in_two_spellings() -> None:
    one, other = (f"all-gather-implementation-{end}" for end in ("custom", "chakra"))
    assert problem_of(SystemConfig, {**SPLITS, other: ["a"], "L": 1, one: ["a"]}) == (
        f"f: {one}: is the same key as '{other}': give only one of them"
    )


def test_an_algorithm_that_is_no_text_is_shown_as_it_was_given() -> None:
    key = "all-to-all-implementation"
    assert problem_of(SystemConfig, {**SPLITS, key: ["a", "b", {"x": 1}]}) == (
        f"f: {key}[2]: must be a string, not an object"
    )
    with pytest.raises(ConfigError, match=rf"^system: {key}\[1\]: must be a string, not 5$"):
        SystemConfig(preferred_dataset_splits=1).model_copy(
            update={"all_to_all_implementation": ["a", 5]}
        )


def test_the_place_of_a_field_is_spelled_as_in_its_file() -> None:
    assert system().place("endpoint_delay") == "s: endpoint-delay"
    chakra = SystemConfig.parse({**SPLITS, "all-gather-implementation-chakra": ["x"]}, "t")
    assert chakra.place("all_gather_implementation_custom") == (
        "t: all-gather-implementation-chakra"
    )
    assert chakra.place("all_reduce_implementation_custom") == (
        "t: all-reduce-implementation-custom"
    )
    error = chakra.error("is wrong", key="bandwidth[3]")
    assert str(error) == "t: bandwidth[3]: is wrong"


@pytest.mark.parametrize("key", ["preferred-dataset-splits", "preferred_dataset_splits"])
def test_python_code_may_spell_keys_as_a_file_does(key: str) -> None:
    assert SystemConfig(**{key: 3}).preferred_dataset_splits == 3  # type: ignore[arg-type]


def test_a_file_of_exactly_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "groups.json"
    path.write_bytes(b"{}".ljust(16 * 2**20))
    assert load_comm_groups(path).groups == ()
    path.write_bytes(b"{}".ljust(16 * 2**20 + 1))
    with pytest.raises(ConfigError, match="is larger than 16777216 bytes; is it a config"):
        read_text(path)


def test_a_yaml_file_of_exactly_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "network.yml"
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in NET.items()) + "#"
    path.write_text(text.ljust(64 * 2**10, "x"))
    assert load_network(path).npus == 8
    path.write_text(text.ljust(64 * 2**10 + 1, "x"))
    with pytest.raises(ConfigError, match="is larger than 65536 bytes"):
        load_network(path)


def test_of_keys_the_one_that_is_given_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"preferred-dataset-splits": 1, "L": 1, "L": 1, "o": 2}')
    with pytest.raises(ConfigError) as caught:
        load_system(path)
    assert (caught.value.key, caught.value.problem) == ("L", "is given twice")


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, width=32)
        | st.text(),
        lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(), it, max_size=3),
        max_leaves=8,
    ).filter(lambda it: "Infinity" not in json.dumps(it))
)
def test_json_that_is_right_is_read_as_json_reads_it(value: object) -> None:
    assert parse_json(json.dumps(value), "f") == value


def yaml_of(value: str) -> str:
    return f"topology: [Ring]\nnpus_count: [8]\nbandwidth: [1]\nlatency: {value}\n"


def test_a_mistake_in_a_list_of_one_entry_is_one_mistake() -> None:
    assert problem_of(NetworkConfig, {**NET, "bandwidth": ["x"]}) == (
        "f: bandwidth[0]: must be a finite number, not 'x'"
    )


def problem_in(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_network_yaml(text, "n.yml")
    return str(caught.value)


def test_up_to_8_levels_are_looked_at_and_no_more() -> None:
    # The mapping around everything is the first of them.
    assert problem_in(yaml_of("[" * 7 + "]" * 7)) == (
        "n.yml: latency[0]: must be a finite number, not a list (line 4)"
    )
    assert problem_in(yaml_of("[" * 8 + "]" * 8)) == "n.yml: is nested too deeply (line 4)"
    beside = yaml_of("[0, " + "[], " * 20 + "[]]")
    assert "npus_count has 1 dimensions" in problem_in(beside) or "not a list" in problem_in(beside)


def test_each_line_of_a_yaml_file_has_its_number() -> None:
    rows = ["topology:", "- Ring", "- Ring", "npus_count: [2,", "  x]", "bandwidth: [1, 1]"]
    text = "\n".join([*rows, "latency: [0, 0]"])
    assert problem_in(text) == ("n.yml: npus_count[1]: must be a whole number, not 'x' (line 5)")
    assert problem_in(text.replace("  x]", "  2]").replace("- Ring\nnpus", "- [a]\nnpus")) == (
        "n.yml: topology[1]: must be a string, not a list (line 3)"
    )
    assert problem_in("\n\nfoo: 1\n").endswith("(line 3)")
    assert problem_in(text + "\nlatency: [1]") == "n.yml: latency: is given twice (line 8)"


def test_what_is_no_yaml_is_told_in_one_line() -> None:
    assert problem_in("a: \x01") == (
        "n.yml: is not YAML: unacceptable character #x0001: special characters are not allowed"
    )
    assert problem_in("a: [1\nb: 2\n").startswith("n.yml: is not YAML: ")
    assert "\n" not in problem_in("a: [1\nb: 2\n")
    assert problem_in("a: *x") == ("n.yml: uses the YAML alias *x; write the value itself (line 1)")


@pytest.mark.parametrize(
    ("scalar", "shown"), [("''", "''"), ("'null'", "'null'"), ("'~'", "'~'"), ("null", "null")]
)
def test_what_stands_in_quotes_is_a_text(scalar: str, shown: str) -> None:
    assert problem_in(yaml_of(f"[{scalar}]")) == (
        f"n.yml: latency[0]: must be a finite number, not {shown} (line 4)"
    )


@given(st.dictionaries(st.integers(0, 10**20), st.from_regex(r"[a-z/]+", fullmatch=True)))
def test_prefixes_by_node_are_read_as_they_were_written(prefixes: dict[int, str]) -> None:
    text = "".join(f"{node}: '{prefix}'\n" for node, prefix in prefixes.items())
    assert parse_custom_yaml(text or "{}", "c.yml") == prefixes


def test_a_prefix_may_follow_a_line_that_is_a_list() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_custom_yaml("1: a\n2: [b]\n", "c.yml")
    assert str(caught.value) == "c.yml: 2: must be the prefix of ET files, as text (line 2)"


def title_of(page: str) -> str:
    return re.sub(r"<[^>]*>", "|", page.partition("<table")[0].partition("<details")[0]).strip("|")


def test_each_kind_of_configuration_has_its_title() -> None:
    pages = [
        SystemConfig(preferred_dataset_splits=1)._repr_html_(),
        MemoryConfig.parse({"memory-type": "MEMORY_POOL"}, "m.json")._repr_html_(),
        NetworkConfig.parse(NET)._repr_html_(),
        CommGroups.parse({"1": [0]})._repr_html_(),
    ]
    found = [re.sub(r"\|+", "|", title_of(page)) for page in pages]
    assert [it.partition("|")[0].strip() for it in found] == [
        "System",
        "Memory",
        "Network",
        "Process groups",
    ]
    assert "m.json" in found[1]
    assert "8 NPUs" in found[2]
    assert "8 = 8" not in found[2]


def test_all_keys_that_are_given_have_no_others() -> None:
    full = MemoryConfig.parse(
        {
            "memory-type": "PER_NODE_MEMORY_EXPANSION",
            "remote-mem-latency": 1,
            "remote-mem-bw": 2000,
            "num-nodes": 3,
            "num-npus-per-node": 4,
        }
    )._repr_html_()
    assert "defaults" not in full
    assert re.findall(r"<td[^>]*>([^<]*)</td>", full)[1::2] == [
        "PER_NODE_MEMORY_EXPANSION",
        *("1", "2000", "3", "4"),
    ]
    shown = system(local_mem_bw=1600.0, peak_perf=0.5)._repr_html_()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown)
    values = dict(zip(cells[::2], cells[1::2], strict=True))
    assert (values["local-mem-bw"], values["peak-perf"], values["L"]) == ("1,600", "0.5", "0")
    assert values["all-reduce-implementation"] == "none"
    assert values["per-node-custom-implementation"] == "none"
    assert (values["track-local-mem"], values["endpoint-delay"]) == ("false", "10")


def test_committed_schemas_are_made_of_the_names_in_them() -> None:
    folder = Path(__file__).parents[2] / "schemas"
    committed = {it.name: json.loads(it.read_text("utf-8")) for it in folder.glob("*.schema.json")}
    topologies = committed["network.schema.json"]["properties"]["topology"]["items"]["enum"]
    items = committed["system.schema.json"]["properties"]["all-reduce-implementation"]["items"]
    pattern = items["anyOf"][1]["pattern"].removeprefix("^(?:(?:").removesuffix("))$")
    patterns = pattern.split(")|(?:")
    made = json_schemas(SchemaNames(tuple(topologies), tuple(patterns)))
    assert set(made) <= set(committed)
    for name, schema in made.items():
        assert json.dumps(schema, indent=1) == json.dumps(committed[name], indent=1), name


def test_only_names_that_are_names_themselves_are_offered() -> None:
    made = json_schemas(SchemaNames(("A",), ("ring", "halving[0-9]+", "direct[0-9]*", "x|y")))
    items = made["system.schema.json"]["properties"]["all-gather-implementation"]["items"]
    assert items == {
        "anyOf": [
            {"enum": ["ring", "direct", "x"]},
            {
                "type": "string",
                "pattern": "^(?:(?:ring)|(?:halving[0-9]+)|(?:direct[0-9]*)|(?:x|y))$",
            },
        ]
    }
