"""On which line of a file each mistake stands, for files of every kind."""

from pathlib import Path

import pytest

from simastra.config import (
    load_comm_groups,
    load_custom_implementations,
    load_memory,
    load_system,
)
from simastra.config.lines import line_in_json
from simastra.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_text(text, encoding="utf-8")
    return path


def told(error: ConfigError) -> list[str]:
    return [line.removeprefix(f"{error.source}: ") for line in str(error).splitlines()]


def test_a_system_file_is_told_all_its_mistakes_with_their_lines(tmp_path: Path) -> None:
    text = """{
  "preferred-dataset-splits": "4",
  "endpoint-dely": 10,
  "all-reduce-implementation": [
    "ring", 5]
}"""
    with pytest.raises(ConfigError) as raised:
        load_system(written(tmp_path, text))
    assert told(raised.value) == [
        "endpoint-dely: unknown key 'endpoint-dely'; did you mean 'endpoint-delay'? (line 3)",
        "all-reduce-implementation[1]: must be a string, not 5 (line 4)",
        "preferred-dataset-splits: must be a whole number, not '4' (line 2)",
    ]


def test_what_is_left_out_has_no_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_memory(written(tmp_path, '{\n"remote-mem-bw": -1}'))
    assert [line.endswith("(line 2)") for line in told(raised.value)] == [True, False]


def test_each_group_that_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_comm_groups(written(tmp_path, '{"1": [0, 0],\n"2": [],\n"3": [1],\n"a.b": [-1]}'))
    assert told(raised.value) == [
        "1[1]: NPU 0 is already at position 0; list each NPU once (line 1)",
        "2: has no members; list at least one NPU id (line 2)",
        "a.b[0]: must be an NPU id, a whole number from 0, not -1 (line 4)",
    ]


def test_each_custom_collective_that_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_custom_implementations(written(tmp_path, "1: et/ring\nx: et/ring\n3: 7\n"))
    assert told(raised.value) == [
        "x: isn't the id of an ET node (line 2)",
        "3: must be the prefix of ET files, as text (line 3)",
    ]


def test_a_key_that_stands_in_several_places_has_no_line() -> None:
    line_of = line_in_json('{"a": 1,\n"b": {"a": 2},\n"c.d": "b"}')
    assert [line_of(key) for key in ("a", "b", "b[0]", "c", "zz")] == [None, 2, 2, None, None]
    assert line_of("c.d") == 3
