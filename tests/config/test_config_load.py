"""Loading files: every unreadable or malformed file is one ConfigError that names it."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import (
    ConfigModel,
    load_comm_groups,
    load_memory,
    load_network,
    load_system,
)
from simastra.config.network_yaml import parse_network_yaml
from simastra.errors import ConfigError
from simastra.legible import LONGEST

LOADERS: list[Callable[[Path | str], ConfigModel]] = [
    load_system,
    load_network,
    load_memory,
    load_comm_groups,
]
JSON_LOADERS = [loader for loader in LOADERS if loader is not load_network]

NETWORK = """\
# innermost dimension first
topology: [ Ring, Switch ]
npus_count: [ 8, 4 ]  # 32 NPUs
bandwidth: [ 100.0, 5e1 ]
latency:
  - 50
  - 500.0
"""


def refusal(loader: Callable[[Path], ConfigModel], path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        loader(path)
    assert caught.value.source == path
    return caught.value


def test_loads_all_four_kinds_of_file(tmp_path: Path) -> None:
    system, network = tmp_path / "system.json", tmp_path / "network.yml"
    memory, groups = tmp_path / "memory.json", tmp_path / "groups.json"
    system.write_text('{"preferred-dataset-splits": 4, "all-reduce-implementation": ["ring"]}')
    network.write_text(NETWORK)
    memory.write_text('{"memory-type": "NO_MEMORY_EXPANSION"}')
    groups.write_text('{"1": [1, 0]}')
    assert load_system(system).all_reduce_implementation == ("ring",)
    assert load_network(network).npus == 32
    assert load_network(network).bandwidth == (100.0, 50.0)
    assert load_memory(str(memory)).source == str(memory)
    assert load_comm_groups(groups).groups[0].members == (1, 0)


@pytest.mark.parametrize("loader", LOADERS)
def test_a_file_that_can_not_be_read_is_named(
    loader: Callable[[Path | str], ConfigModel], tmp_path: Path
) -> None:
    assert refusal(loader, tmp_path / "absent").problem == "file not found"
    assert "is a directory" in refusal(loader, tmp_path).problem
    (tmp_path / "file").write_text("")
    assert "can't be read" in refusal(loader, tmp_path / "file" / "below").problem
    binary = tmp_path / "binary"
    binary.write_bytes(b'{"a": "\xff"}')
    assert "is not UTF-8 text (at byte 7)" in refusal(loader, binary).problem
    with pytest.raises(ConfigError, match="is not a path"):
        loader("a\0b")


@pytest.mark.parametrize("loader", LOADERS)
def test_of_a_file_that_is_not_there_what_was_meant_is_told(
    loader: Callable[[Path | str], ConfigModel], tmp_path: Path
) -> None:
    (tmp_path / "machine.yml").write_text("")
    (tmp_path / "machines").mkdir()
    meant = f"file not found; did you mean '{tmp_path}/machine.yml'?"
    assert refusal(loader, tmp_path / "mahcine.yml").problem == meant
    gone = tmp_path / "gone"
    assert refusal(loader, gone / "x.yml").problem == (
        f"file not found; there is no folder '{gone}'"
    )


@pytest.mark.parametrize("loader", LOADERS)
def test_huge_files_are_refused(loader: Callable[[Path], ConfigModel], tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    huge.write_bytes(b" " * (16 * 2**20 + 1))
    assert "is larger than" in refusal(loader, huge).problem


@pytest.mark.parametrize("loader", JSON_LOADERS)
@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("", "is not JSON: Expecting value at line 1, column 1"),
        ('{"a": 1,\n "b": }', "is not JSON: Expecting value at line 2, column 7"),
        ('{"a": 1,}', "is not JSON"),
        ("// comment\n{}", "is not JSON"),
        ('{"a": NaN}', "NaN is not a number that JSON has"),
        ('{"a": -Infinity}', "-Infinity is not a number that JSON has"),
        ('{"a": 1, "b": 2, "a": 1}', "is given twice"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a":' * 100_000, "is nested too deeply"),
        ('{"a": ' + "1" * 5000 + "}", "holds a number with too many digits"),
        ("[]", "not a list"),
        ("null", "not null"),
    ],
)
def test_malformed_json_is_refused(
    loader: Callable[[Path], ConfigModel], text: str, phrase: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    assert phrase in refusal(loader, path).problem


def test_a_key_given_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "system.json"
    path.write_text('{"endpoint-delay": 1, "endpoint-delay": 2}')
    assert refusal(load_system, path).key == "endpoint-delay"


def test_a_number_that_overflows_a_float_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "system.json"
    path.write_text('{"preferred-dataset-splits": 1e999}')
    error = refusal(load_system, path)
    assert (error.key, "must be at most" in error.problem) == ("preferred-dataset-splits", True)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "system.json"
    path.write_bytes(b'\xef\xbb\xbf{"preferred-dataset-splits": 1}')
    assert load_system(path).preferred_dataset_splits == 1


def with_line(old: str, new: str) -> str:
    assert old in NETWORK
    return NETWORK.replace(old, new)


@pytest.mark.parametrize(
    ("text", "key", "phrase"),
    [
        ("", None, "is empty; it needs the keys topology, npus_count"),
        ("# nothing\n", None, "is empty"),
        ("- Ring\n", None, "must have the keys topology"),
        ("Ring", None, "must have the keys topology"),
        (
            with_line("5e1", "tbd"),
            "bandwidth[1]",
            "is 'tbd': the file's author left it open; write a finite number (line 4)",
        ),
        (with_line("5e1", ".nan"), "bandwidth[1]", "must be a finite number, not nan (line 4)"),
        (with_line("5e1", ".inf"), "bandwidth[1]", "must be at most"),
        (with_line("5e1", "1:30"), "bandwidth[1]", "not '1:30' (line 4)"),
        (with_line("5e1", "1_000"), "bandwidth[1]", "not '1_000' (line 4)"),
        (with_line("5e1", "true"), "bandwidth[1]", "not 'true' (line 4)"),
        (with_line("5e1", "~"), "bandwidth[1]", "not null (line 4)"),
        (with_line("5e1", "[50]"), "bandwidth[1]", "not a list (line 4)"),
        (with_line("5e1", "{a: 1}"), "bandwidth[1]", "not an object (line 4)"),
        (with_line("8, 4", "010, 4"), "npus_count[0]", "whole number, not '010' (line 3)"),
        (with_line("8, 4", "0, 4"), "npus_count[0]", "must be at least 1, not 0"),
        (with_line("500.0", "-1"), "latency[1]", "(line 7)"),
        (with_line("[ 8, 4 ]", "8"), "npus_count", "not 8 (line 3)"),
        (with_line("[ 8, 4 ]", ""), "npus_count", "not null (line 3)"),
        (with_line("[ 8, 4 ]", "[ 8, 4, 2 ]"), None, "npus_count has 3 dimensions, topology has 2"),
        (with_line("[ 8, 4 ]", "&a [ 8, 4 ]") + "x: *a\n", None, "alias *a; write the value itsel"),
        (NETWORK + "topology: [ Ring, Ring ]\n", "topology", "is given twice (line 8)"),
        (NETWORK + "---\n" + NETWORK, None, "is not YAML: but found another document (line 8)"),
        (NETWORK + "npu_count: [ 1 ]\n", "npu_count", "did you mean 'npus_count'? (line 8)"),
        (NETWORK + "nic-latency: 1\n", "nic-latency", "is a key of ASTRA-sim 1.x"),
        (NETWORK + "? [a]\n: b\n", None, "has a key that is not text (line 8)"),
        (
            with_line("  - 50\n", "\t- 50\n"),
            None,
            "is not YAML: a line begins with a tab; indent it by blanks (line ",
        ),
        (with_line("[ 8, 4 ]", "[ 8, 4"), None, "is not YAML"),
        (NETWORK + "\x01\n", None, "is not YAML"),
        ("a: " + "[" * 20_000, None, "is nested too deeply"),
        ("a: !!python/object/apply:os.system [ls]\n", "a", "unknown key 'a'"),
    ],
)
def test_each_mistake_of_a_network_file_is_named_with_key_and_line(
    text: str, key: str | None, phrase: str, tmp_path: Path
) -> None:
    path = tmp_path / "network.yml"
    path.write_text(text)
    error = refusal(load_network, path)
    assert error.key == key
    assert phrase in error.problem


@pytest.mark.parametrize(
    ("scalar", "value"), [("1e3", 1000.0), ("'7'", 7.0), (".5", 0.5), ("5.", 5.0), ("+2", 2.0)]
)
def test_numbers_are_read_as_astra_sims_yaml_library_reads_them(
    scalar: str, value: float, tmp_path: Path
) -> None:
    path = tmp_path / "network.yml"
    path.write_text(with_line("5e1", scalar))
    assert load_network(path).bandwidth == (100.0, value)


GARBAGE = {
    "brackets": "[" * 10_000_000,
    "unknown keys": json.dumps({f"key{i}": 0 for i in range(700_000)}),
    "one long key": json.dumps({"endpoint-delay" * 700_000: 1}),
    "a long list": '{"all-reduce-implementation": [' + "0," * 4_900_000 + "0]}",
    "groups": json.dumps({str(i): [0] for i in range(700_000)}),
    "one group": json.dumps({"1": list(range(1_200_000))}),
    "not even JSON": "x" * 10_000_000,
}


@pytest.mark.parametrize("loader", JSON_LOADERS)
@pytest.mark.parametrize("kind", list(GARBAGE))
def test_ten_megabytes_of_garbage_are_answered_soon(
    loader: Callable[[Path], ConfigModel], kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "garbage.json"
    path.write_text(GARBAGE[kind])
    if loader is load_comm_groups and kind in ("groups", "one group"):
        assert load_comm_groups(path).groups[0].members[0] == 0
    else:
        assert len(str(refusal(loader, path)).encode()) <= LONGEST


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "a: b\n", "- x\n", "&a *a ", "'", "? "])
def test_a_network_file_full_of_garbage_is_answered_soon(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "network.yml"
    path.write_text((unit * 65536)[:65536])
    assert refusal(load_network, path).problem


@given(st.text())
def test_no_text_makes_the_network_reader_raise_anything_else(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert parse_network_yaml(text, "net.yml").npus >= 2


@given(
    st.lists(
        st.text(alphabet="topolgy: []{},-&*!|>'\"\n\t#%@`~?01.einf", max_size=30), max_size=6
    ).map("\n".join)
)
def test_no_yaml_like_text_makes_the_network_reader_raise_anything_else(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert parse_network_yaml(text, "net.yml").npus >= 2
