"""How a wrong configuration is worded: what is shown, counted, and called by which name."""

import pickle
from typing import Any

import pytest

from simastra.config import MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.messages import show, show_key, unknown_key
from simastra.errors import ConfigError

SPLITS = {"preferred-dataset-splits": 1}


def system(**keys: object) -> SystemConfig:
    given = {key.replace("_", "-"): value for key, value in keys.items()}
    return SystemConfig.parse({**SPLITS, **given}, "s")


def problem_of(kind: Any, mapping: object) -> str:
    with pytest.raises(ConfigError) as caught:
        kind.parse(mapping, "f")
    return str(caught.value)


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


def test_each_mistake_is_told_on_a_line_of_its_own() -> None:
    assert problem_of(SystemConfig, {**SPLITS, "zz": 1}) == (
        "f: zz: unknown key 'zz', and no key of this file looks like it"
    )
    assert problem_of(SystemConfig, {**SPLITS, "zz": 1, "L": -1, "yy": 1}).splitlines() == [
        "f: zz: unknown key 'zz', and no key of this file looks like it",
        "f: yy: unknown key 'yy', and no key of this file looks like it",
        "f: L: must be at least 0, not -1 (LogGP latency of the shared bus, in ns)",
    ]


def test_a_list_whose_only_entry_is_wrong_is_not_called_empty_as_well() -> None:
    wrong: dict[str, Any] = {"topology": ["Ring"], "npus_count": [8], "latency": ["fast"]}
    lines = [
        "bandwidth[0]: must be larger than 0, not -50",
        "latency[0]: must be a finite number, not 'fast'",
    ]
    assert problem_of(NetworkConfig, {**wrong, "bandwidth": [-50]}).splitlines() == [
        f"f: {it}" for it in lines
    ]
    with pytest.raises(ConfigError) as made:
        NetworkConfig(**wrong, bandwidth=[-50])
    assert str(made.value).splitlines() == [
        f"network: {lines[0]}",
        "network: latency[0]: must be a duration such as 500ns, 0.5us or 2ms, not 'fast'",
    ]


def test_a_misspelt_key_is_not_called_missing_as_well() -> None:
    wrong = {"topology": ["Ring"], "npus_cuont": [8], "bandwidth": [50]}
    assert problem_of(NetworkConfig, wrong).splitlines() == [
        "f: npus_cuont: unknown key 'npus_cuont'; did you mean 'npus_count'?",
        "f: latency: is required (latency of each dimension's links, in ns)",
    ]


def test_nor_is_one_that_only_files_require() -> None:
    assert problem_of(MemoryConfig, {"memory-typ": "MEMORY_POOL"}) == (
        "f: memory-typ: unknown key 'memory-typ'; did you mean 'memory-type'?"
    )


def test_lengths_are_compared_among_the_lists_that_are_right() -> None:
    wrong = {"topology": ["Ring"], "npus_count": [8, 2], "bandwidth": "50", "latency": [1, 2, 3]}
    assert problem_of(NetworkConfig, wrong).splitlines() == [
        "f: bandwidth: must be a list with one entry per dimension, not '50'",
        "f: npus_count has 2 dimensions, topology has 1, latency has 3",
    ]


def test_what_belongs_together_in_a_memory_file_is_told_with_what_is_wrong() -> None:
    wrong = {"memory-type": "PER_NODE_MEMORY_EXPANSION", "remote-mem-bw": "x", "num-nodes": 0.5}
    assert problem_of(MemoryConfig, wrong).splitlines() == [
        "f: remote-mem-bw: must be a whole number, not 'x'",
        "f: num-nodes: must be at least 1 with PER_NODE_MEMORY_EXPANSION",
        "f: num-npus-per-node: must be at least 1 with PER_NODE_MEMORY_EXPANSION",
    ]


def test_more_unknown_keys_than_a_person_reads_are_counted() -> None:
    told = problem_of(SystemConfig, {**SPLITS, **{f"z{it}": 1 for it in range(1210)}}).splitlines()
    assert told[9] == "f: z9: unknown key 'z9', and no key of this file looks like it"
    assert told[10:] == ["f: 1,200 more keys are unknown"]


def test_mistakes_beyond_a_dozen_are_counted() -> None:
    keys = [key for key, it in SystemConfig.model_fields.items() if it.annotation in (int, float)]
    flags = ["replay_only", "trace_enabled", "track_local_mem"]
    with pytest.raises(ConfigError) as raised:
        SystemConfig.parse({key.replace("_", "-"): None for key in (*keys, *flags)}, "f")
    assert len(raised.value.mistakes) == len(keys) + 3 > 12
    *told, rest = str(raised.value).splitlines()
    assert told == [str(it) for it in raised.value.mistakes[:12]]
    assert rest == f"... and {len(keys) + 3 - 12} more mistakes"


def test_each_mistake_is_an_error_of_its_own_after_pickling_too() -> None:
    with pytest.raises(ConfigError) as raised:
        SystemConfig(endpoint_delay=-1)
    for error in (raised.value, pickle.loads(pickle.dumps(raised.value))):
        assert [it.key for it in error.mistakes] == ["preferred_dataset_splits", "endpoint_delay"]
        assert "\n".join(map(str, error.mistakes)) == str(error)
        assert error.key == "preferred_dataset_splits"
        assert error.mistakes[1].mistakes == (error.mistakes[1],)


def test_the_key_that_was_given_first_is_named_when_it_is_given_in_two_spellings() -> None:
    one, other = (f"all-gather-implementation-{end}" for end in ("custom", "chakra"))
    assert problem_of(SystemConfig, {**SPLITS, other: ["a"], "L": 1, one: ["a"]}) == (
        f"f: {one}: is the same key as '{other}': give only one of them"
    )


def test_an_algorithm_that_is_no_text_is_shown_as_it_was_given() -> None:
    key = "all-to-all-implementation"
    assert problem_of(SystemConfig, {**SPLITS, key: ["a", "b", {"x": 1}]}) == (
        f"f: {key}[2]: lacks the key 'name', which says which algorithm it is"
    )
    with pytest.raises(
        ConfigError, match=r"^system: all_to_all_implementation\[1\]: must be a string, not 5$"
    ):
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
