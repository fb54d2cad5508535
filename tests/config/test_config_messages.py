"""How a wrong configuration is worded: what is shown, counted, and called by which name."""

from typing import Any

import pytest

from simastra.config import (
    MemoryConfig,
    SystemConfig,
)
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
