"""How large, how deep and how odd a configuration file may be, and which line is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import (
    NetworkConfig,
    load_comm_groups,
    load_network,
    load_system,
)
from simastra.config.custom_yaml import parse_custom_yaml
from simastra.config.json_file import parse_json
from simastra.config.load import read_text
from simastra.config.network_yaml import parse_network_yaml
from simastra.errors import ConfigError

NET = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [0.5], "latency": [0.25]}


def problem_of(kind: Any, mapping: object) -> str:
    with pytest.raises(ConfigError) as caught:
        kind.parse(mapping, "f")
    return str(caught.value)


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
    path.write_text(text.ljust(16 * 2**20, "x"))
    assert load_network(path).npus == 8
    path.write_text(text.ljust(16 * 2**20 + 1, "x"))
    with pytest.raises(ConfigError, match="is larger than 16777216 bytes"):
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
    assert problem_in("\n\nfoo: 1\n").splitlines()[0].endswith("(line 3)")
    told = problem_in("topology: [Ring]\nnpus_count: [8]\nbandwidth: [0]\nlatency: [x]\n")
    assert [it[-9:] for it in told.splitlines()] == [" (line 3)", " (line 4)"]
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
